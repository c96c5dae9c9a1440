// The op table: for every operation its attributes, its shape rule and its type rule. Together with
// elementwise.ts it is the whole vocabulary of the engine; a new op is a new row.

import { type DType, dtypes } from '../base/dtype.js'
import { argumentError, dtypeError, shapeError } from '../base/errors.js'
import { broadcastShapes, formatShape, reducedShape, type Shape, sizeOf } from '../base/shape.js'
import type { Alignment, Attributes, None, OpName, Reduce } from './attributes.js'
import { type ElementwiseOp, elementwise, isElementwise } from './elementwise.js'
import { Node, scopeNow } from './node.js'
import { recordShape, recurrentGradientShape } from './recurrence.js'
import {
  convolutionFilterShape,
  convolutionInputShape,
  convolutionShape,
  maxPoolGradientShape,
  maxPoolPickShape,
  poolShape,
  sumPoolGradientShape,
} from './windows.js'

export type { Attributes, OpName }

interface OpRow<A> {
  readonly shape: (attributes: A, inputs: readonly Node[]) => Shape
  readonly dtype: (attributes: A, inputs: readonly Node[]) => DType
}

type StructuralOp = Exclude<OpName, ElementwiseOp>

const first = (_: unknown, inputs: readonly Node[]) => inputs[0].dtype
const firstShape = (_: unknown, inputs: readonly Node[]) => inputs[0].shape

function floatOnly(operation: string) {
  return (_: unknown, inputs: readonly Node[]): DType => {
    if (!dtypes[inputs[0].dtype].isFloat)
      throw dtypeError(
        operation,
        'float32 or float64',
        inputs[0].dtype,
        "Use cast('float32') first",
      )
    return inputs[0].dtype
  }
}

function numberOnly(operation: string) {
  return (_: unknown, inputs: readonly Node[]): DType => {
    if (inputs[0].dtype === 'bool')
      throw dtypeError(operation, 'a number type', 'bool', "Use cast('int32') first")
    return inputs[0].dtype
  }
}

function reduceRow(operation: string): OpRow<Reduce> {
  return {
    shape: (a, [x]) => reducedShape(x.shape, a.axes, a.keepDims),
    dtype: numberOnly(operation),
  }
}

function argRow(operation: string): OpRow<{ readonly axis: number }> {
  return {
    shape: (a, [x]) => {
      if (x.shape[a.axis] === 0)
        throw shapeError(operation, 'at least one element along the axis', formatShape(x.shape))
      return reducedShape(x.shape, [a.axis], false)
    },
    dtype: () => 'int32',
  }
}

function int32Indices(operation: string, indices: Node): void {
  if (indices.dtype !== 'int32')
    throw dtypeError(
      operation,
      'int32 indices',
      indices.dtype,
      "Use cast('int32') or tensor(…, { dtype: 'int32' })",
    )
}

