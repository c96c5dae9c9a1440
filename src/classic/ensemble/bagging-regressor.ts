// Copies of one regressor, each of other rows (Breiman, Bagging predictors, 1996).

import { type GivenParameters, optionalParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import { type Regressor, requireFitted, type Tags } from '../../estimator/contract.js'
import { estimatorParameter } from '../../estimator/estimator-parameter.js'
import { featuresFor, innerTags } from '../../estimator/inner-features.js'
import type { Features, FeaturesLike, MatrixNeeds } from '../../estimator/matrix.js'
import { r2 } from '../../estimator/metrics/r2.js'
import { list } from '../../estimator/state.js'
import { DecisionTreeRegressor } from '../trees/decision-tree-regressor.js'
import {
  type BagState,
  checkMembers,
  fitBag,
  meanOfBag,
  memberCodec,
  type OutOfBag,
  outOfBagCodec,
} from './bagging.js'
import { samplingParameters } from './bagging-parameters.js'
import { aRegressor, numbersOf, regressorCodec } from './members.js'

const baggingRegressorParameters = {
  estimator: optionalParameter(
    estimatorParameter<Regressor>({
      doc: 'The regressor that is copied; null: a DecisionTreeRegressor.',
      as: aRegressor,
    }),
  ),
  ...samplingParameters,
}

type State = BagState<Regressor>

const definition = defineEstimator({
  name: 'BaggingRegressor',
  parameters: baggingRegressorParameters,
  state: { members: list(memberCodec(regressorCodec), 1), outOfBag: outOfBagCodec },
  check: (state: Frame & State, _, json) => checkMembers(state, json),
})

/**
 * Copies of one regressor, each fitted on rows (and, with `maxFeatures`, features) drawn anew; their
 * predictions are averaged. As scikit-learn's `BaggingRegressor`.
 *
 * @example
 * ```ts
 * const bag = new BaggingRegressor({ estimator: new DecisionTreeRegressor({ maxDepth: 4 }), nEstimators: 20 })
 * await (await bag.fit(x, y)).score(x, y)
 * ```
 */
export class BaggingRegressor extends BaseRegressor<
  typeof baggingRegressorParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof baggingRegressorParameters> = {}) {
    super(definition, params)
  }

  private get copied(): Regressor {
    return this.params.estimator ?? new DecisionTreeRegressor()
  }

  override get tags(): Tags {
    // Weights are what rows are drawn by.
    return { ...innerTags([this.copied]), noSampleWeight: false }
  }

  /** The fitted copies. */
  get estimators(): readonly Regressor[] {
    return this.fitted('estimators').members.map(({ estimator }) => estimator)
  }

  /** The features that each copy sees. */
  get estimatorsFeatures(): readonly Int32Array[] {
    const { members, nFeaturesIn } = this.fitted('estimatorsFeatures')
    const all = Int32Array.from({ length: nFeaturesIn }, (_, f) => f)
    return members.map(({ features }) => features ?? all)
  }

  /**
   * R² on the training rows, each judged by the copies that have not seen it.
   * Errors: STATE before fit, and without the parameter oobScore.
   */
  get oobScore(): number {
    return this.outOfBag('oobScore').score
  }

  /** The predictions behind `oobScore`, one a row; NaN for rows that every copy has seen. */
  get oobPrediction(): Float64Array {
    return this.outOfBag('oobPrediction').values
  }

  private outOfBag(what: string): OutOfBag {
    const { outOfBag } = this.fitted(what)
    return requireFitted(`${definition.name}.${what} (parameter oobScore)`, outOfBag)
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return featuresFor(this.tags, operation, x, needs)
  }

  protected learn(training: RegressorTraining<AnyMatrix>): Promise<State> {
    const { y } = training
    return fitBag<Regressor>({
      training,
      y,
      classes: 0,
      estimator: this.copied,
      params: this.params,
      said: (member, x) => numbersOf(member, x),
      outputs: 1,
      score: (values, rows) =>
        r2(
          rows.map(row => y[row]),
          rows.map(row => values[row]),
        ),
    })
  }

  protected valuesOf(x: AnyMatrix, state: Frame & State): Promise<Float64Array> {
    return meanOfBag(state, x, 1, (member, seen) => numbersOf(member, seen))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): BaggingRegressor {
    return restore(BaggingRegressor, json)
  }
}
