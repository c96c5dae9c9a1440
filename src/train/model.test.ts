import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { AthanorError } from '../base/errors.js'
import { openExecutor } from '../execute/select.js'
import * as layers from '../nn/layers.js'
import * as losses from '../nn/losses/index.js'
import * as optim from '../optim/index.js'
import { useExecutor } from '../tensor/engine.js'
import { grad, programStatistics, random, type Tensor } from '../tensor/index.js'
import { earlyStopping, type Model, modelFromBytes, sequential } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'athanor-train-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Fixture {
  readonly program: string
  readonly source: string
  readonly dtype: string
  readonly x: number[][]
  readonly y: number[][]
  readonly xTest: number[][]
  readonly kernel: number[][]
  readonly bias: number[]
  readonly losses: number[]
  readonly predictions: number[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/programs.json', import.meta.url), 'utf8'),
) as {
  cases: Fixture[]
}

const executors = (['reference', 'wasm', 'native'] as const).flatMap(name => {
  try {
    return [openExecutor({ name })]
  } catch {
    return []
  }
})

describe.each(executors.map(e => [e.name, e] as const))(
  'the first program on %s',
  (_, executor) => {
    it.each(
      cases
        .filter(c => c.program === 'linearRegression' && c.dtype === 'float32')
        .map(c => [c.source, c] as const),
    )('follows %s epoch by epoch', async (__, fixture) => {
      useExecutor(executor)
      const model = sequential([layers.dense({ units: 1, inputShape: [1] })])
      model.loadStateDict({ 'layers.0.kernel': fixture.kernel, 'layers.0.bias': fixture.bias })
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
      const { history } = await model.fit(fixture.x.flat(), fixture.y.flat(), {
        epochs: 100,
        verbose: 0,
        shuffle: false,
      })
      history.loss.forEach((loss, i) => {
        expect(Math.abs(loss - fixture.losses[i])).toBeLessThan(
          1e-5 * Math.max(1, fixture.losses[i]),
        )
      })
      const y = await model.predict([5, 6, 7, 8])
      expect(y.shape).toEqual([4, 1])
      const predictions = await y.data()
      ;(fixture.predictions.flat() as number[]).forEach((p, i) => {
        expect(Math.abs(predictions[i] - p)).toBeLessThan(1e-5)
      })
    })

    it('learns the line of the README', async () => {
      useExecutor(executor)
      const model = sequential([layers.dense({ units: 1, inputShape: [1] })])
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
      await model.fit([1, 2, 3, 4], [0, -1, -2, -3], { epochs: 1000, verbose: 0 })
      const y = await (await model.predict([5, 6, 7, 8])).data()
      ;[-4, -5, -6, -7].forEach((expected, i) => {
        expect(Math.abs(y[i] - expected)).toBeLessThan(0.2)
      })
    })
  },
)

/** Three noisy clusters; enough rows for a partial last batch. */
function clusters(rows: number) {
  const generator = new random.Generator(9)
  const noise = generator.normal([rows, 4]).dataSync()
  const y = Int32Array.from({ length: rows }, (_, i) => i % 3)
  const x = Float32Array.from(noise, (v, i) => v + 2 * Math.cos(y[Math.floor(i / 4)] * 2 + (i % 4)))
  return { x, y }
}

function classifier(seed = 1): Model {
  random.seed(seed)
  const model = sequential([
    layers.dense({ units: 16, activation: 'relu', inputShape: [4] }),
    layers.batchNormalization(),
    layers.dropout({ rate: 0.2 }),
    layers.dense({ units: 3 }),
  ])
  return model.compile({
    optimizer: optim.adam({ learningRate: 0.01 }),
    loss: (yTrue, yPred, options) =>
      losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true, ...options }),
    metrics: ['accuracy'],
  })
}

