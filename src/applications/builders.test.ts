// What holds for every net that a builder makes: training stopped and resumed gives the same bits, and every
// way to choose a learning rate works with it.

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import * as losses from '../nn/losses/index.js'
import { adam, schedules, sgd } from '../optim/index.js'
import { concat, ones, random, type Tensor, tensor } from '../tensor/index.js'
import { type Callback, findLearningRate, type Model, reduceOnPlateau } from '../train/index.js'
import {
  densePictureNet,
  leNet,
  pictureNet,
  resNet18,
  resNet20,
  resNet32,
  resNet56,
} from './pictures/index.js'
import { ctcSpeechModel } from './speech/index.js'
import { lstmLanguageModel, textClassifier, transformerLanguageModel } from './text/index.js'

vi.setConfig({ testTimeout: 180_000 })

interface Case {
  readonly make: () => Model
  readonly x: () => Tensor
  readonly y: () => Tensor
  readonly loss?: 'ctc'
}

const rows = 6
const ids = (shape: readonly number[], below: number) => {
  const size = shape.reduce((a, b) => a * b)
  const values = Int32Array.from({ length: size }, (_, i) => 1 + ((i * 7 + (i >> 2)) % (below - 1)))
  return tensor(values, { shape, dtype: 'int32' })
}
const classes = () => ids([rows], 3)
const tokens = () => ids([rows, 5], 9)

const pictures = (make: () => Model, side = 12): Case => ({
  make,
  x: () => random.normal([rows, side, side, 1]),
  y: classes,
})
const inputShape = [12, 12, 1]
const texts = (kind: 'average' | 'lstm' | 'gru' | 'transformer'): Case => ({
  make: () => textClassifier({ vocabulary: 9, classes: 3, kind, width: 4, heads: 2, dropout: 0.1 }),
  x: tokens,
  y: classes,
})
const language = (make: () => Model): Case => ({ make, x: tokens, y: tokens })
const speech = (cell: 'lstm' | 'gru'): Case => ({
  make: () => ctcSpeechModel({ features: 3, classes: 5, units: [4], stack: 2, cell }),
  // The last feature says that a frame is there.
  x: () => concat([random.normal([rows, 12, 3]), ones([rows, 12, 1])], { axis: -1 }),
  y: () => ids([rows, 3], 5),
  loss: 'ctc',
})

const builders: Readonly<Record<string, Case>> = {
  densePictureNet: pictures(() => densePictureNet({ inputShape, classes: 3 })),
  leNet: pictures(() => leNet({ inputShape, classes: 3 })),
  pictureNet: pictures(() => pictureNet({ inputShape, classes: 3, filters: [4, 8] })),
  resNet20: pictures(() => resNet20({ inputShape, classes: 3 })),
  resNet32: pictures(() => resNet32({ inputShape, classes: 3 })),
  resNet56: pictures(() => resNet56({ inputShape, classes: 3 })),
  resNet18: pictures(() => resNet18({ inputShape: [32, 32, 1], classes: 3 }), 32),
  'textClassifier average': texts('average'),
  'textClassifier lstm': texts('lstm'),
  'textClassifier gru': texts('gru'),
  'textClassifier transformer': texts('transformer'),
  'lstmLanguageModel lstm': language(() =>
    lstmLanguageModel({ vocabulary: 9, embedding: 4, units: 6, layers: 2, dropout: 0.1 }),
  ),
  'lstmLanguageModel gru': language(() =>
    lstmLanguageModel({ vocabulary: 9, embedding: 4, units: 6, cell: 'gru' }),
  ),
  transformerLanguageModel: language(() =>
    transformerLanguageModel({ vocabulary: 9, context: 5, width: 8, heads: 2, layers: 2 }),
  ),
  'ctcSpeechModel lstm': speech('lstm'),
  'ctcSpeechModel gru': speech('gru'),
}

const logits = (y: Tensor, predicted: Tensor) =>
  losses.sparseCategoricalCrossentropy(y, predicted, { fromLogits: true })

