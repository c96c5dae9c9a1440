// Folds that are given: a cut made elsewhere, or a single fixed validation set.

import { argumentError, shapeError } from '../../base/errors.js'
import type { GivenParameters, Parameter } from '../../base/parameters.js'
import type { Fold } from '../folds.js'
import { BaseSplitter, checkRows, splitBy } from './splitter.js'

const isFoldNumber = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= -1

const testFold: Parameter<ArrayLike<number>> = {
  kind: 'object',
  doc: 'For each row the number of the fold in which it is tested; -1 for rows that only train.',
  expected: 'a list of whole numbers of -1 or more, one a row',
  accepts: (value): value is ArrayLike<number> =>
    (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) &&
    Array.prototype.every.call(value, isFoldNumber),
  bad: [0, 'x', null, [0.5], [-2]],
  parse: text => (text === '' ? [] : text.split(',').map(Number)),
}

const parameters = { testFold }

/**
 * The folds given by `testFold`, in ascending order of their numbers; rows of -1 train in all. As
 * scikit-learn's `PredefinedSplit`.
 *
 * @throws AthanorError ARGUMENT where no row is tested; SHAPE for another number of rows.
 * @example
 * ```ts
 * const splitter = new PredefinedSplit({ testFold: [0, 1, -1, 1] })
 * splitter.split(4).map(fold => fold.test) // [[0], [1, 3]]
 * ```
 */
export class PredefinedSplit extends BaseSplitter<typeof parameters> {
  static readonly parameters = parameters
  private readonly folds: readonly number[]

  constructor(given: GivenParameters<typeof parameters>) {
    super('PredefinedSplit', parameters, given)
    const folds = new Set(Array.from(this.params.testFold))
    folds.delete(-1)
    this.folds = [...folds].sort((a, b) => a - b)
    if (this.folds.length === 0)
      throw argumentError(this.operation, 'a testFold with rows to test', '-1 alone')
  }

  split(rows: number): Fold[] {
    const foldOf = this.params.testFold
    checkRows(this.operation, rows)
    if (foldOf.length !== rows)
      throw shapeError(this.operation, `${foldOf.length} rows, as in testFold`, String(rows))
    return this.folds.map(fold => splitBy(rows, row => foldOf[row] === fold))
  }

  count(): number {
    return this.folds.length
  }

  override toJSON() {
    return { splitter: this.operation, params: { testFold: Array.from(this.params.testFold) } }
  }
}
