// Functional models of unknown sizes: shapes with null, lengths that differ from call to call, masks, files.

import { describe, expect, it } from 'vitest'
import * as layers from '../nn/layers.js'
import { lengthMask, maskOf, withMask } from '../nn/mask.js'
import { Sequential } from '../nn/sequential.js'
import { input, type SymbolicTensor } from '../nn/symbolic.js'
import { compile, ones, random, type Tensor, tensor, zeros } from '../tensor/index.js'
import { model, modelFromBytes, type SeveralSource, sequential } from './index.js'

const steps = () => input({ shape: [null, 4] })

describe('shapes with unknown sizes', () => {
  it.each<[string, (x: SymbolicTensor) => SymbolicTensor, (number | null)[]]>([
    ['dense', x => layers.dense({ units: 3 }).apply(x), [null, 3]],
    ['lstm', x => layers.lstm({ units: 3 }).apply(x), [3]],
    ['gru', x => layers.gru({ units: 3, returnSequences: true }).apply(x), [null, 3]],
    [
      'bidirectional',
      x =>
        layers.bidirectional({ layer: layers.lstm({ units: 3, returnSequences: true }) }).apply(x),
      [null, 6],
    ],
    [
      'timeDistributed',
      x => layers.timeDistributed({ layer: layers.dense({ units: 2 }) }).apply(x),
      [null, 2],
    ],
    ['conv1d', x => layers.conv1d({ filters: 5, kernelSize: 7, strides: 2 }).apply(x), [null, 5]],
    ['wide conv1d', x => layers.conv1d({ filters: 5, kernelSize: 50 }).apply(x), [null, 5]],
    ['maxPooling1d', x => layers.maxPooling1d({ poolSize: 2 }).apply(x), [null, 4]],
    [
      'strides that leave one step of many',
      x => layers.maxPooling1d({ poolSize: 100, strides: 100, padding: 'same' }).apply(x),
      [null, 4],
    ],
    ['globalAveragePooling1d', x => layers.globalAveragePooling1d().apply(x), [4]],
    ['layerNormalization', x => layers.layerNormalization().apply(x), [null, 4]],
    ['batchNormalization', x => layers.batchNormalization().apply(x), [null, 4]],
    [
      'attention',
      x => layers.multiHeadAttention({ numHeads: 2, keyDim: 2 }).apply([x, x]),
      [null, 4],
    ],
    [
      'encoder',
      x => layers.transformerEncoder({ numHeads: 2, intermediateDim: 8 }).apply(x),
      [null, 4],
    ],
    ['add', x => layers.add().apply([x, layers.dense({ units: 4 }).apply(x)]), [null, 4]],
    ['concatenate', x => layers.concatenate().apply([x, x]), [null, 8]],
    ['concatenate of steps', x => layers.concatenate({ axis: 1 }).apply([x, x]), [null, 4]],
    ['flatten', x => layers.flatten().apply(x), [null]],
    ['reshape', x => layers.reshape({ targetShape: [-1, 2] }).apply(x), [null, 2]],
    ['permute', x => layers.permute({ dims: [2, 1] }).apply(x), [4, null]],
    [
      'a chain',
      x =>
        new Sequential([layers.dense({ units: 3 }), layers.lstm({ units: 2 })]).apply(
          x,
        ) as SymbolicTensor,
      [2],
    ],
  ])('go through %s', (_, apply, shape) => {
    const x = steps()
    const y = apply(x)
    expect(y.shape).toEqual(shape)
    const net = model({ inputs: x, outputs: y })
    for (const length of [100, 201]) {
      const given = net.forward(zeros([2, length, 4])).shape.slice(1)
      expect(given.length).toBe(shape.length)
      expect(given.map((n, i) => (shape[i] === null ? null : n))).toEqual(shape)
    }
  })

  it('go through layers of pictures and of tokens', () => {
    const picture = input({ shape: [null, null, 3] })
    const maps = layers.conv2d({ filters: 4, kernelSize: 3, strides: 2 }).apply(picture)
    expect(maps.shape).toEqual([null, null, 4])
    expect(layers.globalAveragePooling2d().apply(maps).shape).toEqual([4])
    const words = input({ shape: [null], dtype: 'int32' })
    const options = { vocabularySize: 9, sequenceLength: 10, embeddingDim: 4 }
    expect(layers.embedding({ inputDim: 9, outputDim: 4 }).apply(words).shape).toEqual([null, 4])
    expect(layers.tokenAndPositionEmbedding(options).apply(words).shape).toEqual([null, 4])
  })

  it('are refused, by layer and axis, where weights need them', () => {
    const x = steps()
    const flat = layers.flatten().apply(x)
    expect(() => layers.dense({ units: 2, name: 'head' }).apply(flat)).toThrow(
      /apply of head: expected a known size along axis 1, .* received \[batch, \?\]/,
    )
    const features = input({ shape: [5, null] })
    expect(() => layers.lstm({ units: 2, name: 'reader' }).apply(features)).toThrow(
      /apply of reader: expected a known size along axis 2.* received \[batch, 5, \?\]/,
    )
    expect(() => layers.add({ name: 'sum' }).apply([x, input({ shape: [5, 3] })])).toThrow(
      /sum: .* received \[batch, \?, 4\] and \[batch, 5, 3\]\. With 48 for each: sum/,
    )
    expect(() => layers.lstm({ units: 2 }).apply(input({ shape: [null] }))).toThrow(
      /lstm\w*: .* received \[batch, \?\]\. With 48 .*\[batch, steps ≥ 1, features\]/,
    )
    const one = input({ shape: [5, 4] })
    expect(layers.add().apply([x, one]).shape).toEqual([5, 4])
    expect(() => input({ shape: [null, 0] })).toThrow(/whole numbers ≥ 1, or null.*\[\?, 0\]/)
    const net = model({ inputs: x, outputs: layers.lstm({ units: 2 }).apply(x) })
    expect(() => net.forward(zeros([2, 5, 3]))).toThrow(
      /expected \[batch, \?, 4\], received \[2, 5, 3\]/,
    )
  })
})

