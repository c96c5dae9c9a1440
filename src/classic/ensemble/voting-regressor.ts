// Several regressors whose predictions are averaged.

import type { GivenParameters } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import type { Regressor, Tags } from '../../estimator/contract.js'
import { namedEstimatorsParameter } from '../../estimator/estimator-parameter.js'
import { featuresFor, givenTo, innerTags } from '../../estimator/inner-features.js'
import type { Features, FeaturesLike, MatrixNeeds } from '../../estimator/matrix.js'
import { list } from '../../estimator/state.js'
import {
  aRegressor,
  fitMember,
  innerOf,
  membersOf,
  numbersOf,
  progressOf,
  regressorCodec,
  weightsOfMembers,
} from './members.js'
import { memberWeights } from './voting-classifier.js'

const votingRegressorParameters = {
  estimators: namedEstimatorsParameter<Regressor | 'drop'>({
    doc: 'Pairs of a name and a regressor, which is cloned; or ‘drop’ in its place.',
    words: ['drop'],
    as: aRegressor,
  }),
  weights: memberWeights,
}

interface State {
  readonly estimators: readonly Regressor[]
}

const definition = defineEstimator({
  name: 'VotingRegressor',
  parameters: votingRegressorParameters,
  state: { estimators: list(regressorCodec, 1) },
  check(state: Frame & State, { estimators }, json) {
    const wanted = innerOf(estimators).length
    if (state.estimators.length !== wanted)
      json.fail(`${wanted} regressors`, `${state.estimators.length}`)
  },
})

/**
 * Regressors of different kinds, each fitted on all rows, whose predictions are averaged. As scikit-learn's
 * `VotingRegressor`.
 *
 * @example
 * ```ts
 * const mean = new VotingRegressor({
 *   estimators: [['linear', new Ridge()], ['tree', new DecisionTreeRegressor()]],
 *   weights: [1, 2],
 * })
 * await (await mean.fit([[0], [1], [2], [3]], [0, 1, 2, 3])).predict([[1]])
 * ```
 */
export class VotingRegressor extends BaseRegressor<
  typeof votingRegressorParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof votingRegressorParameters>) {
    super(definition, params)
  }

  override get tags(): Tags {
    return innerTags(innerOf(this.params.estimators))
  }

  /** The fitted regressors by name. */
  get namedEstimators(): Readonly<Record<string, Regressor>> {
    const { estimators } = this.fitted('namedEstimators')
    const names = membersOf('VotingRegressor', this.params.estimators).map(([name]) => name)
    return Object.fromEntries(names.map((name, i) => [name, estimators[i]]))
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return featuresFor(this.tags, operation, x, needs)
  }

  protected async learn(training: RegressorTraining<AnyMatrix>): Promise<State> {
    const { operation, y, sampleWeight, signal, onProgress } = training
    const members = membersOf(operation, this.params.estimators)
    weightsOfMembers(operation, this.params.weights, this.params.estimators)
    const fitted: Regressor[] = []
    for (const [i, [, estimator]] of members.entries())
      fitted.push(
        await fitMember(estimator, givenTo(training.x), y, {
          operation,
          sampleWeight,
          signal,
          onProgress: progressOf(onProgress, i, members.length),
        }),
      )
    return { estimators: fitted }
  }

  protected async valuesOf(x: AnyMatrix, { estimators }: Frame & State): Promise<Float64Array> {
    const { weights: given, estimators: named } = this.params
    const weights = weightsOfMembers('VotingRegressor.predict', given, named)
    const total = weights.reduce((a, b) => a + b)
    const out = new Float64Array(x.rows)
    for (const [i, member] of estimators.entries()) {
      const values = await numbersOf(member, givenTo(x))
      for (let row = 0; row < out.length; row++) out[row] += (weights[i] / total) * values[row]
    }
    return out
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): VotingRegressor {
    return restore(VotingRegressor, json)
  }
}
