// Logistic regression with an L2 penalty: minimises C·Σ wᵢ·loss(rowᵢ) + ½‖coefficients‖², the intercepts
// free (as scikit-learn's default, solver 'lbfgs'). Two classes: one vector and the sigmoid; more:
// one vector a class and the softmax.

import { JsonReader } from '../../base/json-reader.js'
import {
  booleanParameter,
  integerParameter,
  numberParameter,
  type ParametersOf,
  resolveParameters,
} from '../../base/parameters.js'
import type { Classifier, EstimatorJson, FitOptions } from '../contract.js'
import { fitOptions, requireFitted } from '../contract.js'
import { asMatrix, type MatrixLike, weightsFor } from '../matrix.js'
import { accuracy } from '../metrics/accuracy.js'
import { encodeLabels, labelsOfLargest, requireTwoClasses } from './class-labels.js'
import { type DesignMatrix, designMatrix } from './design-matrix.js'
import { lbfgs } from './lbfgs.js'

export const logisticRegressionParameters = {
  C: numberParameter({ default: 1, above: 0, doc: 'Inverse of the strength of the L2 penalty.' }),
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
  readonly classes: readonly number[]
  readonly width: number
  /** `outputs × width`; one output for two classes. */
  readonly coefficients: Float64Array
  readonly intercepts: Float64Array
  readonly iterations: number
  readonly converged: boolean
}

/**
 * Linear classifier with probabilities. Matches scikit-learn's `LogisticRegression` at convergence.
 *
 * @example
 * ```ts
 * const model = new LogisticRegression({ C: 0.5 }).fit([[0], [1], [2], [3]], [0, 0, 1, 1])
 * model.predictProba([[1.5]]) // about [0.5, 0.5]
 * ```
 */
export class LogisticRegression implements Classifier<LogisticRegressionParams> {
  readonly estimatorType = 'classifier'
  readonly params: LogisticRegressionParams
  private state: State | undefined

  constructor(params: Partial<LogisticRegressionParams> = {}) {
    this.params = resolveParameters('LogisticRegression', logisticRegressionParameters, params)
  }

  get isFitted(): boolean {
    return this.state !== undefined
  }

  get classes(): readonly number[] {
    return requireFitted('LogisticRegression.classes', this.state).classes
  }

  /** Row-major `outputs × features`: one output for two classes, one a class for more. */
  get coefficients(): Float64Array {
    return requireFitted('LogisticRegression.coefficients', this.state).coefficients
  }

  get intercepts(): Float64Array {
    return requireFitted('LogisticRegression.intercepts', this.state).intercepts
  }

  get iterations(): number {
    return requireFitted('LogisticRegression.iterations', this.state).iterations
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return requireFitted('LogisticRegression.converged', this.state).converged
  }

  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): this {
    const operation = 'LogisticRegression.fit'
    fitOptions.check(operation, options)
    const matrix = asMatrix(operation, x)
    const { rows, width } = matrix
    const { classes, codes } = encodeLabels(operation, y, rows, options.classes)
    requireTwoClasses(operation, classes)
    const weights = weightsFor(operation, options.sampleWeight, rows)
    const outputs = classes.length === 2 ? 1 : classes.length
    const { C, tol, maxIter, fitIntercept } = this.params
    const problem: Problem = {
      design: designMatrix(matrix),
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
    this.state = {
      classes,
      width,
      coefficients: parameters.slice(0, outputs * width),
      intercepts: parameters.slice(outputs * width),
      iterations,
      converged,
    }
    return this
  }

  /** Probabilities, row-major `rows × classes`. */
  predictProba(x: MatrixLike): Float64Array {
    const state = requireFitted('LogisticRegression.predictProba', this.state)
    const matrix = asMatrix('LogisticRegression.predictProba', x, state.width)
    const outputs = state.intercepts.length
    const scores = new Float64Array(matrix.rows * outputs)
    designMatrix(matrix).multiply(state.coefficients, outputs, scores)
    const classes = state.classes.length
    const out = new Float64Array(matrix.rows * classes)
    for (let row = 0; row < matrix.rows; row++) {
      for (let k = 0; k < outputs; k++) scores[row * outputs + k] += state.intercepts[k]
      if (outputs === 1) {
        out[row * 2 + 1] = sigmoid(scores[row])
        out[row * 2] = sigmoid(-scores[row])
      } else softmaxRow(scores, row * outputs, outputs, out)
    }
    return out
  }

  predict(x: MatrixLike): Float64Array {
    const { classes } = requireFitted('LogisticRegression.predict', this.state)
    return labelsOfLargest(this.predictProba(x), classes)
  }

  score(x: MatrixLike, y: ArrayLike<number>, options = {}): number {
    return accuracy(y, this.predict(x), options)
  }

  clone(): LogisticRegression {
    return new LogisticRegression(this.params)
  }

  toJSON(): EstimatorJson {
    const { state } = this
    return {
      estimator: 'LogisticRegression',
      version: 1,
      params: this.params,
      state:
        state === undefined
          ? null
          : {
              ...state,
              coefficients: Array.from(state.coefficients),
              intercepts: Array.from(state.intercepts),
            },
    }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): LogisticRegression {
    const reader = new JsonReader('LogisticRegression', json)
    reader.only('estimator', 'version', 'params', 'state')
    reader.get('estimator').oneOf(['LogisticRegression'])
    reader.get('version').integer(1, 1)
    const params = reader.get('params').only('C', 'tol', 'maxIter', 'fitIntercept')
    const made = new LogisticRegression({
      C: params.get('C').number(Number.MIN_VALUE),
      tol: params.get('tol').number(Number.MIN_VALUE),
      maxIter: params.get('maxIter').integer(1),
      fitIntercept: params.get('fitIntercept').boolean(),
    })
    const state = reader.get('state')
    if (state.value === null) return made
    state.only('classes', 'width', 'coefficients', 'intercepts', 'iterations', 'converged')
    const classes = Array.from(state.get('classes').ascendingNumbers(2))
    const width = state.get('width').integer(1, 1e7)
    const outputs = classes.length === 2 ? 1 : classes.length
    const size = outputs * width
    made.state = {
      classes,
      width,
      coefficients: state.get('coefficients').numbers(size, size),
      intercepts: state.get('intercepts').numbers(outputs, outputs),
      iterations: state.get('iterations').integer(0),
      converged: state.get('converged').boolean(),
    }
    return made
  }
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
