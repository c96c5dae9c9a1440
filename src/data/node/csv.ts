// CSV, TSV and the like: dialect and types from the beginning by our rules, reading by DuckDB with
// everything stated. Should a later cell not be what the beginning promised, its column is read as
// text and the file once more.

import { AthanorError } from '../../base/errors.js'
import { missingTexts } from '../cell-parsing.js'
import type { ColumnType } from '../column.js'
import { columnKinds } from '../column.js'
import {
  type CsvDialect,
  csvDialect,
  type TextColumnKind,
  textColumnKind,
  uniqueNames,
} from '../csv-dialect.js'
import type { DataFinding } from '../finding.js'
import { type DuckDb, messageOf, quoteText } from './duckdb.js'
import type { ReadColumn } from './duckdb-reader.js'
import { beginningOf, isGzip } from './files.js'

export interface CsvOptions {
  /** Default: found from the first line. */
  readonly delimiter?: string
  /** Whether the first row names the columns; default: unless it holds numbers only. */
  readonly header?: boolean
  /** Names of the columns, for a file without a header. */
  readonly names?: readonly string[]
  /** What a row with too few or too many cells does: stops with an error (default) or is left out. */
  readonly badRows?: 'error' | 'skip'
}

export interface CsvPlan {
  readonly files: readonly string[]
  readonly dialect: CsvDialect
  readonly names: readonly string[]
  readonly kinds: TextColumnKind[]
  readonly decimalComma: boolean
  readonly findings: DataFinding[]
  readonly options: CsvOptions
}

const headerBytes = 1 << 20
const sampleCells = 1_000_000

/** Dialect and names from the beginning of the files, which all have the same columns in the same order. */
export async function layoutOf(files: readonly string[], options: CsvOptions): Promise<CsvPlan> {
  const findings: DataFinding[] = []
  const dialect = await dialectOf(files[0], options)
  for (const file of files.slice(1)) {
    const other = await dialectOf(file, { ...options, delimiter: dialect.delimiter })
    if (other.names.join('\0') !== dialect.names.join('\0'))
      throw new AthanorError('DATA', {
        operation: `reading '${file}'`,
        expected: `the columns of '${files[0]}': ${shown(dialect.names)}`,
        received: shown(other.names),
      })
  }
  const { names, renamed } = uniqueNames(options.names ?? dialect.names)
  if (!dialect.hasHeader && options.names === undefined)
    findings.push({ code: 'no-header', severity: 'info', count: names.length, details: {} })
  for (const { from, to } of renamed)
    findings.push({
      code: 'renamed-column',
      severity: 'warning',
      column: to,
      details: { from, to },
    })
  const kinds = names.map(() => ({ as: 'text' }) as const)
  return { files, dialect, names, kinds, decimalComma: false, findings, options }
}

/** The layout, and what each column holds by a sample of its first rows. */
export async function planCsv(
  db: DuckDb,
  files: readonly string[],
  options: CsvOptions,
): Promise<CsvPlan> {
  const texts = await layoutOf(files, options)
  const { names, dialect } = texts
  const rows = Math.max(1000, Math.min(20_000, Math.floor(sampleCells / names.length)))
  const sample = await textSample(db, texts, rows)
  const kinds = sample.map(cells => textColumnKind(cells, dialect.delimiter !== ','))
  // One reader, one decimal sign: with a decimal comma somewhere, 1.5 elsewhere stays text.
  const decimalComma = kinds.some(kind => kind.as === 'number' && kind.decimalComma)
  return { ...texts, kinds, decimalComma }
}

async function dialectOf(file: string, options: CsvOptions): Promise<CsvDialect> {
  const beginning = new TextDecoder().decode(await beginningOf(file, headerBytes))
  if (beginning.trim() === '')
    throw new AthanorError('DATA', {
      operation: `reading '${file}'`,
      expected: 'a table',
      received: 'a file without text',
    })
  const fixed = /\.(tsv|tab)(\.gz)?$/i.test(file) ? '\t' : undefined
  return csvDialect(beginning, {
    delimiter: options.delimiter ?? fixed,
    header: options.header,
  })
}

function shown(names: readonly string[]): string {
  return names.length <= 8
    ? names.join(', ')
    : `${names.slice(0, 8).join(', ')}, … (${names.length})`
}

async function textSample(db: DuckDb, plan: CsvPlan, rows: number): Promise<(string | null)[][]> {
  const reader = await db.connection.runAndReadAll(
    `SELECT * FROM ${csvRelation(plan)} LIMIT ${rows}`,
  )
  const columns = reader.getColumns() as (string | null)[][]
  return columns.length === 0 ? plan.names.map(() => []) : columns
}

/** read_csv with nothing left to be guessed. */
export function csvRelation(plan: CsvPlan, extra = ''): string {
  const { dialect, kinds } = plan
  const columns = kinds.map((kind, i) => `'c${i}': '${storageOf(kind)}'`).join(', ')
  const files = plan.files.map(quoteText).join(', ')
  const parts = [
    `[${files}]`,
    'auto_detect=false',
    `header=${dialect.hasHeader}`,
    `delim=${quoteText(dialect.delimiter)}`,
    `quote='"'`,
    `escape='"'`,
    `nullstr=[${missingTexts.map(quoteText).join(', ')}]`,
    `columns={${columns}}`,
    ...(plan.files.every(isGzip) ? [`compression='gzip'`] : []),
    ...(plan.decimalComma ? [`decimal_separator=','`] : []),
    ...(extra === '' ? [] : [extra]),
  ]
  return `read_csv(${parts.join(', ')})`
}

