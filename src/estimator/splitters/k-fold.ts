// K folds of nearly equal size (Stone 1974, "Cross-validatory choice").

import type { GivenParameters } from '../../base/parameters.js'
import type { Random } from '../../base/philox.js'
import type { Fold } from '../folds.js'
import {
  BaseSplitter,
  checkFolds,
  foldParameters,
  foldsBy,
  rowNumbers,
  shuffling,
} from './splitter.js'

/**
 * Folds of nearly equal size: each row is tested once. Without `shuffle` a fold is a stretch of rows in
 * their order; then the folds are those of scikit-learn's `KFold`. Shuffle where rows are sorted.
 *
 * @throws AthanorError ARGUMENT for more folds than rows.
 * @example
 * ```ts
 * new KFold({ nSplits: 3 }).split(5).map(fold => fold.test) // [[0, 1], [2, 3], [4]]
 * ```
 */
export class KFold extends BaseSplitter<typeof foldParameters> {
  static readonly parameters = foldParameters
  private readonly random: (() => Random) | undefined

  constructor(given?: GivenParameters<typeof foldParameters>) {
    super('KFold', foldParameters, given)
    this.random = shuffling('KFold', this.params)
  }

  split(rows: number): Fold[] {
    return kFolds(this.operation, rows, this.params.nSplits, this.random?.())
  }

  count(): number {
    return this.params.nSplits
  }
}

/** The folds of one cut. */
export function kFolds(operation: string, rows: number, folds: number, random?: Random): Fold[] {
  checkFolds(operation, folds, rows)
  const order = rowNumbers(rows)
  random?.shuffle(order)
  const foldOf = new Uint32Array(rows)
  let start = 0
  for (let fold = 0; fold < folds; fold++) {
    const end = start + Math.floor(rows / folds) + (fold < rows % folds ? 1 : 0)
    for (let i = start; i < end; i++) foldOf[order[i]] = fold
    start = end
  }
  return foldsBy(foldOf, folds)
}
