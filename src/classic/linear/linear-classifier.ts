// What linear classifiers share: coefficients, scores, and the prediction from them.

import type { JsonReader } from '../../base/json-reader.js'
import type { ParameterTable } from '../../base/parameters.js'
import {
  type AnyMatrix,
  BaseClassifier,
  countOf,
  largestOf,
} from '../../estimator/base-classifier.js'
import type { Frame } from '../../estimator/base-estimator.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import { float64s, type StateTable } from '../../estimator/state.js'
import { linearAnswers } from './linear-scores.js'

export interface LinearClassifierState {
  /** `outputs × width`; one output for two classes. */
  readonly coef: Float64Array
  readonly intercept: Float64Array
}

export const linearClassifierState: StateTable<LinearClassifierState> = {
  coef: float64s(),
  intercept: float64s(),
}

/** Refuses a saved state whose coefficients don't fit its classes and features. */
export function checkLinearClassifier(
  state: Frame & LinearClassifierState,
  json: JsonReader,
): void {
  const outputs = outputsOf(state)
  const { coef, intercept, nFeaturesIn } = state
  if (intercept.length !== outputs || coef.length !== outputs * nFeaturesIn)
    json.fail(`${outputs} × ${nFeaturesIn} coefficients`, `${coef.length}`)
}

/** Scores of two classes are one, which speaks for the second. */
export function outputsOf(state: Frame): number {
  return countOf(state) === 2 ? 1 : countOf(state)
}

export abstract class LinearClassifier<
  P extends ParameterTable,
  S extends LinearClassifierState,
> extends BaseClassifier<P, S, AnyMatrix> {
  /** Row-major `outputs × features`: one output for two classes, one a class for more. */
  get coef(): Float64Array {
    return this.fitted('coef').coef
  }

  /** One an output. */
  get intercept(): Float64Array {
    return this.fitted('intercept').intercept
  }

  /**
   * Scores: one a row for two classes (above 0 the second), else row-major `rows × classes`; −∞ for
   * classes without training rows.
   */
  async decisionFunction(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('decisionFunction')
    const matrix = (await this.readInput('decisionFunction', x)) as AnyMatrix
    const scores = await this.scoresOf(matrix, state)
    const { present, classes = [] } = state
    if (present === undefined) return scores
    const outputs = state.intercept.length
    const out = new Float64Array(matrix.rows * classes.length).fill(Number.NEGATIVE_INFINITY)
    for (let row = 0; row < matrix.rows; row++)
      present.forEach((place, k) => {
        const one = scores[row * outputs + (outputs === 1 ? 0 : k)]
        out[row * classes.length + place] = outputs === 1 && k === 0 ? -one : one
      })
    return out
  }

  protected scoresOf(x: AnyMatrix, state: Frame & S): Promise<Float64Array> {
    return linearAnswers(`${this.definition.name}.predict`, x, state)
  }

  protected async codesOf(x: AnyMatrix, state: Frame & S): Promise<ArrayLike<number>> {
    const scores = await this.scoresOf(x, state)
    if (state.intercept.length > 1) return largestOf(scores, state.intercept.length)
    return Int32Array.from(scores, score => (score > 0 ? 1 : 0))
  }
}

/** A linear classifier whose scores are log odds. */
export abstract class LogOddsClassifier<
  P extends ParameterTable,
  S extends LinearClassifierState,
> extends LinearClassifier<P, S> {
  override get hasProbabilities(): boolean {
    return true
  }

  /** Probabilities, row-major `rows × classes`, the classes in the order of `classes`. */
  async predictProba(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('predictProba')
    const matrix = (await this.readInput('predictProba', x)) as AnyMatrix
    const operation = `${this.definition.name}.predictProba`
    return this.spread(
      await linearAnswers(operation, matrix, state, 'probabilities'),
      matrix.rows,
      state,
    )
  }

  /** Logarithms of the probabilities. */
  async predictLogProba(x: MatrixLike): Promise<Float64Array> {
    return (await this.predictProba(x)).map(Math.log)
  }
}
