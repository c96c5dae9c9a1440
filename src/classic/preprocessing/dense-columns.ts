// Statistics of dense columns, in pieces that give the event loop its turns.

import type { Matrix } from '../../estimator/matrix.js'
import { forEachOf, forRowBlocks } from '../../estimator/row-blocks.js'
import { ColumnDeviations, ColumnExtremes } from '../../features/moments.js'

/** How many values each column has, where they lie and their sum; NaN doesn't count. */
export async function denseExtremes(
  operation: string,
  x: Matrix,
  weights?: Float64Array,
  signal?: AbortSignal,
): Promise<ColumnExtremes> {
  const extremes = new ColumnExtremes(x.width)
  await forRowBlocks(operation, x, (from, to) => extremes.add(x.x, from, to, weights), signal)
  return extremes
}

/** Counts, means and population deviations; NaN where a column has no values. */
export async function denseMoments(
  operation: string,
  x: Matrix,
  weights?: Float64Array,
  signal?: AbortSignal,
) {
  const extremes = await denseExtremes(operation, x, weights, signal)
  const deviations = new ColumnDeviations(extremes)
  await forRowBlocks(operation, x, (from, to) => deviations.add(x.x, from, to, weights), signal)
  return { count: extremes.count, ...deviations.finish() }
}

/** The values of one column. */
export function columnOf({ x, rows, width }: Matrix, column: number): Float64Array {
  const values = new Float64Array(rows)
  for (let row = 0, i = column; row < rows; row++, i += width) values[row] = x[i]
  return values
}

/** Those of them that are not missing, ascending. */
export function sortedColumn(x: Matrix, column: number): Float64Array {
  return columnOf(x, column)
    .filter(value => !Number.isNaN(value))
    .sort()
}

/** Calls `work` with each column's values that are not missing, ascending. */
export async function forSortedColumns(
  operation: string,
  x: Matrix,
  work: (sorted: Float64Array, column: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  await forEachOf(operation, x.width, column => work(sortedColumn(x, column), column), signal)
}
