// What pooling layers share. Defaults are Keras 3's: windows of 2, side by side.

import { shapeError } from '../../base/errors.js'
import { type OptionRows, OptionTable } from '../../base/options.js'
import { type Shape, sizeOf } from '../../base/shape.js'
import { oneOf, orNull, trueOrFalse, type ValueKind } from '../../base/value-kinds.js'
import { cast, div, greater, max, maximum, mean, sum, where } from '../../tensor/operations.js'
import { reshape } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import {
  averagePool,
  maxPool,
  type Pair,
  planeOf,
  type Sizes,
  someSizes,
  windowsOf,
} from '../../tensor/windows.js'
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
import { maskOf } from '../mask.js'

/** Options of layers that pool windows of sequences (S a number) or pictures. */
export interface PoolingOptions<S extends Sizes> extends LayerOptions {
  /** Size of the windows. Default: 2. */
  readonly poolSize?: S
  /** From one window to the next. Default: poolSize. */
  readonly strides?: S | null
  /** `'same'`: size / stride windows; what they hold outside the picture counts for nothing. Default: 'valid'. */
  readonly padding?: 'valid' | 'same'
  /** Default: 'channelsLast'. */
  readonly dataFormat?: DataFormat
}

function poolingRows<S extends Sizes>(sizes: ValueKind<S>): OptionRows<PoolingOptions<S>> {
  const rows = {
    ...layerOptions.rows,
    poolSize: sizes,
    strides: orNull(sizes),
    padding: oneOf(['valid', 'same']),
    dataFormat: someDataFormat,
  }
  return rows as unknown as OptionRows<PoolingOptions<S>>
}

export const pooling1dOptions = new OptionTable<PoolingOptions<number>>(poolingRows(someLength))
export const pooling2dOptions = new OptionTable<PoolingOptions<Sizes>>(poolingRows(someSizes))

export abstract class PoolingLayer<S extends Sizes = Sizes> extends Layer {
  readonly poolSize: S
  readonly strides: S
  readonly padding: 'valid' | 'same'
  readonly dataFormat: DataFormat
  private readonly window: Pair
  private readonly stride: Pair

  constructor(
    private readonly rank: Rank,
    private readonly kind: 'max' | 'average',
    options: PoolingOptions<S>,
  ) {
    super(options)
    this.poolSize = options.poolSize ?? (2 as S)
    this.strides = options.strides ?? this.poolSize
    this.padding = options.padding ?? 'valid'
    this.dataFormat = options.dataFormat ?? 'channelsLast'
    this.window = spread(rank, this.poolSize)
    this.stride = spread(rank, this.strides)
    this.buildIfKnown()
  }

  override build(inputShape: Shape): void {
    this.outputShape(inputShape)
  }

  protected call(x: Tensor): Tensor {
    sampleOf(this.name, this.rank, this.dataFormat, x.shape.slice(1))
    if (this.rank === 1) refuseOtherSteps(this.name, x)
    const pool = this.kind === 'max' ? maxPool : averagePool
    const { window, stride, padding } = this
    const y = pool(toPictures(this.rank, this.dataFormat, x), {
      size: window,
      strides: stride,
      padding,
    })
    return fromPictures(this.rank, this.dataFormat, y)
  }

  override outputShape(inputShape: Shape): Shape {
    const { plane, channels } = sampleOf(this.name, this.rank, this.dataFormat, inputShape)
    const { window, stride, padding } = this
    const out = planeOf(plane, window, windowsOf(plane, window, stride, padding, [1, 1]), [1, 1])
    if (out[0] < 1 || out[1] < 1)
      throw shapeError(
        this.name,
        `inputs at least as large as the window of ${this.rank === 1 ? window[1] : window.join(' × ')}`,
        this.rank === 1 ? `${plane[1]} steps` : plane.join(' × '),
        "Use a smaller poolSize or padding: 'same'",
      )
    return sampleShape(this.rank, this.dataFormat, out, channels)
  }

  override flops(inputShape: Shape): number {
    return sizeOf(this.outputShape(inputShape)) * this.window[0] * this.window[1]
  }

  override config(): Record<string, unknown> {
    return {
      ...super.config(),
      poolSize: this.poolSize,
      strides: this.strides,
      padding: this.padding,
      dataFormat: this.dataFormat,
    }
  }
}

/** Options of layers that pool whole sequences or pictures. */
export interface GlobalPoolingOptions extends LayerOptions {
  /** Default: 'channelsLast'. */
  readonly dataFormat?: DataFormat
  /** Keep the pooled axes with size 1. Default: false. */
  readonly keepDims?: boolean
}

export const globalPoolingOptions = new OptionTable<GlobalPoolingOptions>({
  ...layerOptions.rows,
  dataFormat: someDataFormat,
  keepDims: trueOrFalse,
})

export abstract class GlobalPoolingLayer extends Layer {
  readonly dataFormat: DataFormat
  readonly keepDims: boolean

  constructor(
    private readonly rank: Rank,
    private readonly kind: 'max' | 'average',
    options: GlobalPoolingOptions,
  ) {
    super(options)
    this.dataFormat = options.dataFormat ?? 'channelsLast'
    this.keepDims = options.keepDims ?? false
    this.buildIfKnown()
  }

  override build(inputShape: Shape): void {
    this.outputShape(inputShape)
  }

  protected call(x: Tensor): Tensor {
    sampleOf(this.name, this.rank, this.dataFormat, x.shape.slice(1))
    const from = this.dataFormat === 'channelsLast' ? 1 : 2
    const axis = this.rank === 1 ? [from] : [from, from + 1]
    if (this.rank === 1 && from === 1) {
      refuseOtherSteps(this.name, x)
      const mask = maskOf(x)
      if (mask !== null) return this.overSteps(x, mask)
    }
    return (this.kind === 'max' ? max : mean)(x, { axis, keepDims: this.keepDims })
  }

  /** Over the steps that count; zeros where none does. */
  private overSteps(x: Tensor, mask: Tensor): Tensor {
    const { keepDims } = this
    const counts = reshape(mask, [...mask.shape, 1])
    const steps = sum(cast(counts, x.dtype), { axis: 1, keepDims })
    if (this.kind === 'average')
      return div(sum(where(counts, x, 0), { axis: 1, keepDims }), maximum(steps, 1))
    const largest = max(where(counts, x, -Infinity), { axis: 1, keepDims })
    return where(greater(steps, 0), largest, 0)
  }

  override outputShape(inputShape: Shape): Shape {
    const { channels } = sampleOf(this.name, this.rank, this.dataFormat, inputShape)
    return this.keepDims ? sampleShape(this.rank, this.dataFormat, [1, 1], channels) : [channels]
  }

  override flops(inputShape: Shape): number {
    return sizeOf(inputShape)
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), dataFormat: this.dataFormat, keepDims: this.keepDims }
  }
}
