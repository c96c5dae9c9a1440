// Pooling into a given number of parts: part i of n of an axis are its elements from ⌊i · size / n⌋ to
// before ⌈(i + 1) · size / n⌉, as in PyTorch; parts may share elements, and must where there are more of them.

import { type OptionRows, OptionTable, required } from '../../base/options.js'
import { type Shape, sizeOf } from '../../base/shape.js'
import type { ValueKind } from '../../base/value-kinds.js'
import { concat, slice } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import { averagePool, maxPool, type Pair, type Sizes, someSizes } from '../../tensor/windows.js'
import { refuseOtherSteps } from '../attention/cache.js'
import {
  type DataFormat,
  fromPictures,
  type Rank,
  sampleOf,
  sampleShape,
  someDataFormat,
  someLength,
  spread,
  toPictures,
} from '../conv/convolution-layer.js'
import { Layer, type LayerOptions, layerOptions } from '../layer.js'

/** Options of layers that pool sequences (S a number) or pictures into a given size. */
export interface AdaptivePoolingOptions<S extends Sizes> extends LayerOptions {
  /** Steps of the result, or its height and width. */
  readonly outputSize: S
  /** Default: 'channelsLast'. */
  readonly dataFormat?: DataFormat
}

function adaptiveRows<S extends Sizes>(sizes: ValueKind<S>): OptionRows<AdaptivePoolingOptions<S>> {
  const rows = {
    ...layerOptions.rows,
    outputSize: required(sizes),
    dataFormat: someDataFormat,
  }
  return rows as unknown as OptionRows<AdaptivePoolingOptions<S>>
}

export const adaptivePooling1dOptions = new OptionTable(adaptiveRows<number>(someLength))
export const adaptivePooling2dOptions = new OptionTable(adaptiveRows<Sizes>(someSizes))

export abstract class AdaptivePooling<S extends Sizes = Sizes> extends Layer {
  readonly outputSize: S
  readonly dataFormat: DataFormat
  private readonly parts: Pair

  constructor(
    private readonly rank: Rank,
    private readonly kind: 'max' | 'average',
    options: AdaptivePoolingOptions<S>,
  ) {
    super(options)
    this.outputSize = options.outputSize
    this.dataFormat = options.dataFormat ?? 'channelsLast'
    this.parts = spread(rank, this.outputSize)
    this.buildIfKnown()
  }

  override build(inputShape: Shape): void {
    this.outputShape(inputShape)
  }

  protected call(x: Tensor): Tensor {
    this.outputShape(x.shape.slice(1))
    const { parts, rank } = this
    if (rank === 1) refuseOtherSteps(this.name, x)
    const picture = toPictures(rank, this.dataFormat, x)
    const [, height, width] = picture.shape
    const even = height % parts[0] === 0 && width % parts[1] === 0
    const pool = this.kind === 'max' ? maxPool : averagePool
    const y = even
      ? pool(picture, { size: [height / parts[0], width / parts[1]] })
      : this.alongAxis(this.alongAxis(picture, 2, parts[1]), 1, parts[0])
    return fromPictures(rank, this.dataFormat, y)
  }

  /** Rows last, so that of equal maxima the first in reading order counts. */
  private alongAxis(x: Tensor, axis: 1 | 2, parts: number): Tensor {
    const size = x.shape[axis]
    const pool = this.kind === 'max' ? maxPool : averagePool
    const pieces = Array.from({ length: parts }, (_, i) => {
      const from = Math.floor((i * size) / parts)
      const to = Math.ceil(((i + 1) * size) / parts)
      const piece = axis === 1 ? slice(x, null, [from, to]) : slice(x, null, null, [from, to])
      return pool(piece, { size: axis === 1 ? [to - from, 1] : [1, to - from] })
    })
    return concat(pieces, { axis })
  }

  override outputShape(inputShape: Shape): Shape {
    const { rank, dataFormat, parts } = this
    const { channels } = sampleOf(this.name, rank, dataFormat, inputShape)
    return sampleShape(rank, dataFormat, parts, channels)
  }

  override flops(inputShape: Shape): number {
    return sizeOf(inputShape)
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), outputSize: this.outputSize, dataFormat: this.dataFormat }
  }
}
