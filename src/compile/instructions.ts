// Instructions for the nodes that have a kernel of their own.

import { type DType, dtypes } from '../base/dtype.js'
import { broadcastStrides, type Shape, sizeOf, stridesOf } from '../base/shape.js'
import type { Node } from '../graph/node.js'
import type { Attributes, OpName } from '../graph/ops.js'
import type { MatmulUnit } from './clusters.js'
import type {
  AlignmentParts,
  CopyInstruction,
  FillInstruction,
  Instruction,
  MatmulInstruction,
  MatmulOperand,
} from './program.js'
import {
  recurrentGradientOf,
  recurrentOf,
  recurrentReads,
  recurrentWork,
} from './recurrent-instructions.js'
import { convolutionOf, windowEmitters, windowWork } from './windows.js'

type FloatType = 'float32' | 'float64'

/** What an emitter works with: the buffer of a value, and room for a temporary. */
export interface Emission {
  readonly bufferOf: (node: Node) => number
  readonly temporary: (dtype: DType, length: number) => number
}

export type Emitter<K extends OpName> = (
  node: Node,
  target: number,
  emission: Emission,
  attributes: Attributes[K],
) => readonly Instruction[]

export const emitters: { readonly [K in OpName]?: Emitter<K> } = {
  ...windowEmitters,
  transpose: (node, target, { bufferOf }, { permutation }) => {
    const [x] = node.inputs
    const strides = stridesOf(x.shape)
    return [
      copyOf(
        node.dtype,
        node.shape,
        bufferOf(x),
        0,
        permutation.map(p => strides[p]),
        target,
        0,
        stridesOf(node.shape),
      ),
    ]
  },
  slice: (node, target, { bufferOf }, { start, step }) => {
    const [x] = node.inputs
    const strides = stridesOf(x.shape)
    const offset = start.reduce((sum, s, i) => sum + s * strides[i], 0)
    return [
      copyOf(
        node.dtype,
        node.shape,
        bufferOf(x),
        offset,
        strides.map((s, i) => s * step[i]),
        target,
        0,
        stridesOf(node.shape),
      ),
    ]
  },
  pad: (node, target, { bufferOf }, { before, value }) => {
    const [x] = node.inputs
    const strides = stridesOf(node.shape)
    const offset = before.reduce((sum, b, i) => sum + b * strides[i], 0)
    return [
      fillOf(node.dtype, target, sizeOf(node.shape), value),
      copyOf(node.dtype, x.shape, bufferOf(x), 0, stridesOf(x.shape), target, offset, strides),
    ]
  },
  concat: (node, target, { bufferOf }, { axis }) => {
    const strides = stridesOf(node.shape)
    let at = 0
    return node.inputs.map(x => {
      const copy = copyOf(
        node.dtype,
        x.shape,
        bufferOf(x),
        0,
        stridesOf(x.shape),
        target,
        at * strides[axis],
        strides,
      )
      at += x.shape[axis]
      return copy
    })
  },
  gather: (node, target, { bufferOf }, { axis }) => {
    const [x, indices] = node.inputs
    return [
      {
        kind: 'gather',
        dtype: node.dtype,
        ...around(x.shape, axis),
        count: sizeOf(indices.shape),
        source: bufferOf(x),
        indices: bufferOf(indices),
        target,
      },
    ]
  },
  scatterAdd: (node, target, { bufferOf }, { axis }) => {
    const [indices, updates] = node.inputs
    return [
      {
        kind: 'scatterAdd',
        dtype: node.dtype as FloatType,
        ...around(node.shape, axis),
        count: indices.shape[0],
        source: bufferOf(updates),
        indices: bufferOf(indices),
        target,
      },
    ]
  },
  argMax: (node, target, emission, { axis }) => argReduce(node, target, emission, axis, true),
  argMin: (node, target, emission, { axis }) => argReduce(node, target, emission, axis, false),
  cumulativeSum: (node, target, { bufferOf }, { axis, exclusive, reverse }) => {
    const { outer, axisSize, inner } = around(node.shape, axis)
    const dtype = node.dtype as FloatType
    return [
      {
        kind: 'cumulativeSum',
        dtype,
        outer,
        reduced: axisSize,
        inner,
        exclusive,
        reverse,
        source: bufferOf(node.inputs[0]),
        target,
      },
    ]
  },
  lstm: (node, target, emission, a) => recurrentOf('lstm', node, target, emission, a),
  lstmGradient: (node, target, emission, a) =>
    recurrentGradientOf('lstm', node, target, emission, a),
  gru: (node, target, emission, a) => recurrentOf('gru', node, target, emission, a),
  gruGradient: (node, target, emission, a) => recurrentGradientOf('gru', node, target, emission, a),
  simpleRnn: (node, target, emission, a) => recurrentOf('simpleRnn', node, target, emission, a),
  simpleRnnGradient: (node, target, emission, a) =>
    recurrentGradientOf('simpleRnn', node, target, emission, a),
  softmax: (node, target, emission) => softmaxOf(node, target, emission, false),
  logSoftmax: (node, target, emission) => softmaxOf(node, target, emission, true),
  softmaxCrossEntropy: (node, target, { bufferOf }) => {
    const [logits, labels] = node.inputs
    const { rows, columns } = matrix(logits.shape)
    const dtype = logits.dtype as FloatType
    return [
      {
        kind: 'softmaxCrossEntropy',
        dtype,
        rows,
        columns,
        logits: bufferOf(logits),
        labels: bufferOf(labels),
        target,
      },
    ]
  },
  softmaxCrossEntropyGradient: (node, target, { bufferOf }) => {
    const [logits, labels, upstream] = node.inputs
    const { rows, columns } = matrix(logits.shape)
    return [
      {
        kind: 'softmaxCrossEntropyGradient',
        dtype: logits.dtype as FloatType,
        rows,
        columns,
        logits: bufferOf(logits),
        labels: bufferOf(labels),
        upstream: bufferOf(upstream),
        upstreamStride: sizeOf(upstream.shape) === 1 ? 0 : 1,
        target,
      },
    ]
  },
  ctcLoss: (node, target, emission) => [
    { kind: 'ctcLoss', ...alignmentOf(node, emission), target },
  ],
  ctcLossGradient: (node, target, emission) => {
    const upstream = node.inputs[4]
    return [
      {
        kind: 'ctcLossGradient',
        ...alignmentOf(node, emission),
        upstream: emission.bufferOf(upstream),
        upstreamStride: sizeOf(upstream.shape) === 1 ? 0 : 1,
        target,
      },
    ]
  },
  random: (node, target, { bufferOf }, a) => [
    {
      kind: 'random',
      distribution: a.distribution,
      dtype: a.dtype,
      seedLow: a.seedLow,
      seedHigh: a.seedHigh,
      stream: a.stream,
      counter: bufferOf(node.inputs[0]),
      length: sizeOf(node.shape),
      target,
    },
  ],
  iota: (node, target, _, { axis }) => {
    const { outer, axisSize, inner } = around(node.shape, axis)
    return [{ kind: 'iota', dtype: node.dtype, outer, reduced: axisSize, inner, target }]
  },
}

