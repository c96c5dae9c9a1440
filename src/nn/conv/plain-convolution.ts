// Conv1D and Conv2D: what both are but for the number of axes.

import type { OptionRows } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { wholeNumber } from '../../base/value-kinds.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Variable } from '../../tensor/variable.js'
import type { Pair, Sizes } from '../../tensor/windows.js'
import { getInitializer, type Initializer, initializerConfig } from '../initializers/index.js'
import { getRegularizer, type Regularizer, regularizerConfig } from '../regularizers.js'
import type { FilterLayerOptions, Rank } from './convolution-layer.js'
import { type FiltersOptions, filtersRows } from './filters.js'
import { WindowConvolution, type WithCausal } from './window-convolution.js'

/** Options that `conv1d` and `conv2d` share. */
export interface KernelOptions extends FiltersOptions {
  /** Channels and filters are cut into so many groups that know nothing of each other. Default: 1. */
  readonly groups?: number
}

export const kernelRows: OptionRows<KernelOptions> = {
  ...filtersRows,
  groups: wholeNumber({ min: 1 }),
}

export abstract class PlainConvolution<S extends Sizes> extends WindowConvolution<S> {
  readonly filters: number
  readonly groups: number
  kernel: Variable | null = null
  bias: Variable | null = null
  private readonly kernelInitializer: Initializer
  private readonly kernelRegularizer: Regularizer | null

  constructor(rank: Rank, options: WithCausal<FilterLayerOptions<S> & KernelOptions>) {
    super(rank, options)
    this.filters = options.filters
    this.groups = options.groups ?? 1
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform')
    this.kernelRegularizer = getRegularizer(options.kernelRegularizer)
    this.buildIfKnown()
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
    return this.convolved(x, this.asFilter(this.kernel!), this.groups)
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
      kernelInitializer: initializerConfig(this.kernelInitializer),
      kernelRegularizer: regularizerConfig(this.kernelRegularizer),
    }
  }
}