const structural: { readonly [K in StructuralOp]: OpRow<Attributes[K]> } = {
  input: { shape: a => a.shape, dtype: a => a.dtype },
  scalar: { shape: () => [], dtype: a => a.dtype },
  constant: { shape: () => [], dtype: a => a.dtype },
  cast: { shape: firstShape, dtype: a => a.dtype },
  sum: reduceRow('sum'),
  prod: reduceRow('prod'),
  max: reduceRow('max'),
  min: reduceRow('min'),
  argMax: argRow('argMax'),
  argMin: argRow('argMin'),
  cumulativeSum: { shape: firstShape, dtype: numberOnly('cumsum') },
  lstm: { shape: recordShape('lstm'), dtype: floatOnly('lstm') },
  lstmGradient: { shape: recurrentGradientShape('lstm'), dtype: floatOnly('lstm') },
  gru: { shape: recordShape('gru'), dtype: floatOnly('gru') },
  gruGradient: { shape: recurrentGradientShape('gru'), dtype: floatOnly('gru') },
  simpleRnn: { shape: recordShape('simpleRnn'), dtype: floatOnly('simpleRnn') },
  simpleRnnGradient: { shape: recurrentGradientShape('simpleRnn'), dtype: floatOnly('simpleRnn') },
  matmul: { shape: matmulShape, dtype: floatOnly('matmul') },
  convolution: { shape: convolutionShape, dtype: floatOnly('convolution') },
  convolutionInput: { shape: convolutionInputShape, dtype: floatOnly('convolution') },
  convolutionFilter: { shape: convolutionFilterShape, dtype: floatOnly('convolution') },
  maxPool: { shape: poolShape('maxPool'), dtype: floatOnly('maxPool') },
  maxPoolGradient: { shape: maxPoolGradientShape, dtype: floatOnly('maxPool') },
  maxPoolPick: { shape: maxPoolPickShape, dtype: floatOnly('maxPool') },
  sumPool: { shape: poolShape('sumPool'), dtype: floatOnly('sumPool') },
  sumPoolGradient: { shape: sumPoolGradientShape, dtype: floatOnly('sumPool') },
  reshape: {
    shape: (a, [x]) => {
      if (sizeOf(a.shape) !== sizeOf(x.shape))
        throw shapeError('reshape', `a shape of ${sizeOf(x.shape)} elements`, formatShape(a.shape))
      return a.shape
    },
    dtype: first,
  },
  transpose: { shape: (a, [x]) => a.permutation.map(i => x.shape[i]), dtype: first },
  broadcast: {
    shape: (a, [x]) => {
      const out = broadcastShapes('broadcastTo', x.shape, a.shape)
      if (out.length !== a.shape.length || out.some((n, i) => n !== a.shape[i]))
        throw shapeError(
          'broadcastTo',
          `a shape that ${formatShape(x.shape)} broadcasts to`,
          formatShape(a.shape),
        )
      return a.shape
    },
    dtype: first,
  },
  slice: { shape: a => a.size, dtype: first },
  pad: { shape: (a, [x]) => x.shape.map((n, i) => a.before[i] + n + a.after[i]), dtype: first },
  concat: { shape: concatShape, dtype: first },
  gather: {
    shape: (a, [x, indices]) => {
      int32Indices('gather', indices)
      return [...x.shape.slice(0, a.axis), ...indices.shape, ...x.shape.slice(a.axis + 1)]
    },
    dtype: first,
  },
  scatterAdd: {
    shape: (a, [indices, updates]) => {
      int32Indices('scatterAdd', indices)
      if (indices.shape.length !== 1 || updates.shape[a.axis] !== indices.shape[0])
        throw shapeError(
          'scatterAdd',
          `updates with ${formatShape(indices.shape)} entries along axis ${a.axis}`,
          formatShape(updates.shape),
        )
      return updates.shape.map((n, i) => (i === a.axis ? a.size : n))
    },
    dtype: (_, [, updates]) => numberOnly('scatterAdd')(_, [updates]),
  },
  iota: { shape: a => a.shape, dtype: a => a.dtype },
  random: { shape: a => a.shape, dtype: a => a.dtype },
  softmax: { shape: firstShape, dtype: floatOnly('softmax') },
  logSoftmax: { shape: firstShape, dtype: floatOnly('logSoftmax') },
  softmaxCrossEntropy: {
    shape: (_, [logits, labels]) => crossEntropyRows(logits, labels),
    dtype: floatOnly('softmaxCrossEntropy'),
  },
  softmaxCrossEntropyGradient: {
    shape: (_, [logits, labels]) => {
      crossEntropyRows(logits, labels)
      return logits.shape
    },
    dtype: floatOnly('softmaxCrossEntropy'),
  },
  ctcLoss: { shape: (a, inputs) => ctcRows(a, inputs), dtype: floatOnly('ctcLoss') },
  ctcLossGradient: {
    shape: (a, inputs) => {
      ctcRows(a, inputs)
      return inputs[0].shape
    },
    dtype: floatOnly('ctcLoss'),
  },
  stopGradient: { shape: firstShape, dtype: first },
}

