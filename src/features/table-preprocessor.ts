// From a table's typed columns to a matrix of features: learned on the training rows alone, the same
// for the net and for its baselines, saved with the model.

import { AthanorError } from '../base/errors.js'
import { JsonReader } from '../base/json-reader.js'
import type { ColumnType } from '../data/column.js'
import type { Table } from '../data/table.js'
import type { ColumnEncoder, ColumnTally } from './column-encoder.js'
import { isEncoder, type Plan } from './column-plan.js'
import type { FeatureMatrix } from './feature-matrix.js'
import { Fitting } from './fitting.js'
import { NumericKernel } from './numeric-kernel.js'
import { planFromJSON } from './plan-json.js'
import type { PreprocessorOptions } from './preprocessor-options.js'
import type { RawOptions } from './raw-columns.js'
import { RawFeatures } from './raw-features.js'
import {
  checkFields,
  type Field,
  type FieldCheck,
  type RawRow,
  type RawRowOptions,
  tableFromRawRows,
} from './raw-rows.js'
import { checkedRowIds, columnFor } from './table-access.js'
import { describeTreatment, type Treatment } from './treatment.js'

/** A column of the training table, and what is done with it. */
export interface InputColumn {
  readonly name: string
  readonly type: ColumnType
  /** What is done and why; `describeTreatment` says it in any language. */
  readonly treatment: Treatment
  /** The same as one English sentence. */
  readonly rule: string
  readonly used: boolean
  /** Number of features that come of it. */
  readonly features: number
}

/** The features, and by column name the cells that a rule had to deal with. */
export interface Transformed extends FeatureMatrix {
  readonly tallies: ReadonlyMap<string, Readonly<ColumnTally>>
}

const formatVersion = 1
/** Bytes of the matrix that are written at a time, so that they stay in the cache over all columns. */
const blockBytes = 24_576
/** Fewer rows, or a wider matrix, are not worth the way through the kernel's memory. */
const fewRows = 32
const wideMatrix = 16_384

/**
 * Turns typed columns into float32 features of order 1.
 *
 * Numbers are imputed, clipped, scaled and spread over bins; dates become time and cycles;
 * categories one-hot; texts hashed counts. Identifiers and constant columns are left out. `inputs`
 * says what was done with each column and why.
 *
 * @example
 * ```ts
 * const preprocessor = TablePreprocessor.fit(table, split.train, { exclude: ['churn'] })
 * const { x, rows, width } = preprocessor.transform(table, split.test)
 * ```
 */
export class TablePreprocessor {
  /** Every column of the training table except the excluded ones. */
  readonly inputs: readonly InputColumn[]
  readonly outputNames: readonly string[]
  /** Features a row. */
  readonly width: number
  private readonly encoders: readonly ColumnEncoder[]

  private constructor(
    private readonly plans: readonly Plan[],
    /** Columns that are no input but no surprise either: the target and what the user left out. */
    readonly excluded: readonly string[],
  ) {
    this.encoders = plans.filter(isEncoder)
    this.outputNames = this.encoders.flatMap(encoder => encoder.outputs)
    this.width = this.outputNames.length
    this.inputs = plans.map(plan => ({
      name: plan.name,
      type: plan.type,
      treatment: plan.treatment,
      rule: describeTreatment(plan.treatment),
      used: isEncoder(plan),
      features: isEncoder(plan) ? plan.outputs.length : 0,
    }))
  }

  /** Learns from the rows named (all rows by default). Errors: DATA when no column can be used. */
  static fit(
    table: Table,
    rowIds?: ArrayLike<number>,
    options: PreprocessorOptions = {},
  ): TablePreprocessor {
    const fitting = new Fitting(options)
    fitting.add(table, rowIds)
    return TablePreprocessor.make(fitting.finish(), fitting.excluded)
  }

  /**
   * Learns from chunks that needn't fit in memory together; all must have the same columns. Up to
   * 100,000 rows the result is that of `fit`, bit for bit, however the rows are cut; beyond, numbers'
   * distributions come from a fixed uniform sample of that many rows, also in `fit`.
   *
   * @example
   * ```ts
   * const batches = dataset.batches({ rowIds: split.train, batchSize: 65_536 })
   * const preprocessor = await TablePreprocessor.fitChunks(batches, { exclude: ['churn'] })
   * ```
   */
  static async fitChunks(
    chunks: AsyncIterable<Table> | Iterable<Table>,
    options: PreprocessorOptions = {},
  ): Promise<TablePreprocessor> {
    const fitting = new Fitting(options)
    for await (const chunk of chunks) fitting.add(chunk)
    return TablePreprocessor.make(fitting.finish(), fitting.excluded)
  }

  /** @internal */
  static make(plans: readonly Plan[], excluded: readonly string[]): TablePreprocessor {
    const preprocessor = new TablePreprocessor(plans, excluded)
    if (preprocessor.width > 0) return preprocessor
    throw new AthanorError('DATA', {
      operation: 'TablePreprocessor.fit',
      expected: 'at least one column to learn from',
      received:
        plans.length === 0
          ? 'none'
          : plans
              .map(plan => `'${plan.name}' (${describeTreatment(plan.treatment)})`)
              .slice(0, 5)
              .join(', '),
    })
  }

