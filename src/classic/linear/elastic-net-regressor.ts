// What Lasso and ElasticNet share: parameters, state and the fit.

import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  integerParameter,
  numberParameter,
  type ParametersOf,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { RegressorTraining } from '../../estimator/base-regressor.js'
import { randomState } from '../../estimator/random-state.js'
import { finiteNumber, flag, integer, type StateTable } from '../../estimator/state.js'
import { coordinateDescent } from './coordinate-descent.js'
import {
  LinearRegressor,
  type LinearRegressorState,
  linearRegressorState,
} from './linear-regressor.js'
import { fitIntercept, warmStart } from './shared-parameters.js'

export const precompute = eitherParameter(
  booleanParameter({ doc: '' }),
  choiceParameter(['auto'], { doc: '' }),
  {
    default: 'auto',
    doc: 'Whether the features’ products with each other are made first: less work where there are many more rows than features. The answer is the same.',
  },
)

/** The table of Lasso; ElasticNet adds `l1Ratio`. */
export const lassoParameters = {
  alpha: numberParameter({
    default: 1,
    min: 0,
    doc: 'Strength of the penalty.',
    search: { scale: 'log', low: 1e-4, high: 10 },
  }),
  fitIntercept,
  precompute,
  maxIter: integerParameter({
    default: 1000,
    min: 1,
    doc: 'Sweeps over the coefficients at most.',
  }),
  tol: numberParameter({
    default: 1e-4,
    min: 0,
    doc: 'Stops when the duality gap is at most this share of the targets’ sum of squares.',
  }),
  positive: booleanParameter({
    default: false,
    doc: 'Whether coefficients must not be below 0.',
  }),
  selection: choiceParameter(['cyclic', 'random'], {
    default: 'cyclic',
    doc: 'Whether coefficients are taken in turn or at random.',
  }),
  warmStart,
  randomState,
}

export interface DescentState extends LinearRegressorState {
  readonly dualGap: number
  readonly nIter: number
  readonly converged: boolean
}

export const descentState: StateTable<DescentState> = {
  ...linearRegressorState,
  dualGap: finiteNumber(),
  nIter: integer(0),
  converged: flag,
}

export abstract class ElasticNetRegressor<P extends typeof lassoParameters> extends LinearRegressor<
  P,
  DescentState
> {
  /** How far the objective may still be above its minimum. */
  get dualGap(): number {
    return this.fitted('dualGap').dualGap
  }

  /** Sweeps over the coefficients. */
  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected abstract get ratio(): number

  protected async learn(training: RegressorTraining<AnyMatrix>): Promise<DescentState> {
    const params = this.params as ParametersOf<typeof lassoParameters>
    const { alpha, randomState: seed, ...others } = params
    const before = params.warmStart && this.isFitted ? this.fitted('fit') : undefined
    const path = await coordinateDescent(training, {
      ...others,
      alphas: [alpha],
      l1Ratio: this.ratio,
      seed,
      start: before?.coef.length === training.width ? before.coef : undefined,
    })
    return {
      coef: path.coef,
      intercept: path.intercept[0],
      dualGap: path.dualGap[0],
      nIter: path.nIter[0],
      converged: path.converged[0],
    }
  }
}
