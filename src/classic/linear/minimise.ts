// Linear models as the minimum of a mean loss with an L2 penalty (kernels/learn/linear-objective.cpp).

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Training } from '../../estimator/base-estimator.js'
import { runJob } from '../../execute/jobs.js'
import { rowArguments } from '../linear-algebra/row-arguments.js'
import { type DescentTrace, traceOf } from './descent-trace.js'
import { orNone } from './job-arrays.js'

/** The numbers of `LossKind` in kernels/learn/row-loss.h. */
const losses = { squared: 0, logistic: 1, multinomial: 2, tweedie: 3, huber: 4 } as const

/** The numbers of `Solver` in kernels/learn/linear-objective.cpp. */
const solvers = { lbfgs: 0, newtonCholesky: 1, newtonCg: 2, gradientDescent: 3 } as const

export type ObjectiveSolver = keyof typeof solvers

export interface Objective {
  readonly loss: keyof typeof losses
  /** Classes of multinomial; else 1. */
  readonly outputs?: number
  /** Tweedie's power, Huber's ε. */
  readonly shape?: number
  /** `penalty / 2 · ‖coefficients‖²` beside the mean loss. */
  readonly penalty: number
  readonly fitIntercept: boolean
  /** Numbers, or classes from 0. */
  readonly targets: Float64Array | Int32Array
  readonly weights: Float64Array | undefined
  readonly solver: ObjectiveSolver
  readonly maxIter: number
  /** Stops when no component of the gradient is larger. */
  readonly tol: number
  /** Whether `tol` is a share of the largest component at the start. */
  readonly relative?: boolean
  /** Of gradient descent. */
  readonly learningRate?: number
  /** Coefficients of each feature for all outputs, then intercepts (then log σ): where to begin. */
  readonly start?: Float64Array
}

export interface Minimum {
  /** Row-major `outputs × features`. */
  readonly coef: Float64Array
  readonly intercept: Float64Array
  readonly nIter: number
  readonly converged: boolean
  readonly loss: number
  /** Huber's σ. */
  readonly scale: number
  /** Of gradient descent. */
  readonly trace: DescentTrace | undefined
}

/** Numbers that a trace may hold: beyond it every second, third, … iterate is left out. */
const mostTraced = 4_000_000

/** Errors: NOT_FINITE where the loss or its gradient overflows. */
export async function minimise(
  { operation, x, signal, onProgress }: Training<AnyMatrix>,
  objective: Objective,
): Promise<Minimum> {
  const { outputs = 1, solver, maxIter, targets, weights } = objective
  const { numbers, arrays } = rowArguments(x)
  const parameters = (x.width + 1) * outputs
  const stride = Math.ceil(((maxIter + 1) * (parameters + 3)) / mostTraced)
  const [coef, intercept, summary, trace, path] = await runJob(operation, {
    kind: 'linearObjective',
    numbers: [
      ...numbers,
      losses[objective.loss],
      outputs,
      objective.shape ?? 0,
      objective.penalty,
      objective.fitIntercept ? 1 : 0,
      solvers[solver],
      maxIter,
      objective.tol,
      objective.relative === true ? 1 : 0,
      objective.learningRate ?? 0,
      stride,
    ],
    arrays: [...arrays, targets, orNone(weights), orNone(objective.start)],
    signal,
    onProgress,
  })
  const [nIter, converged, loss, , scale] = new Float64Array(summary)
  return {
    coef: new Float64Array(coef),
    intercept: new Float64Array(intercept),
    nIter,
    converged: converged === 1,
    loss,
    scale,
    trace:
      solver === 'gradientDescent'
        ? traceOf(new Float64Array(trace), new Float64Array(path), x.width, outputs)
        : undefined,
  }
}

/** Parameters in the order of the kernels from coefficients and intercepts. */
export function startFrom(coef: Float64Array, intercept: ArrayLike<number>): Float64Array {
  const outputs = intercept.length
  const width = coef.length / outputs
  const start = new Float64Array((width + 1) * outputs)
  for (let k = 0; k < outputs; k++) {
    for (let j = 0; j < width; j++) start[j * outputs + k] = coef[k * width + j]
    start[width * outputs + k] = intercept[k]
  }
  return start
}
