// Cross-validation: a model for each fold, judged on the rows that it hasn't seen (Stone 1974).

import { nowMs } from '#platform'
import { argumentError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import { distinctLabels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import {
  aFunction,
  either,
  oneOf,
  tested,
  trueOrFalse,
  type ValueKind,
} from '../../base/value-kinds.js'
import { throwIfAborted } from '../../execute/jobs.js'
import type { Classifier, Estimator, FitProgress } from '../contract.js'
import type { Fold } from '../folds.js'
import type { FeaturesLike } from '../matrix.js'
import { RowSet, takeLabels } from '../row-set.js'
import { type Scoring, scorerOf, someScoring } from '../scoring.js'
import type { Targets } from '../targets.js'
import { type Cv, foldsOf, someCv } from './cv.js'

/** What all kinds of cross-validation take. */
export interface FoldingOptions {
  /** Folds: a number (stratified for classifiers), a splitter, or the folds. Default: 5. */
  readonly cv?: Cv
  /** The group of each row, for splitters that keep groups together. */
  readonly groups?: Labels
  readonly sampleWeight?: ArrayLike<number>
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: FitProgress) => void
}

export const foldingOptions = new OptionTable<FoldingOptions>({
  cv: someCv,
  groups: tested('groups, one a row', value => typeof value === 'object' && value !== null),
  sampleWeight: tested('weights, one a row', value => typeof value === 'object' && value !== null),
  signal: tested('an AbortSignal', value => value instanceof AbortSignal),
  onProgress: aFunction(),
})

/** Options of `crossValidate`. */
export interface CrossValidateOptions extends FoldingOptions {
  /** A scorer's name, a function, or several by name. Default: the estimator's `score`. */
  readonly scoring?: Scoring | Readonly<Record<string, Scoring>>
  /** Whether the training rows are scored too. Default: false. */
  readonly returnTrainScore?: boolean
  /** Whether the folds' models are kept. Default: false. */
  readonly returnEstimator?: boolean
}

/** A scorer, or several by name. */
export const someScorings: ValueKind<Scoring | Readonly<Record<string, Scoring>>> = either(
  someScoring,
  tested<Readonly<Record<string, Scoring>>>(
    'an object of these',
    value =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).length > 0 &&
      Object.values(value).every(someScoring.accepts),
    [{}, { a: 'nonsense' }],
  ),
)

const crossValidateOptions = new OptionTable<CrossValidateOptions>({
  ...foldingOptions.rows,
  scoring: someScorings,
  returnTrainScore: trueOrFalse,
  returnEstimator: trueOrFalse,
})

/** What `crossValidate` gives, fold by fold. */
export interface CrossValidation<E extends Estimator = Estimator> {
  /** Seconds. */
  readonly fitTime: Float64Array
  /** Seconds. */
  readonly scoreTime: Float64Array
  /** The scores of the only scorer, or of the first. */
  readonly testScore: Float64Array
  /** All scorers' scores by name (`score` where only one was asked for). */
  readonly testScores: Readonly<Record<string, Float64Array>>
  readonly trainScore?: Float64Array
  readonly trainScores?: Readonly<Record<string, Float64Array>>
  readonly estimators?: readonly E[]
  readonly folds: readonly Fold[]
}

/**
 * Fits a clone of the estimator for each fold and scores it on the rows left out. As scikit-learn's
 * `cross_validate`; several scorings at once where they have names.
 *
 * @throws AthanorError SHAPE, DATA, ARGUMENT for rows, folds and options that don't fit, and whatever a
 * fit throws; INTERRUPTED after `signal`.
 * @example
 * ```ts
 * const rows = Array.from({ length: 30 }, (_, i) => [i, (i * 7) % 5])
 * const { testScore } = await crossValidate(new Ridge(), rows, rows.map(([v]) => 2 * v), { cv: 3 })
 * console.log(testScore.length) // 3
 * ```
 */
export async function crossValidate<E extends Estimator>(
  estimator: E,
  x: FeaturesLike,
  y: Targets,
  options: CrossValidateOptions = {},
): Promise<CrossValidation<E>> {
  const operation = 'crossValidate'
  const {
    returnTrainScore = false,
    returnEstimator = false,
    scoring,
  } = crossValidateOptions.check(operation, options)
  const named: Readonly<Record<string, Scoring | undefined>> =
    typeof scoring === 'object' ? scoring : { score: scoring }
  const names = Object.keys(named)
  const scorers = names.map(name => scorerOf(operation, named[name], estimator))
  const parts = await partsOf(operation, estimator, x, y, options)
  const { folds } = parts
  const fitTime = new Float64Array(folds.length)
  const scoreTime = new Float64Array(folds.length)
  const empty = () => Object.fromEntries(names.map(name => [name, new Float64Array(folds.length)]))
  const testScores = empty()
  const trainScores = empty()
  const estimators: E[] = []
  for (const [k, fold] of folds.entries()) {
    const began = nowMs()
    const model = await parts.fit(fold, k)
    const fitted = nowMs()
    const test = parts.rows(fold.test)
    const train = returnTrainScore ? parts.rows(fold.train) : undefined
    for (const [s, name] of names.entries()) {
      testScores[name][k] = await scorers[s](model, test.x, test.y, test)
      if (train !== undefined)
        trainScores[name][k] = await scorers[s](model, train.x, train.y, train)
    }
    fitTime[k] = (fitted - began) / 1000
    scoreTime[k] = (nowMs() - fitted) / 1000
    if (returnEstimator) estimators.push(model)
  }
  return {
    fitTime,
    scoreTime,
    testScore: testScores[names[0]],
    testScores,
    ...(returnTrainScore ? { trainScore: trainScores[names[0]], trainScores } : {}),
    ...(returnEstimator ? { estimators } : {}),
    folds,
  }
}

