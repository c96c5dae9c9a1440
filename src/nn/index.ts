// Neural networks: modules, layers, losses, initialisers, regularisers, activations.

export * as activations from './activations.js'
export { KeyValueCache, type KeyValueCacheOptions } from './attention/cache.js'
export {
  type AttentionScores,
  type RecordedAttention,
  recordAttention,
} from './attention/record-attention.js'
export { buffer } from './buffer.js'
export { GraphModel, type GraphModelOptions } from './graph-model.js'
export * as initializers from './initializers/index.js'
export { Layer, type LayerConfig, type LayerOptions } from './layer.js'
export * as layers from './layers.js'
export * as losses from './losses/index.js'
export { lengthMask, maskOf, withMask } from './mask.js'
export type { BatchMetric, MetricLike } from './metrics.js'
export * as batchMetrics from './metrics.js'
export { Module, type StateDict } from './module.js'
export { MultiInputLayer, type MultiInputLayerOptions } from './multi-input-layer.js'
export { layerFromConfig, registerLayer } from './registry.js'
export * as regularizers from './regularizers.js'
export { Sequential } from './sequential.js'
export {
  input,
  type SymbolicInputOptions,
  SymbolicTensor,
} from './symbolic.js'
export type { SymbolicShape } from './symbolic-shape.js'
