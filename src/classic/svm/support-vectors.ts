// Support vectors as a fitted machine keeps them, and scores by them
// (kernels/learn/svm-scores.cpp).

import type { JsonReader } from '../../base/json-reader.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { isSparse, type Matrix, takeRows } from '../../estimator/matrix.js'
import { runJob } from '../../execute/jobs.js'
import { rowSource } from '../linear-algebra/row-source.js'
import type { Kernel } from './kernel-parameters.js'
import { kernelNumbersOf } from './machine.js'

function asFloat64({ x }: Matrix): Float64Array {
  return x instanceof Float64Array ? x : Float64Array.from(x)
}

/** The training rows that a machine keeps: none where the kernel is given, since x holds its values. */
export function keptVectors(
  x: AnyMatrix,
  kernel: Kernel['kernel'],
  support: Int32Array,
): AnyMatrix {
  if (kernel === 'precomputed') return { x: new Float64Array(0), rows: 0, width: x.width }
  const kept = takeRows(x, support)
  if (isSparse(kept)) return kept
  return { x: asFloat64(kept), rows: kept.rows, width: kept.width }
}

/** Refuses support vectors that don't fit the rest of a saved state. */
export function checkVectors(
  {
    support,
    supportVectors,
    nFeaturesIn,
  }: {
    readonly support: Int32Array
    readonly supportVectors: AnyMatrix
    readonly nFeaturesIn: number
  },
  kernel: Kernel['kernel'],
  json: JsonReader,
): void {
  const { rows, width } = supportVectors
  const wanted = kernel === 'precomputed' ? 0 : support.length
  if (width !== nFeaturesIn || rows !== wanted)
    json.fail(`${wanted} × ${nFeaturesIn} support vectors`, `${rows} × ${width}`)
  if (kernel === 'precomputed' && !support.every(row => row < nFeaturesIn))
    json.fail(`places below ${nFeaturesIn}`, 'others')
}

/** Outputs as sums of coefficients times kernel values. */
export interface ScoreRule {
  readonly outputs: number
  /** Sets of coefficients, one a support vector each. */
  readonly coefficients: Float64Array
  /** One an output. */
  readonly biases: Float64Array
  /** For each: output, set of coefficients, first support vector, one past the last. */
  readonly segments: readonly (readonly [number, number, number, number])[]
}

/** Row-major `rows × outputs`. */
export async function scoresOf(
  operation: string,
  x: AnyMatrix,
  machine: {
    readonly kernel: Kernel
    readonly gamma: number
    readonly support: Int32Array
    readonly vectors: AnyMatrix
  },
  { outputs, coefficients, biases, segments }: ScoreRule,
): Promise<Float64Array> {
  const { kernel, gamma, support, vectors } = machine
  const given = kernel.kernel === 'precomputed'
  const source = rowSource(x)
  const kept = rowSource(vectors)
  const count = given ? support.length : vectors.rows
  const [scores] = await runJob(operation, {
    kind: 'svmScores',
    numbers: [
      ...source.numbers,
      ...kept.numbers,
      ...kernelNumbersOf(kernel, gamma),
      count,
      outputs,
      segments.length,
      count === 0 ? 1 : coefficients.length / count,
    ],
    arrays: [
      ...source.arrays,
      ...kept.arrays,
      given ? support : Int32Array.from({ length: count }, (_, s) => s),
      coefficients,
      biases,
      Int32Array.from(segments.flat()),
    ],
  })
  return new Float64Array(scores)
}

/** For a linear kernel: what each feature adds to an output, row-major `outputs × width`. */
export function linearCoefficients(
  vectors: AnyMatrix,
  { outputs, coefficients, segments }: ScoreRule,
): Float64Array {
  const { rows, width } = vectors
  const out = new Float64Array(outputs * width)
  for (const [output, set, from, to] of segments)
    for (let s = from; s < to; s++) {
      const weight = coefficients[set * rows + s]
      if (isSparse(vectors))
        for (let n = vectors.indptr[s]; n < vectors.indptr[s + 1]; n++)
          out[output * width + vectors.indices[n]] += weight * vectors.values[n]
      else
        for (let j = 0; j < width; j++) out[output * width + j] += weight * vectors.x[s * width + j]
    }
  return out
}
