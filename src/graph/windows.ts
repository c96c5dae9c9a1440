// Shape rules of the ops that move windows over pictures [batch, height, width, channels]: convolutions
// and pooling. A window may begin in the padding before the picture and end in that after it.

import { dtypeError, shapeError } from '../base/errors.js'
import { formatShape, type Shape } from '../base/shape.js'
import type { Attributes, Pair, Windows } from './attributes.js'
import type { Node } from './node.js'

const axisNames = ['height', 'width'] as const
const undilated: Pair = [1, 1]

/** How many windows fit along one axis, padding included; 0 where not even one does. */
export function windowCount(
  padded: number,
  window: number,
  stride: number,
  dilation: number,
): number {
  const reach = (window - 1) * dilation + 1
  return padded < reach ? 0 : Math.floor((padded - reach) / stride) + 1
}

function planeOfWindows(
  operation: string,
  size: Pair,
  window: Pair,
  { strides, before, after }: Windows,
  dilation: Pair,
): Pair {
  const along = (axis: 0 | 1) => {
    const padded = size[axis] + before[axis] + after[axis]
    const reach = (window[axis] - 1) * dilation[axis] + 1
    if (padded < reach)
      throw shapeError(
        operation,
        `a ${axisNames[axis]} of at least ${reach} with its padding, for a window of ${window[axis]}` +
          (dilation[axis] > 1 ? ` with dilation ${dilation[axis]}` : ''),
        padded === size[axis] ? `${padded}` : `${size[axis]}, padded to ${padded}`,
        "Use a smaller window, padding: 'same' or larger pictures",
      )
    return windowCount(padded, window[axis], strides[axis], dilation[axis])
  }
  return [along(0), along(1)]
}

function picture(operation: string, x: Node): Shape {
  if (x.shape.length !== 4)
    throw shapeError(operation, 'a tensor [batch, height, width, channels]', formatShape(x.shape))
  return x.shape
}

function sameTypes(operation: string, a: Node, b: Node): void {
  if (a.dtype !== b.dtype)
    throw dtypeError(operation, 'two operands of one type', `${a.dtype} and ${b.dtype}`, 'Use cast')
}

function expectShape(operation: string, what: string, expected: Shape, received: Node): void {
  const { shape } = received
  if (shape.length !== expected.length || shape.some((n, i) => n !== expected[i]))
    throw shapeError(operation, `${what} of shape ${formatShape(expected)}`, formatShape(shape))
}

type Filtered = Attributes['convolution']

function filterShape(operation: string, filter: Node): Shape {
  const { shape } = filter
  if (shape.length !== 4 || shape.some(n => n < 1))
    throw shapeError(
      operation,
      'a filter [height, width, inputs / groups, outputs] without an axis of size 0',
      formatShape(shape),
    )
  return shape
}

/** The filter's channels against the picture's, and against the groups. */
function checkChannels(operation: string, inputs: number, filter: Shape, groups: number): void {
  const received = `${inputs} channels, a filter ${formatShape(filter)} and ${groups} ${groups === 1 ? 'group' : 'groups'}`
  if (inputs % groups !== 0 || filter[3] % groups !== 0)
    throw shapeError(operation, 'inputs and outputs that the groups divide', received)
  if (filter[2] * groups !== inputs)
    throw shapeError(operation, 'a filter for as many channels as the picture has', received)
}

export function convolutionShape(a: Filtered, [x, filter]: readonly Node[]): Shape {
  const operation = 'convolution'
  const [batch, height, width, inputs] = picture(operation, x)
  const f = filterShape(operation, filter)
  sameTypes(operation, x, filter)
  checkChannels(operation, inputs, f, a.groups)
  const plane = planeOfWindows(operation, [height, width], [f[0], f[1]], a, a.dilation)
  return [batch, ...plane, f[3]]
}

export function convolutionInputShape(
  a: Attributes['convolutionInput'],
  [upstream, filter]: readonly Node[],
  operation = 'convolutionInput',
): Shape {
  const [batch, , , outputs] = picture(operation, upstream)
  const f = filterShape(operation, filter)
  sameTypes(operation, upstream, filter)
  checkChannels(operation, f[2] * a.groups, f, a.groups)
  const plane = planeOfWindows(operation, a.size, [f[0], f[1]], a, a.dilation)
  if (outputs !== f[3])
    throw shapeError(operation, `${f[3]} channels, as the filter has`, formatShape(upstream.shape))
  expectShape(operation, 'an upstream', [batch, ...plane, f[3]], upstream)
  return [batch, ...a.size, f[2] * a.groups]
}

export function convolutionFilterShape(
  a: Attributes['convolutionFilter'],
  [x, upstream]: readonly Node[],
): Shape {
  const operation = 'convolutionFilter'
  const [batch, height, width, inputs] = picture(operation, x)
  const outputs = picture(operation, upstream)[3]
  sameTypes(operation, x, upstream)
  if (inputs < 1 || outputs < 1)
    throw shapeError(
      operation,
      'at least one channel',
      `${formatShape(x.shape)} and ${formatShape(upstream.shape)}`,
    )
  const filter = [...a.size, inputs / a.groups, outputs]
  checkChannels(operation, inputs, filter, a.groups)
  const plane = planeOfWindows(operation, [height, width], a.size, a, a.dilation)
  expectShape(operation, 'an upstream', [batch, ...plane, outputs], upstream)
  return filter
}

type Pooled = Attributes['maxPool']

function pooled(operation: string, a: Pooled, x: Node): Shape {
  const [batch, height, width, channels] = picture(operation, x)
  const plane = planeOfWindows(operation, [height, width], a.size, a, undilated)
  if (a.before.some((n, i) => n >= a.size[i]) || a.after.some((n, i) => n >= a.size[i]))
    throw shapeError(
      operation,
      `padding smaller than the window ${formatShape(a.size)}`,
      `${formatShape(a.before)} before and ${formatShape(a.after)} after`,
    )
  return [batch, ...plane, channels]
}

/** `operation` is what errors speak of. */
export function poolShape(operation: string) {
  return (a: Pooled, [x]: readonly Node[]): Shape => pooled(operation, a, x)
}

export function maxPoolGradientShape(a: Pooled, [x, upstream]: readonly Node[]): Shape {
  sameTypes('maxPoolGradient', x, upstream)
  expectShape('maxPoolGradient', 'an upstream', pooled('maxPoolGradient', a, x), upstream)
  return x.shape
}

export function maxPoolPickShape(a: Pooled, [x, values]: readonly Node[]): Shape {
  sameTypes('maxPoolPick', x, values)
  expectShape('maxPoolPick', 'values', x.shape, values)
  return pooled('maxPoolPick', a, x)
}

export function sumPoolGradientShape(
  a: Attributes['sumPoolGradient'],
  [upstream]: readonly Node[],
): Shape {
  const [batch, , , channels] = picture('sumPoolGradient', upstream)
  const plane = planeOfWindows('sumPoolGradient', a.input, a.size, a, undilated)
  expectShape('sumPoolGradient', 'an upstream', [batch, ...plane, channels], upstream)
  return [batch, ...a.input, channels]
}