interface SomeRows {
  readonly x: FeaturesLike
  readonly y: Labels
  readonly sampleWeight?: ArrayLike<number>
}

interface Parts<E> {
  readonly folds: readonly Fold[]
  readonly set: RowSet
  readonly y: Labels
  /** All labels there are, for a classifier. */
  readonly classes: readonly Label[] | undefined
  rows(rowIds: ArrayLike<number>): SomeRows
  /** A clone fitted on the fold's training rows. */
  fit(fold: Fold, k: number, like?: E): Promise<E>
}

/** Rows, targets and folds made ready, and how a fold is fitted. */
export async function partsOf<E extends Estimator>(
  operation: string,
  estimator: E,
  x: FeaturesLike,
  y: Targets,
  options: FoldingOptions,
): Promise<Parts<E>> {
  const { cv, groups, sampleWeight, signal, onProgress } = options
  const all = await RowSet.of(operation, x)
  const targets = await all.targets(y)
  // A named target is no feature: without it folds can be taken before a fit.
  const set = typeof y === 'string' ? all.without(y) : all
  for (const [name, values] of [
    ['weights', sampleWeight],
    ['groups', groups],
  ] as const)
    if (values !== undefined && values.length !== set.rows)
      throw argumentError(operation, `${set.rows} ${name}, one a row`, String(values.length))
  const folds = foldsOf(cv, estimator, set.rows, targets, groups)
  const classes = estimator.estimatorType === 'classifier' ? distinctLabels(targets) : undefined
  const rows = (rowIds: ArrayLike<number>): SomeRows => ({
    x: set.take(rowIds),
    y: takeLabels(targets, rowIds),
    ...(sampleWeight === undefined
      ? {}
      : { sampleWeight: Float64Array.from(rowIds, row => sampleWeight[row]) }),
  })
  return {
    folds,
    set,
    y: targets,
    classes,
    rows,
    fit: async (fold, k, like = estimator) => {
      throwIfAborted(operation, signal)
      const { x: features, y: own, sampleWeight: weights } = rows(fold.train)
      const model = (await (like.clone() as E).fit(features as never, own as never, {
        ...(classes === undefined ? {} : { classes }),
        ...(weights === undefined ? {} : { sampleWeight: weights }),
        ...(signal === undefined ? {} : { signal }),
      })) as E
      onProgress?.({ fraction: (k + 1) / folds.length, iteration: k + 1, loss: 0 })
      return model
    },
  }
}

/**
 * The score of each fold's model on the rows that it hasn't seen.
 *
 * @example
 * ```ts
 * const rows = Array.from({ length: 20 }, (_, i) => [i])
 * const scores = await crossValScore(new LogisticRegression(), rows, rows.map(([v]) => v % 2))
 * ```
 */
export async function crossValScore(
  estimator: Estimator,
  x: FeaturesLike,
  y: Targets,
  options: FoldingOptions & { readonly scoring?: Scoring } = {},
): Promise<Float64Array> {
  return (await crossValidate(estimator, x, y, options)).testScore
}

/** Options of `crossValPredict`. */
export interface CrossValPredictOptions extends FoldingOptions {
  /** What is asked of the models. Default: 'predict'. */
  readonly method?: 'predict' | 'predictProba' | 'decisionFunction'
}

const crossValPredictOptions = new OptionTable<CrossValPredictOptions>({
  ...foldingOptions.rows,
  method: oneOf(['predict', 'predictProba', 'decisionFunction']),
})

/**
 * An answer for every row from a model that hasn't seen it: labels or numbers, or, by `method`,
 * row-major probabilities or scores, whose columns are the classes of all of `y`.
 *
 * @throws AthanorError ARGUMENT where the folds don't hold every row out exactly once.
 * @example
 * ```ts
 * const rows = Array.from({ length: 20 }, (_, i) => [i])
 * const outOfFold = await crossValPredict(new Ridge(), rows, rows.map(([v]) => 2 * v))
 * ```
 */
export async function crossValPredict(
  estimator: Estimator,
  x: FeaturesLike,
  y: Targets,
  options: CrossValPredictOptions = {},
): Promise<Float64Array | Label[]> {
  const operation = 'crossValPredict'
  const { method = 'predict' } = crossValPredictOptions.check(operation, options)
  const parts = await partsOf(operation, estimator, x, y, options)
  const rows = parts.set.rows
  requirePartition(operation, parts.folds, rows)
  let out: Float64Array | Label[] | undefined
  for (const [k, fold] of parts.folds.entries()) {
    const model = (await parts.fit(fold, k)) as Classifier
    const ask = model[method]
    if (ask === undefined || (method === 'predictProba' && model.hasProbabilities === false))
      throw argumentError(operation, `an estimator that answers ${method}`, 'one that does not')
    const answers = (await ask.call(model, parts.rows(fold.test).x as never)) as ArrayLike<Label>
    const width = answers.length / fold.test.length
    out ??= typeof answers[0] === 'number' ? new Float64Array(rows * width) : new Array<Label>(rows)
    for (let i = 0; i < fold.test.length; i++)
      for (let c = 0; c < width; c++)
        (out as Label[])[fold.test[i] * width + c] = answers[i * width + c]
  }
  return out as Float64Array | Label[]
}

function requirePartition(operation: string, folds: readonly Fold[], rows: number): void {
  const seen = new Uint8Array(rows)
  for (const { test } of folds) for (let i = 0; i < test.length; i++) seen[test[i]]++
  if (!seen.every(times => times === 1))
    throw argumentError(operation, 'folds that hold every row out once', 'others')
}
