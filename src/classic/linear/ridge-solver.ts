// How a ridge problem is solved: directly where that is affordable, else step by step.

import {
  booleanParameter,
  choiceParameter,
  integerParameter,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Training } from '../../estimator/base-estimator.js'
import { isSparse } from '../../estimator/matrix.js'
import { coordinateDescent } from './coordinate-descent.js'
import { solveLeastSquares } from './least-squares.js'
import { minimise } from './minimise.js'
import { fitIntercept } from './shared-parameters.js'

/** The parameters of Ridge; RidgeClassifier has one more. */
export const ridgeParameters = {
  alpha: numberParameter({
    default: 1,
    min: 0,
    doc: 'Strength of the L2 penalty.',
    search: { scale: 'log', low: 1e-3, high: 1e3 },
  }),
  fitIntercept,
  solver: choiceParameter(['auto', 'cholesky', 'qr', 'sparseCg'], {
    default: 'auto',
    doc: 'How it is solved: normal equations (cholesky), the most exact (qr), step by step (sparseCg), or (auto) by the work it would take.',
  }),
  maxIter: optionalParameter(
    integerParameter({
      min: 1,
      doc: 'Of sparseCg and positive: iterations at most; 1000 by default.',
    }),
  ),
  tol: numberParameter({
    default: 1e-4,
    min: 0,
    doc: 'Of sparseCg: stops when no component of the gradient is larger, relative to the start.',
  }),
  positive: booleanParameter({
    default: false,
    doc: 'Whether coefficients must not be below 0; then by coordinate descent.',
  }),
}

export interface RidgeProblem {
  readonly alpha: number
  readonly fitIntercept: boolean
  readonly solver: 'auto' | 'cholesky' | 'qr' | 'sparseCg'
  readonly maxIter: number | undefined
  readonly tol: number
  readonly positive: boolean
  /** `rows × targetCount`. */
  readonly targets: Float64Array
  readonly targetCount: number
  readonly weights: Float64Array | undefined
}

export interface RidgeSolution {
  /** Row-major `targetCount × features`. */
  readonly coef: Float64Array
  readonly intercept: Float64Array
  /** 0 of direct solvers. */
  readonly nIter: number
  readonly converged: boolean
}

/** Multiply-adds beyond which direct solvers give way, and of sparse rows features. */
const directWork = 5e11
const directSparseWidth = 2000

/** Below this share of its own a feature counts as dependent, where there is no penalty to tell. */
const dependent = 1e-10

function directMethod(
  x: AnyMatrix,
  { solver }: RidgeProblem,
): 'normal' | 'dual' | 'qr' | undefined {
  const { rows, width } = x
  if (solver === 'qr') return 'qr'
  if (solver === 'sparseCg') return undefined
  const sparse = isSparse(x)
  if (solver === 'auto') {
    if (sparse && width > directSparseWidth) return undefined
    const less = Math.min(rows, width)
    if (!sparse && rows * width * less + less ** 3 > directWork) return undefined
  }
  return rows < width && !sparse ? 'dual' : 'normal'
}

export async function solveRidge(
  training: Training<AnyMatrix>,
  problem: RidgeProblem,
): Promise<RidgeSolution> {
  const { alpha, fitIntercept, targets, targetCount, weights, tol, positive } = problem
  const maxIter = problem.maxIter ?? 1000
  const { x, rows, width } = training
  const method = positive ? undefined : directMethod(x, problem)
  if (method !== undefined) {
    const direct = await solveLeastSquares(training, {
      method: method === 'dual' && alpha === 0 ? 'qr' : method,
      targets,
      targetCount,
      weights,
      penalty: alpha,
      fitIntercept,
      tol: dependent,
    })
    return { ...direct, nIter: 0, converged: true }
  }
  const total = weights === undefined ? rows : weights.reduce((a, b) => a + b)
  const coef = new Float64Array(targetCount * width)
  const intercept = new Float64Array(targetCount)
  let nIter = 0
  let converged = true
  for (let k = 0; k < targetCount; k++) {
    const y = targetCount === 1 ? targets : targets.filter((_, i) => i % targetCount === k)
    const one = positive
      ? await positiveRidge(
          { ...training, y, sampleWeight: weights },
          alpha / total,
          problem,
          maxIter,
        )
      : await minimise(training, {
          loss: 'squared',
          penalty: alpha / total,
          fitIntercept,
          targets: y,
          weights,
          solver: 'lbfgs',
          maxIter,
          tol,
          relative: true,
        })
    coef.set(one.coef, k * width)
    intercept[k] = one.intercept[0]
    nIter = Math.max(nIter, one.nIter)
    converged &&= one.converged
  }
  return { coef, intercept, nIter, converged }
}

/** The same minimum as an elastic net's without L1. */
async function positiveRidge(
  training: Training<AnyMatrix> & { readonly y: Float64Array },
  alpha: number,
  { fitIntercept }: RidgeProblem,
  maxIter: number,
) {
  const path = await coordinateDescent(training, {
    alphas: [alpha],
    l1Ratio: 0,
    fitIntercept,
    positive: true,
    maxIter,
    tol: 1e-16,
  })
  return {
    coef: path.coef,
    intercept: path.intercept,
    nIter: path.nIter[0],
    converged: path.converged[0],
  }
}
