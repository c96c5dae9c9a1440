// Convolutions of each channel for itself, and the separable ones that mix the channels afterwards.

import { type OptionRows, OptionTable, required } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { oneOf, orNull, wholeNumber } from '../../base/value-kinds.js'
import { reshape } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Variable } from '../../tensor/variable.js'
import { convolution, type Pair, type Sizes } from '../../tensor/windows.js'
import {
  getInitializer,
  type Initializer,
  type InitializerLike,
  initializerConfig,
} from '../initializers/index.js'
import { someInitializer, someRegularizer } from '../kinds.js'
import {
  getRegularizer,
  type Regularizer,
  type RegularizerLike,
  regularizerConfig,
} from '../regularizers.js'
import {
  type FilterLayerOptions,
  filterRows,
  type Rank,
  someLength,
  someSizes,
} from './convolution-layer.js'
import { WindowConvolution, type WithCausal } from './window-convolution.js'

/** Options that depthwise and separable convolutions share. */
export interface DepthwiseOptions<S extends Sizes> extends FilterLayerOptions<S> {
  /** How many results each channel has. Default: 1. */
  readonly depthMultiplier?: number
  /** Default: glorotUniform. */
  readonly depthwiseInitializer?: InitializerLike
  readonly depthwiseRegularizer?: RegularizerLike | null
}

/** Options of separable convolutions. */
export interface SeparableOptions<S extends Sizes> extends DepthwiseOptions<S> {
  /** Number of channels that come out. */
  readonly filters: number
  /** Default: glorotUniform. */
  readonly pointwiseInitializer?: InitializerLike
  readonly pointwiseRegularizer?: RegularizerLike | null
}

const depthwiseRows: OptionRows<
  Pick<DepthwiseOptions<Sizes>, 'depthMultiplier' | 'depthwiseInitializer' | 'depthwiseRegularizer'>
> = {
  depthMultiplier: wholeNumber({ min: 1 }),
  depthwiseInitializer: someInitializer,
  depthwiseRegularizer: orNull(someRegularizer),
}

const pointwiseRows = {
  filters: required(wholeNumber({ min: 1 })),
  pointwiseInitializer: someInitializer,
  pointwiseRegularizer: orNull(someRegularizer),
}

export const depthwise1dOptions = new OptionTable<DepthwiseOptions<number>>({
  ...filterRows(someLength),
  ...depthwiseRows,
})
export const depthwise2dOptions = new OptionTable<DepthwiseOptions<Sizes>>({
  ...filterRows(someSizes),
  ...depthwiseRows,
})
export const separable1dOptions = new OptionTable<WithCausal<SeparableOptions<number>>>({
  ...filterRows(someLength),
  ...depthwiseRows,
  ...pointwiseRows,
  padding: oneOf(['valid', 'same', 'causal']),
})
export const separable2dOptions = new OptionTable<SeparableOptions<Sizes>>({
  ...filterRows(someSizes),
  ...depthwiseRows,
  ...pointwiseRows,
})

/** What goes over each channel for itself: the whole of one layer, the first half of the other. */
abstract class ByChannel<S extends Sizes> extends WindowConvolution<S> {
  readonly depthMultiplier: number
  private readonly depthwiseInitializer: Initializer
  private readonly depthwiseRegularizer: Regularizer | null

  constructor(rank: Rank, options: WithCausal<DepthwiseOptions<S>>) {
    super(rank, options)
    this.depthMultiplier = options.depthMultiplier ?? 1
    this.depthwiseInitializer = getInitializer(options.depthwiseInitializer ?? 'glorotUniform')
    this.depthwiseRegularizer = getRegularizer(options.depthwiseRegularizer)
  }

  /** [window, channels, depthMultiplier], as Keras keeps it. */
  protected depthwiseWeight(name: string, inputShape: Shape): Variable {
    const { plane, channels } = this.sample(inputShape)
    this.checkPlane(plane, this.resultPlane(plane))
    return this.addWeight(
      name,
      this.kernelShape(channels, this.depthMultiplier),
      this.depthwiseInitializer,
      this.depthwiseRegularizer,
    )
  }

  /** Results of channel c are c · depthMultiplier and those after it. */
  protected byChannel(x: Tensor, kernel: Variable): Tensor {
    const channels = x.shape[3]
    const filter = reshape(kernel, [...this.window, 1, channels * this.depthMultiplier])
    return this.convolved(x, filter, channels)
  }

  protected products(plane: Pair, channels: number): number {
    const [rows, columns] = this.resultPlane(plane)
    return rows * columns * this.window[0] * this.window[1] * channels * this.depthMultiplier
  }

  override config(): Record<string, unknown> {
    return {
      ...super.config(),
      depthMultiplier: this.depthMultiplier,
      depthwiseInitializer: initializerConfig(this.depthwiseInitializer),
      depthwiseRegularizer: regularizerConfig(this.depthwiseRegularizer),
    }
  }
}

export abstract class DepthwiseConvolution<S extends Sizes> extends ByChannel<S> {
  kernel: Variable | null = null
  bias: Variable | null = null

  constructor(rank: Rank, options: DepthwiseOptions<S>) {
    super(rank, options)
    this.buildIfKnown()
  }

  override build(inputShape: Shape): void {
    this.kernel = this.depthwiseWeight('kernel', inputShape)
    this.addBias(this.sample(inputShape).channels * this.depthMultiplier)
  }

  protected filter(x: Tensor): Tensor {
    return this.byChannel(x, this.kernel!)
  }

  protected resultOf(plane: Pair, channels: number) {
    return { plane: this.resultPlane(plane), outputs: channels * this.depthMultiplier }
  }
}

export abstract class SeparableConvolution<S extends Sizes> extends ByChannel<S> {
  readonly filters: number
  depthwiseKernel: Variable | null = null
  pointwiseKernel: Variable | null = null
  bias: Variable | null = null
  private readonly pointwiseInitializer: Initializer
  private readonly pointwiseRegularizer: Regularizer | null

  constructor(rank: Rank, options: WithCausal<SeparableOptions<S>>) {
    super(rank, options)
    this.filters = options.filters
    this.pointwiseInitializer = getInitializer(options.pointwiseInitializer ?? 'glorotUniform')
    this.pointwiseRegularizer = getRegularizer(options.pointwiseRegularizer)
    this.buildIfKnown()
  }

  override build(inputShape: Shape): void {
    this.depthwiseKernel = this.depthwiseWeight('depthwiseKernel', inputShape)
    const between = this.sample(inputShape).channels * this.depthMultiplier
    const ones = this.rank === 1 ? [1] : [1, 1]
    this.pointwiseKernel = this.addWeight(
      'pointwiseKernel',
      [...ones, between, this.filters],
      this.pointwiseInitializer,
      this.pointwiseRegularizer,
    )
    this.addBias(this.filters)
  }

  protected filter(x: Tensor): Tensor {
    const between = this.byChannel(x, this.depthwiseKernel!)
    return convolution(between, this.asFilter(this.pointwiseKernel!))
  }

  protected resultOf(plane: Pair) {
    return { plane: this.resultPlane(plane), outputs: this.filters }
  }

  protected override products(plane: Pair, channels: number): number {
    const [rows, columns] = this.resultPlane(plane)
    const between = channels * this.depthMultiplier
    return super.products(plane, channels) + rows * columns * between * this.filters
  }

  override config(): Record<string, unknown> {
    return {
      ...super.config(),
      filters: this.filters,
      pointwiseInitializer: initializerConfig(this.pointwiseInitializer),
      pointwiseRegularizer: regularizerConfig(this.pointwiseRegularizer),
    }
  }
}
