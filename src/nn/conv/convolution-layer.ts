// What the convolution layers share: options, weights, layouts, and how a sequence becomes a picture of
// one row. Kernels and defaults are Keras 3's.

import { argumentError, shapeError } from '../../base/errors.js'
import { type OptionRows, required } from '../../base/options.js'
import { formatShape, type Shape, sizeOf } from '../../base/shape.js'
import { oneOf, orNull, trueOrFalse, type ValueKind, wholeNumber } from '../../base/value-kinds.js'
import { add } from '../../tensor/operations.js'
import { reshape, transpose } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Variable } from '../../tensor/variable.js'
import { type Pair, pairOf, type Sizes, someSizes } from '../../tensor/windows.js'
import {
  type Activation,
  type ActivationFunction,
  activationConfig,
  getActivation,
  linear,
} from '../activations.js'
import { refuseOtherSteps } from '../attention/cache.js'
import {
  getInitializer,
  type Initializer,
  type InitializerLike,
  initializerConfig,
} from '../initializers/index.js'
import { someActivation, someInitializer, someRegularizer } from '../kinds.js'
import { Layer, type LayerOptions, layerOptions } from '../layer.js'
import {
  getRegularizer,
  type Regularizer,
  type RegularizerLike,
  regularizerConfig,
} from '../regularizers.js'

/** `channelsLast`: [batch, height, width, channels]; `channelsFirst`: [batch, channels, height, width]. */
export type DataFormat = 'channelsLast' | 'channelsFirst'

export const someDataFormat = oneOf(['channelsLast', 'channelsFirst'])

/** Options of all layers that move a filter over sequences (S a number) or pictures. */
export interface FilterLayerOptions<S extends Sizes> extends LayerOptions {
  /** Height and width of the filter. */
  readonly kernelSize: S
  /** From one window to the next. Default: 1. */
  readonly strides?: S
  /** `'same'`: zeros around, so that size / stride results come out. Default: 'valid'. */
  readonly padding?: 'valid' | 'same'
  /** Default: 'channelsLast', which is what the kernels work on; the other is transposed first. */
  readonly dataFormat?: DataFormat
  /** From one element of the window to the next. Default: 1. */
  readonly dilationRate?: S
  /** Name or function. Default: none (linear). */
  readonly activation?: Activation | null
  /** Default: true. */
  readonly useBias?: boolean
  /** Default: zeros. */
  readonly biasInitializer?: InitializerLike
  readonly biasRegularizer?: RegularizerLike | null
}

export function filterRows<S extends Sizes>(
  sizes: ValueKind<S>,
): OptionRows<FilterLayerOptions<S>> {
  const rows = {
    ...layerOptions.rows,
    kernelSize: required(sizes),
    strides: sizes,
    padding: oneOf(['valid', 'same']),
    dataFormat: someDataFormat,
    dilationRate: sizes,
    activation: orNull(someActivation),
    useBias: trueOrFalse,
    biasInitializer: someInitializer,
    biasRegularizer: orNull(someRegularizer),
  }
  return rows as unknown as OptionRows<FilterLayerOptions<S>>
}

export const someLength = wholeNumber({ min: 1 })
export { someSizes }

/** 1: sequences [batch, steps, channels]; 2: pictures [batch, height, width, channels]. */
export type Rank = 1 | 2

const axesInWords = { 1: 'steps', 2: 'height, width' } as const

/** A sequence's size is that of a picture of one row. */
export function spread(rank: Rank, sizes: Sizes): Pair {
  return rank === 1 ? [1, sizes as number] : pairOf(sizes)
}

/** Height, width and channels of a sample of either rank and layout. */
export function sampleOf(
  label: string,
  rank: Rank,
  format: DataFormat,
  shape: Shape,
): { readonly plane: Pair; readonly channels: number } {
  if (shape.length !== rank + 1) {
    const axes = axesInWords[rank]
    const wanted = format === 'channelsLast' ? `${axes}, channels` : `channels, ${axes}`
    throw shapeError(
      label,
      `inputs of shape [batch, ${wanted}]`,
      `[${['batch', ...shape].join(', ')}]`,
      shape.length === rank ? 'Add the axis of the channels with expandDims' : undefined,
    )
  }
  const first = format === 'channelsFirst'
  const sizes = first ? shape.slice(1) : shape.slice(0, -1)
  const channels = first ? shape[0] : shape[shape.length - 1]
  return { plane: rank === 1 ? [1, sizes[0]] : [sizes[0], sizes[1]], channels }
}

/** The other way round: a sample's shape. */
export function sampleShape(rank: Rank, format: DataFormat, plane: Pair, channels: number): Shape {
  const sizes = rank === 1 ? [plane[1]] : plane
  return format === 'channelsFirst' ? [channels, ...sizes] : [...sizes, channels]
}

/** [batch, height, width, channels] of a batch of either rank and layout. */
export function toPictures(rank: Rank, format: DataFormat, x: Tensor): Tensor {
  const last = format === 'channelsLast' ? x : transpose(x, rank === 1 ? [0, 2, 1] : [0, 2, 3, 1])
  const [batch, ...sample] = last.shape
  return rank === 1 ? reshape(last, [batch, 1, ...sample]) : last
}

export function fromPictures(rank: Rank, format: DataFormat, y: Tensor): Tensor {
  const [batch, , width, channels] = y.shape
  const own = rank === 1 ? reshape(y, [batch, width, channels]) : y
  if (format === 'channelsLast') return own
  return transpose(own, rank === 1 ? [0, 2, 1] : [0, 3, 1, 2])
}