/** A net that has not been trained, the same each time, and what it is to learn. */
function fresh({ make, x, y, loss = logits as never }: Case) {
  random.seed(3)
  const net = make()
  const optimizer = adam({
    learningRate: schedules.oneCycle({ maxLearningRate: 1e-2, totalSteps: 6 }),
  })
  net.compile({ optimizer, loss })
  return { net, x: x(), y: y() }
}

/** All weights and averages, as a digest: nets here have up to 11 million. */
function bits(net: Model): string {
  const hash = createHash('sha256')
  for (const values of Object.values(net.snapshot()))
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  return hash.digest('hex')
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'athanor-builders-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(Object.entries(builders))('%s', (name, builder) => {
  test('stopped and resumed, it has the same weights', async () => {
    const options = { batchSize: 3, seed: 5, verbose: 0 } as const
    const checkpoint = { path: join(folder, name) }
    const whole = fresh(builder)
    await whole.net.fit(whole.x, whole.y, { ...options, epochs: 2 })
    const first = fresh(builder)
    await first.net.fit(first.x, first.y, { ...options, epochs: 1, checkpoint })
    const second = fresh(builder)
    await second.net.fit(second.x, second.y, { ...options, epochs: 2, checkpoint, resume: true })
    expect(bits(second.net)).toBe(bits(whole.net))
    expect(bits(second.net)).not.toBe(bits(first.net))
  })
})

describe.each([
  'pictureNet',
  'textClassifier lstm',
  'transformerLanguageModel',
  'ctcSpeechModel gru',
])('learning rates of %s', name => {
  const builder = builders[name]
  const { loss = logits as never } = builder
  const fit = ({ net, x, y }: ReturnType<typeof fresh>, callbacks: readonly Callback[] = []) =>
    net.fit(x, y, { batchSize: 3, epochs: 3, verbose: 0, callbacks })
  const weights = ({ net }: ReturnType<typeof fresh>) => net.parameters().map(p => p.dataSync())

  test.each([
    ['cosine', schedules.cosine({ initialLearningRate: 0.1, decaySteps: 6 })],
    ['warm-up', schedules.warmUp({ learningRate: 0.1, warmupSteps: 3 })],
  ])('%s', async (_, learningRate) => {
    const made = fresh(builder)
    made.net.compile({ optimizer: sgd({ learningRate }), loss })
    const before = weights(made)
    await fit(made)
    expect(made.net.optimizer.learningRate).toBeCloseTo(learningRate(6), 12)
    expect(weights(made)).not.toEqual(before)
  })

  test('a plateau lowers it', async () => {
    const made = fresh(builder)
    made.net.compile({ optimizer: sgd({ learningRate: 1e-9 }), loss })
    await fit(made, [reduceOnPlateau({ monitor: 'loss', patience: 1, factor: 0.5, minDelta: 1 })])
    expect(made.net.optimizer.learningRate).toBeCloseTo(2.5e-10, 15)
  })

  test('a layer with a rate of 0 stays as it is', async () => {
    const made = fresh(builder)
    const parameters = made.net.parameters()
    const [first, rest] = [parameters.slice(0, 1), parameters.slice(1)]
    const groups = [{ parameters: first, learningRate: 0 }, { parameters: rest }]
    made.net.compile({ optimizer: sgd(groups, { learningRate: 0.1 }), loss })
    const before = weights(made)
    await fit(made)
    const after = weights(made)
    expect(after[0]).toEqual(before[0])
    expect(after.at(-1)).not.toEqual(before.at(-1))
  })

  test('the range test finds one and leaves the net as it was', async () => {
    const made = fresh(builder)
    const before = bits(made.net)
    const { learningRates } = await findLearningRate(made.net, [made.x, made.y], { steps: 20 })
    expect(learningRates.length).toBeGreaterThan(3)
    expect(bits(made.net)).toBe(before)
  })
})
