// What every estimator can do, nets included, as in scikit-learn: constructors only store parameters,
// fit learns and returns the estimator itself, what was learned can be saved as JSON.

import { AthanorError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { listOf, numberIn, tested } from '../base/value-kinds.js'
import type { MatrixLike } from './matrix.js'

/** Estimators that compute on an engine answer later; others at once. `await` takes both. */
export type MaybePromise<T> = T | Promise<T>

export interface FitOptions {
  /** Weight of each row, 0 or more. */
  readonly sampleWeight?: ArrayLike<number>
  /**
   * For classifiers: all the labels there are, where the training rows may lack one; ascending.
   * By default the distinct ones of `y`.
   */
  readonly classes?: readonly number[]
}

/** For `fit`: refuses options that it does not know. */
export const fitOptions = new OptionTable<FitOptions>({
  sampleWeight: tested('weights, one a row', value => typeof value === 'object' && value !== null),
  classes: listOf(numberIn()),
})

export interface EstimatorJson {
  /** The class's name. */
  readonly estimator: string
  readonly version: number
  readonly params: Readonly<Record<string, unknown>>
  /** What was learned; null before `fit`. */
  readonly state: unknown
}

/**
 * The estimator contract. `P` is the estimator's table of parameters.
 *
 * - The constructor checks and stores its parameters and does nothing else.
 * - `fit` forgets what was learned before, learns anew and returns the estimator.
 * - `predict` and `score` before `fit` throw STATE; features of another width throw SHAPE; NaN, and
 *   no rows, throw DATA.
 * - `clone` gives an estimator with the same parameters that has learned nothing.
 * - `toJSON` gives plain JSON from which the class's `fromJSON` makes an equal estimator.
 */
export interface Estimator<P extends object = object> {
  readonly params: Readonly<P>
  readonly isFitted: boolean
  fit(x: MatrixLike, y: ArrayLike<number>, options?: FitOptions): MaybePromise<this>
  /** Class labels or numbers, one a row. */
  predict(x: MatrixLike): MaybePromise<ArrayLike<number>>
  /** Higher is better: accuracy for a classifier, R² for a regressor. */
  score(
    x: MatrixLike,
    y: ArrayLike<number>,
    options?: { readonly sampleWeight?: ArrayLike<number> },
  ): MaybePromise<number>
  clone(): Estimator<P>
  toJSON(): EstimatorJson
}

export interface Classifier<P extends object = object> extends Estimator<P> {
  readonly estimatorType: 'classifier'
  /** The labels, ascending: the columns of `predictProba`. */
  readonly classes: readonly number[]
  /** Probabilities, row-major `rows × classes`. */
  predictProba?(x: MatrixLike): MaybePromise<Float32Array | Float64Array>
}

export interface Regressor<P extends object = object> extends Estimator<P> {
  readonly estimatorType: 'regressor'
}

export interface Transformer<P extends object = object> {
  readonly params: Readonly<P>
  readonly isFitted: boolean
  fit(x: MatrixLike, y?: ArrayLike<number>, options?: FitOptions): MaybePromise<this>
  /** New features, row by row the same rows. */
  transform(x: MatrixLike): MaybePromise<MatrixLike>
  clone(): Transformer<P>
  toJSON(): EstimatorJson
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
