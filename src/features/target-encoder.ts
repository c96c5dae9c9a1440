// The target column as what a model learns: class numbers, or scaled numbers; and back again.

import { AthanorError, argumentError } from '../base/errors.js'
import { JsonReader } from '../base/json-reader.js'
import { suggestName } from '../base/nearest-name.js'
import { type Column, cellText, isMissing } from '../data/column.js'
import type { Table } from '../data/table.js'
import { GatheredColumn } from './gathered-column.js'
import { momentsOf } from './moments.js'
import { guessTask, rowsOf, type Task } from './task.js'

export { guessTask, type Task } from './task.js'
export type Label = string | number | boolean
type LabelType = 'string' | 'number' | 'boolean'

export interface TargetOptions {
  /** By default what `guessTask` says. */
  readonly task?: Task
  /** Of two classes, the one that probabilities and metrics speak for; by default the later one. */
  readonly positive?: string
}

interface Classes {
  readonly kind: 'classes'
  /** Class number i is `classes[i]`; of two, number 1 is the positive one. */
  readonly classes: readonly string[]
  readonly labelType: LabelType
  /** Training rows of each class. */
  readonly counts: readonly number[]
}

interface Numbers {
  readonly kind: 'number'
  readonly mean: number
  readonly std: number
  /** A power of two that the values are multiplied by first; mostly 1. */
  readonly unit: number
}

const formatVersion = 1

/**
 * Learned from the training rows: the classes in order, or mean and standard deviation.
 *
 * @example
 * ```ts
 * const target = TargetEncoder.fit(table.column('churn'), split.train)
 * const y = target.encode(table.column('churn'), split.train) // Int32Array of class numbers
 * target.decode([1, 0]) // ['yes', 'no']
 * ```
 */
export class TargetEncoder {
  private readonly numberOf: ReadonlyMap<string, number>

  private constructor(
    readonly name: string,
    private readonly state: Classes | Numbers,
  ) {
    const classes = state.kind === 'classes' ? state.classes : []
    this.numberOf = new Map(classes.map((label, i) => [label, i]))
  }

  /**
   * Rows without a target are left out here (see `usable`). Errors: DATA when no row has one, when
   * there is one class only, or when a text is given for a regression.
   */
  static fit(
    column: Column,
    rowIds?: ArrayLike<number>,
    options: TargetOptions = {},
  ): TargetEncoder {
    const rows = rowsOf(column, rowIds).filter(row => !isAbsent(column, row))
    const operation = `target '${column.name}'`
    if (rows.length === 0)
      throw new AthanorError('DATA', {
        operation,
        expected: 'a value in at least one training row',
        received: 'none',
      })
    const task = options.task ?? guessTask(column, rows).task
    if (task === 'regression') return new TargetEncoder(column.name, fitNumbers(column, rows))
    if (task !== 'classification')
      throw argumentError(operation, "task 'classification' or 'regression'", `'${task}'`)
    return new TargetEncoder(column.name, fitClasses(column, rows, options.positive))
  }

  /**
   * Learns from chunks of a table that needn't fit in memory together; the result is that of `fit`, bit
   * for bit. Numbers are kept until the end (8 bytes a row), classes are counted.
   *
   * @example
   * ```ts
   * const batches = dataset.batches({ columns: ['churn'], rowIds: split.train, batchSize: 65_536 })
   * const target = await TargetEncoder.fitChunks('churn', batches)
   * ```
   */
  static async fitChunks(
    name: string,
    chunks: AsyncIterable<Table> | Iterable<Table>,
    options: TargetOptions = {},
  ): Promise<TargetEncoder> {
    const gathered = new GatheredColumn(name)
    for await (const chunk of chunks) gathered.add(chunk.column(name))
    return TargetEncoder.fit(gathered.column(), undefined, options)
  }

  get kind(): 'classes' | 'number' {
    return this.state.kind
  }

  get task(): Task {
    return this.state.kind === 'classes' ? 'classification' : 'regression'
  }

  /** The classes' names in the order of their numbers; empty for a regression. */
  get classes(): readonly string[] {
    return this.state.kind === 'classes' ? this.state.classes : []
  }

