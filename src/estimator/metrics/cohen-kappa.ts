// Cohen's kappa: agreement beyond chance (Cohen 1960), for ordered classes with weights (Cohen 1968).

import { argumentError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { oneOf, tested } from '../../base/value-kinds.js'
import { encodePair, type Weighted, weighted } from './input.js'
import { labelList } from './labels.js'

/** Options of `cohenKappa`. */
export interface CohenKappaOptions extends Weighted {
  /** The classes and, for `weights`, their order; by default every label seen, ascending. */
  readonly labels?: readonly Label[]
  /**
   * For ordered classes: a disagreement costs the distance between the places of the two classes, or
   * its square. By default every disagreement costs the same.
   */
  readonly weights?: 'linear' | 'quadratic'
  /** The result where kappa is undefined (both name one class alone). Default: NaN. */
  readonly replaceUndefinedBy?: number
}

const cohenKappaOptions = new OptionTable<CohenKappaOptions>({
  ...weighted.rows,
  labels: labelList,
  weights: oneOf(['linear', 'quadratic']),
  replaceUndefinedBy: tested(
    'a number from -1 to 1, or NaN',
    value => typeof value === 'number' && !(Math.abs(value) > 1),
    [2, '0', null],
  ),
})

/**
 * Agreement of two judges beyond what chance gives: 1 is full, 0 that of chance, below 0 worse.
 * As scikit-learn's `cohen_kappa_score`.
 *
 * @example
 * ```ts
 * cohenKappa(['no', 'no', 'yes', 'yes'], ['no', 'yes', 'yes', 'yes']) // 0.5
 * cohenKappa([0, 1, 2, 3], [0, 1, 3, 3], { weights: 'quadratic' }) // 0.916…
 * ```
 */
export function cohenKappa(y1: Labels, y2: Labels, options: CohenKappaOptions = {}): number {
  const operation = 'cohenKappa'
  const {
    sampleWeight,
    weights,
    labels,
    replaceUndefinedBy = Number.NaN,
  } = cohenKappaOptions.check(operation, options)
  const pair = encodePair(operation, y1, y2, sampleWeight, labels)
  const size = pair.labels.length
  const cost = costs[weights ?? 'none']
  const first = new Float64Array(size)
  const second = new Float64Array(size)
  let total = 0
  let observed = 0
  for (let i = 0; i < pair.rows; i++) {
    const a = pair.truth[i]
    const b = pair.predicted[i]
    if (a < 0 || b < 0) continue
    const w = sampleWeight === undefined ? 1 : sampleWeight[i]
    first[a] += w
    second[b] += w
    total += w
    observed += w * cost(a, b)
  }
  if (labels !== undefined && !pair.truth.some(place => place >= 0))
    throw argumentError(operation, 'at least one of the labels in y1', 'none of them')
  if (total === 0) return replaceUndefinedBy
  let expected = 0
  for (let a = 0; a < size; a++)
    for (let b = 0; b < size; b++) expected += (cost(a, b) * first[a] * second[b]) / total
  return expected === 0 ? replaceUndefinedBy : 1 - observed / expected
}

const costs: Record<'none' | 'linear' | 'quadratic', (a: number, b: number) => number> = {
  none: (a, b) => (a === b ? 0 : 1),
  linear: (a, b) => Math.abs(a - b),
  quadratic: (a, b) => (a - b) ** 2,
}
