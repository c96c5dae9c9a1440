// Conv1DTranspose and Conv2DTranspose: what both are but for the number of axes.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { orNull, tested, type ValueKind, wholeNumber } from '../../base/value-kinds.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Variable } from '../../tensor/variable.js'
import {
  type Pair,
  type Sizes,
  transposedConvolution,
  transposedSize,
} from '../../tensor/windows.js'
import { getInitializer, type Initializer, initializerConfig } from '../initializers/index.js'
import { getRegularizer, type Regularizer, regularizerConfig } from '../regularizers.js'
import {
  FilterLayer,
  type FilterLayerOptions,
  filterRows,
  type Rank,
  someLength,
  someSizes,
} from './convolution-layer.js'
import { type FiltersOptions, filtersRows } from './filters.js'

/** Options of transposed convolutions of sequences (S a number) or pictures. */
export interface TransposedOptions<S extends Sizes> extends FilterLayerOptions<S>, FiltersOptions {
  /** Size that the result has beyond the smallest one, less than the stride. Default: what `padding` says. */
  readonly outputPadding?: S | null
}

const isExtra = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0

const someExtras: ValueKind<Sizes> = tested(
  'a whole number of 0 or more, or [height, width]',
  value => isExtra(value) || (Array.isArray(value) && value.length === 2 && value.every(isExtra)),
  [-1, 1.5, '1', [1], [1, -1]],
)

export const transposed1dOptions = new OptionTable<TransposedOptions<number>>({
  ...filterRows(someLength),
  ...filtersRows,
  outputPadding: orNull(wholeNumber({ min: 0 })),
})

export const transposed2dOptions = new OptionTable<TransposedOptions<Sizes>>({
  ...filterRows(someSizes),
  ...filtersRows,
  outputPadding: orNull(someExtras),
})

export abstract class TransposedConvolution<S extends Sizes> extends FilterLayer<S> {
  readonly filters: number
  readonly padding: 'valid' | 'same'
  readonly outputPadding: S | null
  kernel: Variable | null = null
  bias: Variable | null = null
  private readonly kernelInitializer: Initializer
  private readonly kernelRegularizer: Regularizer | null

  constructor(rank: Rank, options: TransposedOptions<S>) {
    super(rank, options)
    this.filters = options.filters
    this.padding = options.padding ?? 'valid'
    this.outputPadding = options.outputPadding ?? null
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform')
    this.kernelRegularizer = getRegularizer(options.kernelRegularizer)
    this.checkExtras()
    this.buildIfKnown()
  }

  private get extras(): Pair | null {
    const { outputPadding } = this
    if (outputPadding === null) return null
    const extra = outputPadding as Sizes
    if (this.rank === 1) return [0, extra as number]
    return typeof extra === 'number' ? [extra, extra] : extra
  }

  private checkExtras(): void {
    const { extras, stride } = this
    if (extras === null || extras.every((n, i) => n < stride[i])) return
    throw argumentError(
      this.name,
      'outputPadding smaller than the strides',
      `${extras.join(' × ')} and ${stride.join(' × ')}`,
    )
  }

  override build(inputShape: Shape): void {
    const { channels } = this.sample(inputShape)
    this.outputShape(inputShape)
    this.kernel = this.addWeight(
      'kernel',
      this.kernelShape(this.filters, channels),
      this.kernelInitializer,
      this.kernelRegularizer,
    )
    this.addBias(this.filters)
  }

  /** All that the windows reach from a plane, uncut. */
  private reached(plane: Pair): Pair {
    const along = (axis: 0 | 1) =>
      (plane[axis] - 1) * this.stride[axis] + (this.window[axis] - 1) * this.dilation[axis] + 1
    return [along(0), along(1)]
  }

  /** With an outputPadding, 'same' leaves (size − 1) · stride, one more for odd windows, and the extra. */
  private resultPlane(plane: Pair): Pair {
    const { window, stride, dilation, extras } = this
    if (extras === null) return transposedSize(plane, window, stride, this.padding, dilation)
    const reached = this.reached(plane)
    const along = (axis: 0 | 1) => {
      const reach = (window[axis] - 1) * dilation[axis] + 1
      const cut = this.padding === 'same' ? reach - (reach % 2) : 0
      return reached[axis] - cut + extras[axis]
    }
    const size: Pair = [along(0), along(1)]
    if (size.some(n => n < 1))
      throw argumentError(this.name, 'a result of at least 1', size.join(' × '))
    return size
  }

  protected filter(x: Tensor): Tensor {
    const { stride, dilation } = this
    const plane: Pair = [x.shape[1], x.shape[2]]
    const size = this.resultPlane(plane)
    const reached = this.reached(plane)
    const around = (axis: 0 | 1): Pair => {
      const total = Math.max(reached[axis] - size[axis], 0)
      return [Math.floor(total / 2), Math.ceil(total / 2)]
    }
    return transposedConvolution(x, this.asFilter(this.kernel!), {
      strides: stride,
      padding: [around(0), around(1)],
      dilation,
      size,
    })
  }

  protected resultOf(plane: Pair) {
    return { plane: this.resultPlane(plane), outputs: this.filters }
  }

  protected products(plane: Pair, channels: number): number {
    const { window, filters } = this
    return plane[0] * plane[1] * window[0] * window[1] * channels * filters
  }

  override config(): Record<string, unknown> {
    return {
      ...super.config(),
      filters: this.filters,
      padding: this.padding,
      outputPadding: this.outputPadding,
      kernelInitializer: initializerConfig(this.kernelInitializer),
      kernelRegularizer: regularizerConfig(this.kernelRegularizer),
    }
  }
}
