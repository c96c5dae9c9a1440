// Parameters and jobs that the linear machines share: kernels/learn/linear-svm-fit.cpp.

import { AthanorError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  integerParameter,
  numberParameter,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Training } from '../../estimator/base-estimator.js'
import { randomState } from '../../estimator/random-state.js'
import { runJob } from '../../execute/jobs.js'
import { rowSource } from '../linear-algebra/row-source.js'
import { scoresOf } from './support-vectors.js'

/** The numbers of `LinearMethod` in kernels/learn/linear-solver.h. */
export const linearMethods = {
  dualHinge: 0,
  dualSquaredHinge: 1,
  dualEpsilonInsensitive: 2,
  dualSquaredEpsilonInsensitive: 3,
  newtonSquaredHinge: 4,
  newtonSquaredEpsilonInsensitive: 5,
  lassoSquaredHinge: 6,
} as const

export type LinearMethod = keyof typeof linearMethods

export const linearParameters = {
  C: numberParameter({
    default: 1,
    above: 0,
    doc: 'How much losses count against the penalty; the smaller, the smoother.',
    search: { scale: 'log', low: 1e-3, high: 1e2 },
  }),
  tol: numberParameter({ default: 1e-4, above: 0, doc: 'Stops at this violation of optimality.' }),
  dual: eitherParameter(
    choiceParameter(['auto'], { doc: 'By the shape of the data.' }),
    booleanParameter({ default: true, doc: 'Whether.' }),
    {
      default: 'auto',
      doc: 'Whether the dual is solved, row by row; auto: where there are fewer rows than features, or no other way.',
    },
  ),
  fitIntercept: booleanParameter({ default: true, doc: 'Whether to learn an intercept.' }),
  interceptScaling: numberParameter({
    default: 1,
    above: 0,
    doc: 'The constant feature whose weight is the intercept; the larger, the less the intercept is penalised.',
  }),
  maxIter: integerParameter({ default: 1000, min: 1, doc: 'Passes, or Newton steps, at most.' }),
  randomState,
}

/** Whether the dual is solved, of the ways that a loss allows. */
export function choosesDual(
  operation: string,
  dual: boolean | 'auto',
  allowed: { readonly dual: boolean; readonly primal: boolean },
  { rows, width }: AnyMatrix,
): boolean {
  if (dual === 'auto') return allowed.dual && (!allowed.primal || rows < width)
  if (dual ? allowed.dual : allowed.primal) return dual
  throw new AthanorError('ARGUMENT', {
    operation,
    expected: `dual ${!dual} for this loss and penalty`,
    received: String(dual),
    fix: "dual: 'auto' chooses what there is",
  })
}

export interface LinearMachine {
  /** Row-major `outputs × features`. */
  readonly coef: Float64Array
  readonly intercept: Float64Array
  readonly nIter: Int32Array
  readonly converged: boolean
}

export interface LinearCall {
  readonly method: LinearMethod
  /** Places of classes, or numbers; one a row. */
  readonly y: ArrayLike<number>
  /** What a row's loss counts, C included; rows of 0 are left out. */
  readonly cost: Float64Array
  /** For each output: factors of the cost of its own class, and of the others. */
  readonly factors: readonly (readonly [number, number])[]
  readonly tolerances: readonly number[]
  readonly epsilon: number
  readonly params: {
    readonly fitIntercept: boolean
    readonly interceptScaling: number
    readonly maxIter: number
    readonly randomState: number
  }
}

export async function fitLinear(
  { operation, x, signal, onProgress }: Training<AnyMatrix>,
  { method, y, cost, factors, tolerances, epsilon, params }: LinearCall,
): Promise<LinearMachine> {
  const source = rowSource(x)
  const rows = Int32Array.from({ length: x.rows }, (_, row) => row).filter(row => cost[row] > 0)
  const bias = params.fitIntercept ? params.interceptScaling : 0
  const outputs = factors.length
  const results = await runJob(operation, {
    kind: 'linearSvmFit',
    numbers: [
      ...source.numbers,
      bias,
      linearMethods[method],
      epsilon,
      params.maxIter,
      params.randomState,
      rows.length,
      outputs,
    ],
    arrays: [
      ...source.arrays,
      rows,
      Float64Array.from(rows, row => y[row]),
      Float64Array.from(rows, row => cost[row]),
      Float64Array.from(factors.flat()),
      Float64Array.from(tolerances),
    ],
    signal,
    onProgress,
  })
  const weights = new Float64Array(results[0])
  const width = weights.length / outputs
  const coef = new Float64Array(outputs * x.width)
  const intercept = new Float64Array(outputs)
  for (let k = 0; k < outputs; k++) {
    coef.set(weights.subarray(k * width, k * width + x.width), k * x.width)
    if (bias !== 0) intercept[k] = bias * weights[k * width + x.width]
  }
  const nIter = Int32Array.from(new Float64Array(results[1]))
  return { coef, intercept, nIter, converged: new Int32Array(results[2]).every(Boolean) }
}

/** x·coefᵀ + intercept, row-major `rows × outputs`. */
export function linearScores(
  operation: string,
  x: AnyMatrix,
  coef: Float64Array,
  intercept: Float64Array,
): Promise<Float64Array> {
  const outputs = intercept.length
  return scoresOf(
    operation,
    x,
    {
      kernel: { kernel: 'linear', degree: 0, gamma: 1, coef0: 0 },
      gamma: 1,
      support: new Int32Array(0),
      vectors: { x: coef, rows: outputs, width: x.width },
    },
    {
      outputs,
      coefficients: new Float64Array(outputs).fill(1),
      biases: intercept,
      segments: Array.from(intercept, (_, k) => [k, 0, k, k + 1] as const),
    },
  )
}
