// Functional models end to end: several inputs and outputs trained, shared weights, files, hostile files.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeContainer, encodeContainer, type Json } from '../modelfile/index.js'
import * as layers from '../nn/layers.js'
import { layerFromConfig } from '../nn/registry.js'
import { Sequential } from '../nn/sequential.js'
import { input } from '../nn/symbolic.js'
import * as optim from '../optim/index.js'
import { grad, random, type Tensor, tensor } from '../tensor/index.js'
import { Model, model, modelFromBytes, type SeveralSource, sequential } from './index.js'

/** Two inputs; a number and a class out; a residual block and a shared layer between. */
function twoByTwo() {
  const size = input({ shape: [3], name: 'size' })
  const words = input({ shape: [2], dtype: 'int32', name: 'words' })
  const shared = layers.dense({ units: 4, activation: 'tanh', name: 'shared' })
  const embedded = layers.embedding({ inputDim: 5, outputDim: 3, name: 'embedded' }).apply(words)
  const flat = layers
    .dense({ units: 3, name: 'narrow' })
    .apply(layers.flatten({ name: 'flat' }).apply(embedded))
  const a = shared.apply(size)
  const b = shared.apply(flat)
  const sum = layers
    .add({ name: 'sum' })
    .apply([a, b, layers.multiply({ name: 'product' }).apply([a, b])])
  return model({
    inputs: { size, words },
    outputs: {
      price: layers.dense({ units: 1, name: 'price' }).apply(sum),
      kind: layers.dense({ units: 3, activation: 'softmax', name: 'kind' }).apply(sum),
    },
  })
}

const rows = 64
const generator = new random.Generator(3)
const size = generator.uniform([rows, 3], { low: -1, high: 1 })
const words = generator.uniform([rows, 2], { low: 0, high: 5, dtype: 'int32' })
const price = size.sum({ axis: 1 })
const kind = words.slice(null, 0).mod(3)

const goals = {
  loss: { price: 'meanSquaredError', kind: 'sparseCategoricalCrossentropy' },
  lossWeights: { price: 0.5, kind: 2 },
  metrics: { price: 'meanAbsoluteError', kind: ['accuracy'] },
} as const

