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

/** Columns read together: one pass over the memory of a row-major matrix for so many. */
const panel = 8

/** Reads columns; quick where they are asked for in their order. The arrays may be changed. */
export function columnReader(matrix: Matrix): (column: number) => Float64Array {
  const { x, rows, width } = matrix
  if (width === 1) return () => Float64Array.from(x)
  let first = -1
  let held: Float64Array[] = []
  return column => {
    const wanted = column - (column % panel)
    if (wanted !== first) {
      first = wanted
      const count = Math.min(panel, width - wanted)
      held = Array.from({ length: count }, () => new Float64Array(rows))
      for (let row = 0, i = wanted; row < rows; row++, i += width)
        for (let k = 0; k < count; k++) held[k][row] = x[i + k]
    }
    return held[column - first]
  }
}

/** Calls `work` with each column's values that are not missing, ascending. */
export async function forSortedColumns(
  operation: string,
  x: Matrix,
  work: (sorted: Float64Array, column: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const read = columnReader(x)
  const sorted = (column: number) =>
    read(column)
      .filter(value => !Number.isNaN(value))
      .sort()
  await forEachOf(operation, x.width, column => work(sorted(column), column), signal)
}