function argReduce(
  node: Node,
  target: number,
  { bufferOf }: Emission,
  axis: number,
  largest: boolean,
): Instruction[] {
  const [x] = node.inputs
  const { outer, axisSize, inner } = around(x.shape, axis)
  return [
    {
      kind: 'argReduce',
      dtype: x.dtype,
      largest,
      outer,
      reduced: axisSize,
      inner,
      source: bufferOf(x),
      target,
    },
  ]
}

function softmaxOf(
  node: Node,
  target: number,
  { bufferOf }: Emission,
  logarithm: boolean,
): Instruction[] {
  const dtype = node.dtype as FloatType
  return [
    {
      kind: 'softmax',
      dtype,
      logarithm,
      ...matrix(node.shape),
      source: bufferOf(node.inputs[0]),
      target,
    },
  ]
}

function alignmentOf(node: Node, { bufferOf }: Emission): AlignmentParts {
  const [logits, labels, inputLengths, labelLengths] = node.inputs
  const { blank, zeroInfinity } = node.attributes as Attributes['ctcLoss']
  const [batch, steps, classes] = logits.shape
  return {
    dtype: logits.dtype as FloatType,
    batch,
    steps,
    classes,
    mostLabels: labels.shape[1],
    blank,
    zeroInfinity,
    logits: bufferOf(logits),
    labels: bufferOf(labels),
    inputLengths: bufferOf(inputLengths),
    labelLengths: bufferOf(labelLengths),
  }
}

