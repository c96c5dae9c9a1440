// How strongly each feature alone goes with the target: analysis of variance, correlation, χ².

import { AthanorError } from '../../base/errors.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { isSparse, type MatrixLike, matrixOf } from '../../estimator/matrix.js'
import { forRowBlocks } from '../../estimator/row-blocks.js'
import { encodeLabels, numericTargets, type Targets, targetsOf } from '../../estimator/targets.js'
import { momentsOf } from '../../features/moments.js'
import { chi2Tail, fTail } from './distributions.js'

/** A score a feature, higher for stronger ties; and how likely chance alone would give as high a one. */
export interface FeatureScores {
  readonly scores: Float64Array
  /** Absent where the score has none. */
  readonly pvalues?: Float64Array
}

/** Labels as places among their classes. */
export interface Coded {
  readonly codes: Int32Array
  readonly classes: number
}

/** A sum of squares that rounding in means of that square could have made counts as 0. */
function beyondRounding(squares: number, meanSquare: number, rows: number): number {
  return squares > meanSquare * (rows * 1e-15) ** 2 ? squares : 0
}

/** Calls `visit` for each value that is stored: all of a dense matrix, those of a sparse one. */
export async function forStored(
  operation: string,
  x: AnyMatrix,
  visit: (value: number, row: number, column: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  if (isSparse(x)) {
    await forRowBlocks(
      operation,
      { rows: x.rows, width: Math.ceil(x.values.length / x.rows) },
      (from, to) => {
        for (let row = from; row < to; row++)
          for (let n = x.indptr[row]; n < x.indptr[row + 1]; n++)
            visit(x.values[n], row, x.indices[n])
      },
      signal,
    )
    return
  }
  const { width } = x
  await forRowBlocks(
    operation,
    x,
    (from, to) => {
      for (let row = from; row < to; row++)
        for (let j = 0; j < width; j++) visit(x.x[row * width + j], row, j)
    },
    signal,
  )
}

/** F of a one-way analysis of variance a feature: classes apart over spread within (Fisher 1925). */
export async function scoreClasses(
  operation: string,
  x: AnyMatrix,
  { codes, classes }: Coded,
  signal?: AbortSignal,
): Promise<FeatureScores> {
  const { rows, width } = x
  const inClass = new Float64Array(classes)
  for (let row = 0; row < rows; row++) inClass[codes[row]]++
  const means = new Float64Array(classes * width)
  const stored = new Float64Array(classes * width)
  await forStored(
    operation,
    x,
    (value, row, j) => {
      means[codes[row] * width + j] += value / inClass[codes[row]]
      stored[codes[row] * width + j]++
    },
    signal,
  )
  const within = new Float64Array(width)
  await forStored(
    operation,
    x,
    (value, row, j) => {
      within[j] += (value - means[codes[row] * width + j]) ** 2
    },
    signal,
  )
  const between = new Float64Array(width)
  for (let j = 0; j < width; j++) {
    let mean = 0
    for (let k = 0; k < classes; k++) mean += (means[k * width + j] * inClass[k]) / rows
    for (let k = 0; k < classes; k++) {
      const own = means[k * width + j]
      between[j] += inClass[k] * (own - mean) ** 2
      // Values that are not stored are 0.
      within[j] += (inClass[k] - stored[k * width + j]) * own * own
    }
  }
  for (let j = 0; j < width; j++) {
    const size = means[j] * means[j]
    between[j] = beyondRounding(between[j], size, rows)
    within[j] = beyondRounding(within[j], size, rows)
  }
  const [d1, d2] = [classes - 1, rows - classes]
  const scores = between.map((apart, j) => apart / d1 / (within[j] / d2))
  return { scores, pvalues: scores.map(f => fTail(f, d1, d2)) }
}

/** F of the correlation with a number, a feature each. */
export async function scoreNumbers(
  operation: string,
  x: AnyMatrix,
  y: Float64Array,
  signal?: AbortSignal,
): Promise<FeatureScores> {
  const { rows, width } = x
  const { mean, std } = momentsOf(y)
  const means = new Float64Array(width)
  const stored = new Float64Array(width)
  await forStored(
    operation,
    x,
    (value, _row, j) => {
      means[j] += value / rows
      stored[j]++
    },
    signal,
  )
  const squares = means.map((own, j) => (rows - stored[j]) * own * own)
  const products = new Float64Array(width)
  await forStored(
    operation,
    x,
    (value, row, j) => {
      squares[j] += (value - means[j]) ** 2
      products[j] += value * (y[row] - mean)
    },
    signal,
  )
  const freedom = rows - 2
  const scores = products.map((product, j) => {
    const spread = beyondRounding(squares[j], means[j] * means[j], rows)
    const r = product / Math.sqrt(spread) / (std * Math.sqrt(rows))
    if (Number.isNaN(r) || spread === 0 || std === 0) return 0
    const f = (r * r * freedom) / (1 - Math.min(1, r * r))
    return Number.isNaN(f) ? 0 : Math.min(Number.MAX_VALUE, f)
  })
  return { scores, pvalues: scores.map(f => (f === 0 ? 1 : fTail(f, 1, freedom))) }
}

/** χ² of sums within classes against those that shares of the classes would give (Liu & Setiono 1995). */
export async function scoreCounts(
  operation: string,
  x: AnyMatrix,
  { codes, classes }: Coded,
  signal?: AbortSignal,
): Promise<FeatureScores> {
  const { rows, width } = x
  const observed = new Float64Array(classes * width)
  await forStored(
    operation,
    x,
    (value, row, j) => {
      if (value < 0)
        throw new AthanorError('DATA', {
          operation,
          expected: 'features of 0 or more for chi2',
          received: `${value} in row ${row}, feature ${j}`,
          fix: 'Scale them with MinMaxScaler, or score by fClassif',
        })
      observed[codes[row] * width + j] += value
    },
    signal,
  )
  const share = new Float64Array(classes)
  for (let row = 0; row < rows; row++) share[codes[row]] += 1 / rows
  const scores = new Float64Array(width)
  for (let j = 0; j < width; j++) {
    let total = 0
    for (let k = 0; k < classes; k++) total += observed[k * width + j]
    for (let k = 0; k < classes; k++) {
      const expected = share[k] * total
      scores[j] += (observed[k * width + j] - expected) ** 2 / expected
    }
  }
  return { scores, pvalues: scores.map(value => chi2Tail(value, classes - 1)) }
}

/** Labels as codes. Errors: those of `encodeLabels`; DATA for a single class. */
export function codedTargets(
  operation: string,
  y: Parameters<typeof encodeLabels>[1],
  rows: number,
): Coded {
  const { codes, classes } = encodeLabels(operation, y, rows, undefined)
  if (classes.length < 2)
    throw new AthanorError('DATA', {
      operation,
      expected: 'rows of at least two classes',
      received: 'one',
    })
  return { codes, classes: classes.length }
}

/**
 * Analysis of variance: for each feature F, how far the classes' means lie apart compared with the spread within
 * classes, and its p-value. As scikit-learn's `f_classif`; a feature that is constant within classes has F = ∞.
 *
 * @example
 * ```ts
 * const { scores } = await fClassif([[1, 5], [2, 3], [8, 4], [9, 4]], ['a', 'a', 'b', 'b'])
 * scores // [98, 0]
 * ```
 */
export async function fClassif(x: MatrixLike, y: Targets): Promise<FeatureScores> {
  const matrix = await matrixOf('fClassif', x, { sparse: true })
  const labels = await targetsOf('fClassif', x, y)
  return scoreClasses('fClassif', matrix, codedTargets('fClassif', labels, matrix.rows))
}

/**
 * Linear dependence: for each feature F of its correlation with the target, and its p-value. As scikit-learn's
 * `f_regression`.
 *
 * @example
 * ```ts
 * const { scores } = await fRegression([[1, 2], [2, 1], [3, 2]], [1, 2, 3.1])
 * scores[0] > scores[1] // true
 * ```
 */
export async function fRegression(x: MatrixLike, y: Targets): Promise<FeatureScores> {
  const matrix = await matrixOf('fRegression', x, { sparse: true })
  const targets = numericTargets('fRegression', await targetsOf('fRegression', x, y), matrix.rows)
  return scoreNumbers('fRegression', matrix, targets)
}

/**
 * χ² of counts (of words, for instance) that depend on the class, a feature each, and its p-value. As scikit-learn's
 * `chi2`. Errors: DATA for features below 0.
 *
 * @example
 * ```ts
 * const { scores, pvalues } = await chi2([[1, 1], [3, 1]], ['a', 'b'])
 * scores // [1, 0]
 * pvalues // [0.317…, 1]
 * ```
 */
export async function chi2(x: MatrixLike, y: Targets): Promise<FeatureScores> {
  const matrix = await matrixOf('chi2', x, { sparse: true })
  const labels = await targetsOf('chi2', x, y)
  return scoreCounts('chi2', matrix, codedTargets('chi2', labels, matrix.rows))
}
