// Linear support vector classification (Fan et al. 2008, LIBLINEAR): a penalty of w plus C·Σ hinge loss or
// its square, each class against the others, the intercept penalised like a weight.

import { AthanorError } from '../../base/errors.js'
import { choiceParameter, type GivenParameters } from '../../base/parameters.js'
import {
  type AnyMatrix,
  BaseClassifier,
  type ClassifierTraining,
  countOf,
  largestOf,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { classWeightParameter, weightsOfClasses } from '../../estimator/class-weight.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import { flag, float64s, int32s } from '../../estimator/state.js'
import {
  choosesDual,
  fitLinear,
  type LinearMachine,
  type LinearMethod,
  linearParameters,
  linearScores,
} from './linear-machine.js'
import { spreadScores } from './spread-scores.js'

const { C, tol, dual, fitIntercept, interceptScaling, maxIter, randomState } = linearParameters

const linearSVCParameters = {
  penalty: choiceParameter(['l1', 'l2'], {
    default: 'l2',
    doc: 'Of the weights: the sum of their sizes (l1, many become 0), or half that of their squares.',
    search: { choices: ['l2'] },
  }),
  loss: choiceParameter(['hinge', 'squaredHinge'], {
    default: 'squaredHinge',
    doc: 'max(0, 1 − y·score), or its square.',
    search: { choices: ['hinge', 'squaredHinge'] },
  }),
  dual,
  tol,
  C,
  multiClass: choiceParameter(['ovr'], {
    default: 'ovr',
    doc: 'More than two classes: each against all others. There is no crammerSinger.',
  }),
  fitIntercept,
  interceptScaling,
  classWeight: classWeightParameter,
  maxIter,
  randomState,
}

const definition = defineEstimator({
  name: 'LinearSVC',
  parameters: linearSVCParameters,
  state: { coef: float64s(), intercept: float64s(), nIter: int32s({ low: 0 }), converged: flag },
  tags: { sparse: true },
  check(state, _, json) {
    const outputs = outputsOf(state)
    const { coef, intercept, nFeaturesIn } = state
    if (intercept.length !== outputs || coef.length !== outputs * nFeaturesIn)
      json.fail(`${outputs} × ${nFeaturesIn} coefficients`, `${coef.length}`)
  },
})

function outputsOf(state: Frame): number {
  return countOf(state) === 2 ? 1 : countOf(state)
}

/**
 * Linear support vector classifier. As scikit-learn's `LinearSVC`; features may be sparse.
 *
 * @example
 * ```ts
 * const model = await new LinearSVC().fit([[0], [1], [2], [3]], ['low', 'low', 'high', 'high'])
 * await model.predict([[5]]) // ['high']
 * ```
 */
export class LinearSVC extends BaseClassifier<
  typeof linearSVCParameters,
  LinearMachine,
  AnyMatrix
> {
  static readonly definition = definition

  /** Errors: ARGUMENT for parameters that it doesn't take, and for penalty l1 with loss hinge. */
  constructor(params: GivenParameters<typeof linearSVCParameters> = {}) {
    super(definition, params)
    const { penalty, loss } = this.params
    if (penalty === 'l1' && loss === 'hinge')
      throw new AthanorError('ARGUMENT', {
        operation: 'LinearSVC',
        expected: "loss 'squaredHinge' with penalty 'l1'",
        received: "'hinge'",
      })
  }

  /** Row-major `outputs × features`: one output for two classes, one a class for more. */
  get coef(): Float64Array {
    return this.fitted('coef').coef
  }

  get intercept(): Float64Array {
    return this.fitted('intercept').intercept
  }

  /** Passes over the data, or Newton steps, of each output. */
  get nIter(): Int32Array {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected learn(training: ClassifierTraining<AnyMatrix>): Promise<LinearMachine> {
    const { params } = this
    const { operation, x, rows, codes, classes, labels, sampleWeight } = training
    const cost = Float64Array.from({ length: rows }, (_, i) => params.C * (sampleWeight?.[i] ?? 1))
    const counts = new Int32Array(classes)
    for (let i = 0; i < rows; i++) if (cost[i] > 0) counts[codes[i]]++
    const empty = counts.indexOf(0)
    if (empty >= 0)
      throw new AthanorError('DATA', {
        operation,
        expected: 'rows of every class with a weight above 0',
        received: `none of ${labels[empty]}`,
      })
    const method = this.methodFor(operation, x)
    const weights =
      params.classWeight === undefined
        ? new Float64Array(classes).fill(1)
        : weightsOfClasses(operation, params.classWeight, labels, codes, sampleWeight)
    const used = counts.reduce((a, b) => a + b, 0)
    const outputs = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k)
    // In the primal the gradient's limit goes by the share of the rarer side, as in LIBLINEAR.
    const primal = method === 'newtonSquaredHinge' || method === 'lassoSquaredHinge'
    const tolerances = outputs.map(k =>
      primal
        ? (params.tol * Math.max(1, Math.min(counts[k], used - counts[k]))) / used
        : params.tol,
    )
    const factors = outputs.map(k => [weights[k], classes === 2 ? weights[0] : 1] as const)
    return fitLinear(training, { method, y: codes, cost, factors, tolerances, epsilon: 0, params })
  }

  private methodFor(operation: string, x: AnyMatrix): LinearMethod {
    const { penalty, loss } = this.params
    const allowed = { dual: penalty === 'l2', primal: loss === 'squaredHinge' }
    const isDual = choosesDual(operation, this.params.dual, allowed, x)
    if (penalty === 'l1') return 'lassoSquaredHinge'
    if (loss === 'hinge') return 'dualHinge'
    return isDual ? 'dualSquaredHinge' : 'newtonSquaredHinge'
  }

  protected async codesOf(x: AnyMatrix, state: Frame & LinearMachine): Promise<Int32Array> {
    const scores = await linearScores('LinearSVC.predict', x, state.coef, state.intercept)
    return countOf(state) === 2
      ? Int32Array.from(scores, score => (score > 0 ? 1 : 0))
      : largestOf(scores, countOf(state))
  }

  /** One score a row for two classes (above 0 the second), else row-major `rows × classes`. */
  async decisionFunction(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('decisionFunction')
    const matrix = await this.readInput('decisionFunction', x)
    const { coef, intercept } = state
    return spreadScores(
      await linearScores('LinearSVC.decisionFunction', matrix, coef, intercept),
      state,
    )
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): LinearSVC {
    return restore(LinearSVC, json)
  }
}
