// docs/from-pytorch.md, row by row: what it says of this library is so, and of PyTorch where a fixture
// of PyTorch's numbers shows it.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ReferenceExecutor } from '../execute/reference.js'
import * as activations from '../nn/activations.js'
import { recordAttention } from '../nn/attention/record-attention.js'
import * as layers from '../nn/layers.js'
import * as losses from '../nn/losses/index.js'
import * as regularizers from '../nn/regularizers.js'
import * as optim from '../optim/index.js'
import { useExecutor } from '../tensor/engine.js'
import { ones, random, type Tensor, tensor, type Variable, variable } from '../tensor/index.js'
import { sequential } from './index.js'

useExecutor(new ReferenceExecutor())

const text = readFileSync(new URL('../../docs/from-pytorch.md', import.meta.url), 'utf8')
const rows = text
  .split('\n')
  .filter(line => line.startsWith('| ') && !line.startsWith('| What'))
  .map(line => line.split('|')[1].trim())

interface Case {
  readonly optimizer: string
  readonly source: string
  readonly attrs: Record<string, unknown>
  readonly steps: number[][][]
  readonly learningRates?: number[]
  readonly note?: string
}

const fixture = JSON.parse(
  readFileSync(new URL('../optim/fixtures/optimizers.json', import.meta.url), 'utf8'),
) as { cases: Case[]; initial: { shape: number[]; values: number[] }[]; gradients: number[][][] }

/** How far our steps end up from PyTorch's in the fixture with this note, at the given options. */
function distance(optimizer: string, note: string, make: (p: Variable[]) => optim.Optimizer) {
  const found = fixture.cases.find(
    c => c.source === 'pytorch' && c.optimizer === optimizer && c.note?.includes(note),
  )!
  const parameters = fixture.initial.map(({ shape, values }) =>
    variable(values, { shape, dtype: 'float64' }),
  )
  const rule = make(parameters)
  found.steps.forEach((_, i) => {
    if (found.learningRates) rule.learningRate = found.learningRates[i]
    parameters
      .map((p, k) =>
        p.mul(tensor(fixture.gradients[i][k], { shape: p.shape, dtype: 'float64' })).sum(),
      )
      .reduce((a, b) => a.add(b))
      .backward()
    rule.step()
  })
  const last = found.steps[found.steps.length - 1]
  return Math.max(
    ...parameters.flatMap((p, k) => [...p.dataSync()].map((v, i) => Math.abs(v - last[k][i]))),
  )
}

/** One step from 1 with gradient 1. */
function afterOneStep(make: (p: Variable[]) => optim.Optimizer, gradient = 1): number {
  const w = variable([1], { dtype: 'float64' })
  const rule = make([w])
  w.mul(gradient).sum().backward()
  rule.step()
  return w.dataSync()[0]
}

const largest = (x: Tensor) => x.abs().max().itemSync()

