// SAGA, the stochastic solver for penalties with an L1 part (kernels/learn/saga.cpp).

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Training } from '../../estimator/base-estimator.js'
import { runJob } from '../../execute/jobs.js'
import { rowArguments } from '../linear-algebra/row-arguments.js'
import { orNone } from './job-arrays.js'
import type { Minimum } from './minimise.js'

export interface SagaProblem {
  /** 1 for two classes, else one a class. */
  readonly outputs: number
  readonly targets: Int32Array
  readonly weights: Float64Array | undefined
  /** `l1 · ‖coefficients‖₁ + l2 / 2 · ‖coefficients‖²` beside the mean loss. */
  readonly l1: number
  readonly l2: number
  readonly fitIntercept: boolean
  readonly maxIter: number
  readonly tol: number
  readonly seed: number
  readonly start: Float64Array | undefined
}

/** Errors: NOT_FINITE where coefficients overflow. */
export async function saga(
  { operation, x, signal, onProgress }: Training<AnyMatrix>,
  problem: SagaProblem,
): Promise<Pick<Minimum, 'coef' | 'intercept' | 'nIter' | 'converged' | 'trace'>> {
  const { outputs, l1, l2, fitIntercept, maxIter, tol, seed, targets, weights, start } = problem
  const { numbers, arrays } = rowArguments(x)
  const [coef, intercept, summary] = await runJob(operation, {
    kind: 'saga',
    numbers: [...numbers, outputs, l1, l2, fitIntercept ? 1 : 0, maxIter, tol, seed],
    arrays: [...arrays, targets, orNone(weights), orNone(start)],
    signal,
    onProgress,
  })
  const [nIter, converged] = new Float64Array(summary)
  return {
    coef: new Float64Array(coef),
    intercept: new Float64Array(intercept),
    nIter,
    converged: converged === 1,
    trace: undefined,
  }
}
