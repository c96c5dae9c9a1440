// From problems of support vectors to the solver's job and back: kernels/learn/svm-fit.cpp.

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Training } from '../../estimator/base-estimator.js'
import { runJob } from '../../execute/jobs.js'
import { rowSource } from '../linear-algebra/row-source.js'
import { type Kernel, kernelNumbers, type Solver } from './kernel-parameters.js'

/** Minimise ½ βᵀKβ − targetᵀβ + ε·Σ|β| with low ≤ β ≤ high, Σβ as at the start. One entry a row. */
export interface SvmProblem {
  readonly rows: Int32Array
  readonly target: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
  /** Zeros where it is not given. */
  readonly start?: Float64Array
  /** Rows whose decision values are wanted too. */
  readonly asked?: Int32Array
}

export interface SvmSolution {
  readonly beta: Float64Array
  /** Decision values are Σ β·K − rho. */
  readonly rho: number
  readonly iterations: number
  readonly converged: boolean
  /** Of the rows asked for. */
  readonly decisions: Float64Array
}

export function kernelNumbersOf({ kernel, coef0, degree }: Kernel, gamma: number): number[] {
  return [kernelNumbers[kernel], gamma, coef0, degree]
}

/** Solves problems over the rows of one matrix; the next begins where a thread is free. */
export async function solveProblems(
  { operation, x, signal, onProgress }: Training<AnyMatrix>,
  params: Kernel & Solver & { readonly epsilon?: number },
  gamma: number,
  problems: readonly SvmProblem[],
): Promise<SvmSolution[]> {
  const source = rowSource(x)
  const starts = startsOf(problems.map(({ rows }) => rows.length))
  const asked = startsOf(problems.map(p => p.asked?.length ?? 0))
  const all = (pick: (problem: SvmProblem) => Float64Array) => joined(problems.map(pick), starts)
  const begins = problems.some(({ start }) => start !== undefined)
  const results = await runJob(operation, {
    kind: 'svmFit',
    numbers: [
      ...source.numbers,
      ...kernelNumbersOf(params, gamma),
      params.epsilon ?? 0,
      params.tol,
      params.maxIter ?? Math.max(1e7, 100 * x.rows),
      params.shrinking ? 1 : 0,
      Math.floor(params.cacheSize * 2 ** 20),
      problems.length,
    ],
    arrays: [
      ...source.arrays,
      starts,
      asked,
      joinedIds(problems.map(({ rows }) => rows)),
      joinedIds(problems.map(p => p.asked ?? new Int32Array(0))),
      all(({ target }) => target),
      all(({ low }) => low),
      all(({ high }) => high),
      begins ? all(p => p.start ?? new Float64Array(p.rows.length)) : new Float64Array(0),
    ],
    signal,
    onProgress,
  })
  const [beta, rho, iterations] = results.slice(0, 3).map(buffer => new Float64Array(buffer))
  const converged = new Int32Array(results[3])
  const decisions = new Float64Array(results[4])
  return problems.map((_, k) => ({
    beta: beta.slice(starts[k], starts[k + 1]),
    rho: rho[k],
    iterations: iterations[k],
    converged: converged[k] === 1,
    decisions: decisions.slice(asked[k], asked[k + 1]),
  }))
}

function startsOf(lengths: readonly number[]): Int32Array {
  const starts = new Int32Array(lengths.length + 1)
  lengths.forEach((length, k) => {
    starts[k + 1] = starts[k] + length
  })
  return starts
}

function joined(parts: readonly Float64Array[], starts: Int32Array): Float64Array {
  const out = new Float64Array(starts[parts.length])
  for (const [k, part] of parts.entries()) out.set(part, starts[k])
  return out
}

/** Lists of rows, one after the other. */
export function joinedIds(parts: readonly Int32Array[]): Int32Array {
  const starts = startsOf(parts.map(part => part.length))
  const out = new Int32Array(starts[parts.length])
  for (const [k, part] of parts.entries()) out.set(part, starts[k])
  return out
}
