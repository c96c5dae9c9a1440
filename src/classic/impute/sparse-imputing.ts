// Imputing sparse features: what is not stored is 0, a stored NaN is missing.

import type { Column } from '../../data/column.js'
import { selectColumns, sparseBeside } from '../../estimator/column-blocks.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { mapStored } from '../preprocessing/columnwise.js'
import { storedByColumn } from '../preprocessing/sparse-columns.js'
import { numberColumn } from './columns-out.js'

/** Stored values that stand for missing ones become NaN. */
export function markStored(x: SparseMatrix, value: number | undefined): SparseMatrix {
  return value === undefined ? x : mapStored(x, cell => (cell === value ? Number.NaN : cell))
}

/** Each column with its zeros, in no order of rows. */
export function* denseColumnsOf(x: SparseMatrix): Generator<Column> {
  const { starts, values } = storedByColumn(x)
  for (let j = 0; j < x.width; j++) {
    const column = new Float64Array(x.rows)
    column.set(values.subarray(starts[j], starts[j + 1]))
    yield numberColumn(column)
  }
}

/** The places of columns with missing values, ascending. */
export function sparseColumnsWithMissing({ width, indices, values }: SparseMatrix): Int32Array {
  const has = new Uint8Array(width)
  for (let n = 0; n < values.length; n++) if (Number.isNaN(values[n])) has[indices[n]] = 1
  return Int32Array.from(Array.from(has.keys()).filter(j => has[j] === 1))
}

/** Missing values filled, columns without a statistic left out, indicators added. */
export function imputeSparse(
  x: SparseMatrix,
  statistics: readonly (number | null)[],
  indicators: Int32Array,
): SparseMatrix {
  const kept = statistics.flatMap((value, j) => (value === null ? [] : [j]))
  const filled = selectColumns(
    mapStored(x, (value, j) => (Number.isNaN(value) ? (statistics[j] ?? 0) : value)),
    kept,
  )
  if (indicators.length === 0) return filled
  return sparseBeside([filled, sparseIndicators(x, indicators)], x.rows)
}

/** 1 where one of these columns is missing; nothing elsewhere. */
export function sparseIndicators(x: SparseMatrix, indicators: Int32Array): SparseMatrix {
  const rows: [number, number][][] = []
  const place = new Map(Array.from(indicators, (j, k) => [j, k]))
  for (let row = 0; row < x.rows; row++) {
    const ones: [number, number][] = []
    for (let n = x.indptr[row]; n < x.indptr[row + 1]; n++) {
      const k = place.get(x.indices[n])
      if (k !== undefined && Number.isNaN(x.values[n])) ones.push([k, 1])
    }
    rows.push(ones)
  }
  return SparseMatrix.fromRows(rows, indicators.length)
}
