import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { balancedOrder, PictureDataset, type PictureStore } from '../../data/pictures/index.js'
import * as augment from '../../features/pictures/index.js'
import * as layers from '../../nn/layers.js'
import { random } from '../../tensor/index.js'
import type { Batch, BatchOrder, BatchSource } from '../../train/batches.js'
import { cutMix, mixUp, sequential } from '../../train/index.js'
import { PictureBatches } from './picture-batches.js'

const shape = [4, 4, 1] as const
const rows = 50
const pixels = Uint8Array.from({ length: rows * 16 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24)
const labels = Int32Array.from({ length: rows }, (_, i) => (i % 10 === 0 ? 1 : 0))
const inMemory = PictureDataset.fromPixels(pixels, shape, labels, ['many', 'few'])

/** The same pictures, as if they were decoded each time. */
const slow = (fails = -1) => {
  const store: PictureStore = {
    inMemory: false,
    async read(ids) {
      await new Promise(resolve => setTimeout(resolve, ids[0] % 3))
      if (ids.includes(fails)) throw new Error('gone')
      return inMemory.batch(ids)
    },
  }
  return new PictureDataset({ source: 'slow', shape, labels, classes: ['many', 'few'], store })
}

const scaler = new augment.PictureScaler({ mean: [0.5], std: [0.25] })
const steps = [augment.randomFlip(), augment.randomCrop({ padding: 1 })]
const all = Uint32Array.from({ length: rows }, (_, i) => i)
const source = (pictures: PictureDataset, more = {}) =>
  new PictureBatches(pictures, all, {
    scaler,
    augmenter: new augment.PictureAugmenter(steps, shape, 9),
    ...more,
  })

async function taken(from: BatchSource, order: Partial<BatchOrder> = {}): Promise<Batch[]> {
  const batches: Batch[] = []
  const asked = { epoch: 1, batchSize: 8, shuffle: true, seed: 3, from: 0, ...order }
  for await (const batch of from.batches(asked)) batches.push(batch)
  return batches
}

test('pictures decoded ahead are those of memory, bit for bit, and in the same order', async () => {
  const [a, b] = [await taken(source(inMemory)), await taken(source(slow()))]
  expect(a).toHaveLength(7)
  expect(a.at(-1)!.rows).toBe(2)
  expect(b).toEqual(a)
})

test('an epoch resumed in the middle goes on with the same bits; another epoch has others', async () => {
  const whole = await taken(source(inMemory))
  expect(await taken(source(inMemory), { from: 3 })).toEqual(whole.slice(3))
  expect(await taken(source(slow()), { from: 3 })).toEqual(whole.slice(3))
  expect((await taken(source(inMemory), { epoch: 2 }))[0].x).not.toEqual(whole[0].x)
})

test('without shuffling rows come as they stand, and a source without augmentation changes nothing', async () => {
  const plain = new PictureBatches(inMemory, all, { scaler })
  const [first] = await taken(plain, { shuffle: false })
  expect(first.x).toEqual(scaler.apply(pixels.subarray(0, 8 * 16)))
  expect([...(first.y as Int32Array)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0])
  expect(await taken(plain, { shuffle: false, epoch: 5 })).toEqual(
    await taken(plain, { shuffle: false }),
  )
})

test('a picture that is gone ends the epoch with its error', async () => {
  await expect(taken(source(slow(17)))).rejects.toThrow('gone')
})

describe('mixed pictures', () => {
  const net = () => {
    random.seed(5)
    return sequential([
      layers.flatten({ inputShape: shape }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ]).compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
  }
  const weights = (of: ReturnType<typeof net>) => of.parameters().map(p => [...p.dataSync()])
  const validationData = source(inMemory, { augmenter: undefined, oneHot: true })
  const options = { epochs: 3, batchSize: 8, seed: 2, verbose: 0, validationData } as const

  test.each([
    ['mixUp', mixUp],
    ['cutMix', cutMix],
  ] as const)('%s trains on them, and resumes to the same bits', async (_, mix) => {
    const mixed = () => mix(source(slow(), { classWeights: [0.5, 5] }), { alpha: 1, seed: 3 })
    const whole = net()
    const { history } = await whole.fit(mixed(), options)
    expect(history.valAccuracy.at(-1)).toBe((await whole.evaluate(validationData)).accuracy)
    const unmixed = net()
    await unmixed.fit(source(slow(), { classWeights: [0.5, 5], oneHot: true }), options)
    expect(weights(unmixed)).not.toEqual(weights(whole))

    const folder = mkdtempSync(join(tmpdir(), 'mixed-pictures-'))
    try {
      const checkpoint = { path: join(folder, 'checkpoint') }
      const stop = new AbortController()
      let seen = 0
      const onBatchEnd = () => {
        if (++seen === 11) stop.abort()
      }
      const { stopped } = await net().fit(mixed(), {
        ...options,
        ...{ checkpoint, signal: stop.signal, callbacks: [{ onBatchEnd }] },
      })
      expect(stopped).toBe('interrupted')
      const resumed = net()
      await resumed.fit(mixed(), { ...options, checkpoint, resume: true, callbacks: [{}] })
      expect(weights(resumed)).toEqual(weights(whole))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('one-hot targets are those of the classes', async () => {
    const batches = await taken(source(inMemory, { oneHot: true, classWeights: [0.5, 5] }))
    const numbers = await taken(source(inMemory, { classWeights: [0.5, 5] }))
    for (const [i, { x, y, weights }] of batches.entries()) {
      expect(x).toEqual(numbers[i].x)
      expect(weights).toEqual(numbers[i].weights)
      expect([...y]).toEqual([...numbers[i].y].flatMap(label => (label === 0 ? [1, 0] : [0, 1])))
    }
  })
})

describe('imbalance', () => {
  test('weights stand beside the rows of their class', async () => {
    const [first] = await taken(source(inMemory, { classWeights: [0.5, 5] }), { shuffle: false })
    expect([...(first.weights as Float32Array)]).toEqual([5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
  })

  test('balanced sampling shows both classes equally often, and all rows of the small one', async () => {
    const batches = await taken(source(inMemory, { sampling: 'balanced' }))
    const seen = batches.flatMap(batch => [...batch.y])
    expect(seen).toHaveLength(rows)
    expect(seen.filter(label => label === 1)).toHaveLength(25)
    const order = balancedOrder(labels, all, 3, 1)
    for (let row = 0; row < rows; row += 10) expect(order.includes(row)).toBe(true)
    expect(balancedOrder(labels, all, 3, 1)).toEqual(order)
    expect(balancedOrder(labels, all, 3, 2)).not.toEqual(order)
    const epochs = Array.from({ length: 12 }, (_, epoch) => balancedOrder(labels, all, 3, epoch))
    const large = new Set(epochs.flatMap(order => [...order]))
    expect(large.size).toBe(rows)
  })

  test('bad rows and weights are refused', () => {
    const unknown = PictureDataset.fromPixels(new Uint8Array(16), shape, Int32Array.of(-1), ['a'])
    expect(() => new PictureBatches(unknown, Uint32Array.of(0), { scaler })).toThrow(/known/)
    expect(() => new PictureBatches(inMemory, Uint32Array.of(99), { scaler })).toThrow(/99/)
    expect(() => source(inMemory, { classWeights: [1] })).toThrow(/2 classes/)
    expect(() => source(inMemory, { classWeights: [1, Number.NaN] })).toThrow(/0 or more/)
    expect(() => source(inMemory, { oneHot: 1 })).toThrow(/oneHot/)
    expect(() => new PictureBatches([] as never, all, { scaler })).toThrow(/PictureDataset/)
    expect(() => new PictureBatches(inMemory, [0] as never, { scaler })).toThrow(/Uint32Array/)
    expect(() => source(inMemory, { smapling: 'all' })).toThrow(/sampling/)
    expect(() => source(inMemory, { sampling: 'some' })).toThrow(/'balanced'/)
    expect(() => source(inMemory, { scaler: undefined })).toThrow(/PictureScaler/)
    const colours = new augment.PictureScaler({ mean: [0, 0, 0], std: [1, 1, 1] })
    expect(() => source(inMemory, { scaler: colours })).toThrow(/1 channels/)
    const other = new augment.PictureAugmenter(steps, [5, 4, 1], 9)
    expect(() => source(inMemory, { augmenter: other })).toThrow(/4 × 4 × 1/)
    expect(() => balancedOrder(Int32Array.of(-1), Uint32Array.of(0), 0, 0)).toThrow(/known classes/)
  })
})
