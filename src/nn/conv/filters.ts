// Options of layers with a kernel that makes a given number of channels.

import { type OptionRows, required } from '../../base/options.js'
import { orNull, wholeNumber } from '../../base/value-kinds.js'
import type { InitializerLike } from '../initializers/index.js'
import { someInitializer, someRegularizer } from '../kinds.js'
import type { RegularizerLike } from '../regularizers.js'

export interface FiltersOptions {
  /** Number of channels that come out. */
  readonly filters: number
  /** Default: glorotUniform. (PyTorch: uniform in ±1/√(window · inputs).) */
  readonly kernelInitializer?: InitializerLike
  readonly kernelRegularizer?: RegularizerLike | null
}

export const filtersRows: OptionRows<FiltersOptions> = {
  filters: required(wholeNumber({ min: 1 })),
  kernelInitializer: someInitializer,
  kernelRegularizer: orNull(someRegularizer),
}
