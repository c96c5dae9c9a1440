// K folds cut several times, each time in another order, so that the score hangs less on one cut.

import type { Labels } from '../../base/label.js'
import { type GivenParameters, integerParameter } from '../../base/parameters.js'
import type { Fold } from '../folds.js'
import { kFolds } from './k-fold.js'
import { BaseSplitter, nSplits, randomOf, seedParameter } from './splitter.js'
import { stratifiedFolds } from './stratified-k-fold.js'

const parameters = {
  nSplits: nSplits(5),
  nRepeats: integerParameter({ default: 10, min: 1, doc: 'How often rows are cut anew.' }),
  randomState: seedParameter,
}

/**
 * `KFold` with shuffling, `nRepeats` times: `nSplits × nRepeats` folds, each row tested once in each
 * repeat. As scikit-learn's `RepeatedKFold`.
 *
 * @throws AthanorError ARGUMENT for more folds than rows.
 * @example
 * ```ts
 * new RepeatedKFold({ nSplits: 2, nRepeats: 3 }).split(4).length // 6
 * ```
 */
export class RepeatedKFold extends BaseSplitter<typeof parameters> {
  static readonly parameters = parameters

  constructor(given?: GivenParameters<typeof parameters>) {
    super('RepeatedKFold', parameters, given)
  }

  split(rows: number): Fold[] {
    const { nSplits, nRepeats, randomState } = this.params
    const random = randomOf(randomState)
    return Array.from({ length: nRepeats }, () =>
      kFolds(this.operation, rows, nSplits, random),
    ).flat()
  }

  count(): number {
    return this.params.nSplits * this.params.nRepeats
  }
}

/**
 * `StratifiedKFold` with shuffling, `nRepeats` times. As scikit-learn's `RepeatedStratifiedKFold`.
 *
 * @throws AthanorError as `StratifiedKFold`.
 * @example
 * ```ts
 * const splitter = new RepeatedStratifiedKFold({ nSplits: 2, nRepeats: 3 })
 * splitter.split(4, ['a', 'a', 'b', 'b']).length // 6
 * ```
 */
export class RepeatedStratifiedKFold extends BaseSplitter<typeof parameters> {
  static readonly parameters = parameters

  constructor(given?: GivenParameters<typeof parameters>) {
    super('RepeatedStratifiedKFold', parameters, given)
  }

  split(rows: number, y?: Labels): Fold[] {
    const { nSplits, nRepeats, randomState } = this.params
    const random = randomOf(randomState)
    return Array.from({ length: nRepeats }, () =>
      stratifiedFolds(this.operation, rows, y, nSplits, random),
    ).flat()
  }

  count(): number {
    return this.params.nSplits * this.params.nRepeats
  }
}
