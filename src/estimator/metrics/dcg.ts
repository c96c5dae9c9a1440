// Discounted cumulative gain of a ranking and its share of the best possible (Järvelin & Kekäläinen
// 2002); items of equal score share their places (McSherry & Najork 2008).

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { numberIn, orNull, trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import { type Weighted, weighted, weightedMean } from './input.js'
import { type RankedItems, type RankingTable, rankedItems } from './ranked-items.js'

/** Options of `ndcg`. */
export interface NdcgOptions extends Weighted {
  /** Places that count; all by default. */
  readonly k?: number | null
  /** There are no equal scores (faster); where there are, the later item comes first. Default: false. */
  readonly ignoreTies?: boolean
}

/** Options of `dcg`. */
export interface DcgOptions extends NdcgOptions {
  /** Base of the logarithm by which later places count less. Default: 2. */
  readonly logBase?: number
}

const ndcgOptions = new OptionTable<NdcgOptions>({
  ...weighted.rows,
  k: orNull(wholeNumber({ min: 1 })),
  ignoreTies: trueOrFalse,
})

const dcgOptions = new OptionTable<DcgOptions>({
  ...ndcgOptions.rows,
  logBase: numberIn({ above: 1 }),
})

/**
 * Mean over rows of Σ relevance ÷ log(1 + place), items in the order of their scores. `yTrue` and
 * `yScore` hold one row a query, one column an item. As scikit-learn's `dcg_score`.
 *
 * @throws AthanorError SHAPE for matrices of different shape; DATA for NaN or no rows; ARGUMENT.
 * @example
 * ```ts
 * dcg([[10, 0, 0, 1, 5]], [[0.1, 0.2, 0.3, 4, 70]]) // 9.499…
 * ```
 */
export function dcg(yTrue: RankingTable, yScore: RankingTable, options: DcgOptions = {}): number {
  const { k, logBase = 2, ignoreTies = false, sampleWeight } = dcgOptions.check('dcg', options)
  const items = rankedItems('dcg', yTrue, yScore, sampleWeight)
  const gain = gainOf(items, discounts(items.items, k, logBase), ignoreTies)
  return weightedMean(items.rows, row => gain(row, items.scores), sampleWeight)
}

/**
 * DCG ÷ that of the best ranking, from 0 to 1; 0 for a row without a relevant item.
 * As scikit-learn's `ndcg_score`.
 *
 * @throws AthanorError as `dcg`; ARGUMENT for relevance below 0 or a single item.
 * @example
 * ```ts
 * ndcg([[10, 0, 0, 1, 5]], [[0.1, 0.2, 0.3, 4, 70]]) // 0.695…
 * ```
 */
export function ndcg(yTrue: RankingTable, yScore: RankingTable, options: NdcgOptions = {}): number {
  const { k, ignoreTies = false, sampleWeight } = ndcgOptions.check('ndcg', options)
  const items = rankedItems('ndcg', yTrue, yScore, sampleWeight)
  if (items.items < 2) throw argumentError('ndcg', 'at least two items a row', '1')
  for (let i = 0; i < items.relevance.length; i++)
    if (items.relevance[i] < 0)
      throw argumentError('ndcg', 'relevance of 0 or more', `${items.relevance[i]}`)
  const discount = discounts(items.items, k, 2)
  const gain = gainOf(items, discount, ignoreTies)
  const best = gainOf(items, discount, true)
  const share = (row: number) => {
    const most = best(row, items.relevance)
    return most === 0 ? 0 : gain(row, items.scores) / most
  }
  return weightedMean(items.rows, share, sampleWeight)
}

function discounts(items: number, k: number | null | undefined, base: number): Float64Array {
  return new Float64Array(items).map((_, i) =>
    i < (k ?? items) ? Math.log(base) / Math.log(i + 2) : 0,
  )
}

/** The gain of a row when it is ranked by `keys`. */
function gainOf(
  { items, relevance }: RankedItems,
  discount: Float64Array,
  ignoreTies: boolean,
): (row: number, keys: ArrayLike<number>) => number {
  const order = new Uint32Array(items)
  return (row, keys) => {
    const at = row * items
    for (let i = 0; i < items; i++) order[i] = i
    order.sort((a, b) => keys[at + b] - keys[at + a] || b - a)
    let sum = 0
    for (let i = 0; i < items; ) {
      let end = i + 1
      while (!ignoreTies && end < items && keys[at + order[end]] === keys[at + order[i]]) end++
      let tied = 0
      let weight = 0
      for (let j = i; j < end; j++) {
        tied += relevance[at + order[j]]
        weight += discount[j]
      }
      sum += (tied / (end - i)) * weight
      i = end
    }
    return sum
  }
}
