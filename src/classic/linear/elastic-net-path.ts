// The coefficients of Lasso and elastic net along a whole path of penalties (Friedman, Hastie & Tibshirani
// 2010): what enters the model when.

import { argumentError } from '../../base/errors.js'
import { type OptionRows, OptionTable } from '../../base/options.js'
import {
  either,
  listOf,
  numberIn,
  oneOf,
  tested,
  trueOrFalse,
  wholeNumber,
} from '../../base/value-kinds.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { type MatrixLike, matrixOf } from '../../estimator/matrix.js'
import { checkedWeights, numericTargets, type Targets, targetsOf } from '../../estimator/targets.js'
import { coordinateDescent } from './coordinate-descent.js'

/** Options of `lassoPath`. */
export interface PathOptions {
  /** How many penalties are chosen, or the penalties themselves; 100 by default. */
  readonly alphas?: number | readonly number[]
  /** The last of the chosen penalties, as a share of the first; 0.001 by default. */
  readonly eps?: number
  /** Whether each model has an intercept; true by default. */
  readonly fitIntercept?: boolean
  /** No coefficient below 0; false by default. */
  readonly positive?: boolean
  readonly precompute?: boolean | 'auto'
  /** Sweeps for each penalty at most; 1000 by default. */
  readonly maxIter?: number
  /** Of the duality gap, as a share of the targets' sum of squares; 0.0001 by default. */
  readonly tol?: number
  readonly selection?: 'cyclic' | 'random'
  /** The seed of the selection random. */
  readonly randomState?: number
  /** Weight of each row, 0 or more. */
  readonly sampleWeight?: ArrayLike<number>
  readonly signal?: AbortSignal
}

/** Options of `enetPath`. */
export interface EnetPathOptions extends PathOptions {
  /** The share of L1 in the penalty, above 0; 0.5 by default. */
  readonly l1Ratio?: number
}

/** Coefficients for one penalty after the other. */
export interface CoefficientPath {
  /** Descending. */
  readonly alphas: Float64Array
  /** Row-major `alphas × features`. */
  readonly coefs: Float64Array
  /** One an alpha; 0 without intercepts. */
  readonly intercepts: Float64Array
  /** How far each objective may still be above its minimum. */
  readonly dualGaps: Float64Array
  readonly nIters: Int32Array
}

const pathRows: OptionRows<PathOptions> = {
  alphas: either(wholeNumber({ min: 1 }), listOf(numberIn({ min: 0 }), { min: 1 })),
  eps: numberIn({ above: 0, max: 1 }),
  fitIntercept: trueOrFalse,
  positive: trueOrFalse,
  precompute: either(trueOrFalse, oneOf(['auto'])),
  maxIter: wholeNumber({ min: 1 }),
  tol: numberIn({ min: 0 }),
  selection: oneOf(['cyclic', 'random']),
  randomState: wholeNumber({ min: 0 }),
  sampleWeight: tested('weights, one a row', value => typeof value === 'object' && value !== null),
  signal: tested('an AbortSignal', value => value instanceof AbortSignal),
}

const lassoPathOptions = new OptionTable<PathOptions>(pathRows)
const enetPathOptions = new OptionTable<EnetPathOptions>({
  ...pathRows,
  l1Ratio: numberIn({ min: 0, max: 1 }),
})

/**
 * Elastic net for a path of penalties, from the one that leaves no coefficient on.
 *
 * @throws AthanorError SHAPE, DATA, ARGUMENT for what it cannot learn from.
 *
 * @example
 * ```ts
 * const path = await enetPath([[0, 1], [1, 0], [2, 1], [3, 3]], [0, 1, 2, 3], { l1Ratio: 0.8, alphas: 20 })
 * console.log(path.alphas[0], path.coefs.slice(0, 2)) // the first penalty leaves no coefficient
 * ```
 */
export async function enetPath(
  x: MatrixLike,
  y: Targets,
  options: EnetPathOptions = {},
): Promise<CoefficientPath> {
  return pathOf('enetPath', x, y, enetPathOptions.check('enetPath', options))
}

/**
 * Lasso for a path of penalties, from the one that leaves no coefficient on.
 *
 * @throws AthanorError SHAPE, DATA, ARGUMENT for what it cannot learn from.
 *
 * @example
 * ```ts
 * const path = await lassoPath([[0, 1], [1, 0], [2, 1], [3, 3]], [0, 1, 2, 3], { alphas: [0.5, 0.1] })
 * console.log(path.coefs) // two rows of two coefficients
 * ```
 */
export async function lassoPath(
  x: MatrixLike,
  y: Targets,
  options: PathOptions = {},
): Promise<CoefficientPath> {
  const checked = lassoPathOptions.check('lassoPath', options)
  return pathOf('lassoPath', x, y, { ...checked, l1Ratio: 1 })
}

async function pathOf(
  operation: string,
  x: MatrixLike,
  y: Targets,
  options: EnetPathOptions,
): Promise<CoefficientPath> {
  const { alphas = 100, eps = 1e-3, l1Ratio = 0.5, signal } = options
  if (typeof alphas === 'number' && l1Ratio === 0)
    throw argumentError(
      operation,
      'alphas, since an l1Ratio of 0 leaves no first one',
      'a number of them',
    )
  const ignored = typeof y === 'string' ? y : undefined
  const matrix = (await matrixOf(operation, x, { sparse: true, ignored })) as AnyMatrix
  const { rows, width } = matrix
  const targets = numericTargets(operation, await targetsOf(operation, x, y), rows)
  const path = await coordinateDescent(
    {
      operation,
      x: matrix,
      rows,
      width,
      y: targets,
      sampleWeight: checkedWeights(operation, options.sampleWeight, rows),
      signal,
      onProgress: undefined,
    },
    {
      alphas:
        typeof alphas === 'number' ? { count: alphas, eps } : [...alphas].sort((a, b) => b - a),
      l1Ratio,
      fitIntercept: options.fitIntercept ?? true,
      maxIter: options.maxIter ?? 1000,
      tol: options.tol ?? 1e-4,
      positive: options.positive,
      selection: options.selection,
      seed: options.randomState,
      precompute: options.precompute,
    },
  )
  return {
    alphas: path.alphas,
    coefs: path.coef,
    intercepts: path.intercept,
    dualGaps: Float64Array.from(path.dualGap),
    nIters: Int32Array.from(path.nIter),
  }
}
