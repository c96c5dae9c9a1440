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
  'Layout of pictures and sequences': () => {
    const { kernel } = layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 9, 4] })
    expect(kernel!.shape[2]).toBe(4)
    const first = layers.conv1d({ filters: 2, kernelSize: 3, dataFormat: 'channelsFirst' })
    expect(first.forward(ones([1, 5, 7])).shape).toEqual([1, 2, 5])
  },
  'Kernel of a convolution': () => {
    const options = { filters: 6, kernelSize: [3, 5], groups: 2, inputShape: [8, 9, 4] } as const
    expect(layers.conv2d(options).kernel!.shape).toEqual([3, 5, 2, 6])
  },
  'Average pooling at the edge': () => {
    const layer = layers.averagePooling1d({ poolSize: 2, padding: 'same' })
    expect(layer.forward(ones([1, 3, 1])).arraySync()).toEqual([[[1], [1]]])
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
  'Padded labels of `ctc`': () => {
    const logits = random.normal([1, 4, 3])
    const { ctc } = losses
    const padded = ctc([[1, -1]], logits).itemSync()
    expect(padded).toBeCloseTo(ctc([[1]], logits).itemSync(), 5)
    expect(() => ctc([[1, 0]], logits)).toThrow(/0, the blank, at row 0.*−1/s)
  },
  'Mean of `ctc`': () => {
    const logits = random.normal([2, 4, 3])
    const labels = [
      [1, 2],
      [1, -1],
    ] // prettier-ignore
    const each = losses.ctc(labels, logits, { reduction: 'none' }).dataSync()
    expect(losses.ctc(labels, logits).itemSync()).toBeCloseTo((each[0] + each[1]) / 2, 5)
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
  'Gates of an LSTM': () => {
    const { kernel, bias } = layers.lstm({ units: 2, inputShape: [3, 5] })
    expect(kernel!.shape).toEqual([5, 8])
    expect([...bias!.dataSync()]).toEqual([0, 0, 1, 1, 0, 0, 0, 0])
  },
  'Gates of a GRU': () => {
    const layer = layers.gru({ units: 1, inputShape: [1, 1], biasInitializer: 'zeros' })
    expect([layer.resetAfter, layer.bias!.shape]).toEqual([true, [2, 3]])
    layer.recurrentKernel!.assign(tensor([[0, 0, 0]]))
    const output = (kernel: number[]) => {
      layer.kernel!.assign(tensor([kernel]))
      return layer.forward(tensor([[[1]]])).itemSync()
    }
    // Only a z that is open lets the candidate n in; r has nothing to do with a first step.
    expect(output([-30, 0, 30])).toBeCloseTo(1)
    expect(output([30, 0, 30])).toBeCloseTo(0)
    expect(output([-30, 30, 30])).toBeCloseTo(1)
  },
  '`attentionMask` and `paddingMask`': () => {
    const layer = layers.multiHeadAttention({ numHeads: 1, keyDim: 2 })
    const x = ones([1, 2, 3])
    const allowed = tensor([[1, 0]])
    const found = [
      [
        [
          [1, 0],
          [1, 0],
        ],
      ],
    ] // prettier-ignore
    expect(layer.attend(x, { paddingMask: allowed }).scores.arraySync()).toEqual(found)
    const attentionMask = tensor([
      [1, 0],
      [1, 0],
    ]) // prettier-ignore
    expect(layer.attend(x, { attentionMask }).scores.arraySync()).toEqual(found)
    const added = tensor([
      [0, -1e9],
      [0, -1e9],
    ]) // prettier-ignore
    expect(() => layer.attend(x, { attentionMask: added })).toThrow(/attentionMask/)
  },
  'A query that may attend to nothing': () => {
    const layer = layers.multiHeadAttention({ numHeads: 1, keyDim: 2 })
    const { scores } = layer.attend(random.normal([1, 2, 3]), { paddingMask: tensor([[0, 0]]) })
    expect([...scores.dataSync()]).toEqual([0.5, 0.5, 0.5, 0.5])
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
