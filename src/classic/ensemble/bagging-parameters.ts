// Parameters that both kinds of bagging share, and what a member sees of a table.

import { argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  eitherParameter,
  integerParameter,
  numberParameter,
  optionalParameter,
  type Parameter,
} from '../../base/parameters.js'
import { Random } from '../../base/philox.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { type FeaturesLike, isSparse, type Matrix } from '../../estimator/matrix.js'
import { randomState } from '../../estimator/random-state.js'
import { countOf } from '../trees/tree-parameters.js'

function countOrPart(doc: string): Parameter<number | undefined> {
  return optionalParameter(
    eitherParameter(
      integerParameter({ min: 1, max: 4294967295, doc: '' }),
      numberParameter({ above: 0, below: 1, doc: '' }),
      { doc },
    ),
  )
}

/** All but the estimator. */
export const samplingParameters = {
  nEstimators: integerParameter({
    default: 10,
    min: 1,
    max: 1_000_000,
    doc: 'Number of estimators.',
    search: { scale: 'log', low: 10, high: 100, whole: true },
  }),
  maxSamples: countOrPart(
    'Rows that each estimator sees: a number, or a part below 1; null: as many as there are.',
  ),
  maxFeatures: countOrPart(
    'Features that each estimator sees: a number (1 is one), or a part below 1; null: all.',
  ),
  bootstrap: booleanParameter({
    default: true,
    doc: 'Whether rows are drawn with putting back, in proportion to their weights.',
  }),
  bootstrapFeatures: booleanParameter({
    default: false,
    doc: 'Whether features are drawn with putting back.',
  }),
  oobScore: booleanParameter({
    default: false,
    doc: 'Whether rows that an estimator has not seen judge it. Needs bootstrap.',
  }),
  randomState,
}

export interface SamplingParams {
  readonly maxSamples: number | undefined
  readonly maxFeatures: number | undefined
  readonly bootstrap: boolean
  readonly bootstrapFeatures: boolean
  readonly randomState: number
}

/** Rows and features of one member. */
export interface Sample {
  readonly rows: Uint32Array
  /** Undefined: all, in their order. */
  readonly features: Int32Array | undefined
}

/** What member `number` sees, by its own random numbers. */
export function sampleOf(
  params: SamplingParams,
  number: number,
  { rows, width }: Pick<AnyMatrix, 'rows' | 'width'>,
  weights: Float64Array | undefined,
): Sample {
  const random = new Random(params.randomState, number)
  const total = weights?.reduce((a, b) => a + b, 0) ?? rows
  const { maxSamples, maxFeatures, bootstrap, bootstrapFeatures } = params
  const wanted =
    maxSamples === undefined ? rows : Math.max(1, countOf(maxSamples, total, Math.floor))
  const usable = weights === undefined ? undefined : usableRows(weights)
  const features =
    maxFeatures === undefined
      ? width
      : Math.min(width, Math.max(1, countOf(maxFeatures, width, Math.floor)))
  return {
    rows: bootstrap
      ? drawn(random, rows, wanted, weights)
      : distinct(random, usable ?? everyRow(rows), wanted),
    features:
      features === width && !bootstrapFeatures
        ? undefined
        : Int32Array.from(
            bootstrapFeatures
              ? drawn(random, width, features, undefined)
              : distinct(random, everyRow(width), features),
          ),
  }
}

function everyRow(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i)
}

function usableRows(weights: Float64Array): Uint32Array {
  return everyRow(weights.length).filter(row => weights[row] > 0)
}

/** With putting back; in proportion to the weights where these differ. */
function drawn(
  random: Random,
  count: number,
  wanted: number,
  weights: Float64Array | undefined,
): Uint32Array {
  if (weights === undefined || weights.every(weight => weight === weights[0]))
    return new Uint32Array(wanted).map(() => random.integer(count)).sort()
  const sums = new Float64Array(count)
  let sum = 0
  for (let i = 0; i < count; i++) {
    sum += weights[i]
    sums[i] = sum
  }
  return new Uint32Array(wanted).map(() => firstAbove(sums, random.uniform() * sum)).sort()
}

function firstAbove(sums: Float64Array, value: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (sums[middle] > value) high = middle
    else low = middle + 1
  }
  return low
}

/** Each at most once, ascending. */
function distinct(random: Random, from: Uint32Array, wanted: number): Uint32Array {
  if (wanted >= from.length) return from
  return random.shuffle(from.slice()).slice(0, wanted).sort()
}

/** Some columns of a matrix; a sparse one becomes dense. Errors: ARGUMENT for tables and texts. */
export function takeFeatures(
  operation: string,
  x: FeaturesLike,
  features: Int32Array | undefined,
): FeaturesLike {
  if (features === undefined) return x
  const matrix = x as AnyMatrix
  if (!('width' in matrix) || !(isSparse(matrix) || 'x' in matrix))
    throw argumentError(
      operation,
      'a matrix of numbers, where maxFeatures is given',
      'a table or texts',
    )
  const { x: from, rows, width, names }: Matrix = isSparse(matrix) ? matrix.toDense() : matrix
  const count = rows * features.length
  const values = from instanceof Float32Array ? new Float32Array(count) : new Float64Array(count)
  for (let row = 0; row < rows; row++)
    for (let f = 0; f < features.length; f++)
      values[row * features.length + f] = from[row * width + features[f]]
  return {
    x: values,
    rows,
    width: features.length,
    ...(names === undefined ? {} : { names: Array.from(features, f => names[f]) }),
  }
}

/** Rows that a sample has not. */
export function rowsOutside({ rows }: Sample, count: number): Uint32Array {
  const seen = new Uint8Array(count)
  for (const row of rows) seen[row] = 1
  return everyRow(count).filter(row => seen[row] === 0)
}
