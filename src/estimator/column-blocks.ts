// Columns picked from a matrix, and blocks of columns put side by side, dense or sparse.

import { AthanorError } from '../base/errors.js'
import { isSparse, type Matrix } from './matrix.js'
import { SparseMatrix } from './sparse.js'

/** The columns at these places, in that order; of sparse ones each once. */
export function selectColumns<M extends Matrix | SparseMatrix>(
  matrix: M,
  places: ArrayLike<number>,
): M {
  const names =
    matrix.names === undefined ? undefined : Array.from(places, j => matrix.names![j] as string)
  if (isSparse(matrix)) return selectSparse(matrix, places, names) as M
  const { x, rows, width } = matrix as Matrix
  const out = new Float64Array(rows * places.length)
  for (let row = 0, i = 0; row < rows; row++)
    for (let k = 0; k < places.length; k++, i++) out[i] = x[row * width + places[k]]
  const picked = { x: out, rows, width: places.length }
  return (names === undefined ? picked : { ...picked, names }) as Matrix as M
}

function selectSparse(
  { rows, width, indptr, indices, values }: SparseMatrix,
  places: ArrayLike<number>,
  names: readonly string[] | undefined,
): SparseMatrix {
  const newPlace = new Int32Array(width).fill(-1)
  for (let k = 0; k < places.length; k++) newPlace[places[k]] = k
  let ascending = true
  for (let k = 1; k < places.length; k++) if (places[k] <= places[k - 1]) ascending = false
  const starts = new Int32Array(rows + 1)
  const outIndices = new Int32Array(indices.length)
  const outValues = new Float64Array(indices.length)
  let count = 0
  for (let row = 0; row < rows; row++) {
    const from = count
    for (let n = indptr[row]; n < indptr[row + 1]; n++) {
      const place = newPlace[indices[n]]
      if (place < 0) continue
      outIndices[count] = place
      outValues[count++] = values[n]
    }
    if (!ascending) sortRun(outIndices, outValues, from, count)
    starts[row + 1] = count
  }
  return new SparseMatrix({
    rows,
    width: places.length,
    indptr: starts,
    indices: outIndices.slice(0, count),
    values: outValues.slice(0, count),
    names,
  })
}

/** Brings a row's columns into ascending order. */
export function sortRun(indices: Int32Array, values: Float64Array, from: number, to: number): void {
  const order = Array.from({ length: to - from }, (_, i) => from + i)
  order.sort((a, b) => indices[a] - indices[b])
  const sortedIndices = order.map(n => indices[n])
  const sortedValues = order.map(n => values[n])
  indices.set(sortedIndices, from)
  values.set(sortedValues, from)
}

/** Blocks of as many rows side by side, dense. Errors: MEMORY. */
export function denseBeside(
  operation: string,
  blocks: readonly (Matrix | SparseMatrix)[],
  rows: number,
): Matrix {
  const width = blocks.reduce((sum, block) => sum + block.width, 0)
  if (rows * width > 2 ** 31)
    throw new AthanorError('MEMORY', {
      operation,
      expected: 'at most 2³¹ values',
      received: `${rows} × ${width}`,
      fix: 'Keep them sparse, or make fewer features',
    })
  const x = new Float64Array(rows * width)
  let at = 0
  for (const block of blocks) {
    if (isSparse(block)) {
      const { indptr, indices, values } = block
      for (let row = 0; row < rows; row++)
        for (let n = indptr[row]; n < indptr[row + 1]; n++)
          x[row * width + at + indices[n]] = values[n]
    } else
      for (let row = 0; row < rows; row++)
        for (let j = 0; j < block.width; j++)
          x[row * width + at + j] = block.x[row * block.width + j]
    at += block.width
  }
  return { x, rows, width }
}

/** Blocks of as many rows side by side, sparse. */
export function sparseBeside(
  blocks: readonly (Matrix | SparseMatrix)[],
  rows: number,
): SparseMatrix {
  const parts = blocks.map(block => (isSparse(block) ? block : SparseMatrix.fromDense(block)))
  const width = parts.reduce((sum, part) => sum + part.width, 0)
  const total = parts.reduce((sum, part) => sum + part.values.length, 0)
  const indptr = new Int32Array(rows + 1)
  const indices = new Int32Array(total)
  const values = new Float64Array(total)
  let count = 0
  for (let row = 0; row < rows; row++) {
    let at = 0
    for (const part of parts) {
      for (let n = part.indptr[row]; n < part.indptr[row + 1]; n++) {
        indices[count] = at + part.indices[n]
        values[count++] = part.values[n]
      }
      at += part.width
    }
    indptr[row + 1] = count
  }
  return new SparseMatrix({ rows, width, indptr, indices, values })
}
