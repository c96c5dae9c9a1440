// Ridge regression: minimises Σ wᵢ·(yᵢ − rowᵢ·coef − intercept)² + alpha·‖coef‖², the intercept free
// (Hoerl & Kennard 1970). Solved in float64 by the normal equations of the centred features; wide ones
// by conjugate gradients (Hestenes & Stiefel 1952).

import { AthanorError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  type GivenParameters,
  numberParameter,
  type ParametersOf,
} from '../../base/parameters.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import type { Matrix } from '../../estimator/matrix.js'
import { finiteNumber, float64s } from '../../estimator/state.js'
import { choleskyFactor, choleskySolve } from './cholesky.js'
import { type DesignMatrix, designMatrix } from './design-matrix.js'

export const ridgeParameters = {
  alpha: numberParameter({
    default: 1,
    min: 0,
    doc: 'Strength of the L2 penalty.',
    search: { scale: 'log', low: 1e-3, high: 1e3 },
  }),
  fitIntercept: booleanParameter({ default: true, doc: 'Whether to learn an intercept.' }),
  solver: choiceParameter(['auto', 'cholesky', 'conjugateGradients'], {
    default: 'auto',
    doc: 'How it is solved: directly (cholesky), step by step, or (auto) by the work it would take.',
  }),
}

export type RidgeParams = ParametersOf<typeof ridgeParameters>

interface State {
  readonly coef: Float64Array
  readonly intercept: number
}

const definition = defineEstimator({
  name: 'Ridge',
  parameters: ridgeParameters,
  state: { coef: float64s(), intercept: finiteNumber() },
  check({ coef, nFeaturesIn }, _, json) {
    if (coef.length !== nFeaturesIn) json.fail(`${nFeaturesIn} coefficients`, `${coef.length}`)
  },
})

/** Multiplications beyond which the normal equations are left to conjugate gradients. */
const directWork = 1.5e10

/**
 * Linear regression with an L2 penalty. As scikit-learn's `Ridge`.
 *
 * @example
 * ```ts
 * const model = await new Ridge({ alpha: 1e-6 }).fit([[0], [1], [2]], [1, 3, 5])
 * await model.predict([[10]]) // about [21]
 * ```
 */
export class Ridge extends BaseRegressor<typeof ridgeParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof ridgeParameters> = {}) {
    super(definition, params)
  }

  /** One coefficient a feature. */
  get coef(): Float64Array {
    return this.fitted('coef').coef
  }

  get intercept(): number {
    return this.fitted('intercept').intercept
  }

  protected learn({ x, y, rows, width, sampleWeight }: RegressorTraining): State {
    const weights = sampleWeight ?? new Float64Array(rows).fill(1)
    const problem = centred(designMatrix(x), y, weights, this.params.fitIntercept)
    const { alpha, solver } = this.params
    const fast = rows * width * width + width ** 3 / 3 <= directWork
    const direct = solver === 'cholesky' || (solver === 'auto' && fast)
    const coef = direct ? solveDirectly(problem, alpha) : solveByConjugateGradients(problem, alpha)
    let intercept = problem.yMean
    for (let j = 0; j < width; j++) intercept -= coef[j] * problem.means[j]
    return { coef, intercept }
  }

  protected valuesOf(x: Matrix, { coef, intercept }: State): Float64Array {
    const out = new Float64Array(x.rows)
    designMatrix(x).multiply(coef, 1, out)
    for (let i = 0; i < out.length; i++) out[i] += intercept
    return out
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): Ridge {
    return restore(Ridge, json)
  }
}

/** The problem in features and targets less their weighted means (0 without an intercept). */
interface Problem {
  readonly design: DesignMatrix
  readonly weights: Float64Array
  readonly means: Float64Array
  readonly yMean: number
  /** y − yMean. */
  readonly targets: Float64Array
}

function centred(
  design: DesignMatrix,
  y: ArrayLike<number>,
  weights: Float64Array,
  fitIntercept: boolean,
): Problem {
  const means = new Float64Array(design.width)
  let yMean = 0
  if (fitIntercept) {
    const total = weights.reduce((a, b) => a + b)
    const shares = weights.map(w => w / total)
    design.accumulate(shares, 1, means)
    for (let i = 0; i < shares.length; i++) yMean += shares[i] * y[i]
  }
  return { design, weights, means, yMean, targets: Float64Array.from(y, value => value - yMean) }
}

/** Xᵀ·W·targets for the centred features. */
function rightSide({ design, weights, means, targets }: Problem): Float64Array {
  const weighted = targets.map((t, i) => t * weights[i])
  const side = new Float64Array(design.width)
  design.accumulate(weighted, 1, side)
  const sum = weighted.reduce((a, b) => a + b)
  return side.map((value, j) => value - means[j] * sum)
}

function solveDirectly(problem: Problem, alpha: number): Float64Array {
  const { design, weights, means } = problem
  const n = design.width
  const gram = new Float64Array(n * n)
  design.gram(weights, means, gram)
  for (let j = 0; j < n; j++) gram[j * n + j] += alpha
  if (!choleskyFactor(gram, n))
    throw new AthanorError('ARGUMENT', {
      operation: 'Ridge.fit',
      expected: 'features of which none follows from the others',
      received: `${n} that are linearly dependent, with alpha ${alpha}`,
      fix: 'Choose a larger alpha',
    })
  const solution = rightSide(problem)
  choleskySolve(gram, n, solution)
  return solution
}

function solveByConjugateGradients(problem: Problem, alpha: number): Float64Array {
  const { design, weights, means } = problem
  const n = design.width
  const scores = new Float64Array(design.rows)
  const product = new Float64Array(n)
  // (XᵀWX + alpha)·v without forming XᵀWX.
  const apply = (v: Float64Array) => {
    design.multiply(v, 1, scores)
    let shift = 0
    for (let j = 0; j < n; j++) shift += means[j] * v[j]
    let sum = 0
    for (let i = 0; i < scores.length; i++) {
      scores[i] = weights[i] * (scores[i] - shift)
      sum += scores[i]
    }
    product.fill(0)
    design.accumulate(scores, 1, product)
    for (let j = 0; j < n; j++) product[j] += alpha * v[j] - means[j] * sum
    return product
  }
  const solution = new Float64Array(n)
  const residual = rightSide(problem)
  const direction = residual.slice()
  let squares = dot(residual, residual)
  const enough = squares * 1e-16
  for (let step = 0; step < 500 && squares > enough; step++) {
    const image = apply(direction)
    const length = squares / dot(direction, image)
    for (let j = 0; j < n; j++) {
      solution[j] += length * direction[j]
      residual[j] -= length * image[j]
    }
    const before = squares
    squares = dot(residual, residual)
    for (let j = 0; j < n; j++) direction[j] = residual[j] + (squares / before) * direction[j]
  }
  return solution
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
