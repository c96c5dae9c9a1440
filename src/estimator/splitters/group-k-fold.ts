// K folds that keep groups together: rows of one patient, one shop, one session are never on both sides.

import { argumentError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import type { GivenParameters } from '../../base/parameters.js'
import type { Random } from '../../base/philox.js'
import type { Fold } from '../folds.js'
import {
  BaseSplitter,
  checkFolds,
  codedRows,
  foldParameters,
  foldsBy,
  rowNumbers,
  shuffling,
} from './splitter.js'

/**
 * Folds of nearly equal numbers of rows that divide no group: the largest groups first, each to the fold
 * with fewest rows. With `shuffle` groups are dealt out at random, as many to each fold. Without it the
 * folds are those of scikit-learn's `GroupKFold`.
 *
 * @throws AthanorError ARGUMENT for no `groups`, or fewer of them than folds; SHAPE.
 * @example
 * ```ts
 * const folds = new GroupKFold({ nSplits: 2 }).split(5, undefined, ['x', 'x', 'x', 'y', 'z'])
 * console.log(folds.map(fold => fold.test)) // [[0, 1, 2], [3, 4]]
 * ```
 */
export class GroupKFold extends BaseSplitter<typeof foldParameters> {
  static readonly parameters = foldParameters
  private readonly random: (() => Random) | undefined

  constructor(given?: GivenParameters<typeof foldParameters>) {
    super('GroupKFold', foldParameters, given)
    this.random = shuffling('GroupKFold', this.params)
  }

  split(rows: number, _y?: Labels, groups?: Labels): Fold[] {
    const { nSplits } = this.params
    checkFolds(this.operation, nSplits, rows)
    const { codes, counts } = codedRows(this.operation, 'groups', groups, rows)
    checkGroups(this.operation, nSplits, counts.length)
    const foldOf =
      this.random === undefined
        ? lightestFirst(counts, nSplits)
        : dealtOut(counts.length, nSplits, this.random())
    return foldsBy(
      codes.map(group => foldOf[group]),
      nSplits,
    )
  }

  count(): number {
    return this.params.nSplits
  }
}

/** Refuses more folds than there are groups. */
export function checkGroups(operation: string, folds: number, groups: number): void {
  if (folds > groups)
    throw argumentError(
      operation,
      `at most as many folds as groups (${groups})`,
      `nSplits ${folds}`,
      'Lower nSplits',
    )
}

/** Groups from the largest on, each to the fold with fewest rows; of equal groups the last first. */
function lightestFirst(counts: Float64Array, folds: number): Uint32Array {
  const foldOf = new Uint32Array(counts.length)
  const rows = new Float64Array(folds)
  const order = rowNumbers(counts.length).sort((a, b) => counts[b] - counts[a] || b - a)
  for (const group of order) {
    const lightest = rows.indexOf(Math.min(...rows))
    rows[lightest] += counts[group]
    foldOf[group] = lightest
  }
  return foldOf
}

function dealtOut(groups: number, folds: number, random: Random): Uint32Array {
  const foldOf = new Uint32Array(groups)
  random.shuffle(rowNumbers(groups)).forEach((group, i) => {
    foldOf[group] = i % folds
  })
  return foldOf
}
