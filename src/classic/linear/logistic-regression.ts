// Logistic regression with an L2 penalty: minimises C·Σ wᵢ·loss(rowᵢ) + ½‖coef‖², the intercepts
// free (as scikit-learn's default, solver 'lbfgs'). Two classes: one vector and the sigmoid; more:
// one vector a class and the softmax.

import {
  booleanParameter,
  type GivenParameters,
  integerParameter,
  numberParameter,
  type ParametersOf,
} from '../../base/parameters.js'
import {
  type ClassifierTraining,
  countOf,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { Matrix } from '../../estimator/matrix.js'
import { flag, float64s, integer } from '../../estimator/state.js'
import { type DesignMatrix, designMatrix } from './design-matrix.js'
import { lbfgs } from './lbfgs.js'

export const logisticRegressionParameters = {
  C: numberParameter({
    default: 1,
    above: 0,
    doc: 'Inverse of the strength of the L2 penalty.',
    search: { scale: 'log', low: 1e-3, high: 1e3 },
  }),
  tol: numberParameter({
    default: 1e-4,
    above: 0,
    doc: 'Stops when no component of the mean loss’s gradient is larger.',
  }),
  maxIter: integerParameter({ default: 200, min: 1, doc: 'Iterations at most.' }),
  fitIntercept: booleanParameter({ default: true, doc: 'Whether to learn an intercept.' }),
}

export type LogisticRegressionParams = ParametersOf<typeof logisticRegressionParameters>

interface State {
  /** `outputs × width`; one output for two classes. */
  readonly coef: Float64Array
  readonly intercept: Float64Array
  readonly nIter: number
  readonly converged: boolean
}

const definition = defineEstimator({
  name: 'LogisticRegression',
  parameters: logisticRegressionParameters,
  state: { coef: float64s(), intercept: float64s(), nIter: integer(0), converged: flag },
  check(state, _, json) {
    const outputs = outputsOf(state)
    const { coef, intercept, nFeaturesIn } = state
    if (intercept.length !== outputs || coef.length !== outputs * nFeaturesIn)
      json.fail(`${outputs} × ${nFeaturesIn} coefficients`, `${coef.length}`)
  },
})

/**
 * Linear classifier with probabilities. Matches scikit-learn's `LogisticRegression` at convergence.
 *
 * @example
 * ```ts
 * const model = await new LogisticRegression({ C: 0.5 }).fit([[0], [1], [2], [3]], [0, 0, 1, 1])
 * await model.predictProba([[1.5]]) // about [0.5, 0.5]
 * ```
 */
export class LogisticRegression extends ProbabilisticClassifier<
  typeof logisticRegressionParameters,
  State
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof logisticRegressionParameters> = {}) {
    super(definition, params)
  }

  /** Row-major `outputs × features`: one output for two classes, one a class for more. */
  get coef(): Float64Array {
    return this.fitted('coef').coef
  }

  get intercept(): Float64Array {
    return this.fitted('intercept').intercept
  }

  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected learn({ x, codes, classes, rows, width, sampleWeight }: ClassifierTraining): State {
    const weights = sampleWeight ?? new Float64Array(rows).fill(1)
    const outputs = classes === 2 ? 1 : classes
    const { C, tol, maxIter, fitIntercept } = this.params
    const problem: Problem = {
      design: designMatrix(x),
      codes,
      weights,
      total: weights.reduce((a, b) => a + b),
      outputs,
      penalty: 1 / C,
      fitIntercept,
    }
    const parameters = new Float64Array(outputs * (width + 1))
    const { iterations, converged } = lbfgs(objectiveOf(problem), parameters, {
      maxIter,
      tolerance: tol,
    })
    return {
      coef: parameters.slice(0, outputs * width),
      intercept: parameters.slice(outputs * width),
      nIter: iterations,
      converged,
    }
  }

  protected probabilitiesOf(x: Matrix, state: Frame & State): Float64Array {
    const outputs = outputsOf(state)
    const scores = new Float64Array(x.rows * outputs)
    designMatrix(x).multiply(state.coef, outputs, scores)
    const classes = countOf(state)
    const out = new Float64Array(x.rows * classes)
    for (let row = 0; row < x.rows; row++) {
      for (let k = 0; k < outputs; k++) scores[row * outputs + k] += state.intercept[k]
      if (outputs === 1) {
        out[row * 2 + 1] = sigmoid(scores[row])
        out[row * 2] = sigmoid(-scores[row])
      } else softmaxRow(scores, row * outputs, outputs, out)
    }
    return out
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): LogisticRegression {
    return restore(LogisticRegression, json)
  }
}

