// Folds for rows in the order of time: the past trains, what follows is tested (Tashman 2000,
// "Out-of-sample tests of forecasting accuracy").

import { argumentError } from '../../base/errors.js'
import { type GivenParameters, integerParameter, optionalParameter } from '../../base/parameters.js'
import type { Fold } from '../folds.js'
import { BaseSplitter, checkRows, nSplits, rowNumbers } from './splitter.js'

const parameters = {
  nSplits: nSplits(5),
  maxTrainSize: optionalParameter(
    integerParameter({ min: 1, doc: 'Most rows to train on: the latest. By default all before.' }),
  ),
  testSize: optionalParameter(
    integerParameter({
      min: 1,
      doc: 'Rows to test in each fold. By default rows ÷ (nSplits + 1).',
    }),
  ),
  gap: integerParameter({
    default: 0,
    min: 0,
    doc: 'Rows left out between training and test, where targets look ahead.',
  }),
}

/**
 * Folds that train on rows before those they test; rows have to stand in the order of time. The folds are
 * those of scikit-learn's `TimeSeriesSplit`.
 *
 * @throws AthanorError ARGUMENT for too few rows.
 * @example
 * ```ts
 * new TimeSeriesSplit({ nSplits: 2 }).split(6).map(fold => fold.test) // [[2, 3], [4, 5]]
 * ```
 */
export class TimeSeriesSplit extends BaseSplitter<typeof parameters> {
  static readonly parameters = parameters

  constructor(given?: GivenParameters<typeof parameters>) {
    super('TimeSeriesSplit', parameters, given)
  }

  split(rows: number): Fold[] {
    const { nSplits: splits, maxTrainSize, gap } = this.params
    checkRows(this.operation, rows)
    const testSize = this.params.testSize ?? Math.floor(rows / (splits + 1))
    if (splits + 1 > rows || rows - gap - testSize * splits <= 0)
      throw argumentError(
        this.operation,
        `more than ${gap + Math.max(1, testSize) * splits} rows for ${splits} folds`,
        String(rows),
        'Lower nSplits, testSize or gap',
      )
    const all = rowNumbers(rows)
    return Array.from({ length: splits }, (_, i) => {
      const start = rows - (splits - i) * testSize
      const end = start - gap
      const first = maxTrainSize === undefined ? 0 : Math.max(0, end - maxTrainSize)
      return { train: all.slice(first, end), test: all.slice(start, start + testSize) }
    })
  }

  count(): number {
    return this.params.nSplits
  }
}
