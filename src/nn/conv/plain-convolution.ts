// Conv1D and Conv2D: what both are but for the number of axes.

import { type OptionRows, required } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { orNull, wholeNumber } from '../../base/value-kinds.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Variable } from '../../tensor/variable.js'
import {
  convolution,
  type Padding,
  type Pair,
  planeOf,
  type Sizes,
  windowsOf,
} from '../../tensor/windows.js'
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
import { FilterLayer, type FilterLayerOptions, type Rank } from './convolution-layer.js'

/** Options that `conv1d` and `conv2d` share. */
export interface KernelOptions {
  /** Number of channels that come out. */
  readonly filters: number
  /** Channels and filters are cut into so many groups that know nothing of each other. Default: 1. */
  readonly groups?: number
  /** Default: glorotUniform. (PyTorch: uniform in ±1/√(window · inputs).) */
  readonly kernelInitializer?: InitializerLike
  readonly kernelRegularizer?: RegularizerLike | null
}

export const kernelRows: OptionRows<KernelOptions> = {
  filters: required(wholeNumber({ min: 1 })),
  groups: wholeNumber({ min: 1 }),
  kernelInitializer: someInitializer,
  kernelRegularizer: orNull(someRegularizer),
}

export type LayerPadding = 'valid' | 'same' | 'causal'

export abstract class PlainConvolution<S extends Sizes> extends FilterLayer<S> {
  readonly filters: number
  readonly groups: number
  readonly padding: LayerPadding
  kernel: Variable | null = null
  private readonly kernelInitializer: Initializer
  private readonly kernelRegularizer: Regularizer | null

  constructor(
    rank: Rank,
    options: Omit<FilterLayerOptions<S>, 'padding'> &
      KernelOptions & { readonly padding?: LayerPadding },
  ) {
    const { padding = 'valid', ...others } = options
    super(rank, others as FilterLayerOptions<S>)
    this.filters = options.filters
    this.groups = options.groups ?? 1
    this.padding = padding
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform')
    this.kernelRegularizer = getRegularizer(options.kernelRegularizer)
    this.buildIfKnown()
  }

  /** Causal: a step sees itself and those before it. */
  private get tensorPadding(): Padding {
    if (this.padding !== 'causal') return this.padding
    const before = (this.window[1] - 1) * this.dilation[1]
    return [
      [0, 0],
      [before, 0],
    ]
  }

  override build(inputShape: Shape): void {
    const { plane, channels } = this.sample(inputShape)
    this.checkGroups(this.groups, channels, this.filters)
    this.checkPlane(plane, this.resultPlane(plane))
    this.kernel = this.addWeight(
      'kernel',
      this.kernelShape(channels / this.groups, this.filters),
      this.kernelInitializer,
      this.kernelRegularizer,
    )
    this.addBias(this.filters)
  }

  protected filter(x: Tensor): Tensor {
    return convolution(x, this.asFilter(this.kernel!), {
      strides: this.stride,
      padding: this.tensorPadding,
      dilation: this.dilation,
      groups: this.groups,
    })
  }

  private resultPlane(plane: Pair): Pair {
    const { window, stride, dilation } = this
    const windows = windowsOf(plane, window, stride, this.tensorPadding, dilation)
    return planeOf(plane, window, windows, dilation)
  }

  protected resultOf(plane: Pair) {
    return { plane: this.resultPlane(plane), outputs: this.filters }
  }

  protected products(plane: Pair, channels: number): number {
    const [rows, columns] = this.resultPlane(plane)
    const { window, filters, groups } = this
    return rows * columns * window[0] * window[1] * (channels / groups) * filters
  }

  override config(): Record<string, unknown> {
    return {
      ...super.config(),
      filters: this.filters,
      groups: this.groups,
      padding: this.padding,
      kernelInitializer: initializerConfig(this.kernelInitializer),
      kernelRegularizer: regularizerConfig(this.kernelRegularizer),
    }
  }
}
