// A source whose batches differ in the length of their rows: one Program a length.

import { expect, test } from 'vitest'
import { BucketedSequences } from '../data/text/bucketed-sequences.js'
import { layers } from '../nn/index.js'
import { mean } from '../tensor/operations.js'
import { sequential } from './model.js'

test('a model learns from batches of several lengths', async () => {
  const sequences = Array.from({ length: 96 }, (_, i) =>
    Int32Array.from({ length: 1 + ((i * 7) % 30) }, () => 1 + (i % 2)),
  )
  const labels = Int32Array.from(sequences, ids => ids[0] - 1)
  const source = new BucketedSequences(sequences, labels, { buckets: 3 })
  expect(source.lengths.length).toBe(3)
  const model = sequential([
    layers.embedding({ inputDim: 3, outputDim: 4 }),
    layers.lambda({ function: x => mean(x, { axis: 1 }) }),
    layers.dense({ units: 2, activation: 'softmax' }),
  ])
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] })
  model.optimizer.learningRate = 0.05
  const { history } = await model.fit(source, { epochs: 15, batchSize: 16, verbose: 0 })
  expect(history.accuracy.at(-1)).toBe(1)
  expect((await model.evaluate(source)).accuracy).toBe(1)
})
