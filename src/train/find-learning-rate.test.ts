// The range test of learning rates, mixed batches, momentum that goes with a cycle, frozen layers.

import { describe, expect, it } from 'vitest'
import * as layers from '../nn/layers.js'
import { input } from '../nn/symbolic.js'
import * as optim from '../optim/index.js'
import { random, type Tensor, variable } from '../tensor/index.js'
import {
  type Batch,
  type BatchSource,
  cutMix,
  findLearningRate,
  mixUp,
  model,
  sequential,
} from './index.js'
import { learningRateCurve } from './learning-rate-curve.js'

const generator = new random.Generator(8)
const x = generator.normal([256, 4])
const y = x.sum({ axis: 1 }).mul(2)

function net(optimizer: optim.OptimizerLike = optim.sgd({ momentum: 0.9 })) {
  random.seed(5)
  return sequential([
    layers.dense({ units: 8, activation: 'tanh', inputShape: [4] }),
    layers.batchNormalization(),
    layers.dropout({ rate: 0.1, seed: 4 }),
    layers.gaussianNoise({ stddev: 0.01 }),
    layers.dense({ units: 1 }),
  ]).compile({ optimizer, loss: 'meanSquaredError' })
}

describe('findLearningRate', () => {
  it('tells each step, and stops when it is told to, with everything put back', async () => {
    const stop = new AbortController()
    const steps: (readonly [number, number])[] = []
    const own = net()
    await own.predict(x)
    const before = own.toBytes()
    const test = findLearningRate(own, [x, y], {
      steps: 20,
      signal: stop.signal,
      onStep: (step, most) => {
        steps.push([step, most])
        if (step === 3) stop.abort()
      },
    })
    await expect(test).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(steps).toEqual([
      [1, 20],
      [2, 20],
      [3, 20],
    ])
    expect(own.toBytes()).toEqual(before)
    const wrong = findLearningRate(own, [x, y], { signal: 1 as never })
    await expect(wrong).rejects.toThrow(/AbortSignal/)
  })

  it('finds a rate that trains, between too little and too much', async () => {
    const found = await findLearningRate(net(), [x, y], { maxLearningRate: 100 })
    expect(found.stopped).toBe('exploded')
    expect(found.suggestion).toBe(Math.min(found.steepest!, found.tenthOfMinimum!))
    expect(found.suggestion).toBeGreaterThan(1e-4)
    expect(found.suggestion).toBeLessThan(1)
    expect(found.learningRates.length).toBe(found.losses.length)
    const ratio = found.learningRates[1] / found.learningRates[0]
    expect(ratio).toBeCloseTo((100 / 1e-7) ** (1 / 99), 10)
    const after = async (learningRate: number) => {
      const fresh = net(optim.sgd({ learningRate, momentum: 0.9 }))
      return (await fresh.fit(x, y, { epochs: 3, verbose: 0 })).history.loss[2]
    }
    expect(await after(found.suggestion!)).toBeLessThan((await after(1e-6)) / 4)
  })

  it('leaves everything as it was, bit for bit', async () => {
    const [tested, untouched] = [net(), net()]
    for (const one of [tested, untouched]) {
      random.seed(9)
      await one.fit(x, y, { epochs: 1, verbose: 0 })
      if (one === tested) {
        const { state } = { state: one.optimizer.state() }
        await findLearningRate(one, [x, y])
        const now = one.optimizer.state()
        expect(now.iterations).toBe(state.iterations)
        expect(now.learningRate).toBe(state.learningRate)
        for (const [name, slot] of Object.entries(state.slots))
          expect(now.slots[name].dataSync()).toEqual(slot.dataSync())
      }
      await one.fit(x, y, { epochs: 2, verbose: 0, seed: 3 })
    }
    expect(tested.snapshot()).toEqual(untouched.snapshot())
  })

  it('keeps a schedule, and starts optimizers that have not stepped anew', async () => {
    const schedule = optim.schedules.cosine({ initialLearningRate: 0.01, decaySteps: 100 })
    const [tested, untouched] = [0, 1].map(() =>
      net(optim.adam({ learningRate: schedule, ema: true })),
    )
    await findLearningRate(tested, [x, y], { steps: 20 })
    expect(tested.optimizer.schedule).toBe(schedule)
    expect(tested.optimizer.iterations).toBe(0)
    for (const one of [tested, untouched]) {
      random.seed(9)
      await one.fit(x, y, { epochs: 1, verbose: 0 })
    }
    expect(tested.snapshot()).toEqual(untouched.snapshot())
  })

  it('takes sources and models of several inputs', async () => {
    const [a, b] = [input({ shape: [4] }), input({ shape: [4] })]
    const sum = layers.dense({ units: 1 }).apply(layers.add().apply([a, b]))
    const two = model({ inputs: [a, b], outputs: [sum] }).compile({
      optimizer: 'sgd',
      loss: 'meanSquaredError',
    })
    const found = await findLearningRate(two, [[x, x], [y]], { steps: 40 })
    expect(found.suggestion).not.toBeNull()
    const source: BatchSource = {
      rows: 2,
      x: { shape: [4], dtype: 'float32' },
      y: { shape: [1], dtype: 'float32' },
      *batches() {
        yield { x: new Float32Array(8).fill(1), y: new Float32Array([1, 1]), rows: 2 }
      },
    }
    expect((await findLearningRate(net(), source, { steps: 10 })).losses.length).toBe(10)
  })

  it('draws its curve', async () => {
    const found = await findLearningRate(net(), [x, y])
    const svg = found.svg()
    expect(svg).toMatch(/^<svg [^>]*>[\s\S]*<\/svg>\n$/)
    expect(svg).toContain('1e-3')
    expect(svg).toContain(found.suggestedBy === 'steepest' ? 'steepest descent' : 'a tenth')
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    for (const [, points] of svg.matchAll(/points="([^"]*)"/g))
      expect(points.split(' ').length).toBe(found.losses.length)
  })

  it('draws losses within the plot alone', () => {
    const learningRates = [1e-4, 1e-3, 1e-2, 1e-1]
    const svg = learningRateCurve({
      ...{ learningRates, losses: [5, -100, 1e30, 2], smoothedLosses: [5, 4, 3, 3.5] },
      ...{ steepest: 1e-3, tenthOfMinimum: 1e-3, suggestion: 1e-3 },
      ...{ suggestedBy: 'steepest', stopped: 'finished' },
    })
    const [, plot] = svg.match(/<svg x="64" y="24"[^>]*overflow="hidden">([\s\S]*?)<\/svg>/)!
    expect(plot.match(/<polyline/g)).toHaveLength(2)
    expect(svg.match(/<polyline/g)).toHaveLength(2)
    expect(svg).not.toMatch(/NaN|Infinity|e\+/)
  })

  it('sweeps the groups that have no rate of their own', async () => {
    const made = net()
    const [first, ...rest] = made.parameters()
    const groups = [{ parameters: [first], learningRate: 0 }, { parameters: rest }]
    made.compile({ optimizer: optim.sgd(groups), loss: 'meanSquaredError' })
    expect((await findLearningRate(made, [x, y])).suggestion).not.toBeNull()
  })

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a model that is not compiled',
      () => findLearningRate(sequential([layers.dense({ units: 1 })]), [x, y]),
      /compile/,
    ],
    ['no model', () => findLearningRate(undefined as never, [x, y]), /a model.*undefined/],
    ['another object', () => findLearningRate({} as never, [x, y]), /a model.*an object/],
    [
      'NaN in the data',
      () => findLearningRate(net(), [x.add(Number.NaN), y]),
      /finite numbers in x and y.*Remove or impute/s,
    ],
    [
      'NaN in a few targets',
      () => {
        const targets = Float32Array.from(y.dataSync())
        targets[200] = Number.NaN
        return findLearningRate(net(), [x, targets])
      },
      /finite numbers in x and y/,
    ],
    [
      'weights that are not finite',
      () => {
        const broken = net()
        broken.restoreSnapshot({
          ...broken.snapshot(),
          'layers.0.kernel': new Float32Array(32).fill(Infinity),
        })
        return findLearningRate(broken, [x, y])
      },
      /a finite loss at the smallest rate.*a parameter \(layers\.0\.kernel\)/s,
    ],
    [
      'groups that all have rates of their own',
      () => {
        const made = net()
        const [first, ...rest] = made.parameters()
        const optimizer = optim.sgd([
          { parameters: [first], learningRate: 0.1 },
          { parameters: rest, learningRate: 0.01 },
        ])
        return findLearningRate(made.compile({ optimizer, loss: 'meanSquaredError' }), [x, y])
      },
      /groups that all have a learningRate of their own.*\{ parameters \} alone/s,
    ],
    [
      'rates that fall',
      () => findLearningRate(net(), [x, y], { maxLearningRate: 1e-9 }),
      /minLearningRate below/,
    ],
    [
      'no rows',
      () => findLearningRate(net(), [x.slice([0, 0]), y.slice([0, 0])]),
      /at least one row/,
    ],
  ])('refuses %s', async (_, call, message) => {
    await expect(call()).rejects.toThrow(message)
  })
})

