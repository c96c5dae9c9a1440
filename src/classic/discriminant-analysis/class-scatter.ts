// Means of classes and the scatter around them (kernels/learn/class-scatter.cpp), and covariances from these,
// shrunk where that is wanted (Ledoit & Wolf 2004).

import type { Training } from '../../estimator/base-estimator.js'
import type { Matrix } from '../../estimator/matrix.js'
import { runJob } from '../../execute/jobs.js'
import { rowArguments } from '../linear-algebra/row-arguments.js'

export interface ClassScatter {
  readonly width: number
  /** Rows of each class. */
  readonly counts: Float64Array
  /** Row-major `classes × width`. */
  readonly means: Float64Array
  /** Σ (x − mean)(x − mean)ᵀ over all rows, `width × width`; or of each class, one after the other. */
  readonly scatter: Float64Array
  /** Of each class Σ ‖z‖⁴, z scaled to a deviation of 1; where each class's scatter was wanted. */
  readonly norms: Float64Array
}

/** Errors: NOT_FINITE where sums overflow. */
export async function classScatter(
  { operation, x, signal, onProgress }: Training<Matrix>,
  codes: Int32Array,
  classes: number,
  each: boolean,
): Promise<ClassScatter> {
  const { numbers, arrays } = rowArguments(x)
  const [counts, means, scatter, norms] = await runJob(operation, {
    kind: 'classScatter',
    numbers: [...numbers, classes, each ? 1 : 0],
    arrays: [...arrays, codes],
    signal,
    onProgress,
  })
  return {
    width: x.width,
    counts: new Float64Array(counts),
    means: new Float64Array(means),
    scatter: new Float64Array(scatter),
    norms: new Float64Array(norms),
  }
}

/** How far covariances are drawn to a multiple of the identity: not, by Ledoit & Wolf's rule, or a share. */
export type Shrinkage = 'auto' | number | undefined

/** The covariance of one class (its scatter by its rows), shrunk. */
export function classCovariance(
  { width, counts, scatter, norms }: ClassScatter,
  which: number,
  shrinkage: Shrinkage,
): Float64Array {
  const n = counts[which]
  const covariance = scatter
    .slice(which * width * width, (which + 1) * width * width)
    .map(value => value / n)
  if (shrinkage === undefined || shrinkage === 0) return covariance
  if (shrinkage !== 'auto') {
    shrink(covariance, width, shrinkage)
    return covariance
  }
  const scales = Float64Array.from({ length: width }, (_, j) => {
    const variance = covariance[j * (width + 1)]
    return variance > 0 ? Math.sqrt(variance) : 1
  })
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++) covariance[i * width + j] /= scales[i] * scales[j]
  shrink(covariance, width, ledoitWolf(covariance, width, n, norms[which]))
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++) covariance[i * width + j] *= scales[i] * scales[j]
  return covariance
}

function meanVariance(covariance: Float64Array, width: number): number {
  let trace = 0
  for (let j = 0; j < width; j++) trace += covariance[j * (width + 1)]
  return trace / width
}

function shrink(covariance: Float64Array, width: number, share: number): void {
  const mean = meanVariance(covariance, width)
  for (let i = 0; i < covariance.length; i++) covariance[i] *= 1 - share
  for (let j = 0; j < width; j++) covariance[j * (width + 1)] += share * mean
}

/** The share that makes the expected squared error least; `norms` is Σ ‖row‖⁴. */
function ledoitWolf(covariance: Float64Array, width: number, rows: number, norms: number): number {
  if (width === 1) return 0
  const mean = meanVariance(covariance, width)
  let squares = 0
  for (let i = 0; i < covariance.length; i++) squares += covariance[i] ** 2
  const spread = (squares - width * mean * mean) / width
  const error = Math.min((norms / rows - squares) / (width * rows), spread)
  return error <= 0 || spread <= 0 ? 0 : error / spread
}