describe('two inputs and two outputs', () => {
  it('are trained end to end, and reported one by one', async () => {
    random.seed(1)
    const net = twoByTwo().compile({ optimizer: optim.adam({ learningRate: 0.02 }), ...goals })
    const { history } = await net.fit(
      { size, words },
      { price, kind },
      {
        epochs: 120,
        batchSize: 16,
        verbose: 0,
        validationSplit: 0.25,
      },
    )
    expect(Object.keys(history)).toEqual(
      ['', 'val'].flatMap(prefix =>
        ['loss', 'priceLoss', 'kindLoss', 'priceMeanAbsoluteError', 'kindAccuracy'].map(name =>
          prefix === '' ? name : `val${name[0].toUpperCase()}${name.slice(1)}`,
        ),
      ),
    )
    expect(history.kindAccuracy.at(-1)).toBe(1)
    expect(history.priceLoss.at(-1)).toBeLessThan(0.05)
    const last = (name: string) => history[name].at(-1) as number
    expect(last('loss')).toBeCloseTo(0.5 * last('priceLoss') + 2 * last('kindLoss'), 5)
    const logs = await net.evaluate([size, words], [price, kind])
    expect(logs.kindAccuracy).toBeGreaterThan(0.9)
    const predicted = await net.predict({ size, words }, { batchSize: 7 })
    expect(predicted.price.shape).toEqual([rows, 1])
    expect(predicted.kind.argMax().dataSync()).toEqual(
      (await net.predict([size, words])).kind.argMax().dataSync(),
    )
    const none = await net.predict([size.slice([0, 0]), words.slice([0, 0])])
    expect(none.kind.shape).toEqual([0, 3])
  })

  it('give the gradients that the same computation written out gives', async () => {
    const net = twoByTwo().compile({ optimizer: optim.sgd({ learningRate: 0.1 }), ...goals })
    const before = net.stateDict()
    const [x, y] = [
      { size, words },
      { price, kind },
    ]
    const loss = await net.trainOnBatch(x, y)
    const name = Object.keys(before).find(key => before[key].shape.join() === '3,4') as string
    const written = (kernel: Tensor) => {
      const dense = (v: Tensor, key: string) =>
        v.matmul(before[`${key}.kernel`]).add(before[`${key}.bias`])
      const at = (label: string) => `layers.${net.layers.findIndex(layer => layer.label === label)}`
      const flat = before[`${at('embedded')}.embeddings`].gather(words).reshape([rows, 6])
      const tanh = (v: Tensor) =>
        v
          .matmul(kernel)
          .add(before[`${at('shared')}.bias`])
          .tanh()
      const [a, b] = [tanh(size), tanh(dense(flat, at('narrow')))]
      const sum = a.add(b).add(a.mul(b))
      const p = dense(sum, at('price')).reshape([rows])
      const q = dense(sum, at('kind'))
      return p
        .sub(price)
        .square()
        .mean()
        .mul(0.5)
        .add(
          q
            .logSoftmax()
            .mul(tensor(oneHot(kind)))
            .sum()
            .mul(-2 / rows),
        )
    }
    expect(written(before[name]).itemSync()).toBeCloseTo(loss, 4)
    const gradient = grad(written)(before[name]).dataSync()
    const after = net.stateDict()[name].dataSync()
    before[name].dataSync().forEach((value, i) => {
      expect(after[i]).toBeCloseTo(value - 0.1 * gradient[i], 5)
    })
  })

  it('come from batches of one’s own too, with weights', async () => {
    const source: SeveralSource = {
      rows: 4,
      x: { size: { shape: [3], dtype: 'float32' }, words: { shape: [2], dtype: 'int32' } },
      y: [
        { shape: [1], dtype: 'float32' },
        { shape: [], dtype: 'int32' },
      ],
      *batches() {
        for (let i = 0; i < 2; i++)
          yield {
            x: { size: new Float32Array(6).fill(i), words: new Int32Array(4) },
            y: [new Float32Array(2), new Int32Array([0, 2])],
            weights: new Float32Array([1, 0]),
            rows: 2,
          }
      },
    }
    const net = twoByTwo().compile({ optimizer: 'sgd', ...goals })
    const { loss } = await net.evaluate(source)
    const { price, kind } = await net.predict({
      size: [
        [0, 0, 0],
        [1, 1, 1],
      ],
      words: [
        [0, 0],
        [0, 0],
      ],
    })
    const [p, k] = [price.dataSync(), kind.dataSync()]
    const ofRow = (i: number) => 0.5 * p[i] ** 2 - 2 * Math.log(k[3 * i])
    expect(loss).toBeCloseTo((ofRow(0) + ofRow(1)) / 4, 5)
    expect((await net.fit(source, { epochs: 2, verbose: 0 })).epochs).toBe(2)
  })

  it('are the same after a file, bit for bit', async () => {
    const net = twoByTwo().compile({ ...goals })
    await net.fit({ size, words }, { price, kind }, { epochs: 1, verbose: 0 })
    const again = modelFromBytes<{ price: Tensor; kind: Tensor }>(net.toBytes())
    const [a, b] = [await net.predict({ size, words }), await again.predict([size, words])]
    expect(b.price.dataSync()).toEqual(a.price.dataSync())
    expect(b.kind.dataSync()).toEqual(a.kind.dataSync())
    expect(JSON.stringify(again.module)).toBe(JSON.stringify(net.module))
    expect(again.parameters().length).toBe(net.parameters().length)
    expect(again.compile(goals).metricNames).toEqual(net.metricNames)
  })

  it('are explained and summed up with their connections', async () => {
    const net = twoByTwo().compile({ ...goals })
    expect(await net.explain({ size, words }, { price, kind })).toMatch(/program/)
    const text = net.summary()
    expect(text).toMatch(/sum +Add +\[batch, 4\] +0 +\d+ +shared, shared, product/)
    expect(text).toMatch(/shared \(again\) .* narrow/)
    expect(text).toMatch(/words +Input +\[batch, 2\]/)
  })

  it.each([
    ['missing', { size }, { price, kind }, /none for words/],
    ['unknown', { size, word: words }, { price, kind }, /'word'.*Did you mean 'words'/],
    ['of another number', [size], { price, kind }, /a list of 2 or an object by name: size, words/],
    [
      'uneven',
      { size, words: words.slice([0, 3]) },
      { price, kind },
      /as many rows.*64.*3 for words/,
    ],
    ['of another shape', { size: words, words }, { price, kind }, /size.*rows of shape \[3\]/],
    ['without a target', { size, words }, { price }, /none for kind/],
    [
      'fractions as classes',
      { size, words },
      { price, kind: size.slice(null, 0) },
      /whole numbers/,
    ],
  ])('refuse data that are %s', async (_, x, y, message) => {
    const net = twoByTwo().compile({ ...goals })
    await expect(net.fit(x as never, y as never, { verbose: 0 })).rejects.toThrow(message)
  })

  it('refuse goals for other outputs', () => {
    const net = twoByTwo()
    expect(() => net.compile({ loss: { price: 'huber' } })).toThrow(/none for kind/)
    expect(() => net.compile({ loss: 'huber', lossWeights: [1] })).toThrow(/a list of 2/)
    expect(() => net.compile({ loss: 'huber', metrics: { prise: 'accuracy' } })).toThrow(/'prise'/)
    expect(() => net.compile({ loss: 'huber', lossWeights: [0, 0] })).toThrow(/above 0/)
    const plain = sequential([layers.dense({ units: 1 })])
    expect(() => plain.compile({ loss: ['huber'] })).toThrow(/loss for one output/)
  })
})

