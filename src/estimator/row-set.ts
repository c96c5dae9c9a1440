// Features in whichever form they come, made ready for taking rows out of them again and again, and for
// changing one column: what folds, bootstraps, permutation importance and partial dependence need.

import { AthanorError, argumentError } from '../base/errors.js'
import type { Labels } from '../base/label.js'
import { suggestName } from '../base/nearest-name.js'
import { type Column, takeColumn } from '../data/column.js'
import { Dataset } from '../data/dataset.js'
import { namesOf, Table } from '../data/table.js'
import { Tensor } from '../tensor/tensor.js'
import { type FeaturesLike, isRecord, type Matrix, matrixOf, takeRows } from './matrix.js'
import { RawColumns } from './raw-columns.js'
import { SparseMatrix } from './sparse.js'
import { type Targets, targetsOf } from './targets.js'

type Row = Readonly<Record<string, unknown>> | readonly unknown[]

/** Rows that can be taken by their numbers, in the form in which they came. */
export class RowSet {
  private constructor(
    readonly operation: string,
    readonly x: FeaturesLike,
    readonly rows: number,
  ) {}

  /** Errors: DATA for no rows, and for anything that has none. */
  static async of(operation: string, x: FeaturesLike): Promise<RowSet> {
    const settled =
      x instanceof Tensor
        ? await matrixOf(operation, x, { allowNaN: true })
        : x instanceof Dataset
          ? await x.table()
          : x
    const rows = countOf(settled)
    if (rows === undefined || rows === 0)
      throw new AthanorError('DATA', {
        operation,
        expected: 'features of at least one row',
        received: rows === 0 ? 'no rows' : x === null ? 'null' : typeof x,
      })
    return new RowSet(operation, settled, rows)
  }

  /** The rows named, in that order, repeats allowed. */
  take(rowIds: ArrayLike<number>): FeaturesLike {
    const { x } = this
    if (x instanceof SparseMatrix || x instanceof Table || x instanceof RawColumns)
      return x.take(rowIds)
    if (Array.isArray(x)) return Array.from(rowIds, row => x[row]) as FeaturesLike
    return takeRows(x as Matrix, rowIds)
  }

  /** The same as a set of its own. */
  subset(rowIds: ArrayLike<number>): RowSet {
    return new RowSet(this.operation, this.take(rowIds), rowIds.length)
  }

  /** The same rows without a column that is named. Errors: ARGUMENT for one that isn't there. */
  without(column: string): RowSet {
    const { operation, x, rows } = this
    const place = this.placeOf(column)
    if (Array.isArray(x)) {
      const rest = x.map(row => {
        const { [column]: _, ...others } = row as Record<string, unknown>
        return others
      })
      return new RowSet(operation, rest as FeaturesLike, rows)
    }
    const rest = (table: Table) => table.select(table.names.filter((_, i) => i !== place))
    if (x instanceof Table) return new RowSet(operation, rest(x), rows)
    if (x instanceof RawColumns)
      return new RowSet(operation, new RawColumns(rest(x.table), x.named), rows)
    throw argumentError(
      operation,
      'targets by name only where rows are records or a table',
      typeof x,
    )
  }

  /** The targets, one a row; a name is one of the columns. Errors: SHAPE for another number. */
  async targets(y: Targets): Promise<Labels> {
    const targets = await targetsOf(this.operation, this.x, y)
    if (targets.length !== this.rows)
      throw new AthanorError('SHAPE', {
        operation: this.operation,
        expected: `${this.rows} targets, one a row`,
        received: String(targets.length),
      })
    return targets
  }

  /** Names of the columns; `x0`, `x1`, … where they have none. */
  get names(): readonly string[] {
    const { x } = this
    if (x instanceof Table) return x.names
    if (Array.isArray(x)) {
      if (isRecord(x[0])) return namesOf(x as never)
      return numbered((x[0] as ArrayLike<unknown>).length)
    }
    const { names, width } = x as Matrix
    return names ?? numbered(width)
  }

  /** The place of a column that is named or numbered. Errors: ARGUMENT for one that isn't there. */
  placeOf(column: string | number): number {
    const { names } = this
    const place = typeof column === 'number' ? column : names.indexOf(column)
    if (Number.isInteger(place) && place >= 0 && place < names.length) return place
    throw argumentError(
      this.operation,
      'a column that is there',
      typeof column === 'number' ? `number ${column} of ${names.length}` : `'${column}'`,
      typeof column === 'number' ? undefined : suggestName(column, names),
    )
  }