function around(shape: Shape, axis: number) {
  return {
    outer: sizeOf(shape.slice(0, axis)),
    axisSize: shape[axis],
    inner: sizeOf(shape.slice(axis + 1)),
  }
}

function matrix(shape: Shape) {
  const columns = shape.length === 0 ? 1 : shape[shape.length - 1]
  return { rows: sizeOf(shape.slice(0, -1)), columns }
}

export function copyOf(
  dtype: DType,
  shape: Shape,
  source: number,
  sourceOffset: number,
  sourceStrides: readonly number[],
  target: number,
  targetOffset: number,
  targetStrides: readonly number[],
): CopyInstruction {
  return {
    kind: 'copy',
    dtype,
    shape,
    source,
    sourceOffset,
    sourceStrides,
    target,
    targetOffset,
    targetStrides,
  }
}

export function fillOf(
  dtype: DType,
  target: number,
  length: number,
  value: number,
): FillInstruction {
  return { kind: 'fill', dtype, target, length, value }
}

export function copyWhole(
  dtype: DType,
  length: number,
  source: number,
  target: number,
): CopyInstruction {
  return copyOf(dtype, [length], source, 0, [1], target, 0, [1])
}

/** A matmul's batch axes become one with one stride; operands that cannot are written out repeated first. */
export function matmulInstructions(
  unit: MatmulUnit,
  target: number,
  emission: Emission,
): Instruction[] {
  const { matmul, bias, activation } = unit
  if (matmul.op === 'convolution') return [convolutionOf(unit, target, emission)]
  const { transposeLeft, transposeRight } = matmul.attributes as Attributes['matmul']
  const [left, right] = matmul.inputs
  const shape = matmul.shape
  const batchShape = shape.slice(0, -2)
  const rows = shape[shape.length - 2]
  const columns = shape[shape.length - 1]
  const depth = left.shape[left.shape.length - (transposeLeft ? 2 : 1)]
  const dtype = matmul.dtype as FloatType
  const out: Instruction[] = []
  const operand = (x: Node, transposed: boolean): MatmulOperand => {
    const [m, n] = x.shape.slice(-2)
    const matrixSize = m * n
    let buffer = emission.bufferOf(x)
    const units = broadcastStrides(x.shape.slice(0, -2), batchShape)
    let batchStride = singleStride(batchShape, units)
    if (batchStride === null) {
      const full = [...batchShape, m, n]
      const repeated = emission.temporary(x.dtype, sizeOf(full))
      out.push(
        copyOf(
          x.dtype,
          full,
          buffer,
          0,
          broadcastStrides(x.shape, full),
          repeated,
          0,
          stridesOf(full),
        ),
      )
      buffer = repeated
      batchStride = 1
    }
    return {
      buffer,
      batchStride: batchStride * matrixSize,
      rowStride: transposed ? 1 : n,
      columnStride: transposed ? n : 1,
    }
  }
  // A left operand that has the whole batch, with a shared right one, is one tall matrix.
  const l = operand(left, transposeLeft)
  const r = operand(right, transposeRight)
  const batch = sizeOf(batchShape)
  const tall = batch > 1 && r.batchStride === 0 && !transposeLeft && l.batchStride === rows * depth
  const instruction: MatmulInstruction = {
    kind: 'matmul',
    dtype,
    batch: tall ? 1 : batch,
    rows: tall ? batch * rows : rows,
    columns,
    depth,
    left: tall ? { ...l, batchStride: 0 } : l,
    right: r,
    out: target,
    ...(bias === null ? {} : { bias: emission.bufferOf(bias) }),
    activation,
  }
  out.push(instruction)
  return out
}

