// Where a wrong answer could have come without a word: each case is either right or an error.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as layers from '../nn/layers.js'
import * as losses from '../nn/losses/index.js'
import * as batchMetrics from '../nn/metrics.js'
import { layerFromConfig } from '../nn/registry.js'
import { Sequential } from '../nn/sequential.js'
import * as optim from '../optim/index.js'
import { compile, gather, random, type Tensor, tensor, variable } from '../tensor/index.js'
import { earlyStopping, modelFromBytes, reduceOnPlateau, sequential } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'athanor-silent-'))
afterAll(() => rmSync(folder, { recursive: true }))

const line = () =>
  sequential([layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })])
const x = [1, 2, 3, 4, 5]
const y = [2, 1, 4, 0, 7]
const quiet = { verbose: 0, shuffle: false } as const

const value = (metric: batchMetrics.BatchMetric, t: Tensor, p: Tensor) => {
  const { total, count } = metric.compute(t, p)
  return total.itemSync() / count.itemSync()
}

describe('targets [n] and predictions [n, 1]', () => {
  it('are no [n, n] for plain functions', async () => {
    const own = (t: Tensor, p: Tensor) => t.sub(p).square().mean()
    const named = line().compile({ loss: 'meanSquaredError', metrics: ['meanSquaredError'] })
    const plain = line().compile({ loss: own, metrics: [own] })
    const expected = await named.evaluate(x, y, { batchSize: 2 })
    const received = await plain.evaluate(x, y, { batchSize: 2 })
    expect(received.loss).toBeCloseTo(expected.loss, 6)
    expect(received.own).toBeCloseTo(expected.meanSquaredError, 6)
  })
})

describe('weights', () => {
  const sampleWeight = [1, 0, 2, 0, 3]
  const after = async (loss: Parameters<ReturnType<typeof line>['compile']>[0]['loss']) => {
    const model = line().compile({ optimizer: 'sgd', loss, metrics: [(t, p) => t.sub(p).abs()] })
    const { history } = await model.fit(x, y, { ...quiet, sampleWeight, batchSize: 2 })
    return [history.loss[0], history.metric1[0], model.parameters()[0].dataSync()[0]]
  }

  it('count for a loss of one’s own that returns a value a row, also in a last batch of one', async () => {
    const expected = await after('meanSquaredError')
    const received = await after((t, p) => t.sub(p).square())
    received.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i], 6)
    })
    expect(received[1]).toBeCloseTo((1 * 1 + 2 * 1 + 3 * 2) / 6, 0)
  })

  it('count for one that hands them on', async () => {
    const through = await after((t, p, options) => losses.meanSquaredError(t, p, options))
    expect(through).toEqual(await after('meanSquaredError'))
  })

  it('are an error where a loss cannot use them', async () => {
    await expect(after((t, p) => t.sub(p).square().mean())).rejects.toThrow(/sampleWeight/)
  })

  it.each([
    ['zeros alone', { sampleWeight: [0, 0, 0, 0, 0] }, /weight above 0/],
    ['of classes, all 0', { classWeight: { 0: 0, 1: 0, 2: 0, 4: 0, 7: 0 } }, /weight above 0/],
    ['negative', { classWeight: { 1: -1 } }, /-1 for class 1/],
  ])('%s', async (_, options, message) => {
    const model = line().compile({ loss: 'meanSquaredError' })
    await expect(model.fit(x, y, { ...quiet, ...options })).rejects.toThrow(message)
  })

  it('of classes need classes', async () => {
    const model = sequential([layers.dense({ units: 2, inputShape: [1] })])
    model.compile({ loss: 'meanSquaredError' })
    const rows = [
      [3, 4],
      [5, 6],
    ]
    const options = { ...quiet, classWeight: { 1: 2 } }
    await expect(model.fit([1, 2], rows, options)).rejects.toThrow(/one-hot targets/)
  })

  it('of one row do not stand for many', () => {
    expect(() => losses.huber([[1], [2]], [[1], [2]], { sampleWeight: [3] })).toThrow(
      /sample weights/,
    )
  })

  it('of rows held out count in the validation loss', async () => {
    const model = line().compile({ loss: 'meanSquaredError' })
    const weights = [1, 1, 1, 0, 0]
    const options = { ...quiet, validationSplit: 0.4, sampleWeight: [...weights.slice(0, 4), 1] }
    const { history } = await model.fit(x, y, options)
    const [kernel] = model.parameters()[0].dataSync()
    const [bias] = model.parameters()[1].dataSync()
    expect(history.valLoss[0]).toBeCloseTo((kernel * 5 + bias - 7) ** 2 / 2, 4)
  })
})

