// Runs a relation through DuckDB and hands its cells, as typed arrays, to a collector.

import { AthanorError } from '../../base/errors.js'
import type { Collector, IncomingColumn } from '../collect.js'
import { type ColumnType, columnKinds } from '../column.js'
import { chunksOf, type DuckDb, quoteName, validityBytes } from './duckdb.js'
import { HashedCodes } from './text-codes.js'

/** How a column of a relation is asked for. */
export interface ReadColumn extends IncomingColumn {
  /** SQL of a DOUBLE (number) or VARCHAR (code). */
  readonly expression: string
  /** SQL of the same as BIGINT, for whole numbers that a double cannot hold. */
  readonly exact?: string
  /** SQL of a BOOLEAN: the cell has a text, but not of the type asked for. */
  readonly unreadable?: string
}

type Conversion = (cell: string) => Pick<ReadColumn, 'kind' | 'expression' | 'exact' | 'isDatetime'>

const asDouble: Conversion = cell => ({ kind: 'number', expression: `${cell}::DOUBLE` })
const asWhole: Conversion = cell => ({
  kind: 'number',
  expression: `${cell}::DOUBLE`,
  exact: `TRY_CAST(${cell} AS BIGINT)`,
})
const asDate: Conversion = cell => ({
  kind: 'number',
  isDatetime: true,
  expression: `CASE WHEN isfinite(${cell}) THEN epoch_us(${cell})/1000.0 END`,
})
const asSeconds: Conversion = cell => ({ kind: 'number', expression: `epoch(${cell})::DOUBLE` })
/** Texts that mean "missing" are dealt with as codes: an IN list here would become a join, without order. */
const asText: Conversion = cell => ({ kind: 'code', expression: `${cell}::VARCHAR` })

/** DuckDB's types; those not named here are read as their text. */
const conversions: Readonly<Record<string, Conversion>> = {
  TINYINT: asDouble,
  SMALLINT: asDouble,
  INTEGER: asDouble,
  UTINYINT: asDouble,
  USMALLINT: asDouble,
  UINTEGER: asDouble,
  BIGINT: asWhole,
  UBIGINT: asWhole,
  HUGEINT: asDouble,
  UHUGEINT: asDouble,
  FLOAT: asDouble,
  DOUBLE: asDouble,
  DECIMAL: asDouble,
  DATE: asDate,
  TIMESTAMP: asDate,
  TIMESTAMP_S: asDate,
  TIMESTAMP_MS: asDate,
  TIMESTAMP_NS: asDate,
  'TIMESTAMP WITH TIME ZONE': asDate,
  TIME: asSeconds,
  INTERVAL: asSeconds,
}

