// A picture model's answers for some rows of a dataset.

import type { ClassAnswers } from '../evaluation.js'

export interface PartAnswers {
  /** Of the dataset. */
  readonly rows: Uint32Array
  readonly answers: ClassAnswers
}

/** The most probable class of a row. */
export function predictedClass({ classes, probabilities }: ClassAnswers, row: number): number {
  let best = 0
  for (let c = 1; c < classes; c++)
    if (probabilities[row * classes + c] > probabilities[row * classes + best]) best = c
  return best
}
