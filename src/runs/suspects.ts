// Rows whose given target is probably wrong, judged by answers of models that never saw them: for
// classes confident learning (Northcutt, Jiang, Chuang 2021), for numbers robust residuals.

import type { Answers } from './evaluation.js'

export interface SuspectRow {
  /** Index into the answers. */
  readonly index: number
  /** Class or number expected. */
  readonly expected: number
  /** Classes: probability of the given one. Numbers: residual in robust standard deviations. */
  readonly score: number
}

/** The most doubtful first, at most `most`. */
export function findSuspects(answers: Answers, most = 20): SuspectRow[] {
  return answers.task === 'classification'
    ? doubtfulClasses(answers, most)
    : doubtfulNumbers(answers.truth, answers.predicted, most)
}

function doubtfulClasses(
  { truth, probabilities, classes }: Extract<Answers, { task: 'classification' }>,
  most: number,
): SuspectRow[] {
  // How sure the model is of a class on rows that carry its label.
  const sums = new Float64Array(classes)
  const counts = new Float64Array(classes)
  truth.forEach((label, row) => {
    sums[label] += probabilities[row * classes + label]
    counts[label]++
  })
  const found: SuspectRow[] = []
  truth.forEach((label, row) => {
    const given = probabilities[row * classes + label]
    let expected = label
    for (let c = 0; c < classes; c++)
      if (probabilities[row * classes + c] > probabilities[row * classes + expected]) expected = c
    const sure = counts[expected] === 0 ? 1 : sums[expected] / counts[expected]
    if (expected === label || given > 0.15) return
    if (probabilities[row * classes + expected] < Math.max(0.8, sure)) return
    found.push({ index: row, expected, score: given })
  })
  return found.sort((a, b) => a.score - b.score).slice(0, most)
}

/** Residuals beyond this many robust standard deviations. */
const farOut = 6

function doubtfulNumbers(truth: Float64Array, predicted: Float64Array, most: number): SuspectRow[] {
  const residuals = truth.map((value, i) => predicted[i] - value)
  const centre = medianOf(residuals)
  const scale = 1.4826 * medianOf(residuals.map(residual => Math.abs(residual - centre)))
  if (!(scale > 0)) return []
  const found: SuspectRow[] = []
  residuals.forEach((residual, index) => {
    const score = Math.abs(residual - centre) / scale
    if (score > farOut) found.push({ index, expected: predicted[index], score })
  })
  return found.sort((a, b) => b.score - a.score).slice(0, most)
}

function medianOf(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
