// Linear regression by stochastic gradient descent (Bottou 2012).

import { shapeError } from '../../base/errors.js'
import { choiceParameter, type GivenParameters } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore, type Training } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import type { FitOptions } from '../../estimator/contract.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import { numericTargets, type Targets, targetsOf } from '../../estimator/targets.js'
import { linearAnswers } from './linear-scores.js'
import {
  descendStochastically,
  rateParameters,
  rawFits,
  type StochasticState,
  stochasticParameters,
  stochasticState,
} from './stochastic-descent.js'

/** The parameters of SGDRegressor. */
const sgdRegressorParameters = {
  loss: choiceParameter(
    ['squaredError', 'huber', 'epsilonInsensitive', 'squaredEpsilonInsensitive'],
    {
      default: 'squaredError',
      doc: 'What is minimised: squares; squares that turn linear (huber); or nothing up to epsilon, then the error or its square.',
      search: { choices: ['squaredError', 'huber', 'epsilonInsensitive'] },
    },
  ),
  ...stochasticParameters,
  ...rateParameters('invscaling', 0.25),
}

const definition = defineEstimator({
  name: 'SGDRegressor',
  parameters: sgdRegressorParameters,
  state: stochasticState,
  tags: { sparse: true },
  check(state, _, json) {
    const { coef, intercept, nFeaturesIn } = state
    if (coef.length !== nFeaturesIn || intercept.length !== 1 || !rawFits(state))
      json.fail(`${nFeaturesIn} coefficients`, `${coef.length}`)
  },
})

/**
 * Linear regression that learns row by row. As scikit-learn's `SGDRegressor`. Scale the features first.
 *
 * @example
 * ```ts
 * const model = new SGDRegressor({ eta0: 0.1 })
 * for (let day = 0; day < 50; day++) await model.partialFit([[-1], [0], [1]], [-2, 0, 2])
 * console.log(await model.predict([[0.5]])) // about [0.98]
 * ```
 */
export class SGDRegressor extends BaseRegressor<
  typeof sgdRegressorParameters,
  StochasticState,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof sgdRegressorParameters> = {}) {
    super(definition, params)
  }

  /** One coefficient a feature. */
  get coef(): Float64Array {
    return this.fitted('coef').coef
  }

  get intercept(): number {
    return this.fitted('intercept').intercept[0]
  }

  /** Epochs. */
  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected learn(training: RegressorTraining<AnyMatrix>): Promise<StochasticState> {
    const before = this.params.warmStart && this.isFitted ? this.fitted('fit') : undefined
    return this.descend(
      training,
      before?.coef.length === training.width ? before : undefined,
      false,
    )
  }

  /**
   * One epoch over some rows, from what was learned so far.
   *
   * @throws AthanorError as `fit`.
   */
  async partialFit(x: MatrixLike, y: Targets, options: FitOptions = {}): Promise<this> {
    const operation = 'SGDRegressor.partialFit'
    const before = this.isFitted ? this.fitted('partialFit') : undefined
    const targetName = typeof y === 'string' ? y : before?.targetName
    const training = await this.trainingOf(x, options, targetName)
    if (before !== undefined && before.nFeaturesIn !== training.width)
      throw shapeError(operation, `${before.nFeaturesIn} features, as before`, `${training.width}`)
    const targets = numericTargets(operation, await targetsOf(operation, x, y), training.rows)
    const state = await this.descend({ ...training, y: targets }, before, true)
    return this.keep(training, { ...(before ?? this.frameOf(training, targetName)), ...state })
  }

  private descend(
    training: Training<AnyMatrix> & { readonly y: Float64Array },
    before: StochasticState | undefined,
    goOn: boolean,
  ): Promise<StochasticState> {
    const { loss, ...params } = this.params
    return descendStochastically(training, {
      params,
      loss,
      outputs: 1,
      targets: training.y,
      classWeights: [1, 1],
      weights: training.sampleWeight,
      before,
      goOn,
    })
  }

  protected valuesOf(x: AnyMatrix, state: StochasticState): Promise<Float64Array> {
    return linearAnswers('SGDRegressor.predict', x, state)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): SGDRegressor {
    return restore(SGDRegressor, json)
  }
}
