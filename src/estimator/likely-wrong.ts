// Rows whose target is likely wrong: those a model that hasn't seen them finds least believable
// (out-of-fold loss; Northcutt, Jiang & Chuang 2021, "Confident learning").

import { argumentError } from '../base/errors.js'

/** A row whose target is likely wrong. */
export interface Suspect {
  readonly row: number
  /** Class given, or target given. */
  readonly given: number
  /** Class expected, or value expected. */
  readonly expected: number
  /** Classes: the probability of the given one. Numbers: the error in standard errors. */
  readonly score: number
}

/**
 * The rows with the largest out-of-fold loss, worst first, of those where another class is likelier
 * and the given one has a probability below `below` (default 0.1). `probabilities` are row-major
 * `rows × classes`, labels their columns.
 */
export function likelyWrongLabels(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: { readonly limit?: number; readonly below?: number } = {},
): Suspect[] {
  const { limit = 20, below = 0.1 } = options
  const classes = probabilities.length / labels.length
  if (labels.length === 0 || !Number.isInteger(classes) || classes < 2)
    throw argumentError(
      'likelyWrongLabels',
      'probabilities of two or more classes for every row',
      `${probabilities.length} for ${labels.length} rows`,
    )
  const found: Suspect[] = []
  for (let row = 0; row < labels.length; row++) {
    const given = labels[row]
    const score = probabilities[row * classes + given]
    let expected = 0
    for (let c = 1; c < classes; c++)
      if (probabilities[row * classes + c] > probabilities[row * classes + expected]) expected = c
    if (expected !== given && score < below) found.push({ row, given, expected, score })
  }
  return found.sort((a, b) => a.score - b.score || a.row - b.row).slice(0, limit)
}

/**
 * The rows with the largest out-of-fold error, worst first, of those beyond `beyond` (default 4)
 * robust standard errors (1.4826 times the median absolute error).
 */
export function likelyWrongNumbers(
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
  options: { readonly limit?: number; readonly beyond?: number } = {},
): Suspect[] {
  const { limit = 20, beyond = 4 } = options
  if (targets.length === 0 || targets.length !== predictions.length)
    throw argumentError(
      'likelyWrongNumbers',
      'a prediction for every row',
      `${predictions.length} for ${targets.length} rows`,
    )
  const errors = new Float64Array(targets.length).map((_, i) =>
    Math.abs(predictions[i] - targets[i]),
  )
  const scale = 1.4826 * errors.slice().sort()[errors.length >> 1]
  if (!(scale > 0)) return []
  return Array.from(errors, (error, row) => ({
    row,
    given: targets[row],
    expected: predictions[row],
    score: error / scale,
  }))
    .filter(suspect => suspect.score > beyond)
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, limit)
}