  /** Training rows of each class; empty for a regression. */
  get classCounts(): readonly number[] {
    return this.state.kind === 'classes' ? this.state.counts : []
  }

  /** The training rows' mean; 0 for classes. */
  get mean(): number {
    return this.state.kind === 'number' ? this.state.mean / this.state.unit : 0
  }

  /** The training rows' standard deviation (1 where they are all equal); 1 for classes. */
  get std(): number {
    return this.state.kind === 'number' ? this.state.std / this.state.unit : 1
  }

  /** Of the rows named, those with a target that can be encoded: with a value, of a known class. */
  usable(column: Column, rowIds?: ArrayLike<number>): Uint32Array {
    const known = this.knownCodes(column)
    return rowsOf(column, rowIds).filter(row => {
      if (isAbsent(column, row)) return false
      if (this.kind === 'number') return true
      if (known !== undefined && column.kind === 'code') return known[column.codes[row]] >= 0
      return this.numberOf.has(cellText(column, row))
    })
  }

  /**
   * Class numbers (Int32Array), or scaled numbers `(value − mean) ÷ std` (Float32Array).
   * Errors: DATA for a row without a value, and for a class that the training rows didn't have.
   */
  encode(column: Column, rowIds?: ArrayLike<number>): Int32Array | Float32Array {
    const rows = rowsOf(column, rowIds)
    const { state } = this
    for (const row of rows)
      if (isAbsent(column, row))
        throw new AthanorError('DATA', {
          operation: `target '${this.name}'`,
          expected: 'a value in every row',
          received: `none in row ${row + 1}`,
          fix: 'Leave such rows out',
        })
    if (state.kind === 'number') {
      const values = numbersOf(column)
      const scaled = new Float32Array(rows.length)
      for (let i = 0; i < rows.length; i++)
        scaled[i] = (values[rows[i]] * state.unit - state.mean) / state.std
      return scaled
    }
    const known = this.knownCodes(column)
    return new Int32Array(rows.length).map((_, i) => {
      const row = rows[i]
      const place =
        known !== undefined && column.kind === 'code'
          ? known[column.codes[row]]
          : (this.numberOf.get(cellText(column, row)) ?? -1)
      if (place < 0) this.refuseUnseen(cellText(column, row), row)
      return place
    })
  }

  /** Class numbers as labels of the column's own kind, or scaled numbers as numbers in its unit. */
  decode(values: ArrayLike<number>): Label[] {
    const { state } = this
    if (state.kind === 'number')
      return Array.from(values, value => (value * state.std + state.mean) / state.unit)
    return Array.from(values, value => {
      if (!Number.isInteger(value) || value < 0 || value >= state.classes.length)
        throw argumentError(
          `target '${this.name}'`,
          `class numbers from 0 to ${state.classes.length - 1}`,
          String(value),
        )
      return asLabel(state.classes[value], state.labelType)
    })
  }

  /** The values in the column's own unit, float64: what regression metrics compare. */
  numbers(column: Column, rowIds?: ArrayLike<number>): Float64Array {
    const values = numbersOf(column)
    const rows = rowsOf(column, rowIds)
    return new Float64Array(rows.length).map((_, i) => values[rows[i]])
  }

  toJSON() {
    return {
      format: 'athanor.target',
      version: formatVersion,
      name: this.name,
      ...this.state,
    }
  }

