// Random cuts into training and test rows, as many as wanted, of any size; whole groups too.

import type { Labels } from '../../base/label.js'
import type { GivenParameters } from '../../base/parameters.js'
import type { Random } from '../../base/philox.js'
import type { Fold } from '../folds.js'
import { type Sizes, sizeParameters, sizesOf } from './shuffle-sizes.js'
import {
  BaseSplitter,
  checkRows,
  codedRows,
  nSplits,
  randomOf,
  rowNumbers,
  seedParameter,
} from './splitter.js'

const parameters = { nSplits: nSplits(10, 1), ...sizeParameters, randomState: seedParameter }

/**
 * `nSplits` random cuts, by default a tenth of the rows to test; a row may be tested in several, or in
 * none. Row numbers come in the order drawn. As scikit-learn's `ShuffleSplit`.
 *
 * @throws AthanorError ARGUMENT for sizes that do not fit the rows.
 * @example
 * ```ts
 * new ShuffleSplit({ nSplits: 3, testSize: 0.25 }).split(8).map(fold => fold.test.length) // [2, 2, 2]
 * ```
 */
export class ShuffleSplit extends BaseSplitter<typeof parameters> {
  static readonly parameters = parameters

  constructor(given?: GivenParameters<typeof parameters>) {
    super('ShuffleSplit', parameters, given)
  }

  split(rows: number): Fold[] {
    const random = randomOf(this.params.randomState)
    return Array.from({ length: this.params.nSplits }, () =>
      shuffled(this.operation, rows, this.params, 0.1, random),
    )
  }

  count(): number {
    return this.params.nSplits
  }
}

/** One random cut. */
export function shuffled(
  operation: string,
  rows: number,
  given: Sizes,
  standard: number,
  random: Random,
): Fold {
  checkRows(operation, rows)
  const { train, test } = sizesOf(operation, rows, given, standard)
  const order = random.shuffle(rowNumbers(rows))
  return { test: order.slice(0, test), train: order.slice(test, test + train) }
}

const groupParameters = { ...parameters, nSplits: nSplits(5, 1) }

/**
 * `nSplits` random cuts of whole groups, by default a fifth of the groups to test: sizes count groups.
 * As scikit-learn's `GroupShuffleSplit`.
 *
 * @throws AthanorError ARGUMENT for no `groups`, or sizes that do not fit them; SHAPE.
 * @example
 * ```ts
 * const groups = ['x', 'x', 'y', 'y', 'z', 'z']
 * new GroupShuffleSplit({ testSize: 1 }).split(6, undefined, groups)[0].test.length // 2
 * ```
 */
export class GroupShuffleSplit extends BaseSplitter<typeof groupParameters> {
  static readonly parameters = groupParameters

  constructor(given?: GivenParameters<typeof groupParameters>) {
    super('GroupShuffleSplit', groupParameters, given)
  }

  split(rows: number, _y?: Labels, groups?: Labels): Fold[] {
    const { codes, counts } = codedRows(this.operation, 'groups', groups, rows)
    const random = randomOf(this.params.randomState)
    const all = rowNumbers(rows)
    return Array.from({ length: this.params.nSplits }, () => {
      const cut = shuffled(this.operation, counts.length, this.params, 0.2, random)
      const trained = new Set(cut.train)
      const tested = new Set(cut.test)
      return {
        train: all.filter(row => trained.has(codes[row])),
        test: all.filter(row => tested.has(codes[row])),
      }
    })
  }

  count(): number {
    return this.params.nSplits
  }
}
