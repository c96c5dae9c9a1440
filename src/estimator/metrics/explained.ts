// Metrics of the form 1 − error ÷ error of a constant, and what they are where a division by 0 stands.

import { OptionTable } from '../../base/options.js'
import { trueOrFalse } from '../../base/value-kinds.js'
import { type Weighted, weighted } from './input.js'

/** Options of `r2` and `explainedVariance`. */
export interface ExplainedOptions extends Weighted {
  /**
   * With a constant target: 1 where it is met exactly, else 0 (default); with false the formula's NaN
   * or −Infinity.
   */
  readonly forceFinite?: boolean
}

export const explainedOptions = new OptionTable<ExplainedOptions>({
  ...weighted.rows,
  forceFinite: trueOrFalse,
})

/** 1 − error ÷ least; both 0 give 1, least alone 0 gives 0, unless the plain formula is wanted. */
export function explained(error: number, least: number, forceFinite = true): number {
  if (!forceFinite || (least !== 0 && error !== 0)) return 1 - error / least
  return error === 0 ? 1 : 0
}
