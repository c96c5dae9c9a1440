// One cut into rows to train on and rows to test, of several arrays alike.

import { argumentError, shapeError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { tested, trueOrFalse, valueWords, wholeNumber } from '../../base/value-kinds.js'
import { Table } from '../../data/table.js'
import type { FeatureMatrix } from '../../features/feature-matrix.js'
import type { Fold } from '../folds.js'
import { type Matrix, takeRows } from '../matrix.js'
import { SparseMatrix } from '../sparse.js'
import { type Sizes, sizeParameters, sizesOf } from './shuffle-sizes.js'
import { shuffled } from './shuffle-split.js'
import { checkRows, randomOf, rowNumbers } from './splitter.js'
import { stratifiedDraw } from './stratified-shuffle-split.js'

/** What can be cut by rows: arrays and typed arrays (one value a row), matrices, tables. */
export type Splittable =
  | readonly unknown[]
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Matrix
  | FeatureMatrix
  | SparseMatrix
  | Table

/** What a part is: the same as the whole, but that one may write to an array. */
export type SplitPart<T> = T extends readonly (infer Value)[] ? Value[] : T

/** Options of `trainTestSplit`. */
export interface TrainTestSplitOptions {
  /** Rows to test: a share below 1, or a number. Default: 0.25, or what `trainSize` leaves. */
  readonly testSize?: number
  /** Rows to train on: a share below 1, or a number. By default what `testSize` leaves. */
  readonly trainSize?: number
  /** Same seed, same parts. Default: 0 (scikit-learn draws a seed where none is given). */
  readonly randomState?: number
  /** Default: true. Without it the first rows train and the last are tested. */
  readonly shuffle?: boolean
  /** Labels whose shares both parts keep. */
  readonly stratify?: Labels
}

/** What may be passed: arrays to cut and, last, options. */
type Given = Splittable | TrainTestSplitOptions | undefined

/** Training and test part of each array, in turn. */
type Parts<A extends readonly unknown[]> = A extends readonly [infer First, ...infer Rest]
  ? First extends Splittable
    ? [SplitPart<First>, SplitPart<First>, ...Parts<Rest>]
    : Parts<Rest>
  : []

const trainTestSplitOptions = new OptionTable<TrainTestSplitOptions>({
  testSize: tested(sizeParameters.testSize.expected, value =>
    sizeParameters.testSize.accepts(value),
  ),
  trainSize: tested(sizeParameters.trainSize.expected, value =>
    sizeParameters.trainSize.accepts(value),
  ),
  randomState: wholeNumber({ min: 0 }),
  shuffle: trueOrFalse,
  stratify: tested('labels, one a row', value => typeof value === 'object' && value !== null),
})

/**
 * Cuts arrays, matrices and tables of as many rows into a training and a test part, by the same rows:
 * `[firstTrain, firstTest, secondTrain, secondTest, …]`. Options come last. As scikit-learn's
 * `train_test_split`.
 *
 * @throws AthanorError ARGUMENT for sizes that do not fit the rows, for something that has no rows, and
 * for `stratify` without `shuffle`; SHAPE for different numbers of rows; otherwise as
 * `StratifiedShuffleSplit`.
 * @example
 * ```ts
 * const features = [[1], [2], [3], [4], [5], [6], [7], [8]]
 * const labels = ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b']
 * const [xTrain, xTest, yTrain, yTest] = trainTestSplit(features, labels, { stratify: labels })
 * console.log([xTrain.length, yTest.length]) // [6, 2]
 * ```
 */
export function trainTestSplit<A extends readonly [Splittable, ...Given[]]>(...given: A): Parts<A> {
  const operation = 'trainTestSplit'
  const last = given[given.length - 1]
  const hasOptions = given.length > 0 && isOptions(last)
  const options = trainTestSplitOptions.check(
    operation,
    hasOptions ? (last as TrainTestSplitOptions | undefined) : {},
  )
  const arrays = hasOptions ? given.slice(0, -1) : given
  if (arrays.length === 0) throw argumentError(operation, 'at least one array to cut', 'none')
  const rows = rowsOf(operation, arrays[0])
  for (const [i, array] of arrays.entries())
    if (rowsOf(operation, array) !== rows)
      throw shapeError(
        operation,
        `${rows} rows in each array, as in the first`,
        `${rowsOf(operation, array)} in array ${i + 1}`,
      )
  const { train, test } = cut(operation, rows, options)
  return arrays.flatMap(array => [partOf(array, train), partOf(array, test)]) as Parts<A>
}

/** An object that is none of the things with rows; or undefined, for no options. */
function isOptions(value: unknown): boolean {
  return value === undefined || (isPlain(value) && !isMatrix(value))
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function isMatrix(value: unknown): value is Matrix | SparseMatrix {
  return (
    value instanceof SparseMatrix ||
    (typeof value === 'object' &&
      value !== null &&
      'x' in value &&
      ArrayBuffer.isView(value.x) &&
      'rows' in value &&
      'width' in value)
  )
}

function isColumn(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
}

function rowsOf(operation: string, array: unknown): number {
  if (isColumn(array)) return array.length
  if (array instanceof Table || isMatrix(array)) return array.rows
  throw argumentError(
    operation,
    'arrays, typed arrays, matrices (x, rows, width) or tables',
    valueWords(array),
    'Of a Tensor pass await tensor.data(), of a Dataset await dataset.table()',
  )
}

function cut(
  operation: string,
  rows: number,
  options: TrainTestSplitOptions,
): Pick<Fold, 'train' | 'test'> {
  const { testSize, trainSize, randomState = 0, shuffle = true, stratify } = options
  const sizes: Sizes = { testSize, trainSize }
  const standard = 0.25
  checkRows(operation, rows)
  if (!shuffle) {
    if (stratify !== undefined)
      throw argumentError(operation, 'no stratify without shuffle', 'stratify')
    const { train, test } = sizesOf(operation, rows, sizes, standard)
    const all = rowNumbers(rows)
    return { train: all.slice(0, train), test: all.slice(train, train + test) }
  }
  const random = randomOf(randomState)
  return stratify === undefined
    ? shuffled(operation, rows, sizes, standard, random)
    : stratifiedDraw(operation, rows, stratify, sizes, standard)(random)
}

function partOf(array: unknown, rowIds: Uint32Array): unknown {
  if (array instanceof Table) return array.take(rowIds)
  if (isMatrix(array)) return takeRows(array, rowIds)
  const values = array as ArrayLike<unknown>
  if (Array.isArray(values)) return Array.from(rowIds, row => values[row])
  const Column = values.constructor as new (length: number) => { [index: number]: unknown }
  const out = new Column(rowIds.length)
  for (let i = 0; i < rowIds.length; i++) out[i] = values[rowIds[i]]
  return out
}