  /** The values of a column, missing ones as NaN or null. */
  column(place: number): ArrayLike<unknown> {
    const { x, rows } = this
    const row = (r: number) => cellOf(x, r, place, this.names)
    return Array.from({ length: rows }, (_, r) => row(r))
  }

  /** The same rows, where a column has the values of other rows: `order[r]` says whose row r gets. */
  permuted(place: number, order: ArrayLike<number>): FeaturesLike {
    const { x, names } = this
    if (x instanceof Table) return replaceColumn(x, place, takeColumn(x.columns[place], ids(order)))
    if (x instanceof RawColumns)
      return new RawColumns(
        replaceColumn(x.table, place, takeColumn(x.table.columns[place], ids(order))),
        x.named,
      )
    return this.mapped(place, r => cellOf(x, order[r], place, names))
  }

  /** The same rows, where a column has one value everywhere: a number, or a text of that column. */
  withValue(place: number, value: unknown): FeaturesLike {
    const { x, rows } = this
    if (x instanceof Table) return replaceColumn(x, place, constant(x.columns[place], value, rows))
    if (x instanceof RawColumns)
      return new RawColumns(
        replaceColumn(x.table, place, constant(x.table.columns[place], value, rows)),
        x.named,
      )
    return this.mapped(place, () => value)
  }

  private mapped(place: number, cellFor: (row: number) => unknown): FeaturesLike {
    const { operation, x, names } = this
    if (Array.isArray(x)) {
      if (isRecord(x[0]))
        return x.map((row, r) => ({ ...(row as object), [names[place]]: cellFor(r) })) as never
      return x.map((row: ArrayLike<unknown>, r) =>
        Array.from(row, (cell, j) => (j === place ? cellFor(r) : cell)),
      ) as never
    }
    if (x instanceof SparseMatrix)
      throw argumentError(operation, 'dense features', 'a SparseMatrix', 'Pass x.toDense()')
    const { width, rows } = x as Matrix
    const values = (x as Matrix).x.slice()
    for (let r = 0; r < rows; r++) values[r * width + place] = cellFor(r) as number
    return { ...(x as Matrix), x: values }
  }
}

function numbered(width: number): string[] {
  return Array.from({ length: width }, (_, i) => `x${i}`)
}

function ids(order: ArrayLike<number>): Uint32Array {
  return order instanceof Uint32Array ? order : Uint32Array.from(order)
}

function countOf(x: unknown): number | undefined {
  if (Array.isArray(x)) return x.length
  if (typeof x !== 'object' || x === null || !('rows' in x)) return undefined
  return typeof x.rows === 'number' ? x.rows : undefined
}

function cellOf(x: FeaturesLike, row: number, place: number, names: readonly string[]): unknown {
  if (x instanceof Table) return columnCell(x.columns[place], row)
  if (x instanceof RawColumns) return columnCell(x.table.columns[place], row)
  if (Array.isArray(x)) {
    const cells = x[row] as Row
    return isRecord(cells) ? (cells[names[place]] ?? null) : (cells as readonly unknown[])[place]
  }
  if (x instanceof SparseMatrix) {
    for (let n = x.indptr[row]; n < x.indptr[row + 1]; n++)
      if (x.indices[n] === place) return x.values[n]
    return 0
  }
  return (x as Matrix).x[row * (x as Matrix).width + place]
}

function columnCell(column: Column, row: number): unknown {
  if (column.kind === 'number') return column.values[row]
  return column.codes[row] < 0 ? null : column.categories[column.codes[row]]
}

function replaceColumn(table: Table, place: number, column: Column): Table {
  return new Table(
    table.columns.map((own, i) => (i === place ? column : own)),
    table.rows,
  )
}

function constant(column: Column, value: unknown, rows: number): Column {
  if (column.kind === 'number') {
    const { exact: _, ...plain } = column
    return { ...plain, values: new Float64Array(rows).fill(value as number) }
  }
  const code = value === null ? -1 : column.categories.indexOf(String(value))
  return { ...column, codes: new Int32Array(rows).fill(code) }
}

/** The values at these places, in a typed array where they are numbers. */
export function takeLabels(labels: Labels, rowIds: ArrayLike<number>): Labels {
  if (typeof labels[0] === 'number') return Float64Array.from(rowIds, row => labels[row] as number)
  return Array.from(rowIds, row => labels[row])
}
