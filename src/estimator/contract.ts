// What every estimator can do, nets included, as in scikit-learn: constructors only store parameters,
// fit learns and returns the estimator itself, what was learned can be saved as JSON.

import { AthanorError } from '../base/errors.js'
import type { Label } from '../base/label.js'
import { OptionTable } from '../base/options.js'
import type { ParameterTable } from '../base/parameters.js'
import { aFunction, listOf, tested } from '../base/value-kinds.js'
import type { JobProgress } from '../execute/jobs.js'
import type { Matrix, MatrixLike } from './matrix.js'
import type { RawColumns } from './raw-columns.js'
import type { SparseMatrix } from './sparse.js'
import type { Targets } from './targets.js'

/** Our estimators answer with a promise; others may answer at once. `await` takes both. */
export type MaybePromise<T> = T | Promise<T>

/** How far a fit has come. */
export type FitProgress = JobProgress

/** Options of `fit`. */
export interface FitOptions {
  /** Weight of each row, 0 or more. */
  readonly sampleWeight?: ArrayLike<number>
  /**
   * For classifiers: all the labels there are, where the training rows may lack one; ascending.
   * By default the distinct ones of `y`.
   */
  readonly classes?: readonly Label[]
  /** Stops the fit, which then throws INTERRUPTED and leaves the estimator as it was. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: FitProgress) => void
}

/** For `fit`: refuses options that it does not know. */
export const fitOptions = new OptionTable<FitOptions>({
  sampleWeight: tested('weights, one a row', value => typeof value === 'object' && value !== null),
  classes: listOf(
    tested<Label>('a label', value => ['number', 'string', 'boolean'].includes(typeof value)),
  ),
  signal: tested('an AbortSignal', value => value instanceof AbortSignal),
  onProgress: aFunction(),
})

/** Options of `score`. */
export interface ScoreOptions {
  readonly sampleWeight?: ArrayLike<number>
}

/** What `toJSON` gives. */
export interface EstimatorJson {
  /** The class's name. */
  readonly estimator: string
  readonly version: number
  readonly params: Readonly<Record<string, unknown>>
  /** What was learned; null before `fit`. */
  readonly state: unknown
}

/** What an estimator is, takes and needs: what checks, searches, flags and forms go by. */
export interface Tags {
  /** Takes missing values (NaN). */
  readonly allowNaN?: boolean
  /** A transformer whose results have no missing values, whatever came in. */
  readonly fillsMissing?: boolean
  /** Takes a SparseMatrix. */
  readonly sparse?: boolean
  /** A classifier that is content with rows of a single class. */
  readonly oneClass?: boolean
  /** Takes features of 0 or more only. */
  readonly nonNegative?: boolean
  /** A regressor that takes targets of this range only. */
  readonly targets?: 'any' | 'nonNegative' | 'positive'
  /** Doesn't look at the features (dummies). */
  readonly ignoresFeatures?: boolean
  /** A transformer that needs `y` in fit. */
  readonly needsTargets?: boolean
  /** A transformer whose `fitTransform` answers by models that have not seen the row. */
  readonly crossFits?: boolean
  /** Does not take `sampleWeight`: giving one is an error. */
  readonly noSampleWeight?: boolean
  /** The number of features, where it takes exactly so many. */
  readonly features?: number
  /** Takes raw columns or texts instead of a matrix of numbers. */
  readonly input?: 'matrix' | 'table' | 'texts'
}

/** What all kinds of estimators share. `P` is the estimator's table of parameters. */
export interface EstimatorCore<P extends object = object> {
  readonly params: Readonly<P>
  readonly isFitted: boolean
  clone(): EstimatorCore<P>
  toJSON(): EstimatorJson
}

/**
 * The estimator contract.
 *
 * - The constructor checks and stores its parameters and does nothing else.
 * - `fit` forgets what was learned before, learns anew and returns the estimator; a fit that throws
 *   leaves it as it was.
 * - `predict` and `score` before `fit` throw STATE; features of another width throw SHAPE; NaN, and
 *   no rows, throw DATA.
 * - `clone` gives an estimator with the same parameters that has learned nothing.
 * - `toJSON` gives plain JSON from which the class's `fromJSON` makes an equal estimator.
 * - The same parameters, data and seed give the same model, at any number of threads.
 */
export interface Estimator<P extends object = object> extends EstimatorCore<P> {
  readonly estimatorType: 'classifier' | 'regressor'
  fit(x: MatrixLike, y: Targets, options?: FitOptions): MaybePromise<this>
  /** Class labels or numbers, one a row. */
  predict(x: MatrixLike): MaybePromise<ArrayLike<number> | readonly Label[]>
  /** Higher is better: accuracy for a classifier, R² for a regressor. */
  score(x: MatrixLike, y: Targets, options?: ScoreOptions): MaybePromise<number>
  clone(): Estimator<P>
}

/** Predicts a label for each row. */
export interface Classifier<P extends object = object> extends Estimator<P> {
  readonly estimatorType: 'classifier'
  /** The labels, ascending: the columns of `predictProba`. */
  readonly classes: readonly Label[]
  /** Whether `predictProba` answers; absent means that it does if it is there. */
  readonly hasProbabilities?: boolean
  /** Probabilities, row-major `rows × classes`. */
  predictProba?(x: MatrixLike): MaybePromise<Float32Array | Float64Array>
  /** Scores: one a row for two classes (above 0 the second), else row-major `rows × classes`. */
  decisionFunction?(x: MatrixLike): MaybePromise<Float32Array | Float64Array>
}

/** Predicts a number for each row. */
export interface Regressor<P extends object = object> extends Estimator<P> {
  readonly estimatorType: 'regressor'
  predict(x: MatrixLike): MaybePromise<Float32Array | Float64Array>
}

/** What a transformer gives. */
export type Transformed = Matrix | SparseMatrix | RawColumns

/** Makes new features of the old ones. */
export interface Transformer<P extends object = object> extends EstimatorCore<P> {
  readonly estimatorType: 'transformer'
  fit(x: MatrixLike, y?: Targets, options?: FitOptions): MaybePromise<this>
  /** New features, row by row the same rows; raw columns where some hold texts. */
  transform(x: MatrixLike): MaybePromise<Transformed>
  clone(): Transformer<P>
}

/** Finds groups of rows. */
export interface Clusterer<P extends object = object> extends EstimatorCore<P> {
  readonly estimatorType: 'clusterer'
  fit(x: MatrixLike, y?: undefined, options?: FitOptions): MaybePromise<this>
  /** The cluster of each training row; -1 is none. */
  readonly labels: Int32Array
  predict?(x: MatrixLike): MaybePromise<Int32Array>
  clone(): Clusterer<P>
}

/** Finds rows that are unlike the others. */
export interface OutlierDetector<P extends object = object> extends EstimatorCore<P> {
  readonly estimatorType: 'outlierDetector'
  fit(x: MatrixLike, y?: undefined, options?: FitOptions): MaybePromise<this>
  /** 1 for an ordinary row, -1 for an outlier. */
  predict(x: MatrixLike): MaybePromise<Int32Array>
  /** Below 0 for outliers; the lower, the stranger. */
  decisionFunction(x: MatrixLike): MaybePromise<Float64Array>
  clone(): OutlierDetector<P>
}

/** An estimator of any kind. */
export type AnyEstimator = Classifier | Regressor | Transformer | Clusterer | OutlierDetector

/** What a class of estimators says of itself. */
export interface EstimatorClass<T extends EstimatorCore = EstimatorCore> {
  // biome-ignore lint/suspicious/noExplicitAny: each class has parameters of its own
  new (params?: any): T
  readonly definition: {
    readonly name: string
    readonly parameters: ParameterTable
    readonly tags?: Tags
  }
  fromJSON(json: unknown): T
}

/** What was learned, or STATE where nothing was. */
export function requireFitted<T>(operation: string, state: T | undefined): T {
  if (state === undefined)
    throw new AthanorError('STATE', {
      operation,
      expected: 'an estimator that has learned',
      received: 'one before fit',
      fix: 'Call fit first',
    })
  return state
}