describe('fit', () => {
  useExecutor(executors[executors.length - 1])

  it('compiles nothing after the first epoch, with dropout, a schedule and a partial batch', async () => {
    const { x, y } = clusters(100)
    const model = classifier()
    const compilations: number[] = []
    const { history } = await model.fit(x, y, {
      epochs: 5,
      batchSize: 32,
      validationData: [x, y],
      verbose: 0,
      callbacks: [
        (epoch, _, m) => {
          m.optimizer.learningRate = 0.01 / (epoch + 1)
          compilations.push(programStatistics().compilations)
        },
      ],
    })
    expect(new Set(compilations.slice(1)).size).toBe(1)
    expect(compilations[4]).toBe(compilations[0])
    expect(history.valAccuracy[4]).toBeGreaterThan(0.8)
    expect(Object.keys(history).sort()).toEqual(['accuracy', 'loss', 'valAccuracy', 'valLoss'])
  })

  it('goes on bit for bit from a checkpoint in the middle of an epoch', async () => {
    const { x, y } = clusters(100)
    const options = { epochs: 6, batchSize: 16, verbose: 0 as const, validationSplit: 0.2 }
    const stopping = () => earlyStopping({ patience: 3 })
    const whole = classifier(4)
    const { history } = await whole.fit(x, y, { ...options, callbacks: [stopping()] })

    const path = join(folder, 'checkpoint')
    const checkpoint = { path, everySeconds: 0 }
    const first = classifier(4)
    const controller = new AbortController()
    let batches = 0
    const cut = await first.fit(x, y, {
      ...options,
      checkpoint,
      signal: controller.signal,
      callbacks: [
        stopping(),
        {
          onBatchEnd: () => {
            if (++batches === 13) controller.abort()
          },
        },
      ],
    })
    expect(cut.stopped).toBe('interrupted')
    const second = classifier(77)
    const rest = await second.fit(x, y, {
      ...options,
      checkpoint,
      resume: true,
      callbacks: [stopping()],
    })
    expect(rest.history).toEqual(history)
    expect(second.snapshot()).toEqual(whole.snapshot())
  })

  it('names the layer and the operation where numbers stop being finite, and keeps the weights', async () => {
    const { x, y } = clusters(40)
    const model = sequential([
      layers.dense({ units: 4, inputShape: [4], name: 'first' }),
      layers.lambda({ function: (t: Tensor) => t.mul(1e30).exp(), name: 'explode' }),
      layers.dense({ units: 1, name: 'last' }),
    ])
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' })
    const before = model.snapshot()
    const error = await model
      .fit(x, Float32Array.from(y), { verbose: 0 })
      .catch((e: AthanorError) => e)
    expect(error).toMatchObject({ code: 'NOT_FINITE' })
    expect((error as Error).message).toMatch(/explode: exp/)
    expect((error as Error).message).toMatch(/Lower the learning rate/)
    expect(model.snapshot()).toEqual(before)
  })

  it('names input that is not finite', async () => {
    const model = sequential([layers.dense({ units: 1, inputShape: [1] })])
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
    await expect(model.fit([1, Number.NaN, 3], [1, 2, 3], { verbose: 0 })).rejects.toThrow(
      /an input .*Remove or impute/,
    )
  })

  it('weighs classes and rows', async () => {
    const x = [0, 0, 0, 1]
    const y = [0, 0, 0, 1]
    const run = async (options: object) => {
      random.seed(1)
      const model = sequential([
        layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' }),
      ])
      model.compile({ optimizer: optim.sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' })
      await model.fit(x, y, { epochs: 1, shuffle: false, verbose: 0, ...options })
      return (await model.predict([0])).itemSync()
    }
    expect(await run({ classWeight: { 1: 3 } })).toBeCloseTo(
      await run({ sampleWeight: [1, 1, 1, 3] }),
      6,
    )
    expect(await run({ classWeight: { 1: 3 } })).toBeGreaterThan(await run({}))
  })

  it('saves and loads: the same outputs, in training state or not', async () => {
    const { x, y } = clusters(60)
    const model = classifier()
    await model.fit(x, y, { epochs: 2, verbose: 0 })
    const copy = modelFromBytes(model.toBytes({ extra: { classes: ['a', 'b', 'c'] } }))
    expect(copy.extra).toEqual({ classes: ['a', 'b', 'c'] })
    expect((await copy.predict(x)).dataSync()).toEqual((await model.predict(x)).dataSync())
    expect(copy.summary()).toContain('Parameters: 195')
  })

  it.each([
    ['epochs', { epochs: -1 }],
    ['batchSize', { batchSize: 0 }],
    ['validationSplit', { validationSplit: 1 }],
    ['sample weight', { sampleWeight: [1] }],
  ])('refuses a wrong %s', async (word, options) => {
    const model = sequential([layers.dense({ units: 1, inputShape: [1] })])
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
    await expect(model.fit([1, 2], [1, 2], { verbose: 0, ...options })).rejects.toThrow(word)
  })

  it('refuses rows and targets that do not fit', async () => {
    const model = sequential([layers.dense({ units: 1, inputShape: [2] })])
    await expect(model.fit([[1, 2]], [1])).rejects.toThrow(/compile/)
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
    await expect(
      model.fit(
        [
          [1, 2],
          [3, 4],
        ],
        [1],
        { verbose: 0 },
      ),
    ).rejects.toThrow(/as many targets as rows/)
    await expect(model.fit([[1, 2, 3]], [1], { verbose: 0 })).rejects.toThrow(/rows of shape \[2\]/)
    await expect(model.predict([[1, 2, 3]])).rejects.toThrow(/rows of shape \[2\]/)
  })
})

it('forward takes tensors, in the mode of the module, and can be differentiated', async () => {
  const model = sequential([
    layers.dense({ units: 4, inputShape: [3] }),
    layers.dropout({ rate: 0.5, seed: 1 }),
  ])
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
  const x = random.normal([20, 3])
  const predicted = (await model.predict(x)).dataSync()
  expect(model.forward(x).dataSync()).not.toEqual(predicted)
  model.module.eval()
  expect(model.forward(x).dataSync()).toEqual(predicted)
  const slopes = grad((v: Tensor) => model.forward(v).sum())(x)
  const kernel = model.stateDict()['layers.0.kernel'].sum({ axis: 1 }).dataSync()
  slopes.dataSync().forEach((slope, i) => {
    expect(slope).toBeCloseTo(kernel[i % 3], 5)
  })
})
