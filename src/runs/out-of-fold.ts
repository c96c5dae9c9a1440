// Answers for training rows (of the sample) from models that were not trained on them: the same model,
// three folds.

import { Random } from '../base/philox.js'
import { answerTable } from './answer-rows.js'
import type { Answers } from './evaluation.js'
import type { PreparedData } from './prepare-data.js'
import { TableModel } from './table-model.js'
import type { Trained } from './trained.js'

const folds = 3
/** Seconds that a fit may have taken for this to be worth its time. */
const affordable = 4

export async function outOfFold(
  data: PreparedData,
  trained: Trained,
  seed: number,
  trainedFor: number,
): Promise<Answers | undefined> {
  const { encoder, task } = data
  const { split, table } = data.sample
  if (trainedFor > affordable || split.train.length < 60) return undefined
  const width = task === 'regression' ? 1 : encoder.classes.length
  const fold = new Uint8Array(split.train.length)
  for (let i = 0; i < fold.length; i++) fold[i] = i % folds
  new Random(seed, 0x666f6c64).shuffle(fold)
  const values = new Float64Array(split.train.length * width)
  const truth = task === 'regression' ? new Float64Array(fold.length) : new Int32Array(fold.length)
  for (let part = 0; part < folds; part++) {
    const inside: number[] = []
    const outside: number[] = []
    for (let i = 0; i < fold.length; i++) (fold[i] === part ? inside : outside).push(i)
    const core = await trained.retrain(Uint32Array.from(outside, i => split.train[i]))
    const model = new TableModel(core, encoder, { threshold: 0.5, metrics: {} })
    const answers = await answerTable(
      model,
      table,
      Uint32Array.from(inside, i => split.train[i]),
    )
    const found = answers.task === 'regression' ? answers.predicted : answers.probabilities
    inside.forEach((row, i) => {
      truth[row] = answers.truth[i]
      for (let c = 0; c < width; c++) values[row * width + c] = found[i * width + c]
    })
  }
  return task === 'regression'
    ? { task, truth: truth as Float64Array, predicted: values }
    : { task, classes: width, truth: truth as Int32Array, probabilities: values }
}
