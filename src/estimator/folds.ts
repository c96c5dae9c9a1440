// One fold, and a shuffled cut that never refuses: classes with fewer rows than folds go as far as they
// reach, where StratifiedKFold (splitters/) may refuse as scikit-learn does.

import { argumentError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { Random } from '../base/philox.js'
import { tested, wholeNumber } from '../base/value-kinds.js'

/** Row ids of one fold, ascending. */
export interface Fold {
  readonly train: Uint32Array
  readonly test: Uint32Array
}

/** Options of `kFold`. */
export interface FoldOptions {
  /** Number of folds, 5 by default. */
  readonly folds?: number
  readonly seed?: number
  /** Labels whose shares every fold keeps. */
  readonly stratify?: ArrayLike<number>
}

const foldOptions = new OptionTable<FoldOptions>({
  folds: wholeNumber({ min: 2 }),
  seed: wholeNumber(),
  stratify: tested('labels, one a row', value => typeof value === 'object' && value !== null),
})

/**
 * Rows 0 to `rows - 1` cut into folds of nearly equal size, shuffled by the seed; each row is in
 * exactly one fold's `test`. Row ids ascend.
 *
 * @example
 * ```ts
 * kFold(10, { folds: 5 }).map(fold => fold.test.length) // [2, 2, 2, 2, 2]
 * ```
 */
export function kFold(rows: number, options: FoldOptions = {}): Fold[] {
  const { folds = 5, seed = 0, stratify } = foldOptions.check('kFold', options)
  if (folds > rows)
    throw argumentError('kFold', `folds from 2 to the number of rows (${rows})`, String(folds))
  if (stratify !== undefined && stratify.length !== rows)
    throw argumentError('kFold', `${rows} labels to stratify by`, String(stratify.length))
  const order = new Random(seed, 0xf01d).shuffle(Uint32Array.from({ length: rows }, (_, i) => i))
  // Sorted by label, neighbours go to different folds: every fold gets its share of each.
  if (stratify !== undefined) order.sort((a, b) => stratify[a] - stratify[b])
  const foldOf = new Uint32Array(rows)
  order.forEach((row, i) => {
    foldOf[row] = i % folds
  })
  const ids = Uint32Array.from({ length: rows }, (_, i) => i)
  return Array.from({ length: folds }, (_, k) => ({
    train: ids.filter(row => foldOf[row] !== k),
    test: ids.filter(row => foldOf[row] === k),
  }))
}
