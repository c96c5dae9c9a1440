// Regressors: numbers in, numbers out.

import { AthanorError } from '../base/errors.js'
import type { ParametersOf, ParameterTable } from '../base/parameters.js'
import type { AnyMatrix } from './base-classifier.js'
import { BaseEstimator, type Frame, type Training } from './base-estimator.js'
import type { FitOptions, MaybePromise, Regressor, ScoreOptions } from './contract.js'
import type { Matrix, MatrixLike } from './matrix.js'
import { r2 } from './metrics/r2.js'
import { numericTargets, type Targets, targetsOf } from './targets.js'

/** What a regressor's `learn` works from. */
export interface RegressorTraining<X = Matrix> extends Training<X> {
  readonly y: Float64Array
}

/** A regressor. A subclass learns from finite targets and answers with one number a row. */
export abstract class BaseRegressor<
    P extends ParameterTable,
    S extends object,
    X extends AnyMatrix = Matrix,
  >
  extends BaseEstimator<P, S>
  implements Regressor<ParametersOf<P>>
{
  readonly estimatorType = 'regressor'

  protected abstract learn(training: RegressorTraining<X>): MaybePromise<S>

  /** One number a row. */
  protected abstract valuesOf(x: X, state: Frame & S): MaybePromise<Float64Array>

  /**
   * Learns from features and numbers. Options: see `FitOptions`.
   *
   * @throws AthanorError SHAPE, DATA, ARGUMENT for what it cannot learn from; INTERRUPTED after `signal`.
   */
  async fit(x: MatrixLike, y: Targets, options: FitOptions = {}): Promise<this> {
    const targetName = typeof y === 'string' ? y : undefined
    const training = await this.trainingOf(x, options, targetName)
    const { operation, rows } = training
    const targets = numericTargets(operation, await targetsOf(operation, x, y), rows)
    checkRange(operation, targets, this.tags.targets)
    const state = await this.learn({ ...training, x: training.x as X, y: targets })
    return this.keep(training, { ...this.frameOf(training, targetName), ...state })
  }

  /** A number for each row. */
  async predict(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('predict')
    return this.valuesOf((await this.readInput('predict', x)) as X, state)
  }

  /** R², the share of the target's variance that is explained; 1 at best. */
  async score(x: MatrixLike, y: Targets, options: ScoreOptions = {}): Promise<number> {
    const predicted = await this.predict(x)
    const operation = `${this.definition.name}.score`
    const truth = numericTargets(operation, await targetsOf(operation, x, y), predicted.length)
    return r2(truth, predicted, options)
  }
}

function checkRange(operation: string, y: Float64Array, range: string | undefined): void {
  if (range === undefined || range === 'any') return
  const bad = y.findIndex(value => (range === 'positive' ? !(value > 0) : value < 0))
  const none = range === 'nonNegative' && !y.some(value => value > 0)
  if (bad < 0 && !none) return
  throw new AthanorError('DATA', {
    operation,
    expected: range === 'positive' ? 'targets above 0' : 'targets of 0 or more, one above 0',
    received: none ? 'zeros alone' : `${y[bad]} at row ${bad}`,
  })
}
