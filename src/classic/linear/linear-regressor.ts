// What linear regressors share: coefficients, an intercept, and the prediction from them.

import type { JsonReader } from '../../base/json-reader.js'
import type { ParameterTable } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Frame } from '../../estimator/base-estimator.js'
import { BaseRegressor } from '../../estimator/base-regressor.js'
import { finiteNumber, float64s, type StateTable } from '../../estimator/state.js'
import { linearAnswers } from './linear-scores.js'

export interface LinearRegressorState {
  readonly coef: Float64Array
  readonly intercept: number
}

export const linearRegressorState: StateTable<LinearRegressorState> = {
  coef: float64s(),
  intercept: finiteNumber(),
}

/** Refuses a saved state whose coefficients don't fit its features. */
export function checkLinearRegressor(
  { coef, nFeaturesIn }: Frame & LinearRegressorState,
  json: JsonReader,
): void {
  if (coef.length !== nFeaturesIn) json.fail(`${nFeaturesIn} coefficients`, `${coef.length}`)
}

export abstract class LinearRegressor<
  P extends ParameterTable,
  S extends LinearRegressorState,
> extends BaseRegressor<P, S, AnyMatrix> {
  /** One coefficient a feature. */
  get coef(): Float64Array {
    return this.fitted('coef').coef
  }

  get intercept(): number {
    return this.fitted('intercept').intercept
  }

  /** Whether it answers with e to the score: models with a logarithmic link. */
  protected get answersWithMeans(): boolean {
    return false
  }

  protected valuesOf(x: AnyMatrix, { coef, intercept }: S): Promise<Float64Array> {
    return linearAnswers(
      `${this.definition.name}.predict`,
      x,
      { coef, intercept: Float64Array.of(intercept) },
      this.answersWithMeans ? 'means' : 'scores',
    )
  }
}