const draw = new random.Generator(5)

/** Whether the first token is a 1, whatever follows: 0 is padding. */
function tokenRows(rows: number, length: number) {
  const words = draw.uniform([rows, length], { low: 1, high: 3, dtype: 'int32' })
  const counts = lengthMask(
    [...Array(rows).keys()].map(i => 2 + (i % (length - 1))),
    length,
  )
  const labels = words.slice(null, 0).equal(1).cast('float32')
  return { words: words.mul(counts.cast('int32')), labels }
}

/** Tokens of any length and numbers. */
function reader() {
  const words = input({ shape: [null], dtype: 'int32', name: 'words' })
  const size = input({ shape: [2], name: 'size' })
  const vectors = layers.embedding({ inputDim: 3, outputDim: 4, maskZero: true }).apply(words)
  const read = layers.gru({ units: 6, goBackwards: true, name: 'read' }).apply(vectors)
  const both = layers.concatenate().apply([read, size])
  const net = model({ inputs: { words, size }, outputs: layers.dense({ units: 1 }).apply(both) })
  return net.compile({ optimizer: 'adam', loss: 'meanSquaredError' })
}

describe('a model of tokens of any length and of numbers', () => {
  it('learns from tables of several lengths', async () => {
    random.seed(2)
    const net = reader()
    net.optimizer.learningRate = 0.05
    const tables = [4, 7].map(length => {
      const { words, labels } = tokenRows(48, length)
      const size = draw.normal([48, 2])
      return { x: { words, size }, y: labels.add(size.slice(null, 0)) }
    })
    for (let i = 0; i < 12; i++)
      for (const { x, y } of tables) await net.fit(x, y, { verbose: 0, batchSize: 16, epochs: 2 })
    for (const { x, y } of tables) expect((await net.evaluate(x, y)).loss).toBeLessThan(0.05)
    expect((await net.predict(tables[1].x, { batchSize: 9 })).shape).toEqual([48, 1])
    const first = await net.trainOnBatch(tables[0].x, tables[0].y)
    expect(first).toBeLessThan(0.05)
  })

  it('learns from batches of several lengths', async () => {
    const source: SeveralSource = {
      rows: 8,
      x: { words: { shape: [1], dtype: 'int32' }, size: { shape: [2], dtype: 'float32' } },
      y: { shape: [1], dtype: 'float32' },
      *batches() {
        for (const length of [3, 5])
          yield {
            x: { words: new Int32Array(4 * length).fill(1), size: new Float32Array(8) },
            y: new Float32Array(4).fill(length),
            rows: 4,
            xShapes: { words: [length], size: [2] },
          }
      },
    }
    const net = reader()
    const before = (await net.evaluate(source)).loss
    const { history } = await net.fit(source, { epochs: 5, verbose: 0 })
    expect(history.loss.at(-1)).toBeLessThan(before)
  })

  it('does not look at padding', async () => {
    const net = reader()
    const size = tensor([[1, 2]])
    const ofLength = async (...words: number[]) =>
      (await net.predict({ words: tensor([words], { dtype: 'int32' }), size })).itemSync()
    const value = await ofLength(2, 1)
    expect(await ofLength(2, 1, 0, 0, 0)).toBeCloseTo(value, 6)
    expect(await ofLength(2, 1, 1)).not.toBeCloseTo(value, 6)
  })

  it('is the same eagerly, compiled and after a file', async () => {
    const net = reader()
    const again = modelFromBytes(net.toBytes())
    expect(JSON.stringify(again.module)).toBe(JSON.stringify(net.module))
    net.module.eval()
    const call = compile((words: Tensor, size: Tensor) => net.forward(words, size))
    for (const length of [2, 6]) {
      const { words } = tokenRows(5, length)
      const size = draw.normal([5, 2])
      const predicted = (await net.predict({ words, size })).dataSync()
      expect(net.forward(words, size).dataSync()).toEqual(predicted)
      expect(call(words, size).dataSync()).toEqual(predicted)
      expect((await again.predict([words, size])).dataSync()).toEqual(predicted)
    }
  })

  it('shows what it does not know as question marks', () => {
    const text = reader().summary()
    expect(text).toMatch(/words +Input +\[batch, \?\] +0 +0/)
    expect(text).toMatch(/Embedding +\[batch, \?, 4\] +12 +\? +words/)
    expect(text).toMatch(/read +GRU +\[batch, 6\] +\d+ +\?/)
    expect(text).toMatch(/Parameters: 237 .*\nFLOPs: .*of the layers that know their sizes/)
  })

  it('wants tables that say their length', async () => {
    const net = reader()
    const size = new Float32Array(4)
    const given = net.predict({ words: new Int32Array(6), size })
    await expect(given).rejects.toThrow(/words.*rows of shape \[\?\].*flat typed array.*tensor\(/)
    const wrong = net.predict({ words: zeros([2, 3, 1], { dtype: 'int32' }), size })
    await expect(wrong).rejects.toThrow(/rows of shape \[\?\], received rows of shape \[3, 1\]/)
  })
})

describe('one input of any length', () => {
  const tagger = () => {
    const x = input({ shape: [null, 2] })
    const read = layers.lstm({ units: 8, returnSequences: true }).apply(x)
    return model({ inputs: x, outputs: layers.dense({ units: 1 }).apply(read) })
  }

  it('trains with a target at every step, and predicts other lengths', async () => {
    random.seed(4)
    const net = tagger().compile({ optimizer: 'adam', loss: 'meanSquaredError' })
    net.optimizer.learningRate = 0.02
    expect(net.inputShape).toBeNull()
    for (const length of [5, 3]) {
      const x = draw.normal([32, length, 2])
      await net.fit(x, x.slice(null, null, [0, 1]), { epochs: 40, batchSize: 16, verbose: 0 })
    }
    const x = draw.normal([32, 9, 2])
    expect((await net.evaluate(x, x.slice(null, null, [0, 1]))).loss).toBeLessThan(0.1)
    expect(net.inputShape).toBeNull()
    const again = modelFromBytes(net.toBytes())
    expect((await again.predict(x)).dataSync()).toEqual((await net.predict(x)).dataSync())
    expect((await net.predict(zeros([0, 4, 2]))).shape).toEqual([0, 4, 1])
  })

  it('trains on batches whose targets have their length', async () => {
    const net = tagger().compile({ loss: 'meanSquaredError' })
    const type = (features: number) => ({ shape: [1, features], dtype: 'float32' }) as const
    const source = {
      rows: 4,
      x: type(2),
      y: type(1),
      *batches() {
        for (const n of [3, 6])
          yield {
            x: new Float32Array(4 * n),
            y: new Float32Array(2 * n),
            rows: 2,
            xShape: [n, 2],
            yShape: [n, 1],
          }
      },
    }
    expect((await net.fit(source, { epochs: 2, verbose: 0 })).epochs).toBe(2)
  })

  it('hands masks on, through models within models', () => {
    const x = input({ shape: [null, 2] })
    const net = model({ inputs: x, outputs: tagger().apply(x) }).module
    const given = withMask(ones([2, 5, 2]), lengthMask([2, 5], 5))
    expect(maskOf(net.forward(given))!.sum({ axis: 1 }).arraySync()).toEqual([2, 5])
    const chain = sequential([net, layers.globalAveragePooling1d(), layers.dense({ units: 1 })])
    expect(chain.forward(given).shape).toEqual([2, 1])
    expect(chain.forward(ones([2, 3, 2])).shape).toEqual([2, 1])
  })
})