describe('mixed batches', () => {
  const type = (shape: readonly number[]) => ({ shape, dtype: 'float32' as const })
  const rows = 6
  const source: BatchSource = {
    rows,
    x: type([4, 4, 1]),
    y: type([rows]),
    *batches({ from }) {
      // Each picture is its own number everywhere.
      const x = Float32Array.from({ length: rows * 16 }, (_, i) => Math.floor(i / 16))
      const y = Float32Array.from({ length: rows * rows }, (_, i) => (i % (rows + 1) === 0 ? 1 : 0))
      for (let i = from; i < 3; i++) yield { x, y, rows }
    },
  }
  const order = { epoch: 2, batchSize: rows, shuffle: false, seed: 0, from: 0 }
  const all = async (of: BatchSource, from = 0) => {
    const found: Batch[] = []
    for await (const batch of of.batches({ ...order, from })) found.push(batch)
    return found
  }
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((a, b) => a + b, 0) / values.length

  it.each([
    ['mixUp', mixUp(source, { alpha: 1, seed: 4 })],
    ['cutMix', cutMix(source, { alpha: 1, seed: 4 })],
  ])('%s mixes targets as it mixes pictures', async (_, mixed) => {
    for (const { x, y } of await all(mixed))
      for (let i = 0; i < rows; i++) {
        const target = y.subarray(i * rows, (i + 1) * rows)
        expect(mean(target) * rows).toBeCloseTo(1, 5)
        const expected = Array.from(target).reduce((sum, share, k) => sum + share * k, 0)
        expect(mean(x.subarray(i * 16, (i + 1) * 16))).toBeCloseTo(expected, 5)
      }
  })

  it('is a function of seed, epoch and batch', async () => {
    const mixed = mixUp(source, { seed: 4 })
    const [first, second, third] = await all(mixed)
    expect((await all(mixed, 2))[0].x).toEqual(third.x)
    expect(second.x).not.toEqual(first.x)
    expect((await all(mixUp(source, { seed: 5 })))[0].x).not.toEqual(first.x)
  })

  it('refuses class numbers, and samples that are no pictures', () => {
    const classes = { ...source, y: { shape: [], dtype: 'int32' as const } }
    expect(() => mixUp(classes)).toThrow(/one-hot/)
    expect(() => cutMix({ ...source, x: type([16]) })).toThrow(/pictures/)
  })

  it('trains', async () => {
    const chain = sequential([
      layers.flatten(),
      layers.dense({ units: rows, activation: 'softmax' }),
    ])
    chain.compile({ loss: 'categoricalCrossentropy' })
    const { epochs } = await chain.fit(mixUp(source), { epochs: 2, verbose: 0 })
    expect(epochs).toBe(2)
  })
})

