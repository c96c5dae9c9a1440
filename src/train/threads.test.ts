// The same bits at any thread count: a whole training run, on sizes that are cut into many blocks.

import { describe, expect, it } from 'vitest'
import type { Executor } from '../execute/executor.js'
import { nativeIsas } from '../execute/native.js'
import { openExecutor } from '../execute/select.js'
import * as layers from '../nn/layers.js'
import { useExecutor } from '../tensor/engine.js'
import { random } from '../tensor/index.js'
import { sequential } from './index.js'

function isas(): string[] {
  try {
    return nativeIsas()
  } catch {
    return []
  }
}

async function train(executor: Executor): Promise<Record<string, unknown>> {
  useExecutor(executor)
  random.seed(5)
  const generator = new random.Generator(11)
  const x = generator.normal([300, 200]).dataSync()
  const y = Int32Array.from({ length: 300 }, (_, i) => i % 7)
  const model = sequential([
    layers.dense({ units: 321, activation: 'relu', inputShape: [200] }),
    layers.dropout({ rate: 0.3 }),
    layers.layerNormalization(),
    layers.dense({ units: 130, activation: 'tanh', kernelRegularizer: 'l2' }),
    layers.dense({ units: 7, activation: 'softmax' }),
  ])
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] })
  const { history } = await model.fit(x, y, { epochs: 2, batchSize: 128, verbose: 0 })
  return { history, weights: model.snapshot() }
}

describe.each(isas().map(isa => [isa]))('native %s', isa => {
  it('trains to the same bits with 1, 2, 3 and 5 threads', async () => {
    const alone = await train(openExecutor({ name: 'native', isa, threads: 1 }))
    for (const threads of [2, 3, 5])
      expect(await train(openExecutor({ name: 'native', isa, threads }))).toEqual(alone)
  })
})

it('trains to the same bits again on WebAssembly', async () => {
  const executor = openExecutor({ name: 'wasm', isa: 'simd128' })
  expect(await train(executor)).toEqual(await train(executor))
})
