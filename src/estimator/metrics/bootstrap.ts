// Confidence intervals of any metric by resampling its rows (Efron 1979, "Bootstrap methods: another
// look at the jackknife"; BCa: Efron 1987, "Better bootstrap confidence intervals").

import { AthanorError, argumentError, shapeError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { Random } from '../../base/philox.js'
import { numberIn, oneOf, tested, wholeNumber } from '../../base/value-kinds.js'
import { bcaLevels, quantileOf, standardDeviation } from './bootstrap-interval.js'
import { encodeColumn, requireWeights, type Values, type Weighted, weighted } from './input.js'
import { isTurnDue, stopIfAborted, turn } from './long-work.js'

/** Options of `bootstrap`. */
export interface BootstrapOptions extends Weighted {
  /** How often rows are drawn anew. Default: 1000. */
  readonly resamples?: number
  /** Share of intervals that hold the true value. Default: 0.95. */
  readonly confidence?: number
  /** Same seed, same interval. Default: 0. */
  readonly seed?: number
  /** Labels whose numbers of rows every resample keeps: yTrue, where a class is rare. */
  readonly stratify?: Labels
  /**
   * `percentile` (default): between quantiles of the resampled values. `bca`: these corrected for bias
   * and skewness, better where a metric is close to its end (an AUC of 0.98); it costs up to 400 calls
   * more.
   */
  readonly method?: 'percentile' | 'bca'
  readonly signal?: AbortSignal
}

const bootstrapOptions = new OptionTable<BootstrapOptions>({
  ...weighted.rows,
  resamples: wholeNumber({ min: 2, max: 1e6 }),
  confidence: numberIn({ above: 0, below: 1 }),
  seed: wholeNumber({ min: 0 }),
  stratify: tested('labels, one a row', value => typeof value === 'object' && value !== null, [
    true,
    'yTrue',
  ]),
  method: oneOf(['percentile', 'bca']),
  signal: tested('an AbortSignal', value => value instanceof AbortSignal, [null, 1, {}]),
})

/** A metric's value and how sure it is. */
export interface BootstrapInterval {
  /** The metric of all rows, each once. */
  readonly value: number
  readonly low: number
  readonly high: number
  /** Standard deviation of the resampled values. */
  readonly standardError: number
  /** Resamples in which the metric was defined: others held one class alone, say, and are left out. */
  readonly resamples: number
}

/** A metric as it is resampled: of two columns, or of a column and a table of scores. */
export type ResampledMetric<T, P> = (
  yTrue: T,
  yPred: P,
  options: Weighted,
) => number | Promise<number>

/** Random streams of the draws and of the groups left out. */
const drawStream = 0x626f6f74
const groupStream = 0x6a61636b

/** Most groups of rows that are left out in turn: enough for the skewness. */
const mostGroups = 400

/**
 * The metric's value with an interval that holds the true one with the given confidence, if the rows are
 * independent draws: rows are drawn with replacement, as many as there are, `resamples` times. `yPred`
 * may be flat `rows × classes`. Bind options of the metric in the function; weights reach it as its third
 * argument. The cost is `resamples` times that of the metric.
 *
 * The model is taken as it is: how it would differ with other training rows, cross-validation tells.
 *
 * @throws AthanorError SHAPE, DATA and ARGUMENT as the metric does; DATA where it is undefined in half of
 * the resamples; INTERRUPTED after `signal`.
 * @example
 * ```ts
 * const truth = [0, 0, 1, 1, 1, 0, 1, 0]
 * const { value, low, high } = await bootstrap(accuracy, truth, [0, 1, 1, 1, 0, 0, 1, 0])
 * console.log(value) // 0.75
 * ```
 */
export async function bootstrap<T extends ArrayLike<unknown>, P extends ArrayLike<unknown>>(
  metric: ResampledMetric<T, P>,
  yTrue: T,
  yPred: P,
  options: BootstrapOptions = {},
): Promise<BootstrapInterval> {
  const operation = 'bootstrap'
  const {
    resamples = 1000,
    confidence = 0.95,
    seed = 0,
    method = 'percentile',
    stratify,
    sampleWeight,
    signal,
  } = bootstrapOptions.check(operation, options)
  if (typeof metric !== 'function')
    throw argumentError(operation, 'a function of yTrue and yPred as metric', typeof metric)
  const data = new ResampledRows(operation, yTrue, yPred, sampleWeight)
  stopIfAborted(operation, signal)
  const value = await metric(yTrue, yPred, sampleWeight === undefined ? {} : { sampleWeight })
  if (typeof value !== 'number')
    throw argumentError(operation, 'a metric that gives a number', typeof value)
  if (Number.isNaN(value))
    throw new AthanorError('DATA', {
      operation,
      expected: 'a metric that is defined for these rows',
      received: 'NaN',
    })

  const found = new Float64Array(resamples)
  let defined = 0
  const of = async (rowIds: Uint32Array): Promise<number> => {
    if (isTurnDue()) await turn(operation, signal)
    return undefinedAsNaN(() => data.apply(metric, rowIds))
  }
  const draw = drawer(operation, data.rows, stratify, new Random(seed, drawStream))
  for (let b = 0; b < resamples; b++) {
    const one = await of(draw())
    if (!Number.isNaN(one)) found[defined++] = one
  }
  if (defined * 2 < resamples)
    throw new AthanorError('DATA', {
      operation,
      expected: 'a metric that is defined in most resamples',
      received: `${defined} of ${resamples}`,
      fix: 'Pass stratify: yTrue, so that every resample has rows of each class',
    })
  const values = found.subarray(0, defined).sort()
  const tail = (1 - confidence) / 2
  let levels: readonly [number, number] = [tail, 1 - tail]
  if (method === 'bca' && values[0] !== values[defined - 1]) {
    const without: number[] = []
    for (const rowIds of leftOut(operation, data.rows, new Random(seed, groupStream)))
      without.push(await of(rowIds))
    levels = bcaLevels(value, values, without, tail)
  }
  return {
    value,
    low: quantileOf(values, levels[0]),
    high: quantileOf(values, levels[1]),
    standardError: standardDeviation(values),
    resamples: defined,
  }
}

/** A metric refuses some resamples (one class alone); on all rows it did not. */
async function undefinedAsNaN(run: () => number | Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    const isUndefined =
      error instanceof AthanorError && (error.code === 'ARGUMENT' || error.code === 'DATA')
    if (!isUndefined) throw error
    return Number.NaN
  }
}