describe('momentum that goes with a cycle', () => {
  const momentum = optim.schedules.oneCycleMomentum({ totalSteps: 10, warmupFraction: 0.3 })

  it('falls while the rate rises', () => {
    const values = Array.from({ length: 10 }, (_, i) => momentum(i))
    expect([values[0], values[2], values[9]].map(v => Number(v.toFixed(6)))).toEqual([
      0.95, 0.85, 0.95,
    ])
    expect(optim.schedules.scheduleFromConfig(momentum.config!)(4)).toBe(momentum(4))
  })

  it.each([false, true])('is what SGD uses at each step, nesterov %s', nesterov => {
    const w = variable([1, -2])
    const sgd = optim.sgd([w], { learningRate: 0.1, momentum, nesterov })
    let [weight, velocity] = [1, 0]
    for (let step = 0; step < 10; step++) {
      w.square().sum().backward()
      sgd.step()
      const gradient = 2 * weight
      velocity = momentum(step) * velocity - 0.1 * gradient
      weight += nesterov ? momentum(step) * velocity - 0.1 * gradient : velocity
      expect(w.dataSync()[0]).toBeCloseTo(weight, 4)
    }
  })

  it('is what Adam uses as beta1', () => {
    const w = variable([1])
    const adam = optim.adam([w], { learningRate: 0.1, beta1: momentum })
    let [weight, m, v] = [1, 0, 0]
    for (let step = 1; step <= 10; step++) {
      w.square().sum().backward()
      adam.step()
      const [gradient, beta1] = [2 * weight, momentum(step - 1)]
      m += (gradient - m) * (1 - beta1)
      v += (gradient ** 2 - v) * 0.001
      weight -=
        (0.1 * Math.sqrt(1 - 0.999 ** step) * m) / ((1 - beta1 ** step) * (Math.sqrt(v) + 1e-7))
      expect(w.dataSync()[0]).toBeCloseTo(weight, 4)
    }
  })

  it('refuses shares that are none', () => {
    const sgd = optim.sgd([variable([1])], { momentum: () => 2 })
    expect(() => sgd.step()).toThrow(/sgd \(momentum\): expected .*0 .*1, received 2/)
    // One would never forget, and divide by 0.
    const adam = optim.adam([variable([1])], { beta1: () => 1 })
    expect(() => adam.step()).toThrow(/adam \(beta1\): expected .*below 1, received 1/)
  })
})

