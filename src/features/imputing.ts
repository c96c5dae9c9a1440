// What stands in for a missing value. Beside it the column gets an indicator, so that the model can
// still tell (Josse et al. 2019, "On the consistency of supervised learning with missing values").

import type { JsonReader } from '../base/json-reader.js'
import { distinctSorted, quantileOf } from './quantile.js'

export type ImputingRule = 'median' | 'mean' | 'mostFrequent' | { readonly constant: number }

/** The value for missing cells, and whether the training rows had any (then there is an indicator). */
export class Imputing {
  private constructor(
    readonly value: number,
    readonly indicator: boolean,
  ) {}

  /** From sorted, finite numbers, at least one, and the number of training rows without a value. */
  static fit(sorted: Float64Array, missing: number, rule: ImputingRule = 'median'): Imputing {
    return new Imputing(fillValue(sorted, rule), missing > 0)
  }

  toJSON() {
    return { value: this.value, indicator: this.indicator }
  }

  static fromJSON(json: JsonReader): Imputing {
    json.only('value', 'indicator')
    return new Imputing(json.get('value').number(), json.get('indicator').boolean())
  }
}

/** What missing cells become: from sorted, finite numbers, at least one. */
export function fillValue(sorted: Float64Array, rule: ImputingRule): number {
  if (rule === 'median') return quantileOf(sorted, 0.5)
  if (rule === 'mostFrequent') return mostFrequent(sorted)
  if (rule === 'mean') return sorted.reduce((sum, value) => sum + value / sorted.length, 0)
  return rule.constant
}

/** Of equally frequent values the smallest, as in scikit-learn. */
function mostFrequent(sorted: Float64Array): number {
  let best = sorted[0]
  let bestCount = 0
  let start = 0
  for (const value of distinctSorted(sorted)!) {
    let end = start
    while (end < sorted.length && sorted[end] === value) end++
    if (end - start > bestCount) {
      best = value
      bestCount = end - start
    }
    start = end
  }
  return best
}
