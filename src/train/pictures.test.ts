// A convolutional net in the manner of LeNet learns on every executor that loads here: pictures with a
// bright bar, whose direction and place are its classes.

import { afterAll, describe, expect, it } from 'vitest'
import type { Executor } from '../execute/executor.js'
import { openExecutor } from '../execute/select.js'
import * as layers from '../nn/layers.js'
import * as optim from '../optim/index.js'
import { useExecutor } from '../tensor/engine.js'
import * as random from '../tensor/random.js'
import { sequential } from './index.js'

const executors: Executor[] = (['wasm', 'native'] as const).flatMap(name => {
  try {
    return [openExecutor({ name })]
  } catch {
    return []
  }
})

const size = 12

/** Bars: across or down, in the first or second half. */
function bars(count: number, seed: number) {
  const noise = new random.Generator(seed).normal([count, size, size]).dataSync()
  const places = new random.Generator(seed + 1).uniform([count, 2]).dataSync()
  const x = Float32Array.from(noise, v => v * 0.3)
  const y = new Int32Array(count)
  for (let n = 0; n < count; n++) {
    const down = places[2 * n] < 0.5
    const at = Math.floor(places[2 * n + 1] * size)
    y[n] = (down ? 2 : 0) + (at < size / 2 ? 0 : 1)
    for (let i = 0; i < size; i++) x[n * size * size + (down ? i * size + at : at * size + i)] += 1
  }
  return { x, y }
}

function leNet() {
  random.seed(3)
  const model = sequential([
    layers.reshape({ targetShape: [size, size, 1], inputShape: [size * size] }),
    layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d(),
    layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
    layers.averagePooling2d(),
    layers.flatten(),
    layers.dense({ units: 32, activation: 'relu' }),
    layers.dense({ units: 4, activation: 'softmax' }),
  ])
  model.compile({
    optimizer: optim.adam({ learningRate: 0.01 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  })
  return model
}

describe.each(executors.map(e => [e.name, e] as const))('%s', (_, executor) => {
  const before = useExecutor(executor)
  afterAll(() => {
    if (before !== null) useExecutor(before)
  })

  it('learns to tell bars apart', async () => {
    useExecutor(executor)
    const train = bars(600, 1)
    const test = bars(200, 11)
    const model = leNet()
    await model.fit(train.x, train.y, { epochs: 8, batchSize: 50, verbose: 0, seed: 1 })
    const { accuracy } = await model.evaluate(test.x, test.y)
    expect(accuracy).toBeGreaterThan(0.9)
  }, 60_000)
})