it('layers that are frozen after they were made stay, others learn at rates of their own', async () => {
  random.seed(1)
  const block = layers.transformerEncoder({ intermediateDim: 6, numHeads: 2, inputShape: [3, 4] })
  const head = layers.dense({ units: 1, name: 'head' })
  const chain = sequential([
    block,
    layers.groupNormalization({ groups: 2 }),
    layers.flatten(),
    head,
  ])
  block.selfAttention!.freeze()
  const groups = [
    { parameters: block.parameters(), learningRate: 0 },
    {
      parameters: chain.parameters().filter(p => !block.parameters().includes(p)),
      learningRate: 0.1,
    },
  ]
  chain.compile({ optimizer: optim.sgd(groups), loss: 'meanSquaredError' })
  const before = chain.snapshot()
  const rows = random.normal([8, 3, 4])
  await chain.fit(rows, rows.sum({ axis: [1, 2] }), { epochs: 1, verbose: 0 })
  const changed = changes(chain, before)
  expect(changed.filter(name => name.startsWith('layers.0.'))).toEqual([])
  expect(changed).toContain('layers.3.kernel')
  chain.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
  const middle = chain.snapshot()
  await chain.fit(rows, rows.sum({ axis: [1, 2] }), { epochs: 1, verbose: 0 })
  const moved = changes(chain, middle).filter(name => name.startsWith('layers.0.'))
  expect(moved.length).toBeGreaterThan(0)
  expect(moved.some(name => name.includes('selfAttention'))).toBe(false)
})

function changes(chain: ReturnType<typeof sequential>, before: ReturnType<typeof chain.snapshot>) {
  return chain
    .namedParameters()
    .filter(([name, p]: [string, Tensor]) => p.dataSync().some((v, i) => v !== before[name][i]))
    .map(([name]) => name)
}
