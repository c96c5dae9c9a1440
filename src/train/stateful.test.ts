// Layers that carry states from batch to batch, in all that trains, measures and answers.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { StreamWindows } from '../data/text/index.js'
import * as layers from '../nn/layers.js'
import * as losses from '../nn/losses/index.js'
import { Module } from '../nn/module.js'
import { Sequential } from '../nn/sequential.js'
import { input } from '../nn/symbolic.js'
import * as optim from '../optim/index.js'
import { random, type Tensor, tensor } from '../tensor/index.js'
import { earlyStopping, findLearningRate, Model, model, sequential } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'athanor-stateful-'))
afterAll(() => rmSync(folder, { recursive: true }))

const steps = 5
const rows = 3
const ids = Int32Array.from({ length: 64 }, (_, i) => (i * i + (i >> 2)) % 4)
const streams = () => new StreamWindows(ids, { length: steps, batchSize: rows })
const order = { epoch: 0, batchSize: rows, shuffle: false, seed: 0, from: 0 }

const loss = (y: Tensor, logits: Tensor) =>
  losses.sparseCategoricalCrossentropy(y, logits, { fromLogits: true })

function stack(stateful = true) {
  random.seed(6)
  return [
    layers.embedding({ inputDim: 4, outputDim: 3 }),
    layers.lstm({ units: 4, returnSequences: true, stateful, name: 'memory' }),
    layers.dropout({ rate: 0.1, seed: 2 }),
    layers.dense({ units: 4 }),
  ] as const
}

const net = (stateful = true) =>
  sequential(stack(stateful)).compile({ optimizer: optim.adam({ learningRate: 0.01 }), loss })

const weights = (one: { snapshot(): Record<string, ArrayLike<number>> }) =>
  Object.values(one.snapshot()).map(values => [...Array.from(values)])

const statesOf = (one: Pick<Model, 'module'>) =>
  one.module
    .modules()
    .flatMap(part => part.carried?.values() ?? [])
    .map(({ values }) => [...Array.from(values as Float32Array)])

const options = { batchSize: rows, shuffle: false, verbose: 0 } as const

