// From a source to what a model learns from: typed rows, the task, the split, fitted preprocessing,
// and what was noticed on the way.

import { basename } from 'node:path'
import { availableMemory } from '#platform'
import { type Column, cellText, isMissing } from '../data/column.js'
import type { Dataset } from '../data/dataset.js'
import type { DataFinding } from '../data/finding.js'
import { joinTables } from '../data/join.js'
import type { ColumnSchema } from '../data/schema.js'
import { type Split, splitRows } from '../data/split.js'
import type { Table } from '../data/table.js'
import { TablePreprocessor } from '../features/table-preprocessor.js'
import { guessTask, TargetEncoder } from '../features/target-encoder.js'
import { runError, userError } from './run-error.js'
import type { Task, TrainSettings } from './train-options.js'

/** A file, a glob, a list of files, or rows as objects. */
export type DataSource = string | readonly string[] | readonly Readonly<Record<string, unknown>>[]

export interface PreparedData {
  /** What to call the data in messages and reports. */
  readonly source: string
  readonly table: Table
  readonly schema: readonly ColumnSchema[]
  /** Hash of all data together. */
  readonly fingerprint: string
  readonly target: string
  readonly task: Task
  /** Rows that can be used, by part; ids are rows of `table`. */
  readonly split: Split
  readonly splitMethod: string
  readonly preprocessor: TablePreprocessor
  readonly encoder: TargetEncoder
  /** Columns left out because the user said so. */
  readonly excluded: readonly string[]
  readonly findings: readonly DataFinding[]
}

export interface PrepareOptions {
  readonly signal?: AbortSignal
  readonly onReading?: (source: string, rows?: number) => void
  /** The parts of an earlier run. */
  readonly split?: Split
}

/** Fewer rows cannot be divided into three parts that mean anything. */
const leastRows = 10

export async function prepareData(
  source: DataSource,
  settings: TrainSettings,
  options: PrepareOptions = {},
): Promise<PreparedData> {
  const target = settings.target
  if (target === undefined) throw runError('ARGUMENT', 'targetMissing')
  const given = await readAll(source, settings, options)
  const { table: whole, schema } = given
  const names = whole.names
  const required = (option: string, name: string) => {
    if (!whole.has(name)) throw userError.unknownColumn(option, name, names)
    return whole.column(name)
  }
  const targetColumn = required('--target', target)
  const excluded = resolveNames(settings.exclude ?? [], names).filter(name => name !== target)
  for (const name of excluded) required('--exclude', name)
  if (settings.groupMetrics !== undefined) required('--group-metrics', settings.groupMetrics)
  const groupColumn = settings.group === undefined ? undefined : required('--group', settings.group)
  const timeColumn = settings.time === undefined ? undefined : required('--time', settings.time)

  const usable = rowsWithTarget(targetColumn)
  if (usable.length < leastRows)
    throw runError('DATA', 'tooFewRows', { rows: usable.length, least: leastRows })
  const task = settings.task ?? guessTask(targetColumn, usable).task
  checkTarget(targetColumn, usable, task)

  const { split, method } =
    options.split === undefined
      ? divide(given, usable, targetColumn, task, settings, groupColumn, timeColumn)
      : { split: options.split, method: settings.split ?? 'random' }
  for (const part of ['train', 'validation', 'test'] as const)
    if (split[part].length === 0)
      throw part === 'train'
        ? runError('DATA', 'fractionsTooLarge')
        : runError('DATA', 'emptyPart', { part })
  const encoder = fitTarget(targetColumn, split.train, task, settings.positive)
  const known = {
    train: split.train,
    validation: encoder.usable(targetColumn, split.validation),
    test: encoder.usable(targetColumn, split.test),
  }
  const preprocessor = TablePreprocessor.fit(whole, split.train, {
    exclude: [
      target,
      ...excluded,
      ...(settings.group === undefined || excluded.includes(settings.group)
        ? []
        : [settings.group]),
    ].filter((name, i, all) => all.indexOf(name) === i),
  })
  return {
    source: given.source,
    table: whole,
    schema,
    fingerprint: given.fingerprint,
    target,
    task,
    split: known,
    splitMethod: method,
    preprocessor,
    encoder,
    excluded,
    findings: given.findings,
  }
}

interface GivenData {
  readonly source: string
  readonly table: Table
  readonly schema: readonly ColumnSchema[]
  readonly fingerprint: string
  readonly findings: readonly DataFinding[]
  /** Rows of the main data; those of the validation and the test file stand behind them. */
  readonly rows: number
  readonly validationRows: number
  readonly testRows: number
}

