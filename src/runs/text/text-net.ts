// The net of a run that classifies texts: built, and trained on rows of a table.

import { textClassifier } from '../../applications/text/text-classifier.js'
import type { Table } from '../../data/table.js'
import { BucketedSequences } from '../../data/text/index.js'
import type { Tokenizer } from '../../features/text/index.js'
import { schedules } from '../../optim/index.js'
import type { Model } from '../../train/model.js'
import { classLoss } from '../net.js'
import { makeOptimizer, type OwnCourses } from '../net-optimizers.js'
import type { PreparedData } from '../prepare-data.js'
import { seededNet } from '../seeded-net.js'
import { idsOfTexts } from './text-core.js'
import type { TextNetSettings } from './text-options.js'

/** Keeps a net of many words from being sure of what few texts say, so that the best epoch is one of few errors. */
const labelSmoothing = 0.1

const smoothedLoss: typeof classLoss = (yTrue, yPred, options = {}) =>
  classLoss(yTrue, yPred, { ...options, labelSmoothing })

/** `warmup`: the rate rises from a tenth over the first epoch, and falls to a twentieth. */
const own: OwnCourses = {
  courses: {
    warmup: ({ rate, steps, stepsPerEpoch }) =>
      schedules.cosine({
        initialLearningRate: rate / 10,
        warmupTarget: rate,
        warmupSteps: Math.max(1, stepsPerEpoch),
        decaySteps: steps,
        alpha: 0.05,
      }),
  },
  globalClipNorm: 1,
}

export function buildTextNet(
  settings: TextNetSettings,
  tokenizer: Tokenizer,
  classes: number,
  stepsPerEpoch: number,
): Model {
  const { model: kind, width, layers, heads, dropout } = settings
  const vocabulary = tokenizer.size
  const net = seededNet(settings, () =>
    textClassifier({ vocabulary, classes, kind, width, layers, heads, dropout }),
  )
  net.compile({
    optimizer: makeOptimizer(settings, stepsPerEpoch, own),
    loss: smoothedLoss,
  })
  return net
}

/** Rows of a table as batches of ids and classes. */
export function textSource(
  { encoder, target }: Pick<PreparedData, 'encoder' | 'target'>,
  table: Table,
  column: string,
  rows: Uint32Array,
  tokenizer: Tokenizer,
  context: number,
): BucketedSequences {
  const ids = idsOfTexts(tokenizer, table, column, rows, context)
  const labels = Int32Array.from(encoder.encode(table.column(target), rows))
  return new BucketedSequences(ids, labels, { maximumLength: context })
}

/** Steps of an epoch: each length has a last batch of its own. */
export function stepsOf(source: BucketedSequences, batchSize: number): number {
  return Math.ceil(source.rows / batchSize) + source.lengths.length - 1
}

/** `812 → lstm 64 → 17` */
export function textShape(settings: TextNetSettings, vocabulary: number, classes: number): string {
  const { model, layers, width } = settings
  const inner = Array.from({ length: layers }, () => `${model} ${width}`)
  return [vocabulary, ...inner, classes].join(' → ')
}