describe('a stateful layer', () => {
  it('learns in fit as in a loop by hand, its states at zero as each epoch begins', async () => {
    const fitted = net()
    await fitted.fit(streams(), { ...options, epochs: 2 })
    const byHand = new Sequential(stack())
    byHand.build([steps])
    const optimizer = optim.adam(byHand.parameters(), { learningRate: 0.01 })
    for (let epoch = 0; epoch < 2; epoch++) {
      byHand.resetStates()
      for (const { x, y } of streams().batches(order)) {
        const shape = [rows, steps]
        const given = tensor(y, { shape, dtype: 'int32' })
        loss(given, byHand.forward(tensor(x, { shape, dtype: 'int32' }))).backward()
        optimizer.step()
      }
    }
    const hand = byHand.parameters().map(parameter => [...parameter.dataSync()])
    weights(fitted).forEach((values, i) => {
      values.forEach((value, j) => {
        expect(value).toBeCloseTo(hand[i][j] as number, 5)
      })
    })
    const without = net(false)
    await without.fit(streams(), { ...options, epochs: 2 })
    expect(weights(without)).not.toEqual(weights(fitted))
    const other = net()
    await other.fit(streams(), { ...options, epochs: 2, validationData: streams() })
    expect(weights(other)).toEqual(weights(fitted))
    expect(statesOf(other)).toEqual(statesOf(fitted))
  })

  it('is measured from zero each time, whatever it carries, which stays', async () => {
    const one = net()
    await one.fit(streams(), { ...options, epochs: 1 })
    const carried = statesOf(one)
    expect(carried.length).toBe(2)
    const first = await one.evaluate(streams(), { batchSize: rows })
    expect(await one.evaluate(streams(), { batchSize: rows })).toEqual(first)
    const other = new StreamWindows(ids, { length: steps, batchSize: 2 })
    expect((await one.evaluate(other, { batchSize: 2 })).loss).not.toBe(first.loss)
    expect(statesOf(one)).toEqual(carried)
  })

  it('goes on from one predict to the next, until it is reset', async () => {
    const one = net()
    const x = tensor(ids.slice(0, 2 * steps), { shape: [2, steps], dtype: 'int32' })
    const first = (await one.predict(x)).dataSync()
    expect((await one.predict(x)).dataSync()).not.toEqual(first)
    expect(one.resetStates()).toBe(one)
    expect((await one.predict(x)).dataSync()).toEqual(first)
    await expect(one.predict(x.slice([0, 1]))).rejects.toThrow(
      /memory.*batches of 2 rows.*one of 1/,
    )
  })

  it('never goes on into rows that are not there', async () => {
    const whole = tensor(ids.slice(0, 6 * steps), { shape: [6, steps], dtype: 'int32' })
    const part = whole.slice([0, 5])
    const words = input({ shape: [steps], dtype: 'int32' })
    let y = words
    for (const layer of stack()) y = layer.apply(y)
    const read = layers.dense({ units: 1 }).apply(y)
    const several = model({ inputs: words, outputs: [y, read] })
    for (const one of [net(), model({ inputs: words, outputs: y })]) {
      const first = (await one.predict(whole, { batchSize: 2 })).dataSync()
      const carried = statesOf(one)
      await expect(one.predict(part, { batchSize: 2 })).rejects.toThrow(
        /predict: expected whole batches of 2 rows.*received 5 rows.*batchSize that divides/,
      )
      expect(statesOf(one)).toEqual(carried)
      one.resetStates()
      expect((await one.predict(whole, { batchSize: 2 })).dataSync()).toEqual(first)
    }
    several.resetStates()
    await expect(several.predict(part, { batchSize: 2 })).rejects.toMatchObject({ code: 'STATE' })
    expect((await net(false).predict(part, { batchSize: 2 })).shape).toEqual([5, steps, 4])
  })

  it('takes any batch in a functional model', async () => {
    const words = input({ shape: [steps], dtype: 'int32' })
    let y = words
    for (const layer of stack()) y = layer.apply(y)
    const functional = model({ inputs: words, outputs: y })
    functional.compile({ optimizer: optim.adam({ learningRate: 0.01 }), loss })
    await functional.fit(streams(), { ...options, epochs: 2 })
    const chain = net()
    await chain.fit(streams(), { ...options, epochs: 2 })
    expect(weights(functional)).toEqual(weights(chain))
    const inside = layers.timeDistributed({ layer: layers.gru({ units: 2, stateful: true }) })
    expect(inside.outputShape([4, 5, 2])).toEqual([4, 2])
    expect(inside.forward(random.normal([3, 4, 5, 2])).shape).toEqual([3, 4, 2])
  })

  it('resumes within an epoch, bit for bit', async () => {
    const whole = net()
    await whole.fit(streams(), { ...options, epochs: 2 })
    const path = join(folder, 'checkpoint')
    const controller = new AbortController()
    const cut = net()
    let batches = 0
    const stopping = {
      onBatchEnd: () => {
        if (++batches === 6) controller.abort()
      },
    }
    const { stopped } = await cut.fit(streams(), {
      ...options,
      epochs: 2,
      checkpoint: { path },
      signal: controller.signal,
      callbacks: [stopping],
    })
    expect(stopped).toBe('interrupted')
    const resumed = net()
    await resumed.fit(streams(), {
      ...options,
      epochs: 2,
      checkpoint: { path },
      resume: true,
      callbacks: [{}],
    })
    expect(weights(resumed)).toEqual(weights(whole))
    expect(statesOf(resumed)).toEqual(statesOf(whole))
    const callbacks = [{}]
    const again = { ...options, epochs: 2, checkpoint: { path }, resume: true, callbacks }
    expect((await net(false).fit(streams(), again)).epochs).toBe(2)
    const [, memory] = stack()
    const values = new Float32Array(6)
    expect(() => memory.carried!.load([{ dtype: 'float32', shape: [2, 3], values }])).toThrow(
      /memory.*2 of shape \[batch, 4\].*\[2, 3\]/,
    )
  })

  it('is left alone by the search for a learning rate and by a step that fails', async () => {
    const one = net()
    await one.fit(streams(), { ...options, epochs: 1 })
    const before = statesOf(one)
    await findLearningRate(one, streams(), { batchSize: rows, steps: 12 })
    expect(statesOf(one)).toEqual(before)
    const numbers = sequential([
      layers.gru({ units: 2, stateful: true, inputShape: [2, 1] }),
      layers.dense({ units: 1 }),
    ]).compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
    await numbers.trainOnBatch([[[1], [2]]], [1])
    const kept = statesOf(numbers)
    await expect(numbers.trainOnBatch([[[Number.NaN], [2]]], [1])).rejects.toThrow(/the batch/)
    expect(statesOf(numbers)).toEqual(kept)
  })
})

describe('the mode of a part', () => {
  it('stays what it was, in fit, evaluate, predict and explain', async () => {
    const frozen = layers.batchNormalization({ inputShape: [2] })
    const one = sequential([frozen, layers.dropout({ rate: 0.5 }), layers.dense({ units: 1 })])
    one.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
    frozen.eval()
    const modes = () => one.module.modules().map(part => part.training)
    const before = modes()
    const [x, y] = [
      [
        [1, 2],
        [3, 5],
      ],
      [1, 2],
    ] // prettier-ignore
    await one.predict(x)
    await one.evaluate(x, y)
    await one.explain(x, y)
    await one.fit(x, y, {
      epochs: 2,
      validationData: [x, y],
      callbacks: [earlyStopping({ patience: 9 })],
      verbose: 0,
    })
    expect(modes()).toEqual(before)
    expect([...frozen.buffers()[0].dataSync()]).toEqual([0, 0])
  })

  it('of a model in inference becomes training in fit', async () => {
    class Noted extends Module {
      readonly dense = layers.dense({ units: 1, inputShape: [1] })
      forward(x: Tensor) {
        return this.dense.forward(x)
      }
    }
    const one = new Model(new Noted()).compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
    one.module.eval()
    await one.fit([1, 2], [1, 2], { verbose: 0 })
    expect(one.module.modules().every(part => part.training)).toBe(true)
  })
})