/** The base of layers with a filter, a bias and an activation. */
export abstract class FilterLayer<S extends Sizes = Sizes> extends Layer {
  readonly kernelSize: S
  readonly strides: S
  readonly dataFormat: DataFormat
  readonly dilationRate: S
  readonly activation: ActivationFunction
  readonly useBias: boolean
  /** Declared after the kernels, so that parameters come in the order of other layers. */
  abstract bias: Variable | null
  /** In pictures' terms. */
  protected readonly window: Pair
  protected readonly stride: Pair
  protected readonly dilation: Pair
  private readonly biasInitializer: Initializer
  private readonly biasRegularizer: Regularizer | null

  constructor(
    readonly rank: Rank,
    options: FilterLayerOptions<S>,
  ) {
    super(options)
    this.kernelSize = options.kernelSize
    this.strides = options.strides ?? (1 as S)
    this.dilationRate = options.dilationRate ?? (1 as S)
    this.dataFormat = options.dataFormat ?? 'channelsLast'
    this.window = spread(rank, this.kernelSize)
    this.stride = spread(rank, this.strides)
    this.dilation = spread(rank, this.dilationRate)
    this.activation = getActivation(options.activation ?? linear)
    this.useBias = options.useBias ?? true
    this.biasInitializer = getInitializer(options.biasInitializer ?? 'zeros')
    this.biasRegularizer = getRegularizer(options.biasRegularizer)
  }

  override get hasWeights(): boolean {
    return true
  }

  /** [height, width, channels] → [batch, height, width, outputs], bias and activation not included. */
  protected abstract filter(x: Tensor): Tensor

  /** Height, width and channels of one result. */
  protected abstract resultOf(
    plane: Pair,
    channels: number,
  ): { readonly plane: Pair; readonly outputs: number }

  /** Multiplications for one sample. */
  protected abstract products(plane: Pair, channels: number): number

  protected sample(shape: Shape) {
    return sampleOf(this.name, this.rank, this.dataFormat, shape)
  }

  protected addBias(outputs: number): void {
    if (this.useBias)
      this.bias = this.addWeight('bias', [outputs], this.biasInitializer, this.biasRegularizer)
  }

  /** A kernel as it is saved, [steps, …] or [height, width, …], and as pictures' filter. */
  protected kernelShape(...rest: readonly number[]): Shape {
    return this.rank === 1 ? [this.window[1], ...rest] : [...this.window, ...rest]
  }

  protected asFilter(kernel: Variable): Tensor {
    return this.rank === 1 ? reshape(kernel, [1, ...kernel.shape]) : kernel
  }

  protected call(x: Tensor): Tensor {
    if (this.rank === 1 && this.window[1] > 1) refuseOtherSteps(this.name, x)
    const { channels } = this.sample(x.shape.slice(1))
    const built = this.inputShape === null ? channels : this.sample(this.inputShape).channels
    if (channels !== built)
      throw shapeError(
        this.name,
        `inputs of ${built} channels`,
        `${formatShape(x.shape)}, which has ${channels}`,
      )
    let y = this.filter(toPictures(this.rank, this.dataFormat, x))
    if (this.bias !== null) y = add(y, this.bias)
    // Along an axis of its own (softmax), an activation has to see the layer's own layout.
    if (this.dataFormat === 'channelsLast' && this.activation !== linear) y = this.activation(y)
    y = fromPictures(this.rank, this.dataFormat, y)
    return this.dataFormat === 'channelsFirst' && this.activation !== linear
      ? this.activation(y)
      : y
  }

  override get freeAxes(): number {
    return (this.inputShape?.length ?? 1) - 1
  }

  override outputShape(inputShape: Shape): Shape {
    const { plane, channels } = this.sample(inputShape)
    const result = this.resultOf(plane, channels)
    return sampleShape(this.rank, this.dataFormat, result.plane, result.outputs)
  }

  override flops(inputShape: Shape): number {
    const { plane, channels } = this.sample(inputShape)
    const extras = (this.useBias ? 1 : 0) + (this.activation === linear ? 0 : 1)
    return 2 * this.products(plane, channels) + extras * sizeOf(this.outputShape(inputShape))
  }

  protected checkGroups(groups: number, channels: number, outputs: number): void {
    if (channels % groups === 0 && outputs % groups === 0) return
    throw argumentError(
      this.name,
      'groups that divide the channels and the filters',
      `${groups} groups for ${channels} channels and ${outputs} filters`,
    )
  }

  protected checkPlane(plane: Pair, result: Pair): void {
    if (result[0] > 0 && result[1] > 0) return
    const words = (size: Pair) => (this.rank === 1 ? `${size[1]}` : `${size[0]} × ${size[1]}`)
    throw shapeError(
      this.name,
      `inputs at least as large as the window of ${words(this.window)}` +
        (this.dilation.some(d => d > 1) ? ` with dilation ${words(this.dilation)}` : ''),
      `${this.rank === 1 ? `${words(plane)} steps` : words(plane)}`,
      "Use a smaller kernelSize or padding: 'same'",
    )
  }

  override config(): Record<string, unknown> {
    return {
      ...super.config(),
      kernelSize: this.kernelSize,
      strides: this.strides,
      dataFormat: this.dataFormat,
      dilationRate: this.dilationRate,
      activation: activationConfig(this.activation),
      useBias: this.useBias,
      biasInitializer: initializerConfig(this.biasInitializer),
      biasRegularizer: regularizerConfig(this.biasRegularizer),
    }
  }
}
