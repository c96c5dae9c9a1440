// Enlarging by whole factors: each element repeated, or straight lines between the elements' centres.

import type { Shape } from '../../base/shape.js'
import { sizeOf } from '../../base/shape.js'
import { add, mul } from '../../tensor/operations.js'
import { broadcastTo, concat, reshape, slice } from '../../tensor/structure.js'
import { type Tensor, tensor } from '../../tensor/tensor.js'
import type { Pair } from '../../tensor/windows.js'
import { Layer, type LayerOptions } from '../layer.js'
import {
  type DataFormat,
  fromPictures,
  type Rank,
  sampleOf,
  sampleShape,
  toPictures,
} from './convolution-layer.js'

export type Interpolation = 'nearest' | 'bilinear'

/** [batch, …, n, …] → [batch, …, n · factor, …]. */
function repeated(x: Tensor, axis: number, factor: number): Tensor {
  const { shape } = x
  const before = shape.slice(0, axis + 1)
  const after = shape.slice(axis + 1)
  const many = broadcastTo(reshape(x, [...before, 1, ...after]), [...before, factor, ...after])
  return reshape(many, [...shape.slice(0, axis), shape[axis] * factor, ...after])
}

/**
 * Along one axis: new element q · factor + r has its centre (r + ½) / factor − ½ from that of element q,
 * between it and a neighbour; beyond the ends the last element goes on.
 */
function straightened(x: Tensor, axis: number, factor: number): Tensor {
  if (factor === 1) return x
  const { shape } = x
  const n = shape[axis]
  const part = (from: number, to: number) =>
    slice(x, ...shape.slice(0, axis).map(() => null), [from, to])
  const previous = n === 1 ? x : concat([part(0, 1), part(0, n - 1)], { axis })
  const next = n === 1 ? x : concat([part(1, n), part(n - 1, n)], { axis })
  const offsets = Array.from({ length: factor }, (_, r) => (r + 0.5) / factor - 0.5)
  const before = shape.slice(0, axis + 1)
  const after = shape.slice(axis + 1)
  const weighted = (y: Tensor, weight: (offset: number) => number) =>
    mul(
      reshape(y, [...before, 1, ...after]),
      tensor(offsets.map(weight), { shape: [factor, ...after.map(() => 1)], dtype: x.dtype }),
    )
  const mixed = add(
    weighted(x, offset => 1 - Math.abs(offset)),
    add(
      weighted(previous, offset => Math.max(-offset, 0)),
      weighted(next, offset => Math.max(offset, 0)),
    ),
  )
  return reshape(mixed, [...shape.slice(0, axis), n * factor, ...after])
}

export abstract class UpSampling extends Layer {
  constructor(
    private readonly rank: Rank,
    private readonly factors: Pair,
    readonly dataFormat: DataFormat,
    readonly interpolation: Interpolation,
    options: LayerOptions,
  ) {
    super(options)
    this.buildIfKnown()
  }

  override build(inputShape: Shape): void {
    this.outputShape(inputShape)
  }

  protected call(x: Tensor): Tensor {
    sampleOf(this.name, this.rank, this.dataFormat, x.shape.slice(1))
    const [vertical, horizontal] = this.factors
    const enlarge = this.interpolation === 'nearest' ? repeated : straightened
    const picture = toPictures(this.rank, this.dataFormat, x)
    const tall = vertical === 1 ? picture : enlarge(picture, 1, vertical)
    const y = horizontal === 1 ? tall : enlarge(tall, 2, horizontal)
    return fromPictures(this.rank, this.dataFormat, y)
  }

  override outputShape(inputShape: Shape): Shape {
    const { plane, channels } = sampleOf(this.name, this.rank, this.dataFormat, inputShape)
    const [vertical, horizontal] = this.factors
    const out: Pair = [plane[0] * vertical, plane[1] * horizontal]
    return sampleShape(this.rank, this.dataFormat, out, channels)
  }

  override flops(inputShape: Shape): number {
    return this.interpolation === 'nearest' ? 0 : 10 * sizeOf(this.outputShape(inputShape))
  }
}