  /**
   * Features of the rows named (all by default), in their order. `into` may hold the matrix of an
   * earlier call, to be written over. Columns are found by name; further columns don't matter.
   * Errors: DATA for a column that isn't there, INDEX for a row that isn't.
   */
  transform(table: Table, rowIds?: ArrayLike<number>, into?: Float32Array): Transformed {
    const ids = rowIds === undefined ? undefined : checkedRowIds(table, rowIds)
    const rows = ids === undefined ? table.rows : ids.length
    const { width } = this
    const blockRows = Math.max(8, Math.min(256, Math.floor(blockBytes / 4 / width)))
    const x = matrixFor(rows * width, into)
    const useKernel = rows >= fewRows && width <= wideMatrix
    const owner = NumericKernel.fits(this.encoders.length, blockRows)
      ? NumericKernel.of(x)
      : undefined
    const kernel = useKernel ? (owner ?? NumericKernel.get()) : undefined
    kernel?.begin(blockRows)
    const tallies = new Map<string, ColumnTally>()
    const writers = this.encoders.map(encoder => {
      const { column, unreadable } = columnFor(table, encoder)
      const tally = { missing: 0, unseen: 0, clipped: 0, unreadable }
      tallies.set(encoder.name, tally)
      return encoder.bind(column, tally, kernel)
    })
    // With a kernel, a block is made in its memory and, unless the matrix lies there, moved as a whole.
    const moved = kernel !== undefined && kernel !== owner
    const base = moved ? kernel.matrix(blockRows * width) : 0
    const first = kernel !== undefined && kernel === owner ? x.byteOffset / 4 : 0
    const out = kernel?.floats ?? x
    for (let from = 0; from < rows; from += blockRows) {
      const to = Math.min(rows, from + blockRows)
      const start = moved ? base : first + from * width
      const end = start + (to - from) * width
      if (kernel !== undefined || into !== undefined) out.fill(0, start, end)
      let at = start
      for (let c = 0; c < writers.length; c++) {
        writers[c](ids, from, to, out, at, width)
        at += this.encoders[c].outputs.length
      }
      if (moved) x.set(out.subarray(start, end), from * width)
    }
    return { x, rows, width, tallies }
  }

  /**
   * A matrix for `rows` rows to be passed to `transform` as `into`, again and again: where it is
   * written fastest. Not to be transferred to another thread.
   *
   * @example
   * ```ts
   * const matrix = preprocessor.matrix(4096)
   * for await (const batch of dataset.batches({ batchSize: 4096 })) {
   *   const { x, rows } = preprocessor.transform(batch, undefined, matrix)
   *   console.log(rows, x.length)
   * }
   * ```
   */
  matrix(rows: number): Float32Array {
    return NumericKernel.matrix(rows * this.width)
  }

  /**
   * The same columns with scaled values alone for numbers and dates, without bins or ranks: what a
   * plain linear model is usually given.
   */
  plain(): TablePreprocessor {
    const plans = this.plans.map(plan =>
      'plain' in plan && typeof plan.plain === 'function' ? (plan.plain() as Plan) : plan,
    )
    return new TablePreprocessor(plans, this.excluded)
  }

  /**
   * The same columns for models that need no scaling: numbers as they are, NaN where there is none;
   * categories as codes, or one feature each up to `oneHotUpTo` of them.
   */
  raw(options: Partial<RawOptions> = {}): RawFeatures {
    const filled = { oneHotUpTo: 0, maxCodes: 250, ...options }
    return new RawFeatures(this.encoders.map(encoder => encoder.raw(filled)))
  }

  /** Which fields rows for a prediction lack, and which are not known. Throws nothing but DATA. */
  checkFields(rows: readonly RawRow[]): FieldCheck {
    return checkFields(rows, this.fields())
  }

  /**
   * Raw rows as a table for `transform`. Errors: DATA naming the field that is absent (unless
   * allowed) or the value that cannot be read.
   *
   * @example
   * ```ts
   * preprocessor.transform(preprocessor.fromObjects([{ plan: 'pro', age: 31 }]))
   * ```
   */
  fromObjects(rows: readonly RawRow[], options: RawRowOptions = {}): Table {
    return tableFromRawRows(rows, this.fields(), options)
  }

  private fields(): Field[] {
    return [
      ...this.inputs,
      ...this.excluded.map(name => ({ name, type: 'identifier' as const, used: false })),
    ]
  }

  /** Everything that was learned, as JSON without NaN or infinities. */
  toJSON() {
    return {
      format: 'athanor.preprocessor',
      version: formatVersion,
      excluded: [...this.excluded],
      columns: this.plans.map(plan => ({
        name: plan.name,
        type: plan.type,
        ...(isEncoder(plan) ? { encoder: plan.toJSON() } : { omitted: plan.treatment }),
      })),
    }
  }

  /** Errors: FORMAT, naming the place, for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): TablePreprocessor {
    const reader = new JsonReader('preprocessing', json)
    reader.only('format', 'version', 'excluded', 'columns')
    reader.get('format').oneOf(['athanor.preprocessor'])
    const version = reader.get('version').integer(1)
    if (version > formatVersion)
      reader.get('version').fail(`version ${formatVersion} or older`, `version ${version}`)
    const plans = reader.get('columns').items(1, 100_000).map(planFromJSON)
    const excluded = reader.get('excluded').distinctStrings(0, 100_000)
    if (new Set(plans.map(plan => plan.name)).size !== plans.length)
      reader.get('columns').fail('each column name once', 'one twice')
    const preprocessor = new TablePreprocessor(plans, excluded)
    if (preprocessor.width === 0 || preprocessor.width > 10_000_000)
      reader.get('columns').fail('1 to 10,000,000 features', String(preprocessor.width))
    return preprocessor
  }
}

function matrixFor(size: number, into: Float32Array | undefined): Float32Array {
  if (into === undefined || into.length < size) return new Float32Array(size)
  return into.length === size ? into : into.subarray(0, size)
}