function ctcRows(
  a: Alignment,
  [logits, labels, inputLengths, labelLengths]: readonly Node[],
): Shape {
  for (const indices of [labels, inputLengths, labelLengths]) int32Indices('ctcLoss', indices)
  const [batch, , classes] = logits.shape
  if (logits.shape.length !== 3 || labels.shape.length !== 2 || labels.shape[0] !== batch)
    throw shapeError(
      'ctcLoss',
      'logits [batch, steps, classes] and labels [batch, most labels]',
      `${formatShape(logits.shape)} and ${formatShape(labels.shape)}`,
    )
  for (const lengths of [inputLengths, labelLengths])
    if (lengths.shape.length !== 1 || lengths.shape[0] !== batch)
      throw shapeError('ctcLoss', `one length a row, [${batch}]`, formatShape(lengths.shape))
  if (!(Number.isInteger(a.blank) && a.blank >= 0 && a.blank < classes))
    throw argumentError('ctcLoss', `a blank from 0 to ${classes - 1}`, String(a.blank))
  return [batch]
}

function crossEntropyRows(logits: Node, labels: Node): Shape {
  int32Indices('softmaxCrossEntropy', labels)
  const rows = logits.shape.slice(0, -1)
  if (
    logits.shape.length === 0 ||
    labels.shape.length !== rows.length ||
    rows.some((n, i) => n !== labels.shape[i])
  )
    throw shapeError(
      'softmaxCrossEntropy',
      `labels of shape ${formatShape(rows)} for logits of shape ${formatShape(logits.shape)}`,
      formatShape(labels.shape),
      'Integer labels have one entry per row; one-hot targets go with categoricalCrossentropy',
    )
  return rows
}

function matmulShape(a: Attributes['matmul'], [left, right]: readonly Node[]): Shape {
  const l = left.shape
  const r = right.shape
  const received = `${formatShape(l)} and ${formatShape(r)}`
  if (l.length < 2 || r.length < 2)
    throw shapeError('matmul', 'tensors of rank 2 or more', received)
  const rows = a.transposeLeft ? l[l.length - 1] : l[l.length - 2]
  const depth = a.transposeLeft ? l[l.length - 2] : l[l.length - 1]
  const depthRight = a.transposeRight ? r[r.length - 1] : r[r.length - 2]
  const columns = a.transposeRight ? r[r.length - 2] : r[r.length - 1]
  if (depth !== depthRight)
    throw shapeError(
      'matmul',
      'the last axis of the left operand to match the second-last of the right',
      received,
      'Transpose or reshape one of them',
    )
  if (left.dtype !== right.dtype)
    throw dtypeError('matmul', 'two operands of one type', `${left.dtype} and ${right.dtype}`)
  return [...broadcastShapes('matmul', l.slice(0, -2), r.slice(0, -2)), rows, columns]
}

function concatShape(a: Attributes['concat'], inputs: readonly Node[]): Shape {
  const [head] = inputs
  let along = 0
  for (const input of inputs) {
    const fits =
      input.shape.length === head.shape.length &&
      input.shape.every((n, i) => i === a.axis || n === head.shape[i])
    if (!fits || input.dtype !== head.dtype)
      throw shapeError(
        'concat',
        `tensors like ${formatShape(head.shape)} ${head.dtype} except along axis ${a.axis}`,
        `${formatShape(input.shape)} ${input.dtype}`,
      )
    along += input.shape[a.axis]
  }
  return head.shape.map((n, i) => (i === a.axis ? along : n))
}

function elementwiseShape(op: ElementwiseOp, inputs: readonly Node[]): Shape {
  let shape = inputs[0].shape
  for (let i = 1; i < inputs.length; i++) shape = broadcastShapes(op, shape, inputs[i].shape)
  return shape
}

