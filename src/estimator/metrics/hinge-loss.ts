// The hinge loss of decision values (Vapnik 1995; several classes: Crammer & Singer 2001).

import { shapeError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import { type ClassScores, checkScores, classColumns, positiveRows } from './input.js'
import { meanOf } from './means.js'
import { type ProbabilityOptions, probabilityOptions } from './probabilities.js'

/**
 * Mean of max(0, 1 − margin). With one decision value a row the margin is that value, its sign turned
 * for rows of the negative class; with one column a class it is the true class's value less the highest
 * other. As scikit-learn's `hinge_loss`.
 *
 * @throws AthanorError SHAPE for two columns; otherwise as `logLoss`.
 * @example
 * ```ts
 * hingeLoss([-1, 1, 1], [-2.2, 2.4, 0.1]) // 0.3
 * ```
 */
export function hingeLoss(
  yTrue: Labels,
  decision: ClassScores,
  options: ProbabilityOptions = {},
): number {
  const { sampleWeight, positive, labels } = probabilityOptions.check('hingeLoss', options)
  const table = checkScores('hingeLoss', yTrue, decision, sampleWeight, 'decision')
  const { rows, classes, values } = table
  if (classes === 2)
    throw shapeError('hingeLoss', 'one decision value a row for two classes', 'two')
  const losses = new Float64Array(rows)
  if (classes === 1) {
    const isPositive = positiveRows('hingeLoss', yTrue, table.kind, positive, labels)
    for (let i = 0; i < rows; i++)
      losses[i] = Math.max(0, 1 - (isPositive[i] === 1 ? values[i] : -values[i]))
    return meanOf(losses, sampleWeight)
  }
  const truth = classColumns('hingeLoss', yTrue, table, labels)
  for (let i = 0; i < rows; i++) {
    let other = -Infinity
    for (let c = 0; c < classes; c++)
      if (c !== truth[i]) other = Math.max(other, values[i * classes + c])
    losses[i] = Math.max(0, 1 - (values[i * classes + truth[i]] - other))
  }
  return meanOf(losses, sampleWeight)
}
