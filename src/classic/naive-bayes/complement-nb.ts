// Naive Bayes for counts of uneven classes: a row belongs where the other classes fit it least (Rennie,
// Shih, Teevan & Karger, "Tackling the poor assumptions of naive Bayes text classifiers", ICML 2003).

import { booleanParameter, type GivenParameters } from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { spreadOver } from './classes.js'
import {
  type ClassWeights,
  checkDiscrete,
  DiscreteNB,
  type DiscreteState,
  discreteParameters,
  discreteState,
} from './discrete.js'

/** The parameters of `ComplementNB`. */
const complementNBParameters = {
  ...discreteParameters,
  norm: booleanParameter({
    default: false,
    doc: 'Whether each class’s weights are divided by their sum.',
  }),
}

const definition = defineEstimator({
  name: 'ComplementNB',
  parameters: complementNBParameters,
  state: discreteState,
  tags: { sparse: true, nonNegative: true, oneClass: true },
  check: (state, _, json) => checkDiscrete(state, expected => json.fail(expected, 'others')),
})

/**
 * Classes by counts, steadier than `MultinomialNB` where some classes have few rows. As scikit-learn's
 * `ComplementNB`.
 *
 * @example
 * ```ts
 * const counts = [[3, 0, 1], [2, 0, 0], [1, 0, 1], [0, 2, 2]]
 * const model = await new ComplementNB().fit(counts, ['sport', 'sport', 'sport', 'music'])
 * await model.predict([[1, 0, 0], [0, 1, 1]]) // ['sport', 'music']
 * ```
 */
export class ComplementNB extends DiscreteNB<typeof complementNBParameters> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof complementNBParameters> = {}) {
    super(definition, params)
  }

  /** Weight of each feature for each class, row-major `classes × features`. */
  get featureLogProb(): Float64Array {
    const state = this.fitted('featureLogProb')
    return spreadOver(state, this.weightsOf(state).coef, state.nFeaturesIn)
  }

  protected weightsOf({
    featureCount,
    nFeaturesIn,
    classCount,
  }: Frame & DiscreteState): ClassWeights {
    const width = nFeaturesIn
    const classes = classCount.length
    const all = new Float64Array(width)
    for (let i = 0; i < featureCount.length; i++) all[i % width] += featureCount[i]
    const coef = new Float64Array(featureCount.length)
    for (let c = 0; c < classes; c++) {
      const at = c * width
      let total = 0
      for (let j = 0; j < width; j++) {
        coef[at + j] = Math.max(0, all[j] - featureCount[at + j]) + this.alpha
        total += coef[at + j]
      }
      let sum = 0
      for (let j = 0; j < width; j++) {
        coef[at + j] = Math.log(coef[at + j] / total)
        sum += coef[at + j]
      }
      // A single feature has a weight of log 1 = 0 and nothing to be divided by.
      const divisor = this.params.norm && sum !== 0 ? sum : -1
      for (let j = 0; j < width; j++) coef[at + j] /= divisor
    }
    return { coef, intercept: classCount.map(count => (count > 0 ? 0 : -Infinity)) }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): ComplementNB {
    return restore(ComplementNB, json)
  }
}
