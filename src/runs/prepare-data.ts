// From a source to what a model learns from: typed rows, the task, the split, fitted preprocessing,
// and what was noticed on the way.

import { type Column, cellText, isMissing } from '../data/column.js'
import type { DataFinding } from '../data/finding.js'
import type { ColumnSchema } from '../data/schema.js'
import { type Split, splitRows } from '../data/split.js'
import type { Table } from '../data/table.js'
import { TablePreprocessor } from '../features/table-preprocessor.js'
import { guessTask, TargetEncoder } from '../features/target-encoder.js'
import {
  checkColumn,
  type DataSource,
  type GivenData,
  type ReadOptions,
  readData,
} from './read-data.js'
import { type RowStore, tablesOf } from './row-store.js'
import { runError, userError } from './run-error.js'
import { type SampledRows, sampleOfStore } from './sampled-rows.js'
import { targetMissing } from './target-missing.js'
import type { Task, TrainSettings } from './train-options.js'

export type { DataSource } from './read-data.js'

/** What a model of the data has learned to read. */
export interface LearnedColumns {
  readonly target: string
  readonly task: Task
  readonly preprocessor: TablePreprocessor
  readonly encoder: TargetEncoder
}

export interface PreparedData extends LearnedColumns {
  /** What to call the data in messages and reports. */
  readonly source: string
  readonly schema: readonly ColumnSchema[]
  /** Hash of all data together. */
  readonly fingerprint: string
  /** All rows; row ids count them. */
  readonly store: RowStore
  /** Whole columns: target, group, time, and the one whose values are measured apart. */
  readonly keys: Table
  /** Rows in memory for what need not see all; the table itself where memory holds it. */
  readonly sample: SampledRows
  /** Rows that can be used, by part. */
  readonly split: Split
  readonly splitMethod: string
  /** Columns left out because the user said so. */
  readonly excluded: readonly string[]
  readonly findings: readonly DataFinding[]
  /** Where the rows are on disk: about what they would take in memory, and what they may take. */
  readonly onDisk?: GivenData['onDisk']
}

export interface PrepareOptions extends ReadOptions {
  /** The parts of an earlier run. */
  readonly split?: Split
  /** The columns to predict from; all others are left out. */
  readonly only?: readonly string[]
}

/** Fewer rows cannot be divided into three parts that mean anything. */
const leastRows = 10

export async function prepareData(
  source: DataSource,
  settings: TrainSettings,
  options: PrepareOptions = {},
): Promise<PreparedData> {
  if (settings.target === undefined) throw await targetMissing(source)
  const given = await readData(source, settings, options)
  try {
    return await learn(given, settings.target, settings, options)
  } catch (error) {
    await given.store.close()
    throw error
  }
}

async function learn(
  given: GivenData,
  target: string,
  settings: TrainSettings,
  options: PrepareOptions,
): Promise<PreparedData> {
  const { keys, names, store } = given
  const { only } = options
  const excluded = (
    only === undefined
      ? resolveNames(settings.exclude ?? [], names)
      : names.filter(name => !only.includes(name))
  ).filter(name => name !== target)
  for (const name of excluded) checkColumn('--exclude', name, names)
  checkColumn('--group-metrics', settings.groupMetrics, names)
  checkColumn('--group', settings.group, names)
  checkColumn('--time', settings.time, names)
  const targetColumn = keys.column(target)
  const groupColumn = settings.group === undefined ? undefined : keys.column(settings.group)
  const timeColumn = settings.time === undefined ? undefined : keys.column(settings.time)

  const usable = rowsWithTarget(targetColumn)
  if (usable.length < leastRows)
    throw runError('DATA', 'tooFewRows', { rows: usable.length, least: leastRows })
  const task = settings.task ?? guessTask(targetColumn, usable).task
  checkTarget(targetColumn, usable, task, only !== undefined)

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
  const exclude = [
    target,
    ...excluded,
    ...(settings.group === undefined || excluded.includes(settings.group) ? [] : [settings.group]),
  ].filter((name, i, all) => all.indexOf(name) === i)
  const preprocessor =
    store.table === undefined
      ? await TablePreprocessor.fitChunks(tablesOf(store.pieces(split.train, names)), { exclude })
      : TablePreprocessor.fit(store.table, split.train, { exclude })
  return {
    source: given.source,
    store,
    keys,
    sample:
      store.table === undefined
        ? await sampleOfStore(store, names, known, settings.seed ?? 0)
        : { table: store.table, split: known },
    schema: given.schema,
    fingerprint: given.fingerprint,
    target,
    task,
    split: known,
    splitMethod: method,
    preprocessor,
    encoder,
    excluded,
    findings: given.findings,
    ...(given.onDisk === undefined ? {} : { onDisk: given.onDisk }),
  }
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
  const length = column.kind === 'number' ? column.values.length : column.codes.length
  const rows = new Uint32Array(length)
  let count = 0
  for (let row = 0; row < length; row++) if (!isMissing(column, row)) rows[count++] = row
  return rows.slice(0, count)
}

/** `ofTexts`: predicted from one column of texts, of which only classes are learned. */
function checkTarget(column: Column, rows: Uint32Array, task: Task, ofTexts: boolean): void {
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
    throw runError('DATA', ofTexts ? 'tooManyClassesOfTexts' : 'tooManyClasses', {
      target,
      classes: distinct.size,
      rows: rows.length,
    })
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
export function labelsOf(column: Column, rows: Uint32Array): Int32Array {
  if (column.kind === 'code')
    return new Int32Array(rows.length).map((_, i) => column.codes[rows[i]])
  const numbers = new Map<number, number>()
  return new Int32Array(rows.length).map((_, i) => {
    const value = column.values[rows[i]]
    if (Number.isNaN(value)) return -1
    let label = numbers.get(value)
    if (label === undefined) {
      label = numbers.size
      numbers.set(value, label)
    }
    return label
  })
}

export function timesOf(column: Column, rows: Uint32Array): Float64Array {
  if (column.kind === 'number')
    return new Float64Array(rows.length).map((_, i) => column.values[rows[i]])
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
  const counts = task === 'classification' ? countTexts(column, train) : new Map<string, number>()
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

/** Rows of each text, in the order of their first rows. */
function countTexts(column: Column, rows: Uint32Array): Map<string, number> {
  const values = column.kind === 'code' ? column.codes : column.values
  const counts = new Map<number, { row: number; count: number }>()
  for (const row of rows) {
    const entry = counts.get(values[row])
    if (entry === undefined) counts.set(values[row], { row, count: 1 })
    else entry.count++
  }
  const texts = new Map<string, number>()
  for (const { row, count } of counts.values()) {
    const text = cellText(column, row)
    texts.set(text, (texts.get(text) ?? 0) + count)
  }
  return texts
}

/** Of two classes the one with clearly fewer rows; else the encoder's own choice stands. */
function rarer(counts: ReadonlyMap<string, number>): string | undefined {
  if (counts.size !== 2) return undefined
  const [[a, countA], [b, countB]] = counts
  if (countA * 1.05 < countB) return a
  return countB * 1.05 < countA ? b : undefined
}