/** One stride that walks all batch axes (in matrices), or null. */
function singleStride(shape: Shape, strides: readonly number[]): number | null {
  let step: number | null = null
  let expected = 0
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue
    if (step === null) step = strides[axis]
    else if (strides[axis] !== expected) return null
    expected = strides[axis] * shape[axis]
  }
  return step ?? 0
}

export function workOf(instruction: Instruction): number {
  switch (instruction.kind) {
    case 'matmul':
      return 2 * instruction.batch * instruction.rows * instruction.columns * instruction.depth
    case 'convolution':
    case 'convolutionInput':
    case 'convolutionFilter':
    case 'maxPool':
    case 'maxPoolGradient':
    case 'maxPoolPick':
    case 'sumPool':
    case 'sumPoolGradient':
      return windowWork(instruction)
    case 'fused':
      return sizeOf(instruction.shape) * Math.max(instruction.lines.length, 1)
    case 'copy':
      return sizeOf(instruction.shape)
    case 'requireFinite':
      return 1
    case 'fill':
    case 'random':
      return instruction.length
    case 'softmax':
    case 'softmaxCrossEntropy':
    case 'softmaxCrossEntropyGradient':
      return instruction.rows * instruction.columns * 10
    case 'ctcLoss':
    case 'ctcLossGradient': {
      const states = 2 * instruction.mostLabels + 1
      return instruction.batch * instruction.steps * (instruction.classes * 10 + states * 50)
    }
    case 'gather':
    case 'scatterAdd':
      return instruction.outer * instruction.count * instruction.inner
    case 'argReduce':
    case 'cumulativeSum':
    case 'iota':
      return instruction.outer * instruction.reduced * instruction.inner
    case 'recurrent':
    case 'recurrentGradient':
      return recurrentWork(instruction)
  }
}

export function bytesOf(dtype: DType, length: number): number {
  return dtypes[dtype].bytes * length
}

export function readsOf(instruction: Instruction): number[] {
  switch (instruction.kind) {
    case 'fused':
      return instruction.inputs.map(i => i.buffer)
    case 'matmul': {
      const { left, right, bias } = instruction
      return bias === undefined ? [left.buffer, right.buffer] : [left.buffer, right.buffer, bias]
    }
    case 'convolution': {
      const { source, filter, bias } = instruction
      return bias === undefined ? [source, filter] : [source, filter, bias]
    }
    case 'convolutionInput':
      return [instruction.upstream, instruction.filter]
    case 'convolutionFilter':
    case 'maxPoolGradient':
      return [instruction.source, instruction.upstream]
    case 'maxPoolPick':
      return [instruction.source, instruction.values]
    case 'fill':
    case 'iota':
      return []
    case 'random':
      return [instruction.counter]
    case 'gather':
    case 'scatterAdd':
      return [instruction.source, instruction.indices]
    case 'recurrent':
    case 'recurrentGradient':
      return recurrentReads(instruction)
    case 'softmaxCrossEntropy':
      return [instruction.logits, instruction.labels]
    case 'softmaxCrossEntropyGradient':
      return [instruction.logits, instruction.labels, instruction.upstream]
    case 'ctcLoss':
      return alignmentReads(instruction)
    case 'ctcLossGradient':
      return [...alignmentReads(instruction), instruction.upstream]
    default:
      return [instruction.source]
  }
}

function alignmentReads({ logits, labels, inputLengths, labelLengths }: AlignmentParts): number[] {
  return [logits, labels, inputLengths, labelLengths]
}

export function writesOf(instruction: Instruction): number[] {
  if (instruction.kind === 'fused') return instruction.outputs.map(o => o.buffer)
  if (instruction.kind === 'matmul') return [instruction.out]
  if (instruction.kind === 'requireFinite') return []
  return [instruction.target]
}
