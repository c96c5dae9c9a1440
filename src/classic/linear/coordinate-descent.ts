// Lasso, elastic net and their paths by coordinate descent (kernels/learn/coordinate-descent.cpp).

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Training } from '../../estimator/base-estimator.js'
import type { RegressorTraining } from '../../estimator/base-regressor.js'
import { runJob } from '../../execute/jobs.js'
import { rowArguments } from '../linear-algebra/row-arguments.js'
import { orNone } from './job-arrays.js'

export interface DescentProblem {
  /** Penalties, in the order in which they are solved, each from the answer before it; or a path to choose. */
  readonly alphas:
    | readonly number[]
    | Float64Array
    | { readonly count: number; readonly eps: number }
  readonly l1Ratio: number
  readonly fitIntercept: boolean
  readonly maxIter: number
  /** Of the duality gap, as a share of the targets' sum of squares. */
  readonly tol: number
  readonly positive?: boolean
  readonly selection?: 'cyclic' | 'random'
  readonly seed?: number
  /** Whether the Gram matrix is made first; by default by size. */
  readonly precompute?: boolean | 'auto'
  readonly start?: Float64Array
}

export interface DescentPath {
  readonly alphas: Float64Array
  /** Row-major `alphas × features`. */
  readonly coef: Float64Array
  /** One an alpha. */
  readonly intercept: Float64Array
  /** How far the objective may still be above its minimum. */
  readonly dualGap: readonly number[]
  readonly nIter: readonly number[]
  readonly converged: readonly boolean[]
}

const gramModes = { auto: 0, true: 1, false: 2 } as const

/** Errors: NOT_FINITE where sums overflow. */
export async function coordinateDescent(
  {
    operation,
    x,
    y,
    sampleWeight,
    signal,
    onProgress,
  }: Pick<RegressorTraining<AnyMatrix>, 'y' | keyof Training>,
  problem: DescentProblem,
): Promise<DescentPath> {
  const { alphas, l1Ratio, fitIntercept, maxIter, tol, positive, selection, seed } = problem
  const { numbers, arrays } = rowArguments(x)
  const given = 'count' in alphas ? undefined : Float64Array.from(alphas)
  const [coef, intercept, used, summary] = await runJob(operation, {
    kind: 'coordinateDescent',
    numbers: [
      ...numbers,
      fitIntercept ? 1 : 0,
      l1Ratio,
      'count' in alphas ? alphas.count : 0,
      'count' in alphas ? alphas.eps : 0,
      gramModes[`${problem.precompute ?? 'auto'}`],
      positive === true ? 1 : 0,
      selection === 'random' ? 1 : 0,
      maxIter,
      tol,
      seed ?? 0,
    ],
    arrays: [...arrays, y, orNone(sampleWeight), orNone(given), orNone(problem.start)],
    signal,
    onProgress,
  })
  const figures = new Float64Array(summary)
  const every = (which: number) =>
    Array.from({ length: figures.length / 3 }, (_, i) => figures[3 * i + which])
  return {
    alphas: new Float64Array(used),
    coef: new Float64Array(coef),
    intercept: new Float64Array(intercept),
    dualGap: every(0),
    nIter: every(1),
    converged: every(2).map(value => value === 1),
  }
}
