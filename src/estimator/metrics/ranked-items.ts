// What metrics of rankings check: for each row a list of items, with their true relevance and the scores
// by which they are ranked.

import { argumentError, shapeError } from '../../base/errors.js'
import { asMatrix, type MatrixLike } from '../matrix.js'
import { requireWeights, type Values } from './input.js'

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
  yTrue: MatrixLike,
  yScore: MatrixLike,
  weights: Values | undefined,
): RankedItems {
  const truth = asMatrix(operation, yTrue)
  const score = asMatrix(operation, yScore)
  if (truth.rows !== score.rows || truth.width !== score.width)
    throw shapeError(
      operation,
      `scores of [${truth.rows}, ${truth.width}], as yTrue`,
      `[${score.rows}, ${score.width}]`,
    )
  requireWeights(operation, weights, truth.rows)
  return { rows: truth.rows, items: truth.width, relevance: truth.x, scores: score.x }
}

/** The same where an item is relevant (1) or not (0). */
export function rankedLabels(
  operation: string,
  yTrue: MatrixLike,
  yScore: MatrixLike,
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
