// What metrics of rankings check: for each row a list of items, with their true relevance and the scores
// by which they are ranked.

import { AthanorError, argumentError, shapeError } from '../../base/errors.js'
import { requireFinite, requireWeights, type Values } from './input.js'

/** One row a query, one column an item: as rows, or as one row-major array with its shape. */
export type RankingTable =
  | readonly ArrayLike<number>[]
  | { readonly x: Values; readonly rows: number; readonly width: number }

export interface RankedItems {
  readonly rows: number
  readonly items: number
  /** Row-major, `rows × items`. */
  readonly relevance: Values
  readonly scores: Values
}

/** Two matrices of one shape. */
export function rankedItems(
  operation: string,
  yTrue: RankingTable,
  yScore: RankingTable,
  weights: Values | undefined,
): RankedItems {
  const truth = tableOf(operation, 'yTrue', yTrue)
  const score = tableOf(operation, 'yScore', yScore)
  if (truth.rows !== score.rows || truth.width !== score.width)
    throw shapeError(
      operation,
      `scores of [${truth.rows}, ${truth.width}], as yTrue`,
      `[${score.rows}, ${score.width}]`,
    )
  requireWeights(operation, weights, truth.rows)
  return { rows: truth.rows, items: truth.width, relevance: truth.x, scores: score.x }
}

function tableOf(operation: string, name: string, table: RankingTable) {
  const isList = Array.isArray(table)
  const given = table as { readonly x: Values; readonly rows: number; readonly width: number }
  const rows = isList ? table.length : given?.rows
  const width = isList ? table[0]?.length : given?.width
  if (isList ? rows > 0 && width === undefined : given?.x === undefined)
    throw argumentError(operation, `rows of numbers as ${name}`, 'something else')
  if (!(rows > 0 && width > 0))
    throw new AthanorError('DATA', {
      operation,
      expected: `at least one row and one item in ${name}`,
      received: isList ? 'none' : `[${rows}, ${width}]`,
    })
  const x = isList ? new Float64Array(rows * width) : given.x
  if (isList)
    table.forEach((row, r) => {
      if (row?.length !== width)
        throw shapeError(operation, `${width} items in every row`, `${row?.length} in row ${r}`)
      ;(x as Float64Array).set(row, r * width)
    })
  if (x.length !== rows * width)
    throw shapeError(operation, `${rows * width} values for [${rows}, ${width}]`, `${x.length}`)
  requireFinite(operation, name, x)
  return { x, rows, width }
}

/** The same where an item is relevant (1) or not (0). */
export function rankedLabels(
  operation: string,
  yTrue: RankingTable,
  yScore: RankingTable,
  weights: Values | undefined,
): RankedItems {
  const items = rankedItems(operation, yTrue, yScore, weights)
  for (let i = 0; i < items.relevance.length; i++)
    if (items.relevance[i] !== 0 && items.relevance[i] !== 1)
      throw argumentError(
        operation,
        '1 for relevant labels and 0 for others in yTrue',
        `${items.relevance[i]} at row ${Math.floor(i / items.items)}`,
      )
  return items
}
