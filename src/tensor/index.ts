// The tensor layer's public surface.

import './methods.js'

export type { Compiled } from './compile.js'
export { compile } from './compile.js'
export { everyRun } from './context.js'
export type { NestedArray, Values } from './convert.js'
export * from './creation.js'
export { type CtcLossOptions, ctcLoss } from './ctc.js'
export { grad, noGrad, valueAndGrad } from './differentiate.js'
export { programStatistics } from './engine.js'
export * from './operations.js'
export * as random from './random.js'
export type { Range } from './structure.js'
export {
  broadcastTo,
  concat,
  expandDims,
  flip,
  gather,
  oneHot,
  pad,
  reshape,
  scatterAdd,
  slice,
  split,
  squeeze,
  stack,
  transpose,
  tril,
  unstack,
} from './structure.js'
export type { TensorLike, TensorOptions } from './tensor.js'
export { Tensor, tensor } from './tensor.js'
export type { VariableOptions } from './variable.js'
export { Variable, variable } from './variable.js'
export type {
  ConvolutionOptions,
  Padding,
  PoolOptions,
  Sizes,
  TransposedConvolutionOptions,
} from './windows.js'
export {
  averagePool,
  convolution,
  maxPool,
  sumPool,
  transposedConvolution,
} from './windows.js'
