// Regressors whose answers on rows that they have not seen are the features of another one (Wolpert, Stacked
// generalization, 1992).

import { booleanParameter, type GivenParameters, optionalParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import type { Regressor, Tags } from '../../estimator/contract.js'
import {
  estimatorParameter,
  namedEstimatorsParameter,
} from '../../estimator/estimator-parameter.js'
import { featuresFor, innerTags } from '../../estimator/inner-features.js'
import type {
  Features,
  FeaturesLike,
  Matrix,
  MatrixLike,
  MatrixNeeds,
} from '../../estimator/matrix.js'
import { cvParameter } from '../../estimator/selection/cv.js'
import { list } from '../../estimator/state.js'
import { Ridge } from '../linear/ridge.js'
import { aRegressor, innerOf, membersOf, numbersOf, regressorCodec } from './members.js'
import { fitStack, stackFeatures } from './stack.js'

const stackingRegressorParameters = {
  estimators: namedEstimatorsParameter<Regressor | 'drop'>({
    doc: 'Pairs of a name and a regressor, which is cloned; or ‘drop’ in its place.',
    words: ['drop'],
    as: aRegressor,
  }),
  finalEstimator: optionalParameter(
    estimatorParameter<Regressor>({
      doc: 'Learns from what the others say; null: a Ridge.',
      as: aRegressor,
    }),
  ),
  cv: cvParameter({ doc: 'Folds on whose left-out rows the others are asked.' }),
  passthrough: booleanParameter({
    default: false,
    doc: 'Whether the final estimator sees the features too.',
  }),
}

interface State {
  readonly estimators: readonly Regressor[]
  readonly finalEstimator: Regressor
}

const definition = defineEstimator({
  name: 'StackingRegressor',
  parameters: stackingRegressorParameters,
  state: {
    estimators: list(regressorCodec, 1),
    finalEstimator: regressorCodec,
  },
  check(state: Frame & State, { estimators }, json) {
    const wanted = innerOf(estimators).length
    if (state.estimators.length !== wanted)
      json.fail(`${wanted} regressors`, `${state.estimators.length}`)
  },
})

/**
 * Regressors predict rows that they have not seen, by cross-validation; from these predictions a final
 * regressor learns whom to trust. As scikit-learn's `StackingRegressor`.
 *
 * @example
 * ```ts
 * const stack = new StackingRegressor({
 *   estimators: [['linear', new Ridge()], ['forest', new RandomForestRegressor({ nEstimators: 50 })]],
 * })
 * await (await stack.fit(x, y)).score(x, y)
 * ```
 */
export class StackingRegressor extends BaseRegressor<
  typeof stackingRegressorParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof stackingRegressorParameters>) {
    super(definition, params)
  }

  override get tags(): Tags {
    const { estimators, finalEstimator, passthrough } = this.params
    const own = innerTags(innerOf(estimators))
    const last = innerTags([finalEstimator ?? new Ridge()])
    return {
      ...own,
      allowNaN: own.allowNaN === true && (!passthrough || last.allowNaN === true),
      noSampleWeight: own.noSampleWeight === true || last.noSampleWeight === true,
      ignoresFeatures: false,
    }
  }

  /** The fitted regressors by name. */
  get namedEstimators(): Readonly<Record<string, Regressor>> {
    const { estimators } = this.fitted('namedEstimators')
    const names = membersOf('StackingRegressor', this.params.estimators).map(([name]) => name)
    return Object.fromEntries(names.map((name, i) => [name, estimators[i]]))
  }

  /** The fitted final regressor. */
  get finalEstimator(): Regressor {
    return this.fitted('finalEstimator').finalEstimator
  }

  /** What the final estimator sees of rows: what the others say, with `passthrough` the features too. */
  async transform(x: MatrixLike): Promise<Matrix> {
    const state = this.fitted('transform')
    return this.seenBy((await this.readInput('transform', x)) as AnyMatrix, state)
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return featuresFor(this.tags, operation, x, needs)
  }

  protected async learn(training: RegressorTraining<AnyMatrix>): Promise<State> {
    const { estimators, finalEstimator = new Ridge(), cv, passthrough } = this.params
    const stack = await fitStack<Regressor>(training, training.y, 0, {
      named: estimators,
      final: finalEstimator,
      cv,
      stackMethod: 'predict',
      passthrough,
    })
    return { estimators: stack.estimators, finalEstimator: stack.finalEstimator }
  }

  private seenBy(x: AnyMatrix, { estimators, finalEstimator }: State): Promise<Matrix> {
    const methods = estimators.map(() => 'predict' as const)
    return stackFeatures({ estimators, finalEstimator, methods }, x, 0, this.params.passthrough)
  }

  protected async valuesOf(x: AnyMatrix, state: Frame & State): Promise<Float64Array> {
    return numbersOf(state.finalEstimator, await this.seenBy(x, state))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): StackingRegressor {
    return restore(StackingRegressor, json)
  }
}
