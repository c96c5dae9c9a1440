// Where a classifier of two classes draws the line: a threshold on its scores or probabilities.

import { argumentError } from '../../base/errors.js'
import type { Classifier } from '../../estimator/contract.js'
import type { FeaturesLike } from '../../estimator/matrix.js'

export const responseMethods = ['auto', 'predictProba', 'decisionFunction'] as const
export type ResponseMethod = (typeof responseMethods)[number]

/** The score of the second class, one a row, and the threshold that the classifier itself draws. */
export async function scoresOfSecond(
  operation: string,
  model: Classifier,
  x: FeaturesLike,
  method: ResponseMethod,
): Promise<{ readonly scores: Float64Array; readonly standard: number }> {
  const answers = model.predictProba !== undefined && model.hasProbabilities !== false
  if (answers && method !== 'decisionFunction') {
    const p = (await model.predictProba?.(x as never)) as ArrayLike<number>
    const scores = Float64Array.from({ length: p.length / 2 }, (_, row) => p[2 * row + 1])
    return { scores, standard: 0.5 }
  }
  if (model.decisionFunction === undefined || method === 'predictProba')
    throw argumentError(
      operation,
      method === 'auto' ? 'a classifier with probabilities or scores' : `one with ${method}`,
      'one without',
    )
  return { scores: Float64Array.from(await model.decisionFunction(x as never)), standard: 0 }
}

/** 1 from the threshold on. */
export function codesFrom(scores: Float64Array, threshold: number): Int32Array {
  return Int32Array.from(scores, score => (score >= threshold ? 1 : 0))
}