describe('rows', () => {
  it('of another shape are not read as if they had the model’s', async () => {
    const model = sequential([layers.flatten({ inputShape: [3, 2] }), layers.dense({ units: 1 })])
    await expect(model.predict(random.normal([1, 2, 3]))).rejects.toThrow(/rows of shape \[3, 2\]/)
  })

  it('hold out at least one, where a validationSplit is asked for', async () => {
    const model = line().compile({ loss: 'meanSquaredError' })
    await expect(model.fit(x, y, { ...quiet, validationSplit: 0.1 })).rejects.toThrow(
      /holds out at least one row/,
    )
  })

  it('of a source bring their own weights', async () => {
    const model = line().compile({ loss: 'meanSquaredError' })
    const type = { shape: [1], dtype: 'float32' } as const
    const source = { rows: 1, x: type, y: type, batches: () => [] }
    await expect(model.fit(source, { sampleWeight: [1] })).rejects.toThrow(/beside a BatchSource/)
  })
})

describe('whole numbers', () => {
  it('are refused beyond int32 and as fractions', async () => {
    const model = sequential([layers.dense({ units: 2, inputShape: [1] })])
    model.compile({ loss: 'sparseCategoricalCrossentropy' })
    for (const target of [2 ** 32, 0.5])
      await expect(model.fit([1], new Float64Array([target]), quiet)).rejects.toThrow(
        /DATA|whole|int32/,
      )
    expect(() => gather([1, 2], [0.5])).toThrow(/whole numbers/)
    const words = layers.embedding({ inputDim: 3, outputDim: 2 })
    expect(words.forward(tensor([[2]])).shape).toEqual([1, 1, 2])
    expect(() => words.forward(tensor([[1.5]])).dataSync()).toThrow(
      expect.objectContaining({ code: 'INDEX' }),
    )
    expect(() => losses.sparseCategoricalCrossentropy([0.5], [[0.5, 0.5]]).dataSync()).toThrow(
      expect.objectContaining({ code: 'INDEX' }),
    )
  })
})

describe('metrics', () => {
  it('never count NaN as right', () => {
    const nan = tensor([[Number.NaN, Number.NaN, Number.NaN]])
    const label = tensor([0], { dtype: 'int32' })
    expect(value(batchMetrics.sparseTopKCategoricalAccuracy({ k: 1 }), label, nan)).toBe(0)
    expect(value(batchMetrics.binaryAccuracy(), tensor([0]), tensor([Number.NaN]))).toBe(0)
  })

  it('accuracy is that of the loss', () => {
    const labels = tensor([[1, 1, 0]])
    const several = batchMetrics.getMetric('accuracy', 'binaryCrossentropy')
    expect(value(several, labels, tensor([[0.9, 0.2, 0.1]]))).toBeCloseTo(2 / 3, 6)
    const margin = batchMetrics.getMetric('accuracy', 'hinge')
    expect(value(margin, tensor([1, -1]), tensor([0.2, -3]))).toBe(1)
    const oneHot = tensor([[0, 1, 0]], { dtype: 'int32' })
    expect(value(batchMetrics.accuracy(), oneHot, tensor([[0.1, 0.8, 0.1]]))).toBe(1)
  })
})