function storageOf(kind: TextColumnKind): string {
  if (kind.as === 'number') return kind.large ? 'VARCHAR' : 'DOUBLE'
  if (kind.as === 'text' || kind.format !== undefined) return 'VARCHAR'
  return kind.zoned ? 'TIMESTAMPTZ' : 'TIMESTAMP'
}

/** How each column of the plan is read; an override of the user changes the plan's kinds first. */
export function csvColumns(
  plan: CsvPlan,
  types: Readonly<Record<string, ColumnType>>,
  exclude: ReadonlySet<string>,
): ReadColumn[] {
  const columns: ReadColumn[] = []
  plan.names.forEach((name, i) => {
    if (exclude.has(name)) return
    columns.push(
      csvColumn(name, `c${i}`, plan.kinds[i], Object.hasOwn(types, name) ? types[name] : undefined),
    )
  })
  return columns
}

/** An override to texts keeps the cells as they stand; one to numbers leaves what it can't read missing. */
export function applyOverrides(plan: CsvPlan, types: Readonly<Record<string, ColumnType>>): void {
  plan.names.forEach((name, i) => {
    if (!Object.hasOwn(types, name)) return
    const wanted = types[name]
    const kind = plan.kinds[i]
    const fits =
      columnKinds[wanted] === 'code'
        ? kind.as === 'text' || (kind.as === 'number' && wanted === 'identifier')
        : wanted === 'datetime'
          ? kind.as === 'date'
          : kind.as === 'number' && wanted === 'numeric'
    if (!fits) plan.kinds[i] = { as: 'text' }
  })
}

function csvColumn(
  name: string,
  cell: string,
  kind: TextColumnKind,
  type: ColumnType | undefined,
): ReadColumn {
  const common = { name, type }
  if (kind.as === 'number') {
    if (!kind.large) return { ...common, kind: 'number', source: 'number', expression: cell }
    return {
      ...common,
      kind: 'number',
      source: 'number',
      expression: `${cell}::DOUBLE`,
      exact: `TRY_CAST(${cell} AS BIGINT)`,
    }
  }
  if (kind.as === 'date') {
    const time = kind.format === undefined ? cell : `strptime(${cell}, ${quoteText(kind.format)})`
    return {
      ...common,
      kind: 'number',
      source: 'date',
      isDatetime: true,
      expression: `epoch_us(${time})/1000.0`,
    }
  }
  if (type === undefined || columnKinds[type] === 'code')
    return { ...common, kind: 'code', source: 'text', expression: cell }
  const text = `trim(${cell})`
  const double = `TRY_CAST(${text} AS DOUBLE)`
  const read =
    type === 'datetime'
      ? `epoch_us(TRY_CAST(${text} AS TIMESTAMPTZ))/1000.0`
      : type === 'integer'
        ? `CASE WHEN ${double} % 1 = 0 OR isinf(${double}) THEN ${double} END`
        : double
  return {
    ...common,
    kind: 'number',
    source: 'text',
    isDatetime: type === 'datetime',
    expression: read,
    exact: type === 'integer' ? `TRY_CAST(${text} AS BIGINT)` : undefined,
    unreadable: `(${cell} IS NOT NULL AND (${read}) IS NULL)`,
  }
}

/**
 * Reads as text what made the last attempt fail: the column that a failed conversion names, or all
 * dates written in their own format. False when the failure is about something else.
 */
export function relent(plan: CsvPlan, error: unknown): boolean {
  const message = messageOf(error)
  const named = /converting column "c(\d+)"/.exec(message)
  if (named !== null) {
    const place = Number(named[1])
    if (plan.kinds[place].as === 'text') return false
    plan.kinds[place] = { as: 'text' }
    return true
  }
  if (!/parse string|strptime/i.test(message)) return false
  let changed = false
  plan.kinds.forEach((kind, i) => {
    if (kind.as !== 'date' || kind.format === undefined) return
    plan.kinds[i] = { as: 'text' }
    changed = true
  })
  return changed
}

/** A failure that DuckDB's parser has with several kinds of line ends in one file. */
export function isLineEndFailure(error: unknown): boolean {
  return /state machine reached an invalid state/i.test(messageOf(error))
}

/** A failure behind which broken characters may lie, whatever it says. */
export function mayBeBrokenText(error: unknown): boolean {
  return /unicode|utf-?8|INTERNAL Error|FATAL Error/i.test(messageOf(error))
}

export function isRaggedFailure(error: unknown): boolean {
  return /Expected Number of Columns: \d+ Found: \d+/.test(messageOf(error))
}

/**
 * Writes a copy without the rows that have too few or too many cells; the copy has no header.
 * Returns how many were left out and the lines of the first ten.
 */
export async function withoutRaggedRows(
  db: DuckDb,
  plan: CsvPlan,
  target: string,
): Promise<{ skipped: number; lines: number[] }> {
  const texts = { ...plan, kinds: plan.kinds.map(() => ({ as: 'text' }) as const) }
  await db.connection.run(
    `COPY (SELECT * FROM ${csvRelation(texts, 'store_rejects=true')})
     TO ${quoteText(target)} (FORMAT csv, HEADER false, DELIMITER ${quoteText(plan.dialect.delimiter)})`,
  )
  const rejected = await db.rows(
    'SELECT DISTINCT file_id, line, error_type FROM reject_errors ORDER BY 1, 2',
  )
  const other = rejected.find(row => !/COLUMNS/.test(String(row.error_type)))
  if (other !== undefined)
    throw new AthanorError('DATA', {
      operation: `reading '${plan.files[0]}'`,
      received: `${String(other.error_type).toLowerCase()} in line ${other.line}`,
    })
  const lines = [...new Set(rejected.map(row => `${row.file_id}:${row.line}`))]
  return {
    skipped: lines.length,
    lines: lines.slice(0, 10).map(place => Number(place.split(':')[1])),
  }
}
