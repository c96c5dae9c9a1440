// Rankings of labels where a row may have several (Tsoumakas, Katakis & Vlahavas 2010, "Mining
// multi-label data"): are its own ranked before the others?

import { type Weighted, weighted, weightedMean } from './input.js'
import { type RankingTable, rankedLabels } from './ranked-items.js'

/**
 * Mean over rows and their labels of the share, among the labels ranked at least as high, of those that
 * belong to the row: 1 is best. `yTrue` is 1 where a label (column) belongs to a row, else 0.
 * As scikit-learn's `label_ranking_average_precision_score`.
 *
 * @throws AthanorError SHAPE for matrices of different shape; DATA; ARGUMENT for a truth not 0 or 1.
 * @example
 * ```ts
 * labelRankingAveragePrecision([[1, 0, 0], [0, 0, 1]], [[0.75, 0.5, 1], [1, 0.2, 0.1]]) // 0.416…
 * ```
 */
export function labelRankingAveragePrecision(
  yTrue: RankingTable,
  yScore: RankingTable,
  options: Weighted = {},
): number {
  const operation = 'labelRankingAveragePrecision'
  const { sampleWeight } = weighted.check(operation, options)
  const { rows, items, relevance, scores } = rankedLabels(operation, yTrue, yScore, sampleWeight)
  const precision = (row: number) => {
    let sum = 0
    let own = 0
    for (let a = row * items; a < (row + 1) * items; a++) {
      if (relevance[a] === 0) continue
      own++
      let higher = 0
      let higherOwn = 0
      for (let b = row * items; b < (row + 1) * items; b++) {
        if (scores[b] < scores[a]) continue
        higher++
        if (relevance[b] === 1) higherOwn++
      }
      sum += higherOwn / higher
    }
    return own === 0 ? 1 : sum / own
  }
  return weightedMean(rows, precision, sampleWeight)
}

/**
 * Mean number of labels, from the highest score down, that have to be taken to hold all of a row's own.
 * As scikit-learn's `coverage_error`.
 *
 * @throws AthanorError as `labelRankingAveragePrecision`.
 * @example
 * ```ts
 * coverageError([[1, 0, 0], [0, 1, 1]], [[1, 0, 0], [0, 1, 1]]) // 1.5
 * ```
 */
export function coverageError(
  yTrue: RankingTable,
  yScore: RankingTable,
  options: Weighted = {},
): number {
  const { sampleWeight } = weighted.check('coverageError', options)
  const { rows, items, relevance, scores } = rankedLabels(
    'coverageError',
    yTrue,
    yScore,
    sampleWeight,
  )
  const coverage = (row: number) => {
    let lowest = Infinity
    for (let i = row * items; i < (row + 1) * items; i++)
      if (relevance[i] === 1) lowest = Math.min(lowest, scores[i])
    let taken = 0
    for (let i = row * items; i < (row + 1) * items; i++) if (scores[i] >= lowest) taken++
    return taken
  }
  return weightedMean(rows, coverage, sampleWeight)
}

/**
 * Mean share of the pairs of a row's own label and another that are ranked wrongly (ties count as
 * wrong), from 0 to 1; 0 where a row has no labels or all. As scikit-learn's `label_ranking_loss`.
 *
 * @throws AthanorError as `labelRankingAveragePrecision`.
 * @example
 * ```ts
 * labelRankingLoss([[1, 0, 0], [0, 0, 1]], [[0.75, 0.5, 1], [1, 0.2, 0.1]]) // 0.75
 * ```
 */
export function labelRankingLoss(
  yTrue: RankingTable,
  yScore: RankingTable,
  options: Weighted = {},
): number {
  const { sampleWeight } = weighted.check('labelRankingLoss', options)
  const { rows, items, relevance, scores } = rankedLabels(
    'labelRankingLoss',
    yTrue,
    yScore,
    sampleWeight,
  )
  const loss = (row: number) => {
    let wrong = 0
    let own = 0
    for (let a = row * items; a < (row + 1) * items; a++) {
      if (relevance[a] === 0) continue
      own++
      for (let b = row * items; b < (row + 1) * items; b++)
        if (relevance[b] === 0 && scores[b] >= scores[a]) wrong++
    }
    return own === 0 || own === items ? 0 : wrong / (own * (items - own))
  }
  return weightedMean(rows, loss, sampleWeight)
}
