// Pooling into a given number of parts: part i of n of an axis are its elements from ⌊i · size / n⌋ to
// before ⌈(i + 1) · size / n⌉, as in PyTorch; parts may share elements.

import { shapeError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { type Shape, sizeOf } from '../../base/shape.js'
import { concat, slice } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import {
  averagePool,
  maxPool,
  type Pair,
  pairOf,
  type Sizes,
  someSizes,
} from '../../tensor/windows.js'
import {
  type DataFormat,
  fromPictures,
  sampleOf,
  sampleShape,
  someDataFormat,
  toPictures,
} from '../conv/convolution-layer.js'
import { Layer, type LayerOptions, layerOptions } from '../layer.js'

/** Options of layers that pool pictures into a given size. */
export interface AdaptivePooling2DOptions extends LayerOptions {
  /** Height and width of the result. */
  readonly outputSize: Sizes
  /** Default: 'channelsLast'. */
  readonly dataFormat?: DataFormat
}

export const adaptivePooling2dOptions = new OptionTable<AdaptivePooling2DOptions>({
  ...layerOptions.rows,
  outputSize: required(someSizes),
  dataFormat: someDataFormat,
})

export abstract class AdaptivePooling2D extends Layer {
  readonly outputSize: Sizes
  readonly dataFormat: DataFormat
  private readonly parts: Pair

  constructor(
    private readonly kind: 'max' | 'average',
    options: AdaptivePooling2DOptions,
  ) {
    super(options)
    this.outputSize = options.outputSize
    this.dataFormat = options.dataFormat ?? 'channelsLast'
    this.parts = pairOf(this.outputSize)
    this.buildIfKnown()
  }

  override build(inputShape: Shape): void {
    this.outputShape(inputShape)
  }

  protected call(x: Tensor): Tensor {
    this.outputShape(x.shape.slice(1))
    const { parts } = this
    const picture = toPictures(2, this.dataFormat, x)
    const [, height, width] = picture.shape
    const even = height % parts[0] === 0 && width % parts[1] === 0
    const pool = this.kind === 'max' ? maxPool : averagePool
    const y = even
      ? pool(picture, { size: [height / parts[0], width / parts[1]] })
      : this.alongAxis(this.alongAxis(picture, 2, parts[1]), 1, parts[0])
    return fromPictures(2, this.dataFormat, y)
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
    const { plane, channels } = sampleOf(this.name, 2, this.dataFormat, inputShape)
    if (plane[0] < this.parts[0] || plane[1] < this.parts[1])
      throw shapeError(
        this.name,
        `inputs of at least ${this.parts.join(' × ')}, which is the outputSize`,
        plane.join(' × '),
      )
    return sampleShape(2, this.dataFormat, this.parts, channels)
  }

  override flops(inputShape: Shape): number {
    return sizeOf(inputShape)
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), outputSize: this.outputSize, dataFormat: this.dataFormat }
  }
}
