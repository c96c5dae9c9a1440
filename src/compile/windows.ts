// Instructions for the ops that move windows over pictures.

import { sizeOf } from '../base/shape.js'
import type { Attributes, Pair, Windows } from '../graph/attributes.js'
import type { Node } from '../graph/node.js'
import type { OpName } from '../graph/ops.js'
import type { MatmulUnit } from './clusters.js'
import type { Emission, Emitter } from './instructions.js'
import type {
  ConvolutionInstruction,
  FilterGeometry,
  Instruction,
  WindowGeometry,
} from './program.js'

type FloatType = 'float32' | 'float64'

/** `picture` is the side that is padded, `plane` the one with an element for each window. */
function geometry(
  picture: Node,
  plane: Node,
  window: Pair,
  { strides, before }: Windows,
  dilation: Pair,
): WindowGeometry & { readonly dtype: FloatType } {
  const [batch, height, width, channels] = picture.shape
  return {
    dtype: picture.dtype as FloatType,
    batch,
    height,
    width,
    channels,
    outHeight: plane.shape[1],
    outWidth: plane.shape[2],
    windowHeight: window[0],
    windowWidth: window[1],
    strideHeight: strides[0],
    strideWidth: strides[1],
    top: before[0],
    left: before[1],
    dilationHeight: dilation[0],
    dilationWidth: dilation[1],
  }
}

function filtered(
  picture: Node,
  plane: Node,
  filter: Node,
  a: Attributes['convolution'],
): FilterGeometry {
  return {
    ...geometry(picture, plane, [filter.shape[0], filter.shape[1]], a, a.dilation),
    outputs: plane.shape[3],
    groups: a.groups,
  }
}

function pooled(picture: Node, plane: Node, a: Attributes['maxPool']) {
  return geometry(picture, plane, a.size, a, [1, 1])
}

export function convolutionOf(
  { matmul: node, bias, activation }: MatmulUnit,
  target: number,
  { bufferOf }: Emission,
): ConvolutionInstruction {
  const [x, filter] = node.inputs
  return {
    kind: 'convolution',
    ...filtered(x, node, filter, node.attributes as Attributes['convolution']),
    source: bufferOf(x),
    filter: bufferOf(filter),
    target,
    ...(bias === null ? {} : { bias: bufferOf(bias) }),
    activation,
  }
}

export const windowEmitters = {
  convolutionInput: (node, target, { bufferOf }, a) => {
    const [upstream, filter] = node.inputs
    return [
      {
        kind: 'convolutionInput',
        ...filtered(node, upstream, filter, a),
        upstream: bufferOf(upstream),
        filter: bufferOf(filter),
        target,
      },
    ]
  },
  convolutionFilter: (node, target, { bufferOf }, a) => {
    const [x, upstream] = node.inputs
    return [
      {
        kind: 'convolutionFilter',
        ...filtered(x, upstream, node, a),
        source: bufferOf(x),
        upstream: bufferOf(upstream),
        target,
      },
    ]
  },
  maxPool: (node, target, { bufferOf }, a) => {
    const [x] = node.inputs
    return [{ kind: 'maxPool', ...pooled(x, node, a), source: bufferOf(x), target }]
  },
  maxPoolGradient: (node, target, { bufferOf }, a) => {
    const [x, upstream] = node.inputs
    return [
      {
        kind: 'maxPoolGradient',
        ...pooled(x, upstream, a),
        source: bufferOf(x),
        upstream: bufferOf(upstream),
        target,
      },
    ]
  },
  maxPoolPick: (node, target, { bufferOf }, a) => {
    const [x, values] = node.inputs
    return [
      {
        kind: 'maxPoolPick',
        ...pooled(x, node, a),
        source: bufferOf(x),
        values: bufferOf(values),
        target,
      },
    ]
  },
  sumPool: (node, target, { bufferOf }, a) => {
    const [x] = node.inputs
    return [{ kind: 'sumPool', ...pooled(x, node, a), source: bufferOf(x), target }]
  },
  sumPoolGradient: (node, target, { bufferOf }, a) => {
    const [upstream] = node.inputs
    return [
      {
        kind: 'sumPoolGradient',
        ...pooled(node, upstream, a),
        source: bufferOf(upstream),
        target,
      },
    ]
  },
} satisfies { readonly [K in OpName]?: Emitter<K> }

type WindowInstruction = Extract<Instruction, WindowGeometry>

export function windowWork(i: WindowInstruction): number {
  const windows = i.batch * i.outHeight * i.outWidth
  const elements = i.windowHeight * i.windowWidth * i.channels
  if ('groups' in i) return 2 * windows * elements * (i.outputs / i.groups)
  return windows * elements + sizeOf([i.batch, i.height, i.width, i.channels])
}
