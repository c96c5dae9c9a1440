// What a linear model answers with (kernels/learn/linear-scores.cpp).

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { runJob } from '../../execute/jobs.js'
import { rowArguments } from '../linear-algebra/row-arguments.js'

const answers = { scores: 0, probabilities: 1, means: 2 } as const

export interface LinearOutputs {
  /** Row-major `outputs × features`. */
  readonly coef: Float64Array
  /** One an output. */
  readonly intercept: Float64Array
}

/**
 * Scores, row-major `rows × outputs`; or probabilities, `rows × classes` (of one output two); or e to the
 * scores.
 */
export async function linearAnswers(
  operation: string,
  x: AnyMatrix,
  { coef, intercept }: LinearOutputs,
  answer: keyof typeof answers = 'scores',
): Promise<Float64Array> {
  const { numbers, arrays } = rowArguments(x)
  const [out] = await runJob(operation, {
    kind: 'linearScores',
    numbers: [...numbers, intercept.length, answers[answer]],
    arrays: [...arrays, coef, intercept],
  })
  return new Float64Array(out)
}
