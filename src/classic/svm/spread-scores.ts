// Decision values where a class was named but had no rows.

import { countOf } from '../../estimator/base-classifier.js'
import type { Frame } from '../../estimator/base-estimator.js'

/**
 * Scores of the classes that had rows (one a row for two, else one a class) as scores of all classes;
 * one without rows gets a score below all others.
 */
export function spreadScores(scores: Float64Array, state: Frame): Float64Array {
  const { present, classes = [] } = state
  const width = classes.length
  if (present === undefined) return scores
  const count = countOf(state)
  const given = count === 2 ? 1 : count
  const rows = scores.length / given
  const out = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const own =
      given === 1 ? [-scores[row], scores[row]] : scores.subarray(row * given, (row + 1) * given)
    out.fill(Math.min(...own) - 1, row * width, (row + 1) * width)
    for (let k = 0; k < count; k++) out[row * width + present[k]] = own[k]
  }
  return out
}