/** How a column of a DuckDB type is read, and what an override changes about it. */
export function readColumn(
  name: string,
  duckdbType: string,
  cell: string,
  override?: ColumnType,
): ReadColumn {
  const base = duckdbType.replace(/\(.*$/, '')
  const natural = (conversions[base] ?? asText)(cell)
  const common = { name, source: duckdbType, type: override }
  const keepsNumbers = override === 'identifier' && natural.kind === 'number' && !natural.isDatetime
  if (override === undefined || keepsNumbers) return { ...common, ...natural }
  if (columnKinds[override] === 'code') return { ...common, ...asText(cell) }
  if (natural.kind === 'number')
    return { ...common, ...natural, isDatetime: override === 'datetime' }
  const text = `NULLIF(trim(${cell}::VARCHAR), '')`
  const read =
    override === 'datetime'
      ? `epoch_us(TRY_CAST(${text} AS TIMESTAMPTZ))/1000.0`
      : override === 'integer'
        ? `CASE WHEN TRY_CAST(${text} AS DOUBLE) % 1 = 0 OR isinf(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE) END`
        : `TRY_CAST(${text} AS DOUBLE)`
  return {
    ...common,
    kind: 'number',
    isDatetime: override === 'datetime',
    expression: read,
    exact: override === 'integer' ? `TRY_CAST(${text} AS BIGINT)` : undefined,
    unreadable: `(${text} IS NOT NULL AND (${read}) IS NULL)`,
  }
}

export interface ReadProgress {
  readonly rows: number
}

interface ReadOptions {
  readonly onProgress?: (progress: ReadProgress) => void
  readonly signal?: AbortSignal
}

/** Streams `SELECT columns FROM relation` into the collector, in the relation's order. */
export async function readRelation(
  db: DuckDb,
  relation: string,
  columns: readonly ReadColumn[],
  collector: Collector,
  options: ReadOptions = {},
): Promise<void> {
  await db.connection.run('BEGIN TRANSACTION')
  try {
    await streamRelation(db, relation, columns, collector, options)
    await db.connection.run('COMMIT')
  } catch (error) {
    await db.connection.run('ROLLBACK').catch(() => {})
    throw error
  }
}

async function streamRelation(
  db: DuckDb,
  relation: string,
  columns: readonly ReadColumn[],
  collector: Collector,
  options: ReadOptions,
): Promise<void> {
  const plan = planColumns(columns)
  const nullHash = await hashOfNull(db)
  const result = await db.connection.stream(`SELECT ${plan.select.join(', ')} FROM ${relation}`)
  const dictionaries = columns.map(column =>
    column.kind === 'code' ? new HashedCodes() : undefined,
  )
  dictionaries.forEach((dictionary, i) => {
    if (dictionary !== undefined) collector.buffers[i].categories = dictionary.categories
  })
  for await (const chunk of chunksOf(result)) {
    if (options.signal?.aborted) {
      db.connection.interrupt()
      throw new AthanorError('INTERRUPTED', {
        operation: 'reading data',
        cause: options.signal.reason,
      })
    }
    let from = 0
    while (from < chunk.rows) {
      const count = collector.room(chunk.rows - from)
      const at = collector.filled
      for (let i = 0; i < columns.length; i++) {
        const { first, exact, unreadable } = plan.places[i]
        const buffer = collector.buffers[i]
        const dictionary = dictionaries[i]
        if (dictionary !== undefined) {
          const hashes = chunk.vector(first + 1).items as BigUint64Array
          dictionary.codesOf(
            new Uint32Array(hashes.buffer, hashes.byteOffset, 2 * chunk.rows),
            from,
            count,
            nullHash,
            buffer.codes,
            at,
            row => chunk.vector(first).getItem(row) as string,
          )
        } else {
          const vector = chunk.vector(first)
          const { values } = buffer
          values.set((vector.items as Float64Array).subarray(from, from + count), at)
          const valid = validityBytes(vector)
          if (valid !== null)
            for (let k = 0; k < count; k++)
              if ((valid[(from + k) >> 3] & (1 << ((from + k) & 7))) === 0)
                values[at + k] = Number.NaN
          if (exact >= 0 && beyondDouble(values, at, count)) {
            buffer.exact ??= wholeSoFar(values, at)
            buffer.exact.set(
              (chunk.vector(exact).items as BigInt64Array).subarray(from, from + count),
              at,
            )
          } else if (buffer.exact !== undefined)
            for (let k = at; k < at + count; k++)
              buffer.exact[k] = !Number.isNaN(values[k]) ? BigInt(values[k]) : 0n
        }
        if (unreadable >= 0) {
          const vector = chunk.vector(unreadable)
          for (let k = from; k < from + count; k++)
            if (vector.getItem(k) === true) buffer.unreadable++
        }
      }
      from += count
      await collector.advance(count)
      if (collector.filled === 0)
        dictionaries.forEach((dictionary, i) => {
          // The collector wants a block's own texts from here on.
          if (dictionary !== undefined && collector.buffers[i].categories.length === 0) {
            dictionaries[i] = new HashedCodes()
            collector.buffers[i].categories = dictionaries[i]!.categories
          }
        })
    }
    options.onProgress?.({ rows: collector.rows })
  }
  await confirmEnd(db, relation, plan.select)
}

/**
 * The binding ends a stream that failed as if it had come to its end. But a failure leaves the
 * transaction aborted; the same work without streaming then tells what it was.
 */
async function confirmEnd(db: DuckDb, relation: string, select: readonly string[]): Promise<void> {
  try {
    await db.connection.run('SELECT 1')
  } catch (cause) {
    await db.connection.run('ROLLBACK')
    const counts = select.map(expression => `count(hash(${expression}))`)
    await db.connection.run(`SELECT ${counts.join(', ')} FROM ${relation}`)
    throw new AthanorError('DATA', {
      operation: 'reading data',
      received: 'an end before the last row',
      fix: 'Read it again; the file may have changed meanwhile',
      cause,
    })
  }
}

function planColumns(columns: readonly ReadColumn[]) {
  const select: string[] = []
  const places = columns.map(column => {
    const first = select.push(column.expression) - 1
    if (column.kind === 'code') select.push(`hash(${column.expression})`)
    const exact = column.exact === undefined ? -1 : select.push(column.exact) - 1
    const unreadable = column.unreadable === undefined ? -1 : select.push(column.unreadable) - 1
    return { first, exact, unreadable }
  })
  return { select, places }
}

async function hashOfNull(db: DuckDb): Promise<[number, number]> {
  const [{ h }] = await db.rows('SELECT hash(NULL::VARCHAR) AS h')
  const value = BigInt(h as bigint | number)
  return [Number(value & 0xffffffffn), Number(value >> 32n)]
}

function beyondDouble(values: Float64Array, at: number, count: number): boolean {
  for (let i = at; i < at + count; i++)
    if (values[i] > Number.MAX_SAFE_INTEGER || values[i] < -Number.MAX_SAFE_INTEGER)
      return Math.abs(values[i]) <= 2 ** 63
  return false
}

function wholeSoFar(values: Float64Array, rows: number): BigInt64Array {
  const exact = new BigInt64Array(values.length)
  for (let i = 0; i < rows; i++) if (!Number.isNaN(values[i])) exact[i] = BigInt(values[i])
  return exact
}

/** Names and types of a relation's columns. */
export async function describeRelation(
  db: DuckDb,
  relation: string,
): Promise<{ name: string; type: string }[]> {
  const rows = await db.rows(`DESCRIBE SELECT * FROM ${relation}`)
  return rows.map(row => ({ name: String(row.column_name), type: String(row.column_type) }))
}

/** The columns of a relation, each by its own name. */
export async function relationColumns(
  db: DuckDb,
  relation: string,
  types: Readonly<Record<string, ColumnType>>,
): Promise<ReadColumn[]> {
  const described = await describeRelation(db, relation)
  return described.map(({ name, type }) =>
    readColumn(name, type, quoteName(name), Object.hasOwn(types, name) ? types[name] : undefined),
  )
}