async function readAll(
  source: DataSource,
  settings: TrainSettings,
  { signal, onReading }: PrepareOptions,
): Promise<GivenData> {
  const name = sourceName(source)
  const { openDataset } = await import('../data/node/index.js')
  const open = async (from: DataSource, types: TrainSettings['type']): Promise<Dataset> => {
    const shown = sourceName(from)
    onReading?.(shown)
    return openDataset(from, {
      signal,
      types,
      ...(settings.query === undefined ? {} : { query: settings.query }),
      ...(settings.encoding === undefined ? {} : { encoding: settings.encoding }),
      ...(settings.badRows === undefined ? {} : { badRows: settings.badRows }),
      onProgress: progress => onReading?.(shown, progress.rows),
    })
  }
  const main = await open(source, settings.type)
  try {
    if (settings.target !== undefined && !main.names.includes(settings.target))
      throw userError.unknownColumn('--target', settings.target, main.names)
    checkMemory(main)
    const types = Object.fromEntries(main.schema.map(column => [column.name, column.type]))
    const tables = [await main.table()]
    const parts = { validation: 0, test: 0 }
    const fingerprints = [main.fingerprint]
    for (const part of ['validation', 'test'] as const) {
      const file = settings[part]
      if (typeof file !== 'string') continue
      const other = await open(file, Object.fromEntries(Object.entries(types)))
      const absent = main.names.filter(column => !other.names.includes(column))
      if (absent.length > 0)
        throw runError('DATA', 'columnsAbsent', { columns: absent.map(c => `'${c}'`).join(', ') })
      const table = await other.table(main.names)
      tables.push(table)
      parts[part] = table.rows
      fingerprints.push(other.fingerprint)
      await other.close()
    }
    return {
      source: name,
      table: tables.length === 1 ? tables[0] : joinTables(tables),
      schema: main.schema,
      fingerprint: fingerprints.join('+'),
      findings: main.findings,
      rows: main.rows,
      validationRows: parts.validation,
      testRows: parts.test,
    }
  } finally {
    await main.close()
  }
}

/** A table that memory cannot hold is an error, not a killed process. */
function checkMemory(dataset: Dataset): void {
  const bytes = dataset.schema.reduce(
    (sum, column) => sum + (column.stats === undefined ? 4 : 8),
    0,
  )
  const needed = 2 * bytes * dataset.rows
  const available = availableMemory()
  if (needed <= available) return
  const gib = (value: number) => (value / 2 ** 30).toFixed(1)
  throw runError('MEMORY', 'tableTooLarge', {
    rows: dataset.rows,
    needed: gib(needed),
    available: gib(available),
  })
}

export function sourceName(source: DataSource): string {
  if (typeof source === 'string') return basename(source)
  const [first] = source
  if (typeof first !== 'string') return `${source.length} rows`
  return source.length === 1 ? basename(first) : `${basename(first)} + ${source.length - 1}`
}

/** Texts that are names stand for themselves; others are lists separated by commas. */
export function resolveNames(texts: readonly string[], names: readonly string[]): string[] {
  const found = texts.flatMap(text =>
    names.includes(text)
      ? [text]
      : text
          .split(',')
          .map(part => part.trim())
          .filter(part => part !== ''),
  )
  return [...new Set(found)]
}

function rowsWithTarget(column: Column): Uint32Array {
  const rows: number[] = []
  const length = column.kind === 'number' ? column.values.length : column.codes.length
  for (let row = 0; row < length; row++) if (!isMissing(column, row)) rows.push(row)
  return Uint32Array.from(rows)
}