  /** Errors: FORMAT, naming the place, for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): TargetEncoder {
    const reader = new JsonReader('target', json)
    reader.get('format').oneOf(['athanor.target'])
    const version = reader.get('version').integer(1)
    if (version > formatVersion)
      reader.get('version').fail(`version ${formatVersion} or older`, `version ${version}`)
    const name = reader.get('name').string()
    if (reader.get('kind').oneOf(['classes', 'number']) === 'number') {
      reader.only('format', 'version', 'name', 'kind', 'mean', 'std', 'unit')
      return new TargetEncoder(name, {
        kind: 'number',
        mean: reader.get('mean').number(),
        std: reader.get('std').number(Number.MIN_VALUE),
        unit: reader.get('unit').number(Number.MIN_VALUE),
      })
    }
    reader.only('format', 'version', 'name', 'kind', 'classes', 'labelType', 'counts')
    const classes = reader.get('classes').distinctStrings(2, 1_000_000)
    const counts = reader.get('counts').items(classes.length, classes.length)
    return new TargetEncoder(name, {
      kind: 'classes',
      classes,
      labelType: reader.get('labelType').oneOf(['string', 'number', 'boolean']),
      counts: counts.map(count => count.integer(0)),
    })
  }

  /** The class number of each of a code column's categories, -1 for unknown ones. */
  private knownCodes(column: Column): Int32Array | undefined {
    if (column.kind !== 'code' || this.kind === 'number') return undefined
    return Int32Array.from(column.categories, category => this.numberOf.get(category) ?? -1)
  }

  private refuseUnseen(label: string, row: number): never {
    throw new AthanorError('DATA', {
      operation: `target '${this.name}'`,
      expected: 'a class that the training rows have',
      received: `'${label}' in row ${row + 1}`,
      fix: suggestName(label, this.classes),
    })
  }
}

function isAbsent(column: Column, row: number): boolean {
  return column.kind === 'number' ? !Number.isFinite(column.values[row]) : isMissing(column, row)
}

function numbersOf(column: Column): Float64Array {
  if (column.kind === 'number') return column.values
  const shown = column.categories.slice(0, 3).map(text => `'${text}'`)
  throw new AthanorError('DATA', {
    operation: `target '${column.name}'`,
    expected: 'numbers for a regression',
    received: `a ${column.type} column (${shown.join(', ')})`,
    fix: "Choose the task 'classification', or another target",
  })
}

function fitNumbers(column: Column, rows: Uint32Array): Numbers {
  const all = numbersOf(column)
  let size = 0
  for (const row of rows) size = Math.max(size, Math.abs(all[row]))
  const unit = size > 1e150 || (size > 0 && size < 1e-150) ? 2 ** -Math.floor(Math.log2(size)) : 1
  const scaled = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) scaled[i] = all[rows[i]] * unit
  const { mean, std } = momentsOf(scaled)
  return { kind: 'number', mean, std: std > 0 ? std : 1, unit }
}

function fitClasses(column: Column, rows: Uint32Array, positive: string | undefined): Classes {
  const counts = new Map<string, number>()
  if (column.kind === 'code') {
    const perCode = new Uint32Array(column.categories.length)
    for (const row of rows) perCode[column.codes[row]]++
    column.categories.forEach((text, code) => {
      if (perCode[code] > 0) counts.set(text, perCode[code])
    })
  } else
    for (const row of rows) {
      const text = cellText(column, row)
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  const operation = `target '${column.name}'`
  if (counts.size === 1)
    throw new AthanorError('DATA', {
      operation,
      expected: 'at least two classes in the training rows',
      received: `one class, '${[...counts.keys()][0]}'`,
      fix: 'Choose another target',
    })
  const numeric = column.kind === 'number' && column.type !== 'datetime'
  const classes = [...counts.keys()].sort((a, b) =>
    numeric ? Number(a) - Number(b) : a < b ? -1 : 1,
  )
  if (positive !== undefined) {
    const at = classes.indexOf(positive)
    if (at < 0)
      throw argumentError(
        operation,
        'a positive class of the target',
        `'${positive}'`,
        suggestName(positive, classes),
      )
    if (classes.length > 2)
      throw argumentError(
        operation,
        'two classes where one is to be positive',
        String(classes.length),
      )
    if (at === 0) classes.reverse()
  }
  const isBoolean = column.type === 'boolean' && classes.every(c => c === 'true' || c === 'false')
  return {
    kind: 'classes',
    classes,
    labelType: numeric ? 'number' : isBoolean ? 'boolean' : 'string',
    counts: classes.map(label => counts.get(label)!),
  }
}

function asLabel(text: string, type: LabelType): Label {
  if (type === 'number') return Number(text)
  return type === 'boolean' ? text === 'true' : text
}
