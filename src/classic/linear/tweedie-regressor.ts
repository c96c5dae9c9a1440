// Generalised linear regression with a distribution of Tweedie's family (Jørgensen 1987).

import { argumentError } from '../../base/errors.js'
import {
  choiceParameter,
  type GivenParameters,
  numberParameter,
  type Parameter,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import type { RegressorTraining } from '../../estimator/base-regressor.js'
import type { Tags } from '../../estimator/contract.js'
import {
  GeneralisedLinearRegressor,
  type GeneralisedState,
  generalisedParameters,
  generalisedState,
} from './generalised-linear.js'
import { checkLinearRegressor } from './linear-regressor.js'

const anyPower = numberParameter({
  default: 0,
  doc: 'Which distribution: 0 normal, 1 Poisson, between 1 and 2 sums of Gammas with zeros, 2 Gamma, 3 inverse Gaussian.',
  search: { scale: 'linear', low: 1, high: 2 },
})

/** Between 0 and 1 there is no such distribution. */
const power: Parameter<number> = {
  ...anyPower,
  expected: 'a number of at most 0, or of 1 or more',
  accepts: (value): value is number => anyPower.accepts(value) && (value <= 0 || value >= 1),
  bad: [...anyPower.bad, 0.5],
}

/** The parameters of TweedieRegressor. */
const tweedieRegressorParameters = {
  ...generalisedParameters,
  power,
  link: choiceParameter(['auto', 'identity', 'log'], {
    default: 'auto',
    doc: 'What the linear score is: the mean (identity, for the power 0) or its logarithm; auto is identity for the power 0 and below, else log.',
  }),
}

const definition = defineEstimator({
  name: 'TweedieRegressor',
  parameters: tweedieRegressorParameters,
  state: generalisedState,
  tags: { sparse: true },
  check: (state, _, json) => checkLinearRegressor(state, json),
})

/**
 * Generalised linear regression for amounts with zeros, counts, or positive amounts, by `power`. As
 * scikit-learn's `TweedieRegressor`.
 *
 * @example
 * ```ts
 * const model = await new TweedieRegressor({ power: 1.5, alpha: 0 }).fit([[0], [1], [2]], [0, 1, 3])
 * console.log(await model.predict([[3]])) // a mean above 0
 * ```
 */
export class TweedieRegressor extends GeneralisedLinearRegressor<
  typeof tweedieRegressorParameters
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof tweedieRegressorParameters> = {}) {
    super(definition, params)
  }

  override get tags(): Tags {
    const { power } = this.params
    return {
      ...definition.tags,
      targets: power >= 2 ? 'positive' : power >= 1 ? 'nonNegative' : 'any',
    }
  }

  protected get family(): number {
    return this.params.power
  }

  protected override get answersWithMeans(): boolean {
    const { power, link } = this.params
    return link === 'log' || (link === 'auto' && power > 0)
  }

  protected override learn(training: RegressorTraining<AnyMatrix>): Promise<GeneralisedState> {
    const { power } = this.params
    if (!this.answersWithMeans && power !== 0)
      throw argumentError(
        training.operation,
        "the link 'log' for a power other than 0",
        `${this.params.link} with ${power}`,
      )
    return super.learn(training)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): TweedieRegressor {
    return restore(TweedieRegressor, json)
  }
}
