// Pairs of rows that two clusterings put together or apart, and the Rand index of them (Rand 1971),
// adjusted for chance (Hubert & Arabie 1985); the Fowlkes-Mallows index (1983).

import type { Labels } from '../../base/label.js'
import { noOptions } from '../../base/options.js'
import { contingencyOf } from './contingency.js'

/** Ordered pairs of different rows. */
interface Pairs {
  readonly apartInBoth: number
  /** Together in the clusters alone. */
  readonly wronglyTogether: number
  /** Together in the classes alone. */
  readonly wronglyApart: number
  readonly togetherInBoth: number
}

function pairsOf(
  operation: string,
  labelsTrue: Labels,
  labelsPred: Labels,
  options: object,
): Pairs {
  noOptions.check(operation, options)
  const { rows, ofClass, ofCluster, cellRows } = contingencyOf(operation, labelsTrue, labelsPred)
  const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0)
  const both = squares(cellRows)
  const wronglyTogether = squares(ofCluster) - both
  const wronglyApart = squares(ofClass) - both
  return {
    apartInBoth: rows * rows - wronglyTogether - wronglyApart - both,
    wronglyTogether,
    wronglyApart,
    togetherInBoth: both - rows,
  }
}

/**
 * Ordered pairs of rows, `[[apart in both, together in the clusters alone], [together in the classes
 * alone, together in both]]`. As scikit-learn's `pair_confusion_matrix`.
 *
 * @throws AthanorError as `contingencyMatrix`.
 * @example
 * ```ts
 * pairConfusionMatrix([0, 0, 1, 1], [0, 0, 1, 2]) // [[8, 0], [2, 2]]
 * ```
 */
export function pairConfusionMatrix(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: object = {},
): number[][] {
  const pairs = pairsOf('pairConfusionMatrix', labelsTrue, labelsPred, options)
  return [
    [pairs.apartInBoth, pairs.wronglyTogether],
    [pairs.wronglyApart, pairs.togetherInBoth],
  ]
}

/**
 * The share of pairs of rows on which both clusterings agree (together, or apart), from 0 to 1. Chance
 * alone gives much; `adjustedRand` takes that away. As scikit-learn's `rand_score`.
 *
 * @throws AthanorError as `contingencyMatrix`.
 * @example
 * ```ts
 * rand([0, 0, 1, 1], [0, 0, 1, 2]) // 0.833…
 * ```
 */
export function rand(labelsTrue: Labels, labelsPred: Labels, options: object = {}): number {
  const pairs = pairsOf('rand', labelsTrue, labelsPred, options)
  const agreed = pairs.apartInBoth + pairs.togetherInBoth
  const all = agreed + pairs.wronglyTogether + pairs.wronglyApart
  return agreed === all ? 1 : agreed / all
}

/**
 * The Rand index with what chance gives taken away: 1 is the same clustering under other names, 0 what
 * random clusters give, below 0 worse. As scikit-learn's `adjusted_rand_score`.
 *
 * @throws AthanorError as `contingencyMatrix`.
 * @example
 * ```ts
 * adjustedRand(['a', 'a', 'b', 'b'], [0, 0, 1, 2]) // 0.571…
 * ```
 */
export function adjustedRand(labelsTrue: Labels, labelsPred: Labels, options: object = {}): number {
  const pairs = pairsOf('adjustedRand', labelsTrue, labelsPred, options)
  if (pairs.wronglyApart === 0 && pairs.wronglyTogether === 0) return 1
  // Differences of products of counts of pairs lose their digits in float64.
  const tn = BigInt(pairs.apartInBoth)
  const fp = BigInt(pairs.wronglyTogether)
  const fn = BigInt(pairs.wronglyApart)
  const tp = BigInt(pairs.togetherInBoth)
  return Number(2n * (tp * tn - fn * fp)) / Number((tp + fn) * (fn + tn) + (tp + fp) * (fp + tn))
}

/**
 * The geometric mean of the precision and recall of pairs of rows, from 0 to 1.
 * As scikit-learn's `fowlkes_mallows_score`.
 *
 * @throws AthanorError as `contingencyMatrix`.
 * @example
 * ```ts
 * fowlkesMallows([0, 0, 1, 1], [0, 0, 1, 2]) // 0.707…
 * ```
 */
export function fowlkesMallows(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: object = {},
): number {
  const pairs = pairsOf('fowlkesMallows', labelsTrue, labelsPred, options)
  const { togetherInBoth: both, wronglyTogether, wronglyApart } = pairs
  if (both === 0) return 0
  return Math.sqrt(both / (both + wronglyTogether)) * Math.sqrt(both / (both + wronglyApart))
}
