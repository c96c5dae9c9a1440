// Naive Bayes for counts: a class draws features by its own shares (McCallum & Nigam 1998; Manning,
// Raghavan & Schütze 2008, chapter 13).

import type { GivenParameters } from '../../base/parameters.js'
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

/** The parameters of `MultinomialNB`. */
const multinomialNBParameters = { ...discreteParameters }

const definition = defineEstimator({
  name: 'MultinomialNB',
  parameters: multinomialNBParameters,
  state: discreteState,
  tags: { sparse: true, nonNegative: true, oneClass: true },
  check: (state, _, json) => checkDiscrete(state, expected => json.fail(expected, 'others')),
})

/**
 * Classes by counts of words or the like. As scikit-learn's `MultinomialNB`.
 *
 * @example
 * ```ts
 * const counts = [[3, 0, 1], [2, 0, 0], [0, 3, 1], [0, 2, 2]]
 * const model = await new MultinomialNB().fit(counts, ['sport', 'sport', 'music', 'music'])
 * await model.predict([[1, 0, 0], [0, 1, 5]]) // ['sport', 'music']
 * ```
 */
export class MultinomialNB extends DiscreteNB<typeof multinomialNBParameters> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof multinomialNBParameters> = {}) {
    super(definition, params)
  }

  /** log P(feature | class), row-major `classes × features`. */
  get featureLogProb(): Float64Array {
    const state = this.fitted('featureLogProb')
    return spreadOver(state, this.weightsOf(state).coef, state.nFeaturesIn)
  }

  protected weightsOf(state: Frame & DiscreteState): ClassWeights {
    const { featureCount, nFeaturesIn: width, classCount } = state
    const smoothed = featureCount.map(count => count + this.alpha)
    const coef = new Float64Array(smoothed.length)
    for (let c = 0; c < classCount.length; c++) {
      const own = smoothed.subarray(c * width, (c + 1) * width)
      const total = Math.log(own.reduce((a, b) => a + b))
      for (let j = 0; j < width; j++) coef[c * width + j] = Math.log(own[j]) - total
    }
    return { coef, intercept: this.priorsOf(state) }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): MultinomialNB {
    return restore(MultinomialNB, json)
  }
}
