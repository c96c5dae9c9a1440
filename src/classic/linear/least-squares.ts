// Least squares directly (kernels/learn/least-squares.cpp).

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Training } from '../../estimator/base-estimator.js'
import { runJob } from '../../execute/jobs.js'
import { rowArguments } from '../linear-algebra/row-arguments.js'
import { orNone } from './job-arrays.js'

/** The numbers of `Method` in kernels/learn/least-squares.cpp. */
const methods = { normal: 0, qr: 1, dual: 2 } as const

export type DirectMethod = keyof typeof methods

export interface DirectProblem {
  readonly method: DirectMethod
  /** `rows × targetCount`. */
  readonly targets: Float64Array
  readonly targetCount?: number
  readonly weights: Float64Array | undefined
  /** `penalty · ‖coefficients‖²` beside the sum of squares. */
  readonly penalty: number
  readonly fitIntercept: boolean
  /** A column counts as dependent on others when less than this share of it is its own. */
  readonly tol: number
}

export interface DirectSolution {
  /** Row-major `targetCount × features`. */
  readonly coef: Float64Array
  readonly intercept: Float64Array
  readonly rank: number
}

/** Errors: NOT_FINITE where sums overflow. */
export async function solveLeastSquares(
  { operation, x, signal, onProgress }: Training<AnyMatrix>,
  problem: DirectProblem,
): Promise<DirectSolution> {
  const { method, targets, targetCount = 1, weights, penalty, fitIntercept, tol } = problem
  const { numbers, arrays } = rowArguments(x)
  const [coef, intercept, summary] = await runJob(operation, {
    kind: 'leastSquares',
    numbers: [...numbers, methods[method], targetCount, penalty, fitIntercept ? 1 : 0, tol],
    arrays: [...arrays, targets, orNone(weights)],
    signal,
    onProgress,
  })
  return {
    coef: new Float64Array(coef),
    intercept: new Float64Array(intercept),
    rank: new Float64Array(summary)[0],
  }
}
