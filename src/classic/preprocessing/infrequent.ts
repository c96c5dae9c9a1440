// Rare categories share one place, behind the frequent ones.

import {
  integerParameter,
  numberParameter,
  optionalParameter,
  type Parameter,
} from '../../base/parameters.js'
import { type Codec, int32s, list } from '../../estimator/state.js'
import { frequentOnes } from '../../features/frequent.js'

/** A count (1 or more, whole), or a share of the rows (above 0, below 1). */
export const countOrShare = (doc: string): Parameter<number> => ({
  ...numberParameter({ above: 0, doc }),
  expected: 'a whole number of 1 or more, or a share above 0 and below 1',
  accepts: (value): value is number =>
    typeof value === 'number' && value > 0 && (value < 1 || Number.isSafeInteger(value)),
  bad: [0, -1, 1.5, Number.NaN, Infinity, '1', null],
})

export const infrequentParameters = {
  minFrequency: optionalParameter(
    countOrShare(
      'Rows that a category must have (or, below 1, their share), or it shares one place with all rare ones; null: none is rare.',
    ),
  ),
  maxCategories: optionalParameter(
    integerParameter({
      min: 1,
      doc: 'Categories of a column at most, the rare ones together as one; null: any number.',
    }),
  ),
}

export interface InfrequentRule {
  readonly minFrequency: number | undefined
  readonly maxCategories: number | undefined
}

/** Places of the rare categories of each column, ascending. */
export const infrequentCodec: Codec<readonly Int32Array[]> = list(int32s({ low: 0 }))

/** The places of rare categories, as scikit-learn finds them; of equally frequent ones the first are rare. */
export function infrequentPlaces(
  counts: ArrayLike<number>,
  rows: number,
  { minFrequency, maxCategories }: InfrequentRule,
): Int32Array {
  const minCount =
    minFrequency === undefined ? 0 : minFrequency < 1 ? minFrequency * rows : minFrequency
  const enough = frequentOnes(counts, { minCount, maxKept: counts.length, ties: 'last' })
  const left = enough.reduce((sum, kept) => sum + kept, 0)
  const kept =
    maxCategories !== undefined && maxCategories < left + 1
      ? frequentOnes(counts, { minCount, maxKept: maxCategories - 1, ties: 'last' })
      : enough
  return Int32Array.from(Array.from(kept.keys()).filter(place => kept[place] === 0))
}

/** Each category's place once the rare ones share the one behind the frequent ones. */
export function groupedPlaces(categories: number, infrequent: Int32Array): Int32Array {
  const rare = new Set(infrequent)
  let next = 0
  const places = new Int32Array(categories)
  for (let place = 0; place < categories; place++) if (!rare.has(place)) places[place] = next++
  for (const place of infrequent) places[place] = next
  return places
}
