// Sequence to sequence, as a functional model: an encoder's states start a decoder (Sutskever et al. 2014).

import { describe, expect, it } from 'vitest'
import * as layers from '../nn/layers.js'
import { input } from '../nn/symbolic.js'
import { random, tensor, zeros } from '../tensor/index.js'
import { Model, model, modelFromBytes } from './index.js'

const letters = 5

/** Both sides of any length; the decoder sees what it should have said before, 0 at the start. */
function translator() {
  const source = input({ shape: [null], dtype: 'int32', name: 'source' })
  const before = input({ shape: [null], dtype: 'int32', name: 'before' })
  const embed = () => layers.embedding({ inputDim: letters, outputDim: 6, maskZero: true })
  const encoder = layers.lstm({ units: 16, returnState: true, name: 'encoder' })
  const [, hidden, cell] = encoder.apply(embed().apply(source))
  const decoder = layers.lstm({ units: 16, returnSequences: true, name: 'decoder' })
  const vectors = layers.embedding({ inputDim: letters, outputDim: 6 }).apply(before)
  const said = decoder.apply([vectors, hidden, cell])
  const head = layers.dense({ units: letters, activation: 'softmax', name: 'head' })
  return model({ inputs: { source, before }, outputs: head.apply(said) })
}

/** Two letters, 1 to 4, and padding: what is wanted is the last first. */
function pairs(padding: number) {
  const x: number[][] = []
  const y: number[][] = []
  for (let a = 1; a < letters; a++)
    for (let b = 1; b < letters; b++) {
      x.push([a, b, ...Array(padding).fill(0)])
      y.push([b, a])
    }
  const ids = (rows: number[][]) => tensor(rows, { dtype: 'int32' })
  return { x: { source: ids(x), before: ids(y.map(([first]) => [0, first])) }, y: ids(y) }
}

describe('an encoder and a decoder', () => {
  it('learn to turn sequences round, and are the same after a file', async () => {
    random.seed(6)
    const net = translator().compile({
      optimizer: 'adam',
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    })
    net.optimizer.learningRate = 0.03
    const { x, y } = pairs(0)
    await net.fit(x, y, { epochs: 50, batchSize: 16, verbose: 0 })
    expect((await net.evaluate(x, y)).accuracy).toBe(1)
    const padded = pairs(3)
    expect((await net.evaluate(padded.x, padded.y)).accuracy).toBe(1)
    const again = modelFromBytes(net.toBytes())
    expect(JSON.stringify(again.module)).toBe(JSON.stringify(net.module))
    expect((await again.predict(padded.x)).dataSync()).toEqual(
      (await net.predict(padded.x)).dataSync(),
    )
    expect(again.parameters().length).toBe(net.parameters().length)
  })

  it('are no models on their own where they give several tensors', () => {
    const encoder = layers.lstm({ units: 2, returnState: true, name: 'encoder' })
    expect(() => new Model(encoder)).toThrow(/one tensor.*encoder, which gives several/)
  })

  it('are summed up with the states', () => {
    const text = translator().summary()
    expect(text).toMatch(/encoder +LSTM +\[batch, 16\], \[batch, 16\], \[batch, 16\]/)
    expect(text).toMatch(/decoder +LSTM +\[batch, \?, 16\] .* embedding\w*, encoder:1, encoder:2/)
  })

  it('come apart: the decoder alone goes on from states that are inputs', async () => {
    const sequence = input({ shape: [null, 2], name: 'sequence' })
    const states = ['hidden', 'cell'].map(name => input({ shape: [3], name }))
    const decoder = layers.lstm({ units: 3, returnSequences: true, returnState: true })
    const net = model({
      inputs: [sequence, ...states],
      outputs: [...decoder.apply([sequence, ...states])],
    })
    const x = random.normal([2, 6, 2])
    const start = [zeros([2, 3]), zeros([2, 3])]
    const [whole] = await net.predict([x, ...start])
    const [first, ...ends] = await net.predict([x.slice(null, [0, 4]), ...start])
    const [rest] = await net.predict([x.slice(null, [4]), ...ends])
    expect([first.shape[1], rest.shape[1]]).toEqual([4, 2])
    const wanted = whole.slice(null, [4]).dataSync()
    rest.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i] as number, 6)
    })
  })
})
