// K-fold cross-validation: every row is predicted by a model that hasn't seen it (Stone 1974).

import { AthanorError, argumentError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { Random } from '../base/philox.js'
import { tested, trueOrFalse, wholeNumber } from '../base/value-kinds.js'
import type { Classifier, Estimator, Regressor } from './contract.js'
import { type MatrixLike, matrixOf, takeRows } from './matrix.js'
import { numericTargets } from './targets.js'

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

/** Options of `crossValPredict`. */
export interface CrossValPredictOptions extends FoldOptions {
  /** A classifier's probabilities instead of its labels. */
  readonly probabilities?: boolean
  readonly signal?: AbortSignal
}

const foldOptions = new OptionTable<FoldOptions>({
  folds: wholeNumber({ min: 2 }),
  seed: wholeNumber(),
  stratify: tested('labels, one a row', value => typeof value === 'object' && value !== null),
})

const crossValPredictOptions = new OptionTable<CrossValPredictOptions>({
  ...foldOptions.rows,
  probabilities: trueOrFalse,
  signal: tested('an AbortSignal', value => value instanceof AbortSignal),
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

/**
 * Predictions for every row by models that haven't seen it. `make` gives a new estimator a fold.
 * With `probabilities`, a classifier's probabilities (row-major `rows × classes`, the classes those of
 * all of `y`) instead of its labels. Classifiers are stratified by `y`.
 *
 * @example
 * ```ts
 * const rows = Array.from({ length: 20 }, (_, i) => [i])
 * const outOfFold = await crossValPredict(() => new Ridge(), rows, rows.map(([v]) => 2 * v))
 * ```
 */
export async function crossValPredict(
  make: () => Estimator,
  x: MatrixLike,
  y: ArrayLike<number>,
  options: CrossValPredictOptions = {},
): Promise<Float64Array> {
  const operation = 'crossValPredict'
  const { probabilities, signal, ...cut } = crossValPredictOptions.check(operation, options)
  const matrix = await matrixOf(operation, x, { allowNaN: true, sparse: true })
  numericTargets(operation, y, matrix.rows)
  const isClassifier = estimatorType(make()) === 'classifier'
  const classes = isClassifier ? [...new Set(Array.from(y))].sort((a, b) => a - b) : undefined
  const columns = probabilities === true ? (classes?.length ?? 0) : 1
  if (columns === 0)
    throw argumentError(operation, 'a classifier, where probabilities are asked for', 'another')
  const folds = kFold(matrix.rows, {
    ...cut,
    stratify: cut.stratify ?? (isClassifier ? y : undefined),
  })
  const out = new Float64Array(matrix.rows * columns)
  for (const { train, test } of folds) {
    signal?.throwIfAborted()
    const model = await make().fit(takeRows(matrix, train), pick(y, train), { classes })
    const rows = takeRows(matrix, test)
    const values = await (columns === 1 ? model.predict(rows) : probabilitiesOf(model, rows))
    if (values.length !== test.length * columns)
      throw new AthanorError('INTERNAL', {
        operation,
        expected: `${test.length * columns} predictions`,
        received: String(values.length),
      })
    for (let i = 0; i < test.length; i++)
      for (let c = 0; c < columns; c++) out[test[i] * columns + c] = Number(values[i * columns + c])
  }
  return out
}

/**
 * The score of each fold's model on the rows it hasn't seen: accuracy or R².
 *
 * @example
 * ```ts
 * const rows = Array.from({ length: 20 }, (_, i) => [i])
 * const scores = await crossValScore(() => new LogisticRegression(), rows, rows.map(([v]) => v % 2))
 * ```
 */
export async function crossValScore(
  make: () => Estimator,
  x: MatrixLike,
  y: ArrayLike<number>,
  options: FoldOptions = {},
): Promise<number[]> {
  foldOptions.check('crossValScore', options)
  const matrix = await matrixOf('crossValScore', x, { allowNaN: true, sparse: true })
  numericTargets('crossValScore', y, matrix.rows)
  const stratify = options.stratify ?? (estimatorType(make()) === 'classifier' ? y : undefined)
  const scores: number[] = []
  for (const { train, test } of kFold(matrix.rows, { ...options, stratify })) {
    const model = await make().fit(takeRows(matrix, train), pick(y, train))
    scores.push(await model.score(takeRows(matrix, test), pick(y, test)))
  }
  return scores
}

function estimatorType(model: Estimator): string | undefined {
  return (model as Partial<Classifier | Regressor>).estimatorType
}

function probabilitiesOf(model: Estimator, x: MatrixLike) {
  const { predictProba } = model as Classifier
  if (predictProba === undefined)
    throw argumentError('crossValPredict', 'a classifier with probabilities', 'one without')
  return predictProba.call(model, x)
}

function pick(values: ArrayLike<number>, rowIds: ArrayLike<number>): Float64Array {
  return new Float64Array(rowIds.length).map((_, i) => values[rowIds[i]])
}
