// Convolutions and pooling over pictures [batch, height, width, channels], as functions of tensors.

import { promote } from '../base/dtype.js'
import { argumentError, shapeError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import { formatShape } from '../base/shape.js'
import { tested, type ValueKind, wholeNumber } from '../base/value-kinds.js'
import type { Pair, Windows } from '../graph/attributes.js'
import * as g from '../graph/build.js'
import type { Node } from '../graph/node.js'
import { makeNode } from '../graph/ops.js'
import { convolutionInputShape, poolShape, windowCount } from '../graph/windows.js'
import { asTensor, Tensor, type TensorLike } from './tensor.js'

export type { Pair }

/** One number for height and width, or `[height, width]`. */
export type Sizes = number | Pair

/**
 * What lies around a picture while windows move over it: `'valid'` nothing; `'same'` as many zeros as
 * give ⌈size / stride⌉ windows, the odd one after it; `[[top, bottom], [left, right]]`.
 */
export type Padding = 'valid' | 'same' | readonly [vertical: Pair, horizontal: Pair]

const isCount = (least: number) => (value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= 2 ** 31

const isPair = (least: number) => (value: unknown) =>
  Array.isArray(value) && value.length === 2 && value.every(isCount(least))

/** A size for each axis, at least 1. */
export const someSizes: ValueKind<Sizes> = tested(
  'a whole number of 1 or more, or [height, width]',
  value => isCount(1)(value) || isPair(1)(value),
  [0, 1.5, '2', null, [2], [1, 0], [1, 2, 3]],
)

export const somePadding: ValueKind<Padding> = tested(
  "'valid', 'same' or [[top, bottom], [left, right]]",
  value =>
    value === 'valid' ||
    value === 'same' ||
    (Array.isArray(value) && value.length === 2 && value.every(isPair(0))),
  [
    'full',
    1,
    null,
    [1, 1],
    [[1, 1]],
    [
      [1, -1],
      [0, 0],
    ],
  ],
)

/** Options of `convolution`. */
export interface ConvolutionOptions {
  /** From one window to the next. Default: 1. */
  readonly strides?: Sizes
  /** Default: 'valid'. */
  readonly padding?: Padding
  /** From one element of a window to the next. Default: 1. */
  readonly dilation?: Sizes
  /** Channels and outputs are cut into so many groups that know nothing of each other. Default: 1. */
  readonly groups?: number
}

const convolutionOptions = new OptionTable<ConvolutionOptions>({
  strides: someSizes,
  padding: somePadding,
  dilation: someSizes,
  groups: wholeNumber({ min: 1 }),
})

/** Options of `transposedConvolution`. */
export interface TransposedConvolutionOptions extends ConvolutionOptions {
  /** Height and width of the result. Default: the smallest that the convolution leads from. */
  readonly size?: Sizes
}

const transposedOptions = new OptionTable<TransposedConvolutionOptions>({
  ...convolutionOptions.rows,
  size: someSizes,
})

/** Options of `maxPool`, `averagePool` and `sumPool`. */
export interface PoolOptions {
  /** Height and width of the windows. */
  readonly size: Sizes
  /** Default: the size, so that windows lie side by side. */
  readonly strides?: Sizes
  /** Smaller than the windows. Default: 'valid'. */
  readonly padding?: Padding
}

const poolOptions = new OptionTable<PoolOptions>({
  size: required(someSizes),
  strides: someSizes,
  padding: somePadding,
})

export function pairOf(sizes: Sizes): Pair {
  return typeof sizes === 'number' ? [sizes, sizes] : sizes
}

/** Where windows lie on a plane of that size, with the padding counted out. */
export function windowsOf(
  plane: Pair,
  window: Pair,
  strides: Pair,
  padding: Padding,
  dilation: Pair,
): Windows {
  if (padding === 'valid') return { strides, before: [0, 0], after: [0, 0] }
  if (padding !== 'same') {
    const [[top, bottom], [left, right]] = padding
    return { strides, before: [top, left], after: [bottom, right] }
  }
  const total = ([0, 1] as const).map(axis => {
    const windows = Math.ceil(plane[axis] / strides[axis])
    const reach = (window[axis] - 1) * dilation[axis] + 1
    return Math.max((windows - 1) * strides[axis] + reach - plane[axis], 0)
  })
  const before: Pair = [Math.floor(total[0] / 2), Math.floor(total[1] / 2)]
  return { strides, before, after: [total[0] - before[0], total[1] - before[1]] }
}

/** How many windows lie on a plane of that size; 0 along an axis where not even one fits. */
export function planeOf(plane: Pair, window: Pair, windows: Windows, dilation: Pair): Pair {
  const along = (axis: 0 | 1) =>
    windowCount(
      plane[axis] + windows.before[axis] + windows.after[axis],
      window[axis],
      windows.strides[axis],
      dilation[axis],
    )
  return [along(0), along(1)]
}

function pictureOf(operation: string, x: TensorLike): Tensor {
  const t = asTensor(x)
  if (t.rank !== 4)
    throw shapeError(
      operation,
      'a tensor [batch, height, width, channels]',
      formatShape(t.shape),
      'Add the missing axes with expandDims or reshape',
    )
  return t
}

/** Picture and filter in the type that holds both. */
function operands(operation: string, x: TensorLike, filter: TensorLike): [Node, Node] {
  const picture = pictureOf(operation, x)
  const f = asTensor(filter)
  if (f.rank !== 4)
    throw shapeError(
      operation,
      'a filter [height, width, inputs / groups, outputs]',
      formatShape(f.shape),
    )
  const dtype = promote(promote(picture.dtype, f.dtype), 'float32')
  return [g.cast(picture.node, dtype), g.cast(f.node, dtype)]
}

function planeShape(x: Node): Pair {
  return [x.shape[1], x.shape[2]]
}

/**
 * The sums of products of a filter with all windows of pictures (cross-correlation, as deep learning
 * understands convolution): [batch, height, width, inputs] with a filter [height, width, inputs /
 * groups, outputs] → [batch, rows, columns, outputs].
 *
 * In float32, 3 × 3 windows one step apart over 16 channels or more are summed by Winograd's filtering (Lavin & Gray
 * 2016), four results at a time: about as exact as term by term, but an infinity among the values makes NaN of all four.
 *
 * @throws AthanorError SHAPE where the filter is for other channels, groups do not divide, or a window
 * is larger than the padded picture.
 * @example
 * ```ts
 * convolution(zeros([8, 28, 28, 1]), zeros([3, 3, 1, 32]), { padding: 'same' }).shape // [8, 28, 28, 32]
 * ```
 */
export function convolution(
  x: TensorLike,
  filter: TensorLike,
  options?: ConvolutionOptions,
): Tensor {
  const {
    strides = 1,
    padding = 'valid',
    dilation = 1,
    groups = 1,
  } = convolutionOptions.check('convolution', options)
  const [picture, f] = operands('convolution', x, filter)
  const window: Pair = [f.shape[0], f.shape[1]]
  const windows = windowsOf(planeShape(picture), window, pairOf(strides), padding, pairOf(dilation))
  const attributes = { ...windows, dilation: pairOf(dilation), groups }
  return new Tensor(makeNode('convolution', [picture, f], attributes))
}

/**
 * The transposed convolution: what the gradient of `convolution` with the same options does, from
 * [batch, rows, columns, outputs] with a filter [height, width, inputs / groups, outputs] to [batch,
 * height, width, inputs]. 'same' gives size · stride, 'valid' the smallest size that has no part which
 * no window reaches.
 *
 * @throws AthanorError SHAPE as `convolution`, and for a size that the convolution does not lead from
 * to these rows and columns.
 * @example
 * ```ts
 * const small = zeros([8, 7, 7, 32])
 * transposedConvolution(small, zeros([4, 4, 16, 32]), { strides: 2, padding: 'same' }).shape // [8, 14, 14, 16]
 * ```
 */
export function transposedConvolution(
  x: TensorLike,
  filter: TensorLike,
  options?: TransposedConvolutionOptions,
): Tensor {
  const given = transposedOptions.check('transposedConvolution', options)
  const { padding = 'valid', groups = 1 } = given
  const strides = pairOf(given.strides ?? 1)
  const dilation = pairOf(given.dilation ?? 1)
  const [upstream, f] = operands('transposedConvolution', x, filter)
  const window: Pair = [f.shape[0], f.shape[1]]
  const size =
    given.size === undefined
      ? transposedSize(planeShape(upstream), window, strides, padding, dilation)
      : pairOf(given.size)
  const windows = windowsOf(size, window, strides, padding, dilation)
  const attributes = { ...windows, dilation, groups, size }
  convolutionInputShape(attributes, [upstream, f], 'transposedConvolution')
  return new Tensor(makeNode('convolutionInput', [upstream, f], attributes))
}

/** Height and width that a transposed convolution makes of a plane. */
export function transposedSize(
  plane: Pair,
  window: Pair,
  strides: Pair,
  padding: Padding,
  dilation: Pair,
): Pair {
  const along = (axis: 0 | 1) => {
    if (padding === 'same') return plane[axis] * strides[axis]
    const reach = (window[axis] - 1) * dilation[axis] + 1
    const covered = plane[axis] * strides[axis] + Math.max(reach - strides[axis], 0)
    if (padding === 'valid') return covered
    return (plane[axis] - 1) * strides[axis] + reach - padding[axis][0] - padding[axis][1]
  }
  const size: Pair = [along(0), along(1)]
  if (size[0] < 1 || size[1] < 1)
    throw argumentError(
      'transposedConvolution',
      'padding smaller than the result without it',
      `a result of ${size[0]} × ${size[1]}`,
    )
  return size
}

function pool(operation: string, x: TensorLike, options: PoolOptions) {
  const given = poolOptions.check(operation, options)
  const size = pairOf(given.size)
  const t = pictureOf(operation, x)
  const picture = g.cast(t.node, promote(t.dtype, 'float32'))
  const strides = pairOf(given.strides ?? size)
  const windows = windowsOf(planeShape(picture), size, strides, given.padding ?? 'valid', [1, 1])
  const attributes = { ...windows, size }
  poolShape(operation)(attributes, [picture])
  return { picture, attributes }
}

/**
 * The largest of each window and channel: [batch, height, width, channels] → [batch, rows, columns,
 * channels]. Padding is never the largest, NaN always is; the gradient goes to the first of equals.
 *
 * @throws AthanorError SHAPE for a window larger than the padded picture, or padding not smaller than
 * the window.
 * @example
 * ```ts
 * maxPool(zeros([8, 28, 28, 32]), { size: 2 }).shape // [8, 14, 14, 32]
 * ```
 */
export function maxPool(x: TensorLike, options: PoolOptions): Tensor {
  const { picture, attributes } = pool('maxPool', x, options)
  return new Tensor(makeNode('maxPool', [picture], attributes))
}

/**
 * The sum of each window and channel; padding counts as 0. Shapes and errors as `maxPool`.
 *
 * @example
 * ```ts
 * sumPool(ones([1, 4, 4, 1]), { size: 2 }).shape // [1, 2, 2, 1]
 * ```
 */
export function sumPool(x: TensorLike, options: PoolOptions): Tensor {
  const { picture, attributes } = pool('sumPool', x, options)
  return new Tensor(makeNode('sumPool', [picture], attributes))
}

/**
 * The mean of each window and channel; padding is left out of it, as in Keras (PyTorch counts it as
 * zeros unless told otherwise). Shapes and errors as `maxPool`.
 *
 * @example
 * ```ts
 * averagePool(ones([1, 4, 4, 1]), { size: 2 }).shape // [1, 2, 2, 1]
 * ```
 */
export function averagePool(x: TensorLike, options: PoolOptions): Tensor {
  const { picture, attributes } = pool('averagePool', x, options)
  const { before, after, size } = attributes
  const total = makeNode('sumPool', [picture], attributes)
  if ([...before, ...after].every(n => n === 0))
    return new Tensor(g.scale(total, 1 / (size[0] * size[1])))
  const ones = g.filled([1, ...planeShape(picture), 1], 1, picture.dtype)
  return new Tensor(g.divide(total, makeNode('sumPool', [ones], attributes)))
}
