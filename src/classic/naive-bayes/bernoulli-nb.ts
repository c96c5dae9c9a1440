// Naive Bayes for features that are there or not; that one is not there counts too (McCallum & Nigam 1998;
// Manning, Raghavan & Schütze 2008, chapter 13).

import { AthanorError } from '../../base/errors.js'
import { type GivenParameters, numberParameter, optionalParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { isSparse } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { spreadOver } from './classes.js'
import {
  type ClassWeights,
  checkDiscrete,
  DiscreteNB,
  type DiscreteState,
  discreteParameters,
  discreteState,
} from './discrete.js'

/** The parameters of `BernoulliNB`. */
const bernoulliNBParameters = {
  ...discreteParameters,
  binarize: optionalParameter(
    numberParameter({ doc: 'A feature is there if it is above this; null: features are 0 or 1.' }),
    0,
  ),
}

const definition = defineEstimator({
  name: 'BernoulliNB',
  parameters: bernoulliNBParameters,
  state: discreteState,
  tags: { sparse: true, oneClass: true },
  check: (state, _, json) => checkDiscrete(state, expected => json.fail(expected, 'others')),
})

/**
 * Classes by which features are there. As scikit-learn's `BernoulliNB`.
 *
 * @example
 * ```ts
 * const there = [[1, 0, 1], [1, 0, 0], [0, 1, 1], [0, 1, 0]]
 * const model = await new BernoulliNB().fit(there, ['a', 'a', 'b', 'b'])
 * await model.predict([[1, 0, 0], [0, 0, 0]]) // ['a', 'a']
 * ```
 */
export class BernoulliNB extends DiscreteNB<typeof bernoulliNBParameters> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof bernoulliNBParameters> = {}) {
    super(definition, params)
  }

  /** log P(feature is there | class), row-major `classes × features`. */
  get featureLogProb(): Float64Array {
    const state = this.fitted('featureLogProb')
    return spreadOver(state, this.shares(state).map(Math.log), state.nFeaturesIn)
  }

  /** P(feature is there | class). */
  private shares({ featureCount, classCount, nFeaturesIn }: Frame & DiscreteState): Float64Array {
    return featureCount.map((count, i) => {
      const rows = classCount[Math.floor(i / nFeaturesIn)]
      return (count + this.alpha) / (rows + 2 * this.alpha)
    })
  }

  protected weightsOf(state: Frame & DiscreteState): ClassWeights {
    const { nFeaturesIn: width, classCount, featureCount } = state
    const shares = this.shares(state)
    const coef = new Float64Array(shares.length)
    const intercept = this.priorsOf(state)
    for (let i = 0; i < shares.length; i++) {
      const c = Math.floor(i / width)
      // 1 − share, from the counts: it keeps its digits.
      const missing = Math.log(
        (classCount[c] - featureCount[i] + this.alpha) / (classCount[c] + 2 * this.alpha),
      )
      coef[i] = Math.log(shares[i]) - missing
      intercept[c] += missing
    }
    return { coef, intercept }
  }

  protected override prepared(operation: string, x: AnyMatrix): AnyMatrix {
    const { binarize } = this.params
    if (binarize === undefined) {
      requireBits(operation, isSparse(x) ? x.values : x.x)
      return x
    }
    if (!isSparse(x)) {
      const out = new Float32Array(x.x.length)
      for (let i = 0; i < out.length; i++) out[i] = x.x[i] > binarize ? 1 : 0
      return { x: out, rows: x.rows, width: x.width }
    }
    if (binarize < 0)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: 'binarize of 0 or more, for sparse features',
        received: String(binarize),
      })
    const { rows, width, indptr, indices, values } = x
    return new SparseMatrix({
      ...{ rows, width, indptr, indices },
      values: values.map(value => (value > binarize ? 1 : 0)),
    })
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): BernoulliNB {
    return restore(BernoulliNB, json)
  }
}

function requireBits(operation: string, values: Float32Array | Float64Array): void {
  for (let i = 0; i < values.length; i++)
    if (values[i] !== 0 && values[i] !== 1)
      throw new AthanorError('DATA', {
        operation,
        expected: 'features of 0 or 1, with binarize: null',
        received: String(values[i]),
        fix: 'Give binarize a threshold',
      })
}