/** Draws of row numbers with replacement, from each stratum as many as it has. */
function drawer(
  operation: string,
  rows: number,
  stratify: Labels | undefined,
  random: Random,
): () => Uint32Array {
  const drawn = new Uint32Array(rows)
  if (stratify === undefined)
    return () => {
      drawInto(drawn, rows, random)
      return drawn
    }
  const { codes, labels } = encodeColumn(operation, 'stratify', stratify)
  if (codes.length !== rows)
    throw shapeError(operation, `${rows} labels to stratify by`, `${codes.length}`)
  const strata = labels.map(() => [] as number[])
  codes.forEach((code, row) => {
    strata[code].push(row)
  })
  const members = strata.map(stratum => Uint32Array.from(stratum))
  return () => {
    let at = 0
    for (const stratum of members) {
      const part = drawn.subarray(at, at + stratum.length)
      drawInto(part, stratum.length, random)
      for (let i = 0; i < part.length; i++) part[i] = stratum[part[i]]
      at += stratum.length
    }
    return drawn
  }
}

/**
 * Whole numbers in [0, limit), each equally likely (Lemire 2019, "Fast random integer generation in an
 * interval"): a product in place of a remainder.
 */
function drawInto(into: Uint32Array, limit: number, random: Random): void {
  if (limit > 2 ** 21) {
    // The product would have more than 53 bits.
    for (let i = 0; i < into.length; i++) into[i] = random.integer(limit)
    return
  }
  const refused = 2 ** 32 % limit
  for (let i = 0; i < into.length; i++) {
    let product: number
    let whole: number
    do {
      product = random.bits() * limit
      whole = Math.floor(product / 2 ** 32)
    } while (product - whole * 2 ** 32 < refused)
    into[i] = whole
  }
}

