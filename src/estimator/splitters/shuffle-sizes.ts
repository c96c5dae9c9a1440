// How many rows a random split trains and tests on, from shares or numbers of rows.

import { argumentError } from '../../base/errors.js'
import { optionalParameter, type Parameter } from '../../base/parameters.js'

/** A share of the rows, between 0 and 1, or a number of rows. */
function sizeParameter(doc: string): Parameter<number> {
  return {
    kind: 'number',
    doc,
    expected: 'a share between 0 and 1, or a whole number of rows',
    accepts: (value): value is number =>
      typeof value === 'number' &&
      value > 0 &&
      (value < 1 || (Number.isSafeInteger(value) && value >= 1)),
    bad: [0, -1, 1.5, Number.NaN, '0.2', null],
    parse: text => (text.trim() === '' ? undefined : Number(text)),
  }
}

/** The two sizes, of which either follows from the other. */
export const sizeParameters = {
  testSize: optionalParameter(
    sizeParameter('Rows to test: a share below 1, or a number. By default what trainSize leaves.'),
  ),
  trainSize: optionalParameter(
    sizeParameter(
      'Rows to train on: a share below 1, or a number. By default what testSize leaves.',
    ),
  ),
}

export interface Sizes {
  readonly testSize?: number
  readonly trainSize?: number
}

/** Rows to train and to test on; a share of test rows is rounded up, one to train on down. */
export function sizesOf(
  operation: string,
  rows: number,
  { testSize, trainSize }: Sizes,
  standard: number,
): { readonly train: number; readonly test: number } {
  for (const [name, size] of [
    ['testSize', testSize],
    ['trainSize', trainSize],
  ] as const)
    if (size !== undefined && size >= rows)
      throw argumentError(operation, `${name} below the number of rows (${rows})`, String(size))
  const share = trainSize === undefined ? (testSize ?? standard) : testSize
  const given = {
    test: share === undefined ? undefined : share < 1 ? Math.ceil(share * rows) : share,
    train:
      trainSize === undefined
        ? undefined
        : trainSize < 1
          ? Math.floor(trainSize * rows)
          : trainSize,
  }
  const train = given.train ?? rows - (given.test as number)
  const test = given.test ?? rows - train
  if (train + test > rows)
    throw argumentError(
      operation,
      `trainSize and testSize that make at most ${rows} rows`,
      `${train} and ${test}`,
    )
  if (train === 0 || test === 0)
    throw argumentError(
      operation,
      'rows to train on and rows to test',
      `${train} and ${test} of ${rows}`,
      train === 0 ? 'Lower testSize, or raise trainSize' : 'Lower trainSize',
    )
  return { train, test }
}