function oneHot(labels: Tensor): number[][] {
  return [...labels.dataSync()].map(label => [0, 1, 2].map(k => (k === label ? 1 : 0)))
}

describe('one input and one output', () => {
  it('take data as any model does, and lists where they were given lists', async () => {
    const x = input({ shape: [3] })
    const y = layers.dense({ units: 2 }).apply(x)
    const one = model({ inputs: x, outputs: y })
    const list = model({ inputs: [x], outputs: [y] })
    const [from] = await list.predict(size)
    expect((await one.predict(size)).dataSync()).toEqual(from.dataSync())
    expect(modelFromBytes(one.toBytes()).inputShape).toEqual([3])
    one.compile({ loss: 'meanSquaredError' })
    const { history } = await one.fit(size, size.slice(null, [0, 2]), { epochs: 2, verbose: 0 })
    expect(Object.keys(history)).toEqual(['loss'])
    list.compile({ loss: 'meanSquaredError', metrics: ['meanAbsoluteError'] })
    expect(list.metricNames).toEqual(['meanAbsoluteError'])
  })

  it('nest, with weights shared between uses', async () => {
    const inner = sequential([layers.dense({ units: 2, inputShape: [3] }), layers.relu()])
    const [a, b] = [input({ shape: [3] }), input({ shape: [3] })]
    const twins = model({
      inputs: [a, b],
      outputs: layers.concatenate().apply([inner.apply(a), inner.apply(b)]),
    })
    const outer = model({
      inputs: [a, b],
      outputs: layers.dot({ axes: 1 }).apply([twins.apply([b, a]), twins.apply([a, b])]),
    })
    expect(twins.parameters()).toEqual(inner.parameters())
    const whole = await outer.predict([size, size])
    const half = await inner.predict(size)
    expect(whole.dataSync()[5]).toBeCloseTo(2 * half.slice(5).square().sum().itemSync(), 5)
    const again = modelFromBytes(outer.toBytes())
    expect((await again.predict([size, size])).dataSync()).toEqual(whole.dataSync())
    expect(
      new Model(new Sequential([model({ inputs: a, outputs: inner.apply(a) }).module])).inputShape,
    ).toEqual([3])
  })

  it('keep a bare layer as it is in a file', async () => {
    const bare = new Model(layers.dense({ units: 2, inputShape: [3] }))
    const again = modelFromBytes(bare.toBytes())
    expect((await again.predict(size)).dataSync()).toEqual((await bare.predict(size)).dataSync())
  })
})