const checks: Record<string, () => void> = {
  'Order of a loss’s arguments': () => {
    expect(losses.poisson([0], [2]).itemSync()).toBeCloseTo(2)
  },
  'Kernel of a dense layer': () => {
    expect(layers.dense({ units: 2, inputShape: [3] }).kernel!.shape).toEqual([3, 2])
  },
  'First values of a dense layer': () => {
    const layer = layers.dense({ units: 500, inputShape: [100] })
    expect(largest(layer.bias!)).toBe(0)
    expect(largest(layer.kernel!)).toBeLessThanOrEqual(Math.fround(0.1))
    expect(largest(layer.kernel!)).toBeGreaterThan(0.099)
  },
  'First values of an embedding': () => {
    const { embeddings } = layers.embedding({ inputDim: 100, outputDim: 50 })
    expect(largest(embeddings)).toBeLessThanOrEqual(Math.fround(0.05))
    expect(largest(embeddings)).toBeGreaterThan(0.049)
  },
  'Cross-entropy of class numbers': () => {
    const loss = losses.sparseCategoricalCrossentropy([1], [[0.25, 0.75]])
    expect(loss.itemSync()).toBeCloseTo(-Math.log(0.75))
  },
  'Mean with class weights': () => {
    const classWeight = { 0: 3, 1: 1 }
    const p = [
      [0.5, 0.5],
      [0.5, 0.5],
    ]
    const loss = losses.sparseCategoricalCrossentropy([0, 1], p, { classWeight })
    expect(loss.itemSync()).toBeCloseTo(2 * Math.LN2)
  },
  '`poisson`': () => {
    expect(losses.poisson([1], [2]).itemSync()).toBeCloseTo(2 - Math.LN2)
  },
  'Batch normalisation’s `momentum`': () => {
    const layer = layers.batchNormalization({ inputShape: [1] })
    layer.forward(tensor([[1], [3]]))
    expect(layer.movingMean!.dataSync()[0]).toBeCloseTo(0.02)
  },
  'Batch normalisation’s running variance': () => {
    const layer = layers.batchNormalization({ inputShape: [1], momentum: 0 })
    layer.forward(tensor([[1], [3]]))
    expect(layer.movingVariance!.dataSync()[0]).toBeCloseTo(1)
  },
  '`epsilon` of normalisations': () => {
    expect(layers.batchNormalization().epsilon).toBe(0.001)
    expect(layers.layerNormalization().epsilon).toBe(0.001)
  },
  'Frozen batch normalisation': () => {
    const layer = layers.batchNormalization({ inputShape: [1] })
    layer.freeze()
    const x = tensor([[1], [3]])
    expect(layer.forward(x).dataSync()[1]).toBeCloseTo(3 / Math.sqrt(1.001))
  },
  '`leakyRelu`': () => {
    expect(activations.leakyRelu(tensor([-1])).itemSync()).toBeCloseTo(-0.2)
    expect(
      layers
        .leakyRelu()
        .forward(tensor([-1]))
        .itemSync(),
    ).toBeCloseTo(-0.3)
  },
  'Weights of attention': () => {
    const layer = layers.multiHeadAttention({ numHeads: 2, keyDim: 3, dropout: 0.5 })
    const x = random.normal([2, 3, 4])
    layer.train()
    const { scores } = layer.attend(x)
    expect(scores.shape).toEqual([2, 2, 3, 3])
    const { attention } = recordAttention(() => layer.forward(x))
    expect(attention[0].scores.dataSync()).toEqual(scores.dataSync())
    for (const sum of scores.sum({ axis: -1 }).dataSync()) expect(sum).toBeCloseTo(1, 6)
  },
  'SGD with momentum': () => {
    const make = (p: Variable[]) => optim.sgd(p, { momentum: 0.9 })
    expect(distance('sgd', 'rate is outside', make)).toBeGreaterThan(0.01)
  },
  '`weightDecay` of SGD and Adam': () => {
    const options = { learningRate: 0.1, momentum: 0.9, weightDecay: 0.05 }
    expect(distance('sgd', 'coupled', p => optim.sgd(p, options))).toBeGreaterThan(0.001)
    const make = (p: Variable[]) => optim.sgd(p, { learningRate: 0.5, weightDecay: 0.1 })
    expect(afterOneStep(make)).toBeCloseTo(1 - 0.05 - 0.5, 12)
  },
  '`l2(λ)` regulariser': () => {
    expect(
      regularizers
        .l2(0.5)(tensor([3]))
        .itemSync(),
    ).toBe(4.5)
  },
  'Adam’s `epsilon`': () => {
    const options = { learningRate: 0.05, epsilon: 0.1 }
    expect(optim.adam().epsilon).toBe(1e-7)
    expect(distance('adam', 'differs', p => optim.adam(p, options))).toBeGreaterThan(0.01)
  },
  'AdamW’s `weightDecay`': () => {
    const make = (p: Variable[]) => optim.adamW(p, { learningRate: 0.5 })
    expect(afterOneStep(make, 1e-300 / 1e-10)).toBeCloseTo(1 - 0.5 * 0.004, 9)
  },
  RMSprop: () => {
    const { rho, learningRate } = optim.rmsprop()
    expect([rho, learningRate]).toEqual([0.9, 0.001])
    const make = (p: Variable[]) => optim.rmsprop(p, { learningRate: 1, epsilon: 1 })
    expect(afterOneStep(make)).toBeCloseTo(1 - 1 / Math.sqrt(1.1), 12)
  },
  Adagrad: () => {
    const { initialAccumulatorValue, learningRate } = optim.adagrad()
    expect([initialAccumulatorValue, learningRate]).toEqual([0.1, 0.001])
    const make = (p: Variable[]) => optim.adagrad(p, { learningRate: 1, epsilon: 1 })
    expect(afterOneStep(make)).toBeCloseTo(1 - 1 / Math.sqrt(2.1), 12)
  },
  '`optimizer.step()`': () => {
    const w = variable([1])
    const rule = optim.sgd([w])
    w.sum().backward()
    rule.step()
    expect(w.grad).toBeNull()
  },
  '`fit` and `predict`': () => {
    const model = sequential([layers.dropout({ rate: 0.5, inputShape: [4] })])
    return model.predict(ones([2, 4])).then(async y => {
      expect([...(await y.data())]).toEqual(Array(8).fill(1))
      expect(model.module.training).toBe(true)
      expect(model.module.forward(random.uniform([2, 4])).shape).toEqual([2, 4])
    })
  },
}

describe('docs/from-pytorch.md', () => {
  it('is checked row by row', () => {
    expect(rows.map(row => row.replaceAll("'", '’'))).toEqual(Object.keys(checks))
  })
  it.each(Object.entries(checks))('%s', (_, check) => check())
})
