// What counts as a missing value, which columns have any, and features that say so.

import type { Label } from '../../base/label.js'
import { booleanParameter, optionalParameter } from '../../base/parameters.js'
import { type Column, countMissing, isMissing } from '../../data/column.js'
import { Table } from '../../data/table.js'
import { labelParameter } from '../../estimator/label-parameter.js'
import type { Matrix } from '../../estimator/matrix.js'
import { RawColumns } from '../../estimator/raw-columns.js'

/** Parameters that all imputers have. */
export const imputerParameters = {
  missingValues: optionalParameter(
    labelParameter({
      doc: 'A value that counts as missing too, such as -1; null: null, undefined and NaN alone.',
    }),
  ),
  addIndicator: booleanParameter({
    default: false,
    doc: 'Whether a feature is added for each column that had missing values in fit: 1 where one is missing.',
  }),
  keepEmptyFeatures: booleanParameter({
    default: false,
    doc: 'Whether columns without any value in fit are kept, filled with 0; else they are left out.',
  }),
}

/** The same columns, in which a value that stands for a missing one is missing. */
export function markMissing(frame: RawColumns, value: Label | undefined): RawColumns {
  if (value === undefined) return frame
  const columns = frame.columns.map((column): Column => {
    if (column.kind === 'number') {
      if (typeof value !== 'number' || !column.values.includes(value)) return column
      const values = column.values.map(cell => (cell === value ? Number.NaN : cell))
      return { kind: 'number', name: column.name, type: column.type, values }
    }
    const place = typeof value === 'number' ? -1 : column.categories.indexOf(String(value))
    if (place < 0) return column
    return { ...column, codes: column.codes.map(code => (code === place ? -1 : code)) }
  })
  return new RawColumns(new Table(columns, frame.rows), frame.named)
}

/** The places of columns with missing values, ascending. */
export function columnsWithMissing(frame: RawColumns): Int32Array {
  return Int32Array.from(
    frame.columns.flatMap((column, j) => (countMissing(column) > 0 ? [j] : [])),
  )
}

/** 1 where a column's value is missing. */
export function indicatorOf(column: Column, rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => (isMissing(column, row) ? 1 : 0))
}

/** As scikit-learn calls them. */
export function indicatorNames(inputs: readonly string[], features: ArrayLike<number>): string[] {
  return Array.from(features, j => `missingindicator_${inputs[j]}`)
}

/** A matrix in which a value that stands for a missing one is NaN. */
export function markMatrix(matrix: Matrix, value: Label | undefined): Matrix {
  if (typeof value !== 'number') return matrix
  return { ...matrix, x: matrix.x.map((cell: number) => (cell === value ? Number.NaN : cell)) }
}
