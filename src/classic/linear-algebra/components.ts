// Singular values and right vectors of rows, and eigenvalues of symmetric matrices, in jobs
// (kernels/learn/components.cpp).

import { AthanorError } from '../../base/errors.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { isSparse, requireFinite } from '../../estimator/matrix.js'
import { type JobCall, runJob } from '../../execute/jobs.js'
import { rowArguments } from './row-arguments.js'

const solvers = { covariance: 0, full: 1, randomized: 2 } as const

export interface ComponentOptions {
  /** From the scatter matrix; exactly; or from a random range. */
  readonly solver: keyof typeof solvers
  /** Whether the columns' means are taken off first; not from sparse rows. */
  readonly centered: boolean
  /** Columns of the random range. */
  readonly size?: number
  /** Its power iterations. */
  readonly iterations?: number
  readonly seed?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: {
    readonly fraction: number
    readonly iteration: number
    readonly loss: number
  }) => void
}

export interface Components {
  /** What was taken off the columns. */
  readonly shift: Float64Array
  /** Descending. */
  readonly singularValues: Float64Array
  /** One unit vector a singular value, row by row; the largest element of each is positive. */
  readonly vectors: Float64Array
  /** Σ (x − shift)² of each column. */
  readonly squares: Float64Array
}

/**
 * The singular values and right singular vectors of rows.
 *
 * @throws AthanorError INTERRUPTED, MEMORY; DATA where squares of the features are beyond float64.
 */
export async function componentsOf(
  operation: string,
  x: AnyMatrix,
  options: ComponentOptions,
): Promise<Components> {
  const { solver, centered, size = 1, iterations = 0, seed = 0, signal, onProgress } = options
  const { numbers, arrays } = rowArguments(x)
  const call: JobCall = {
    kind: 'components',
    numbers: [...numbers, solvers[solver], centered ? 1 : 0, size, iterations, seed],
    arrays,
    signal,
    onProgress,
  }
  const results = await runJob(operation, call).catch((error: unknown) => {
    if (!(error instanceof AthanorError && error.code === 'NOT_FINITE')) throw error
    if (!isSparse(x)) requireFinite(operation, x)
    throw tooLarge(operation, Number.POSITIVE_INFINITY)
  })
  const [shift, singularValues, vectors, squares] = results.map(part => new Float64Array(part))
  for (let i = 0; i < singularValues.length; i++)
    if (!Number.isFinite(singularValues[i] ** 2)) throw tooLarge(operation, singularValues[i])
  if (!squares.every(Number.isFinite)) throw tooLarge(operation, Infinity)
  flipSigns(vectors, x.width)
  return { shift, singularValues, vectors, squares }
}

function tooLarge(operation: string, value: number): AthanorError {
  return new AthanorError('DATA', {
    operation,
    expected: 'features whose squares are numbers',
    received: `a singular value of ${value}`,
    fix: 'Scale the features first, for instance with StandardScaler',
  })
}

/** Makes the largest element of each row positive, as scikit-learn's svd_flip; of equal ones the first. */
export function flipSigns(vectors: Float64Array, width: number): void {
  for (let from = 0; from < vectors.length; from += width) {
    let largest = from
    for (let i = from + 1; i < from + width; i++)
      if (Math.abs(vectors[i]) > Math.abs(vectors[largest])) largest = i
    if (vectors[largest] >= 0) continue
    for (let i = from; i < from + width; i++) vectors[i] = -vectors[i]
  }
}

/** Eigenvalues, descending, and unit vectors, row by row, of a symmetric `n × n` matrix. */
export async function symmetricEigen(
  operation: string,
  matrix: Float64Array,
  n: number,
): Promise<{ readonly values: Float64Array; readonly vectors: Float64Array }> {
  const [values, vectors] = await runJob(operation, {
    kind: 'symmetricEigen',
    numbers: [n],
    arrays: [matrix],
  })
  return { values: new Float64Array(values), vectors: new Float64Array(vectors) }
}