function elementwiseDtype(op: ElementwiseOp, inputs: readonly Node[]): DType {
  const row = elementwise[op]
  const operands = op === 'where' ? inputs.slice(1) : inputs
  const dtype = operands[0].dtype
  for (const operand of operands)
    if (operand.dtype !== dtype)
      throw dtypeError(
        op,
        'operands of one type',
        operands.map(o => o.dtype).join(' and '),
        'Use cast',
      )
  if (op === 'where' && inputs[0].dtype !== 'bool')
    throw dtypeError(
      'where',
      'a bool condition',
      inputs[0].dtype,
      'Compare first, for example x.greater(0)',
    )
  if (row.kind === 'bool') return 'bool'
  if (row.kind === 'logical') {
    if (dtype !== 'bool')
      throw dtypeError(op, 'bool', dtype, 'Compare first, for example x.notEqual(0)')
    return 'bool'
  }
  if (row.kind === 'float' && !dtypes[dtype].isFloat)
    throw dtypeError(op, 'float32 or float64', dtype, "Use cast('float32') first")
  if (dtype === 'bool' && op !== 'where' && op !== 'maximum' && op !== 'minimum')
    throw dtypeError(op, 'a number type', 'bool', "Use cast('int32') first")
  return dtype
}

export function shapeOf<K extends OpName>(
  op: K,
  attributes: Attributes[K],
  inputs: readonly Node[],
): Shape {
  if (isElementwise(op)) return elementwiseShape(op, inputs)
  return (structural[op as StructuralOp] as unknown as OpRow<Attributes[K]>).shape(
    attributes,
    inputs,
  )
}

export function dtypeOf<K extends OpName>(
  op: K,
  attributes: Attributes[K],
  inputs: readonly Node[],
): DType {
  if (isElementwise(op)) return elementwiseDtype(op, inputs)
  return (structural[op as StructuralOp] as unknown as OpRow<Attributes[K]>).dtype(
    attributes,
    inputs,
  )
}

const signatures = new Map<string, number>()
const none: None = {}

/** Makes a node: checks types and shapes here, where the user's line is still on the stack. */
export function makeNode<K extends OpName>(
  op: K,
  inputs: readonly Node[],
  attributes: Attributes[K],
): Node<K> {
  let dtype: DType
  let shape: Shape
  try {
    dtype = dtypeOf(op, attributes, inputs)
    shape = shapeOf(op, attributes, inputs)
  } catch (error) {
    throw inLayer(error)
  }
  const size = sizeOf(shape)
  if (size > 2 ** 40)
    throw argumentError(op, 'a result of at most 2⁴⁰ elements', formatShape(shape))
  // A leaf's attributes are its shape and type, which the key has already.
  const plain = (attributes as unknown) === none || op === 'input' || op === 'scalar'
  const key = `${op}:${dtype}:${shape.join()}${plain ? '' : textOf(attributes)}`
  let signature = signatures.get(key)
  if (signature === undefined) {
    signature = signatures.size + 1
    signatures.set(key, signature)
  }
  return new Node(op, attributes, inputs, shape, dtype, signature)
}

/**
 * The attributes as text; equal texts mean equal programs. Unlike JSON, −0 differs from 0 and NaN from
 * null. Written by hand because it runs for every node of every step.
 */
function textOf(value: unknown): string {
  if (typeof value === 'number') return value === 0 && Object.is(value, -0) ? '-0' : `${value}`
  if (typeof value !== 'object' || value === null) return String(value)
  let text = '['
  if (Array.isArray(value)) for (const item of value) text += `${textOf(item)},`
  else
    for (const name in value)
      text += `${name}:${textOf((value as Readonly<Record<string, unknown>>)[name])},`
  return `${text}]`
}

/** Adds the layer's path to an error thrown while its `forward` ran. */
function inLayer(error: unknown): unknown {
  const path = scopeNow()?.path()
  if (path && error instanceof Error && !error.message.startsWith('In layer')) {
    error.message = `In layer ${path}: ${error.message}`
  }
  return error
}

export function makeElementwise(op: ElementwiseOp, ...inputs: readonly Node[]): Node {
  return makeNode(op, inputs, none as Attributes[ElementwiseOp])
}

export { none as noAttributes }