describe('graphs that do not hold together', () => {
  const x = input({ shape: [3], name: 'x' })
  const z = input({ shape: [3], name: 'z' })
  const y = layers.dense({ units: 3, name: 'y' }).apply(x)
  const both = layers.add({ name: 'both' }).apply([y, z])

  it.each<[string, () => unknown, RegExp]>([
    [
      'an input that is not listed',
      () => model({ inputs: x, outputs: both }),
      /connected to its inputs \(x\), received z, which layer both needs/,
    ],
    [
      'an output that no input leads to',
      () => model({ inputs: x, outputs: [y, z] }),
      /received z, which an output needs/,
    ],
    ['an idle input', () => model({ inputs: [x, z], outputs: y }), /z, which none does/],
    ['an input twice', () => model({ inputs: [x, x], outputs: y }), /x twice/],
    [
      'a name twice',
      () => model({ inputs: x, outputs: layers.dense({ units: 1, name: 'y' }).apply(y) }),
      /two named y/,
    ],
    [
      'too many inputs for a layer',
      () => layers.dense({ units: 1, name: 'd' }).apply([x, z]),
      /apply of d: expected 1 input, received 2/,
    ],
    [
      'too few',
      () => layers.add({ name: 's' }).apply(x),
      /apply of s: expected 2 or more inputs, received 1/,
    ],
    [
      'a tensor',
      () => layers.relu().apply(size as never),
      /symbolic tensor.*received a tensor of shape \[64, 3\].*forward/,
    ],
    [
      'nothing',
      () => layers.relu().apply(undefined as never),
      /symbolic tensor.*received undefined/,
    ],
    [
      'shapes that do not go together',
      () => layers.add().apply([x, layers.dense({ units: 2 }).apply(z)]),
      /add/,
    ],
    ['an axis that is the batch', () => layers.concatenate({ axis: 0 }), /axis other than 0/],
    ['a shape that is none', () => input({ shape: [0] }), /whole numbers ≥ 1/],
    ['no outputs', () => model({ inputs: x, outputs: [] }), /outputs to be a symbolic tensor/],
    [
      'a tensor as output',
      () => model({ inputs: x, outputs: size as never }),
      /outputs to be a symbolic tensor/,
    ],
    [
      'layers of two inputs in a chain',
      () => sequential([layers.dot({ axes: 1, name: 'dot' })]),
      /layers of one input.*dot/,
    ],
  ])('%s', (_, make, message) => expect(make).toThrow(message))

  it('say which inputs a call lacks', () => {
    const net = model({ inputs: { x, z }, outputs: both }).module
    expect(() => net.forward({ x: size } as never)).toThrow(/the inputs x, z, received x/)
    expect(() => net.forward(size)).toThrow(/expected 2 inputs, received 1/)
    expect(() => net.forward(size, words)).toThrow(
      /\(z\): expected \[batch, 3\], received \[64, 2\]/,
    )
    expect(net.forward({ x: size, z: size } as never).shape).toEqual([64, 3])
  })
})

describe('training that stops', () => {
  const fit = (net: ReturnType<typeof twoByTwo>, options: object) =>
    net.fit({ size, words }, [price, kind], { verbose: 0, ...options })
  const fresh = () => {
    random.seed(7)
    return twoByTwo().compile({ optimizer: 'adam', ...goals })
  }

  it('goes on from a checkpoint bit for bit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'athanor-functional-'))
    const checkpoint = { path: join(folder, 'state') }
    const whole = fresh()
    await fit(whole, { epochs: 3 })
    await fit(fresh(), { epochs: 1, checkpoint })
    const resumed = fresh()
    const { history } = await fit(resumed, { epochs: 3, checkpoint, resume: true })
    expect(history.priceLoss.length).toBe(3)
    expect(Object.values(resumed.snapshot())).toEqual(Object.values(whole.snapshot()))
    rmSync(folder, { recursive: true })
  })

  it('names where a loss stopped being finite, and keeps the weights', async () => {
    const net = fresh()
    const before = net.snapshot()
    const broken = size.dataSync().slice()
    broken[5] = Number.NaN
    await expect(net.fit([broken, words], [price, kind], { verbose: 0 })).rejects.toThrow(
      /NaN or infinity first in an input/,
    )
    expect(net.snapshot()).toEqual(before)
  })
})

