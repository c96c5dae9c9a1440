// The classifier that ignores the features: the bar that any model has to clear.

import { argumentError } from '../../base/errors.js'
import type { Label } from '../../base/label.js'
import { choiceParameter, type GivenParameters, optionalParameter } from '../../base/parameters.js'
import { Random } from '../../base/philox.js'
import {
  type ClassifierTraining,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { labelParameter } from '../../estimator/label-parameter.js'
import type { Matrix } from '../../estimator/matrix.js'
import { randomState } from '../../estimator/random-state.js'
import { float64s, integer } from '../../estimator/state.js'

const dummyClassifierParameters = {
  strategy: choiceParameter(['prior', 'mostFrequent', 'stratified', 'uniform', 'constant'], {
    default: 'prior',
    doc: 'Always the most frequent class, with the classes’ shares (prior) or certainty (mostFrequent) as probabilities; or drawn by the shares, evenly; or always one class.',
  }),
  randomState,
  constant: optionalParameter(
    labelParameter({ doc: 'The class that the strategy constant predicts.' }),
  ),
}

interface State {
  readonly classPrior: Float64Array
  /** The class of the strategy constant, else the most frequent one. */
  readonly chosen: number
}

const definition = defineEstimator({
  name: 'DummyClassifier',
  parameters: dummyClassifierParameters,
  state: { classPrior: float64s({ low: 0, high: 1 }), chosen: integer(0) },
  tags: { oneClass: true, ignoresFeatures: true, allowNaN: true, sparse: true },
  check({ classPrior, chosen, classes, present }, _, json) {
    const count = present?.length ?? classes?.length ?? 0
    if (classPrior.length !== count || chosen >= count) json.fail(`${count} shares`, 'others')
  },
})

/**
 * Predicts without a look at the features. As scikit-learn's `DummyClassifier`.
 *
 * @example
 * ```ts
 * const dummy = await new DummyClassifier().fit([[0], [0], [0]], ['no', 'no', 'yes'])
 * await dummy.predict([[1]]) // ['no']
 * ```
 */
export class DummyClassifier extends ProbabilisticClassifier<
  typeof dummyClassifierParameters,
  State
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof dummyClassifierParameters> = {}) {
    super(definition, params)
  }

  /** The share of each class among the training rows' weights. */
  get classPrior(): Float64Array {
    const state = this.fitted('classPrior')
    return this.spread(state.classPrior, 1, state)
  }

  protected learn({ codes, classes, labels, sampleWeight, operation }: ClassifierTraining): State {
    const counts = new Float64Array(classes)
    for (let i = 0; i < codes.length; i++) counts[codes[i]] += sampleWeight?.[i] ?? 1
    const total = counts.reduce((a, b) => a + b)
    const classPrior = counts.map(count => count / total)
    const { strategy, constant } = this.params
    if (strategy !== 'constant')
      return { classPrior, chosen: classPrior.indexOf(largest(counts) / total) }
    const chosen = labels.indexOf(constant as Label)
    if (chosen < 0)
      throw argumentError(operation, `constant to be a class (${labels.join(', ')})`, `${constant}`)
    return { classPrior, chosen }
  }

  protected override codesOf(x: Matrix, state: Frame & State): Promise<ArrayLike<number>> {
    const { strategy, randomState: seed } = this.params
    const { classPrior, chosen } = state
    if (strategy !== 'stratified' && strategy !== 'uniform')
      return Promise.resolve(new Int32Array(x.rows).fill(chosen))
    const random = new Random(seed)
    const draw = () =>
      strategy === 'uniform' ? random.integer(classPrior.length) : drawFrom(classPrior, random)
    return Promise.resolve(Int32Array.from({ length: x.rows }, draw))
  }

  protected async probabilitiesOf(x: Matrix, state: Frame & State): Promise<Float64Array> {
    const { classPrior } = state
    const width = classPrior.length
    const out = new Float64Array(x.rows * width)
    const { strategy } = this.params
    if (strategy === 'prior')
      for (let row = 0; row < x.rows; row++) out.set(classPrior, row * width)
    else if (strategy === 'uniform') out.fill(1 / width)
    else {
      const codes = await this.codesOf(x, state)
      for (let row = 0; row < x.rows; row++) out[row * width + codes[row]] = 1
    }
    return out
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): DummyClassifier {
    return restore(DummyClassifier, json)
  }
}

function largest(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b))
}

function drawFrom(shares: Float64Array, random: Random): number {
  let left = random.uniform()
  for (let k = 0; k < shares.length - 1; k++) {
    left -= shares[k]
    if (left < 0) return k
  }
  return shares.length - 1
}