describe('training again and going on', () => {
  it('a callback forgets the training before', async () => {
    const stop = earlyStopping({ patience: 3, monitor: 'loss' })
    const first = line().compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
    await first.fit([1], [1], { ...quiet, callbacks: [stop] })
    const second = line().compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
    const { history } = await second.fit(x, y, { ...quiet, callbacks: [stop] })
    expect(stop.best).toBe(history.loss[0])
  })

  it('a checkpoint wants the callbacks it was made with', async () => {
    const checkpoint = { path: join(folder, 'callbacks') }
    const train = (options: object) => {
      const model = line().compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
      return model.fit(x, y, { ...quiet, checkpoint, ...options })
    }
    await train({ callbacks: [earlyStopping()] })
    await expect(
      train({ callbacks: [reduceOnPlateau()], resume: true, epochs: 2 }),
    ).rejects.toThrow(/callback 1 to be earlyStopping/)
    await expect(train({ callbacks: [earlyStopping()], resume: true, epochs: 2 })).resolves.toEqual(
      expect.objectContaining({ epochs: 2 }),
    )
  })

  it('a checkpoint within an epoch wants its batch size and its metrics', async () => {
    const checkpoint = { path: join(folder, 'within') }
    const stop = new AbortController()
    const train = (options: object, metrics: 'meanAbsoluteError'[] = []) => {
      const model = line().compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics })
      return model.fit(x, y, { ...quiet, checkpoint, batchSize: 2, ...options })
    }
    const interrupt = { onBatchEnd: () => stop.abort() }
    await train({ signal: stop.signal, callbacks: [interrupt] })
    await expect(train({ resume: true, batchSize: 1 })).rejects.toThrow(/batchSize/)
    await expect(train({ resume: true }, ['meanAbsoluteError'])).rejects.toThrow(/the metrics/)
    await expect(train({ resume: true })).resolves.toEqual(expect.objectContaining({ epochs: 1 }))
  })

  it('a rate that a plateau has lowered stays, also where a schedule began', () => {
    const made = () =>
      optim.sgd([variable([1])], {
        learningRate: optim.schedules.step({ initialLearningRate: 1, stepSize: 1 }),
      })
    const before = made()
    before.learningRate = 0.125
    const again = made()
    again.loadState(before.state())
    expect(again.learningRate).toBe(0.125)
  })

  it('averages of a parameter that is unfrozen later start at its value', () => {
    const a = variable([4])
    const b = variable([8])
    const optimizer = optim.sgd([a, b], { learningRate: 0, ema: { momentum: 0.9 } })
    b.trainable = false
    a.mul(b).sum().backward()
    optimizer.step()
    b.trainable = true
    a.mul(b).sum().backward()
    optimizer.step()
    expect(optimizer.withAverages(() => b.dataSync()[0])).toBeCloseTo(8, 5)
  })
})

describe('a Sequential inside another', () => {
  const nested = () =>
    sequential([
      new Sequential([layers.dense({ units: 3, inputShape: [2] }), layers.batchNormalization()]),
      new Sequential([new Sequential([layers.relu()]), layers.dense({ units: 1 })]),
    ])

  it('comes back from a file', async () => {
    const model = nested()
    const rows = random.normal([4, 2])
    const copy = modelFromBytes(model.toBytes())
    expect((await copy.predict(rows)).dataSync()).toEqual((await model.predict(rows)).dataSync())
    expect(copy.parameters().length).toBe(model.parameters().length)
    expect(copy.summary()).toBe(model.summary())
    expect(model.summary()).toMatch(/Sequential .*\[batch, 3\] .*21/)
  })

  it('is checked when read', () => {
    const read = (config: object) => layerFromConfig({ className: 'Sequential', config } as never)
    expect(() => read({})).toThrow(/layers/)
    expect(() => read({ layers: [3] })).toThrow(/layers/)
    expect(() => read({ layers: [{ className: 'Dens', config: {} }] })).toThrow(/Dense/)
  })
})

describe('explain', () => {
  it('prints a function’s graph and program, and runs nothing', () => {
    const w = variable([1, 2], { name: 'w' })
    const step = compile((a: Tensor) => {
      w.assign(w.mul(a))
      return w.sum()
    })
    const text = step.explain(tensor([3, 4]))
    expect(text).toMatch(/^graph\n%0 = state\(w\) : float32\[2\]/)
    expect(text).toMatch(/= multiply\(%\d, %\d\) : float32\[2\]/)
    expect(text).toMatch(/\nreturn %\d\nw ← %\d\n\nprogram\n\d+ kernel calls/)
    expect(text).toMatch(/0: fused float32\[2\].*\n {5}r0 = multiply\(a0, a1\)/)
    expect([...w.dataSync()]).toEqual([1, 2])
    expect(step(tensor([3, 4])).itemSync()).toBe(11)
  })

  it('prints a model’s training step without taking it', async () => {
    const model = line().compile({ optimizer: 'adam', loss: 'meanSquaredError' })
    const text = await model.explain(x, y)
    expect(text).toMatch(/matmul.*# dense/)
    expect(text).toMatch(/require finite/)
    expect(text).toMatch(/\/kernel ← %\d+/)
    expect(text).toMatch(/requireFinite/)
    expect(model.optimizer.iterations).toBe(0)
    await model.trainOnBatch(x, y)
    expect(model.optimizer.iterations).toBe(1)
  })
})