describe('hostile files', () => {
  it('a model in a model in a model, each used twice', () => {
    let config: unknown = { className: 'ReLU', config: { name: 'relu' } }
    for (let depth = 0; depth < 40; depth++)
      config = {
        className: 'GraphModel',
        config: {
          name: `deep${depth}`,
          inputs: [{ name: 'x', shape: [1], dtype: 'float32' }],
          inputArrangement: 'one',
          layers: [config],
          applications: [
            { layer: 0, inputs: [0] },
            { layer: 0, inputs: [1] },
          ],
          outputs: [2],
          outputArrangement: 'one',
        },
      }
    expect(() => layerFromConfig(config as never)).toThrow(/at most 10000 layers/)
  })

  const json = () =>
    JSON.parse(JSON.stringify(twoByTwo().module)) as {
      className: string
      config: Record<string, Any>
    }
  // biome-ignore lint/suspicious/noExplicitAny: what a file can hold
  type Any = any

  it.each<[string, (config: Any) => void, RegExp]>([
    [
      'a cycle',
      c => {
        c.applications[0].inputs = [6]
      },
      /a value before application 0, received number 6/,
    ],
    [
      'itself as input',
      c => {
        c.applications[2].inputs = [4]
      },
      /a value before application 2/,
    ],
    [
      'an input that is missing',
      c => {
        c.inputs.pop()
      },
      /./,
    ],
    [
      'an unknown layer',
      c => {
        c.layers[0].className = 'Evil'
      },
      /'Evil'/,
    ],
    [
      'a layer that is not there',
      c => {
        c.applications[0].layer = 99
      },
      /one of 8 layers, received number 99/,
    ],
    [
      'a layer that is not used',
      c => {
        c.layers.push({ className: 'ReLU', config: { name: 'idle' } })
      },
      /layers that are used/,
    ],
    [
      'a use that leads nowhere',
      c => {
        c.applications.push({ layer: 0, inputs: [1] })
      },
      /lead to an output/,
    ],
    [
      'no outputs',
      c => {
        c.outputs = []
      },
      /outputs to be a list/,
    ],
    [
      'an output that is not there',
      c => {
        c.outputs = [100]
      },
      /a value before the end/,
    ],
    [
      'names for other outputs',
      c => {
        c.outputArrangement = ['a', 'a']
      },
      /2 different names/,
    ],
    [
      'an arrangement of one',
      c => {
        c.outputArrangement = 'one'
      },
      /2 different names/,
    ],
    [
      'a shape of −1',
      c => {
        c.inputs[0].shape = [-1]
      },
      /shape to be a list/,
    ],
    [
      'an unknown part',
      c => {
        c.code = 'x'
      },
      /'code'/,
    ],
    [
      'fractions',
      c => {
        c.applications[0].inputs = [0.5]
      },
      /whole number/,
    ],
    [
      'no list of layers',
      c => {
        c.layers = 'Dense'
      },
      /layers to be a list/,
    ],
    [
      'wrong arity',
      c => {
        c.applications[0].inputs = [0, 1]
      },
      /expected 1 input, received 2/,
    ],
  ])('%s', (_, spoil, message) => {
    const bad = json()
    spoil(bad.config)
    expect(() => layerFromConfig(bad)).toThrow(message)
    const { kind, tensors, metadata } = decodeContainer(twoByTwo().toBytes(), 'x')
    const bytes = encodeContainer({
      kind,
      tensors,
      metadata: { ...metadata, architecture: bad as unknown as Json },
    })
    expect(() => modelFromBytes(bytes)).toThrow(expect.objectContaining({ code: 'FORMAT' }))
  })
})
