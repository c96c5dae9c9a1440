// What several transformers made of the same rows, put side by side: dense, sparse, or as raw columns where some
// hold texts.

import { AthanorError } from '../../base/errors.js'
import type { Column } from '../../data/column.js'
import { Table } from '../../data/table.js'
import { denseBeside, sparseBeside } from '../../estimator/column-blocks.js'
import type { Transformed } from '../../estimator/contract.js'
import { columnsOfMatrix } from '../../estimator/frame.js'
import { isSparse, type Matrix, matrixOf } from '../../estimator/matrix.js'
import { RawColumns } from '../../estimator/raw-columns.js'
import type { SparseMatrix } from '../../estimator/sparse.js'

/** One block, with a factor for its values. */
export interface Block {
  readonly name: string
  readonly features: Transformed
  readonly weight: number
}

/** Blocks without raw columns: those that hold numbers alone become a matrix. */
export async function settled(operation: string, blocks: readonly Block[]): Promise<Block[]> {
  return Promise.all(
    blocks.map(async block => {
      const { features } = block
      if (!(features instanceof RawColumns) || !holdsNumbers(features))
        return weighted(operation, block)
      const matrix = await matrixOf(operation, features, { allowNaN: true })
      return weighted(operation, { ...block, features: matrix })
    }),
  )
}

function holdsNumbers({ columns }: RawColumns): boolean {
  return columns.every(column =>
    column.kind === 'number'
      ? column.type !== 'datetime'
      : column.type === 'boolean' && column.categories.every(text => /^(true|false)$/.test(text)),
  )
}

function weighted(operation: string, block: Block): Block {
  const { features, weight } = block
  if (weight === 1) return block
  if (features instanceof RawColumns)
    throw new AthanorError('ARGUMENT', {
      operation,
      expected: `no weight for '${block.name}', which gives texts`,
      received: String(weight),
    })
  return { ...block, features: scaled(features, weight) }
}

function scaled(features: Matrix | SparseMatrix, weight: number): Matrix | SparseMatrix {
  if (!isSparse(features)) return { ...features, x: features.x.map((v: number) => v * weight) }
  const copy = features.take(Array.from({ length: features.rows }, (_, row) => row))
  copy.values.forEach((value, n) => {
    copy.values[n] = value * weight
  })
  return copy
}

/** The share of values that are stored, if some block is sparse; else 1. */
export function densityOf(blocks: readonly Block[], rows: number): number {
  if (!blocks.some(({ features }) => !(features instanceof RawColumns) && isSparse(features)))
    return 1
  let stored = 0
  let cells = 0
  for (const { features } of blocks) {
    cells += rows * features.width
    stored +=
      !(features instanceof RawColumns) && isSparse(features)
        ? features.values.length
        : rows * features.width
  }
  return cells === 0 ? 1 : stored / cells
}

/** The blocks side by side. Errors: SHAPE where a transformer changed the number of rows; MEMORY. */
export function beside(
  operation: string,
  blocks: readonly Block[],
  rows: number,
  sparse: boolean,
): Transformed {
  for (const { name, features } of blocks)
    if (features.rows !== rows)
      throw new AthanorError('SHAPE', {
        operation,
        expected: `${rows} rows from '${name}'`,
        received: String(features.rows),
      })
  const parts = blocks.map(({ features }) => features)
  if (parts.some(part => part instanceof RawColumns)) return columnsBeside(operation, parts, rows)
  const matrices = parts as (Matrix | SparseMatrix)[]
  return sparse ? sparseBeside(matrices, rows) : denseBeside(operation, matrices, rows)
}

function columnsBeside(operation: string, parts: readonly Transformed[], rows: number): RawColumns {
  const columns = parts.flatMap((part): readonly Column[] => {
    if (part instanceof RawColumns) return part.columns
    return columnsOfMatrix(isSparse(part) ? denseBeside(operation, [part], rows) : part).columns
  })
  const numbered = columns.map((column, j) => ({ ...column, name: `x${j}` }))
  return new RawColumns(new Table(numbered, rows), false)
}