/** The rows without each of up to `mostGroups` groups that are drawn at random. */
function* leftOut(operation: string, rows: number, random: Random): Generator<Uint32Array> {
  if (rows < 2) throw argumentError(operation, "two rows or more for method 'bca'", String(rows))
  const order = random.shuffle(Uint32Array.from({ length: rows }, (_, i) => i))
  const groups = Math.min(rows, mostGroups)
  for (let g = 0; g < groups; g++) {
    const from = Math.floor((g * rows) / groups)
    const to = Math.floor(((g + 1) * rows) / groups)
    const kept = new Uint32Array(rows - (to - from))
    kept.set(order.subarray(0, from))
    kept.set(order.subarray(to), from)
    yield kept
  }
}

/** Columns of which some rows are taken, into arrays that are used again and again. */
class ResampledRows {
  readonly rows: number
  private readonly columns: readonly { readonly from: ArrayLike<unknown>; readonly width: number }[]
  private readonly space = new Map<number, readonly ArrayLike<unknown>[]>()

  constructor(
    operation: string,
    yTrue: ArrayLike<unknown>,
    yPred: ArrayLike<unknown>,
    weights: Values | undefined,
  ) {
    for (const [name, values] of [
      ['yTrue', yTrue],
      ['yPred', yPred],
    ] as const)
      if (typeof values !== 'object' || values === null || !Number.isInteger(values.length))
        throw argumentError(operation, `a list, one value a row, as ${name}`, typeof values)
    this.rows = yTrue.length
    if (this.rows === 0)
      throw new AthanorError('DATA', { operation, expected: 'at least one row', received: 'none' })
    const width = yPred.length / this.rows
    if (!Number.isInteger(width) || width === 0)
      throw shapeError(
        operation,
        `predictions for ${this.rows} rows (a whole number of columns)`,
        `${yPred.length} values`,
      )
    requireWeights(operation, weights, this.rows)
    this.columns = [
      { from: yTrue, width: 1 },
      { from: yPred, width },
      ...(weights === undefined ? [] : [{ from: weights, width: 1 }]),
    ]
  }

  /** The metric of the rows named. */
  apply<T, P>(metric: ResampledMetric<T, P>, rowIds: Uint32Array): number | Promise<number> {
    let taken = this.space.get(rowIds.length)
    if (taken === undefined) {
      taken = this.columns.map(({ from, width }) => emptyLike(from, rowIds.length * width))
      this.space.set(rowIds.length, taken)
    }
    for (const [c, { from, width }] of this.columns.entries())
      take(from, width, rowIds, taken[c] as unknown[])
    const [t, p, w] = taken
    return metric(t as T, p as P, w === undefined ? {} : { sampleWeight: w as Values })
  }
}

function emptyLike(values: ArrayLike<unknown>, length: number): ArrayLike<unknown> {
  if (!ArrayBuffer.isView(values)) return new Array<unknown>(length).fill(values[0])
  const Column = values.constructor as new (length: number) => ArrayLike<number>
  return new Column(length)
}

function take(
  from: ArrayLike<unknown>,
  width: number,
  rowIds: Uint32Array,
  to: { [index: number]: unknown },
): void {
  if (width === 1) {
    for (let i = 0; i < rowIds.length; i++) to[i] = from[rowIds[i]]
    return
  }
  for (let i = 0; i < rowIds.length; i++)
    for (let c = 0; c < width; c++) to[i * width + c] = from[rowIds[i] * width + c]
}
