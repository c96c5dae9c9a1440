// Generalised linear models with a logarithmic link: the mean is e to a linear score, and half the mean unit
// deviance of Tweedie's family is minimised, plus alpha / 2 · ‖coef‖² (Nelder & Wedderburn 1972; Jørgensen
// 1987).

import {
  choiceParameter,
  integerParameter,
  numberParameter,
  type ParametersOf,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { RegressorTraining } from '../../estimator/base-regressor.js'
import type { ScoreOptions } from '../../estimator/contract.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import { d2Tweedie } from '../../estimator/metrics/mean-tweedie-deviance.js'
import { flag, integer, type StateTable } from '../../estimator/state.js'
import { numericTargets, type Targets, targetsOf } from '../../estimator/targets.js'
import {
  LinearRegressor,
  type LinearRegressorState,
  linearRegressorState,
} from './linear-regressor.js'
import { minimise } from './minimise.js'
import { fitIntercept, warmStart } from './shared-parameters.js'

/** The table of PoissonRegressor and GammaRegressor; TweedieRegressor adds `power` and `link`. */
export const generalisedParameters = {
  alpha: numberParameter({
    default: 1,
    min: 0,
    doc: 'Strength of the L2 penalty.',
    search: { scale: 'log', low: 1e-4, high: 100 },
  }),
  fitIntercept,
  solver: choiceParameter(['lbfgs', 'newtonCholesky'], {
    default: 'lbfgs',
    doc: 'How the minimum is found; both find the same.',
  }),
  maxIter: integerParameter({ default: 100, min: 1, doc: 'Iterations at most.' }),
  tol: numberParameter({
    default: 1e-4,
    above: 0,
    doc: 'Stops when no component of the gradient is larger.',
  }),
  warmStart,
}

export interface GeneralisedState extends LinearRegressorState {
  readonly nIter: number
  readonly converged: boolean
}

export const generalisedState: StateTable<GeneralisedState> = {
  ...linearRegressorState,
  nIter: integer(0),
  converged: flag,
}

export abstract class GeneralisedLinearRegressor<
  P extends typeof generalisedParameters,
> extends LinearRegressor<P, GeneralisedState> {
  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  /** Of Tweedie's family: 0 normal, 1 Poisson, 2 Gamma, 3 inverse Gaussian. */
  protected abstract get family(): number

  protected override get answersWithMeans(): boolean {
    return true
  }

  protected async learn(training: RegressorTraining<AnyMatrix>): Promise<GeneralisedState> {
    const params = this.params as ParametersOf<typeof generalisedParameters>
    const { alpha, fitIntercept, solver, maxIter, tol } = params
    const { y, sampleWeight, width } = training
    const minimum = await minimise(training, {
      loss: this.answersWithMeans ? 'tweedie' : 'squared',
      shape: this.family,
      penalty: alpha,
      fitIntercept,
      targets: y,
      weights: sampleWeight,
      solver,
      maxIter,
      tol,
      start: this.startOf(y, sampleWeight, width),
    })
    const { coef, intercept, nIter, converged } = minimum
    return { coef, intercept: intercept[0], nIter, converged }
  }

  /** The model that predicts the mean, or what the last fit found. */
  private startOf(y: Float64Array, weights: Float64Array | undefined, width: number): Float64Array {
    const { fitIntercept, warmStart } = this.params as ParametersOf<typeof generalisedParameters>
    const start = new Float64Array(width + 1)
    const before = warmStart && this.isFitted ? this.fitted('fit') : undefined
    if (before?.coef.length === width) {
      start.set(before.coef)
      start[width] = before.intercept
    } else if (fitIntercept) {
      let sum = 0
      let total = 0
      for (let i = 0; i < y.length; i++) {
        const weight = weights?.[i] ?? 1
        sum += weight * y[i]
        total += weight
      }
      const mean = sum / total
      if (!this.answersWithMeans) start[width] = mean
      else if (mean > 0) start[width] = Math.log(mean)
    }
    return start
  }

  /** D², the share of the deviance that is explained; 1 at best, 0 for predicting the mean. */
  override async score(x: MatrixLike, y: Targets, options: ScoreOptions = {}): Promise<number> {
    const predicted = await this.predict(x)
    const operation = `${this.definition.name}.score`
    const truth = numericTargets(operation, await targetsOf(operation, x, y), predicted.length)
    return d2Tweedie(truth, predicted, { ...options, power: this.family })
  }
}