function checkTarget(column: Column, rows: Uint32Array, task: Task): void {
  const target = column.name
  if (task === 'regression') {
    if (column.kind === 'code') {
      const value = cellText(column, rows[0])
      throw runError('DATA', 'textForRegression', { target, value: clip(value) })
    }
    const first = column.values[rows[0]]
    if (rows.every(row => column.values[row] === first))
      throw runError('DATA', 'constantTarget', { target, value: String(first) })
    return
  }
  const distinct = new Set<string | number>()
  for (const row of rows)
    distinct.add(column.kind === 'code' ? column.codes[row] : column.values[row])
  if (distinct.size === 1)
    throw runError('DATA', 'oneClass', { target, value: clip(cellText(column, rows[0])) })
  if (distinct.size > Math.max(20, rows.length / 4))
    throw runError('DATA', 'tooManyClasses', { target, classes: distinct.size, rows: rows.length })
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function divide(
  given: GivenData,
  usable: Uint32Array,
  target: Column,
  task: Task,
  settings: TrainSettings,
  group: Column | undefined,
  time: Column | undefined,
): { split: Split; method: string } {
  const validationEnd = given.rows + given.validationRows
  const main = usable.filter(row => row < given.rows)
  const files = {
    validation: usable.filter(row => row >= given.rows && row < validationEnd),
    test: usable.filter(row => row >= validationEnd),
  }
  const fraction = (part: 'validation' | 'test') =>
    typeof settings[part] === 'string' ? 0 : ((settings[part] as number | undefined) ?? 0.15)
  const fractions = { validation: fraction('validation'), test: fraction('test') }
  const rest = 1 - fractions.validation - fractions.test
  if (rest <= 1e-9) throw runError('ARGUMENT', 'fractionsTooLarge')
  const method =
    settings.split ??
    (group !== undefined
      ? 'group'
      : time !== undefined
        ? 'time'
        : task === 'classification'
          ? 'stratified'
          : 'random')
  const parts = splitRows({
    rows: main.length,
    fractions: { train: rest, ...fractions },
    method,
    seed: settings.seed ?? 0,
    ...(method === 'stratified' ? { labels: labelsOf(target, main) } : {}),
    ...(method === 'group' ? { groups: labelsOf(need(group, '--group'), main) } : {}),
    ...(method === 'time' ? { time: timesOf(need(time, '--time'), main) } : {}),
  })
  const rows = (ids: Uint32Array) => ids.map(id => main[id])
  return {
    split: {
      train: rows(parts.train),
      validation:
        typeof settings.validation === 'string' ? files.validation : rows(parts.validation),
      test: typeof settings.test === 'string' ? files.test : rows(parts.test),
    },
    method:
      typeof settings.validation === 'string' && typeof settings.test === 'string'
        ? 'files'
        : method,
  }
}

function need(column: Column | undefined, option: string): Column {
  if (column === undefined)
    throw userError.badOption(option, { key: 'wantText', parameters: {} }, '')
  return column
}

/** A number for each distinct value; -1 where missing. */
function labelsOf(column: Column, rows: Uint32Array): Int32Array {
  if (column.kind === 'code') return Int32Array.from(rows, row => column.codes[row])
  const numbers = new Map<number, number>()
  return Int32Array.from(rows, row => {
    const value = column.values[row]
    if (Number.isNaN(value)) return -1
    let label = numbers.get(value)
    if (label === undefined) {
      label = numbers.size
      numbers.set(value, label)
    }
    return label
  })
}

function timesOf(column: Column, rows: Uint32Array): Float64Array {
  if (column.kind === 'number') return Float64Array.from(rows, row => column.values[row])
  // Texts sort as they stand: ISO dates and zero-padded numbers then are in order.
  const order = new Map([...column.categories].sort().map((text, i) => [text, i]))
  return Float64Array.from(rows, row =>
    column.codes[row] < 0 ? Number.NaN : (order.get(column.categories[column.codes[row]]) ?? 0),
  )
}

function fitTarget(
  column: Column,
  train: Uint32Array,
  task: Task,
  positive: string | undefined,
): TargetEncoder {
  const counts = new Map<string, number>()
  if (task === 'classification')
    for (const row of train) {
      const text = cellText(column, row)
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  const target = column.name
  if (task === 'classification' && counts.size < 2)
    throw runError('DATA', 'oneClassInTraining', { target })
  if (positive !== undefined) {
    if (task !== 'classification' || counts.size !== 2)
      throw runError('ARGUMENT', 'positiveNeedsTwo', { option: '--positive', classes: counts.size })
    if (!counts.has(positive))
      throw runError('ARGUMENT', 'positiveUnknown', {
        value: positive,
        target,
        list: [...counts.keys()].join(', '),
      })
  }
  return TargetEncoder.fit(column, train, { task, positive: positive ?? rarer(counts) })
}

/** Of two classes the one with clearly fewer rows; else the encoder's own choice stands. */
function rarer(counts: ReadonlyMap<string, number>): string | undefined {
  if (counts.size !== 2) return undefined
  const [[a, countA], [b, countB]] = counts
  if (countA * 1.05 < countB) return a
  return countB * 1.05 < countA ? b : undefined
}