function outputsOf(state: Frame): number {
  return countOf(state) === 2 ? 1 : countOf(state)
}

interface Problem {
  readonly design: DesignMatrix
  readonly codes: Int32Array
  readonly weights: Float64Array
  /** Sum of the weights, by which loss and penalty are divided. */
  readonly total: number
  readonly outputs: number
  readonly penalty: number
  readonly fitIntercept: boolean
}

/** Mean loss plus penalty as a function of the coefficients, then the intercepts. */
function objectiveOf(problem: Problem) {
  const { design, codes, weights, total, outputs, penalty, fitIntercept } = problem
  const { rows, width } = design
  const size = outputs * width
  const scores = new Float64Array(rows * outputs)
  return (parameters: Float64Array, gradient: Float64Array): number => {
    const coefficients = parameters.subarray(0, size)
    design.multiply(coefficients, outputs, scores)
    gradient.fill(0)
    const intercepts = gradient.subarray(size)
    let loss = 0
    for (let row = 0; row < rows; row++) {
      const at = row * outputs
      for (let k = 0; k < outputs; k++) scores[at + k] += parameters[size + k]
      const weight = weights[row] / total
      loss +=
        weight *
        (outputs === 1
          ? sigmoidLoss(scores, row, codes[row])
          : softmaxLoss(scores, at, outputs, codes[row]))
      // The scores have become the loss's derivatives by them.
      for (let k = 0; k < outputs; k++) {
        scores[at + k] *= weight
        if (fitIntercept) intercepts[k] += scores[at + k]
      }
    }
    design.accumulate(scores, outputs, gradient)
    let squares = 0
    for (let i = 0; i < size; i++) {
      squares += coefficients[i] * coefficients[i]
      gradient[i] += (penalty / total) * coefficients[i]
    }
    return loss + (penalty / total / 2) * squares
  }
}

/** The loss of one row; puts σ(score) − label in the score's place. */
function sigmoidLoss(scores: Float64Array, row: number, label: number): number {
  const score = scores[row]
  scores[row] = sigmoid(score) - label
  const softplus = score > 0 ? score + Math.log1p(Math.exp(-score)) : Math.log1p(Math.exp(score))
  return softplus - label * score
}

/** The loss of one row; puts softmax − one-hot in the scores' place. */
function softmaxLoss(scores: Float64Array, at: number, outputs: number, label: number): number {
  const own = scores[at + label]
  const top = softmaxRow(scores, at, outputs, scores)
  scores[at + label] -= 1
  return top - own
}

/** Softmax of a row, in place if `out` is `scores`; returns log Σ exp. */
function softmaxRow(scores: Float64Array, at: number, outputs: number, out: Float64Array): number {
  let top = -Infinity
  for (let k = 0; k < outputs; k++) top = Math.max(top, scores[at + k])
  let sum = 0
  for (let k = 0; k < outputs; k++) {
    out[at + k] = Math.exp(scores[at + k] - top)
    sum += out[at + k]
  }
  for (let k = 0; k < outputs; k++) out[at + k] /= sum
  return top + Math.log(sum)
}

function sigmoid(score: number): number {
  if (score >= 0) return 1 / (1 + Math.exp(-score))
  const e = Math.exp(score)
  return e / (1 + e)
}
