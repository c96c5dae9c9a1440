// What a model says on average when one or two columns are set to each of a grid's values, all others
// as they are (Friedman 2001), and the same for each row alone (ICE; Goldstein et al. 2015).

import { AthanorError, argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { listOf, numberIn, oneOf, tested, wholeNumber } from '../../base/value-kinds.js'
import { throwIfAborted } from '../../execute/jobs.js'
import type { Classifier, Estimator } from '../contract.js'
import type { FeaturesLike } from '../matrix.js'
import { RowSet } from '../row-set.js'

/** Options of `partialDependence`. */
export interface PartialDependenceOptions {
  /** Values of the grid at most. Default: 100. */
  readonly gridResolution?: number
  /** Where the grid begins and ends, as shares of the sorted values. Default: [0.05, 0.95]. */
  readonly percentiles?: readonly number[]
  /** The mean over the rows, each row's own curve, or both. Default: 'average'. */
  readonly kind?: 'average' | 'individual' | 'both'
  /** What a classifier is asked for. Default: probabilities where it has them. */
  readonly responseMethod?: 'auto' | 'predictProba' | 'decisionFunction'
  readonly sampleWeight?: ArrayLike<number>
  readonly signal?: AbortSignal
}

const options = new OptionTable<PartialDependenceOptions>({
  gridResolution: wholeNumber({ min: 2 }),
  percentiles: listOf(numberIn({ min: 0, max: 1 }), { min: 2, max: 2 }),
  kind: oneOf(['average', 'individual', 'both']),
  responseMethod: oneOf(['auto', 'predictProba', 'decisionFunction']),
  sampleWeight: tested('weights, one a row', value => typeof value === 'object' && value !== null),
  signal: tested('an AbortSignal', value => value instanceof AbortSignal),
})

/** What `partialDependence` gives. */
export interface PartialDependence {
  readonly names: readonly string[]
  /** The grid's values of each column. */
  readonly gridValues: readonly (readonly (number | string)[])[]
  /**
   * Of each output (one for numbers and for two classes, whose second it is; else one a class) the means
   * over the grid, the last column's values next to each other. Absent for kind 'individual'.
   */
  readonly average?: readonly Float64Array[]
  /** Of each output, row by row, the answers over the grid. Absent for kind 'average'. */
  readonly individual?: readonly (readonly Float64Array[])[]
}

/**
 * The partial dependence of a fitted model on one column, or on two together. Columns are named or
 * numbered. As scikit-learn's `partial_dependence` with method 'brute'. Where columns go together, it
 * asks about rows that cannot be.
 *
 * @throws AthanorError STATE before fit; ARGUMENT for columns that are not there; DATA for a column
 * that has one value only.
 * @example
 * ```ts
 * const rows = Array.from({ length: 20 }, (_, i) => [i, i % 3])
 * const model = await new Ridge({ alpha: 0 }).fit(rows, rows.map(([a, b]) => 2 * a + b))
 * const { average } = await partialDependence(model, rows, [1])
 * console.log(average?.[0].length) // 3
 * ```
 */
export async function partialDependence(
  estimator: Estimator,
  x: FeaturesLike,
  features: readonly (string | number)[],
  given: PartialDependenceOptions = {},
): Promise<PartialDependence> {
  const operation = 'partialDependence'
  const { kind = 'average', responseMethod = 'auto', signal } = options.check(operation, given)
  if (!Array.isArray(features) || features.length < 1 || features.length > 2)
    throw argumentError(operation, 'one column or two', `${features?.length}`)
  const set = await RowSet.of(operation, x)
  const weights = given.sampleWeight
  if (weights !== undefined && weights.length !== set.rows)
    throw argumentError(operation, `${set.rows} weights, one a row`, String(weights.length))
  const places = features.map(feature => set.placeOf(feature))
  const grids = places.map(place => gridOf(operation, set, place, given))
  const respond = responderOf(operation, estimator, responseMethod)
  const points = grids.reduce((product, grid) => product * grid.length, 1)
  const average: Float64Array[] = []
  const individual: Float64Array[][] = []
  for (let point = 0; point < points; point++) {
    throwIfAborted(operation, signal)
    const second = grids.length === 2 ? point % grids[1].length : 0
    const first = Math.floor(point / (grids[1]?.length ?? 1))
    let changed = set.withValue(places[0], grids[0][first])
    if (grids.length === 2) {
      const between = await RowSet.of(operation, changed)
      changed = between.withValue(places[1], grids[1][second])
    }
    const { values, outputs } = await respond(changed)
    for (let k = 0; k < outputs; k++) {
      average[k] ??= new Float64Array(points)
      individual[k] ??= Array.from({ length: set.rows }, () => new Float64Array(points))
      let sum = 0
      let total = 0
      for (let row = 0; row < set.rows; row++) {
        const value = values[row * outputs + k]
        const weight = weights?.[row] ?? 1
        individual[k][row][point] = value
        sum += weight * value
        total += weight
      }
      average[k][point] = sum / total
    }
  }
  return {
    names: places.map(place => set.names[place]),
    gridValues: grids,
    ...(kind === 'individual' ? {} : { average }),
    ...(kind === 'average' ? {} : { individual }),
  }
}

type Respond = (
  x: FeaturesLike,
) => Promise<{ readonly values: ArrayLike<number>; readonly outputs: number }>

function responderOf(
  operation: string,
  estimator: Estimator,
  method: 'auto' | 'predictProba' | 'decisionFunction',
): Respond {
  if (estimator.estimatorType !== 'classifier') {
    if (method !== 'auto')
      throw argumentError(operation, "responseMethod 'auto' for a regressor", `'${method}'`)
    return async x => ({
      values: (await estimator.predict(x as never)) as ArrayLike<number>,
      outputs: 1,
    })
  }
  const classifier = estimator as Classifier
  const hasProbabilities =
    classifier.predictProba !== undefined && classifier.hasProbabilities !== false
  if (
    method === 'predictProba'
      ? !hasProbabilities
      : method === 'decisionFunction' && classifier.decisionFunction === undefined
  )
    throw argumentError(operation, `a classifier that answers ${method}`, 'one that does not')
  if (hasProbabilities && method !== 'decisionFunction')
    return async x => {
      const p = (await classifier.predictProba?.(x as never)) as ArrayLike<number>
      const classes = classifier.classes.length
      if (classes !== 2) return { values: p, outputs: classes }
      return {
        values: Float64Array.from({ length: p.length / 2 }, (_, row) => p[2 * row + 1]),
        outputs: 1,
      }
    }
  if (classifier.decisionFunction === undefined)
    throw argumentError(operation, 'a classifier with probabilities or scores', 'one without')
  return async x => ({
    values: (await classifier.decisionFunction?.(x as never)) as ArrayLike<number>,
    outputs: classifier.classes.length === 2 ? 1 : classifier.classes.length,
  })
}

/** The distinct values where there are few; else evenly between the percentiles. */
function gridOf(
  operation: string,
  set: RowSet,
  place: number,
  { gridResolution = 100, percentiles = [0.05, 0.95] }: PartialDependenceOptions,
): (number | string)[] {
  const values = Array.from(set.column(place)).filter(
    value => value !== null && value !== undefined && !Number.isNaN(value),
  ) as (number | string | boolean)[]
  const distinct = [...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const areNumbers = distinct.every(value => typeof value === 'number')
  if (distinct.length < gridResolution || !areNumbers)
    return distinct.map(value => (typeof value === 'boolean' ? Number(value) : value))
  const sorted = Float64Array.from(values as number[]).sort()
  const [low, high] = percentiles.map(share => quantile(sorted, share))
  if (!(high > low))
    throw new AthanorError('DATA', {
      operation,
      expected: `values of '${set.names[place]}' that differ between the percentiles`,
      received: `${low} at both ends`,
      fix: 'Widen percentiles',
    })
  return Array.from(
    { length: gridResolution },
    (_, i) => low + ((high - low) * i) / (gridResolution - 1),
  )
}

/** Plotting positions with α = β = 0.4, as scipy.stats.mstats.mquantiles. */
function quantile(sorted: Float64Array, share: number): number {
  const n = sorted.length
  const position = n * share + 0.4 + share * (1 - 0.4 - 0.4)
  const k = Math.floor(Math.min(Math.max(position, 1), n - 1))
  const part = Math.min(Math.max(position - k, 0), 1)
  return (1 - part) * sorted[k - 1] + part * sorted[k]
}
