// Layers: values and gradients against PyTorch and Keras on every executor, and one harness for what
// all layers have in common.

import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { Shape } from '../base/shape.js'
import { loadableExecutors } from '../execute/loadable.js'
import { ReferenceExecutor } from '../execute/reference.js'
import { useExecutor } from '../tensor/engine.js'
import {
  compile,
  grad,
  noGrad,
  ones,
  random,
  type Tensor,
  tensor,
  type Variable,
  variable,
  zeros,
} from '../tensor/index.js'
import { BatchNormalization } from './batch-normalization.js'
import { Layer, type LayerOptions } from './layer.js'
import * as layers from './layers.js'
import { layerFromConfig, registerLayer } from './registry.js'
import { Sequential } from './sequential.js'

const reference = new ReferenceExecutor()
useExecutor(reference)

interface Values {
  readonly shape: number[]
  readonly dtype: 'float64' | 'int32'
  readonly values: number[]
}

interface Case {
  readonly layer: 'dense' | 'layerNormalization' | 'embedding'
  readonly attrs: Record<string, unknown>
  readonly input: Values
  readonly weights: Record<string, Values>
  readonly output: Values
  readonly upstream: number[]
  readonly inputGradient: number[] | null
  readonly gradients: Record<string, number[]>
}

interface Sequence {
  readonly attrs: Record<string, unknown>
  readonly weights: Record<string, Values>
  readonly steps: {
    readonly training: boolean
    readonly input: Values
    readonly output: number[]
    readonly upstream: number[]
    readonly inputGradient: number[]
    readonly gradients: Record<string, number[]>
    readonly movingMean: number[]
    readonly movingVariance: number[]
  }[]
}

const { cases, sequences } = JSON.parse(
  readFileSync(new URL('./fixtures/layers.json', import.meta.url), 'utf8'),
) as { cases: Case[]; sequences: Sequence[] }

const makers: Record<Case['layer'], (options: never) => Layer> = {
  dense: layers.dense,
  layerNormalization: layers.layerNormalization,
  embedding: layers.embedding,
}

const of = ({ values, shape, dtype }: Values) => tensor(values, { shape, dtype })

function near(actual: ArrayLike<number>, expected: readonly number[]) {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThan(1e-10 * (1 + Math.abs(value)))
  })
}

describe.each(loadableExecutors().map(e => [e.name, e] as const))('on %s', (_, executor) => {
  afterAll(() => {
    useExecutor(reference)
  })
  for (const c of cases)
    it(`${c.layer} ${JSON.stringify(c.attrs)} [${c.input.shape}]`, () => {
      useExecutor(executor)
      const layer = makers[c.layer]({
        ...c.attrs,
        dtype: 'float64',
        inputShape: c.input.shape.slice(1),
      } as never)
      layer.loadStateDict(Object.fromEntries(Object.entries(c.weights).map(([k, v]) => [k, of(v)])))
      const input = of(c.input)
      const upstream = tensor(c.upstream, { shape: c.output.shape, dtype: 'float64' })
      const y = layer.forward(input)
      expect(y.shape).toEqual(c.output.shape)
      expect(layer.outputShape(c.input.shape.slice(1))).toEqual(c.output.shape.slice(1))
      near(y.dataSync(), c.output.values)
      if (Object.keys(c.weights).length > 0) {
        layer.forward(input).mul(upstream).sum().backward()
        for (const [name, parameter] of layer.namedParameters())
          near(parameter.grad!.dataSync(), c.gradients[name])
      }
      if (c.inputGradient !== null)
        near(
          grad((x: Tensor) => layer.forward(x).mul(upstream).sum())(input).dataSync(),
          c.inputGradient,
        )
    })

  for (const s of sequences)
    for (const compiled of [false, true])
      it(`batchNormalization ${JSON.stringify(s.attrs)}${compiled ? ', compiled' : ''}`, () => {
        useExecutor(executor)
        const shape = s.steps[0].input.shape
        const layer = new BatchNormalization({
          ...s.attrs,
          dtype: 'float64',
          inputShape: shape.slice(1),
        })
        layer.gamma!.assign(of(s.weights.gamma))
        layer.beta!.assign(of(s.weights.beta))
        expect(layer.buffers()).toEqual([layer.movingMean, layer.movingVariance])
        const make = (training: boolean) => {
          const f = (x: Tensor) => {
            layer.train(training)
            return layer.forward(x)
          }
          return compiled ? compile(f) : f
        }
        const modes = { true: make(true), false: make(false) }
        for (const step of s.steps) {
          const x = of(step.input)
          const upstream = tensor(step.upstream, { shape, dtype: 'float64' })
          const before = layer.stateDict()
          layer.train(step.training)
          layer.forward(x).mul(upstream).sum().backward()
          near(layer.gamma!.grad!.dataSync(), step.gradients.gamma)
          near(layer.beta!.grad!.dataSync(), step.gradients.beta)
          layer.gamma!.zeroGrad()
          layer.beta!.zeroGrad()
          layer.loadStateDict(before)
          const loss = (input: Tensor) => layer.forward(input).mul(upstream).sum()
          near(grad(loss)(x).dataSync(), step.inputGradient)
          layer.loadStateDict(before)
          near(modes[`${step.training}`](x).dataSync(), step.output)
          near(layer.movingMean!.dataSync(), step.movingMean)
          near(layer.movingVariance!.dataSync(), step.movingVariance)
        }
      })
})

/** A layer of each kind, with the shape of a sample that it takes. */
const kinds: Record<string, { make: (common: object) => Layer; input: Shape; output: Shape }> = {
  dense: {
    make: c => layers.dense({ units: 3, activation: 'gelu', kernelRegularizer: 'l2', ...c }),
    input: [4],
    output: [3],
  },
  dropout: { make: c => layers.dropout({ rate: 0.5, seed: 3, ...c }), input: [4], output: [4] },
  batchNormalization: {
    make: c => layers.batchNormalization({ momentum: 0.5, ...c }),
    input: [2, 3],
    output: [2, 3],
  },
  'batchNormalization along axis 1': {
    make: c => layers.batchNormalization({ axis: 1, ...c }),
    input: [2, 3],
    output: [2, 3],
  },
  layerNormalization: {
    make: c => layers.layerNormalization({ axis: [1, 2], ...c }),
    input: [2, 3],
    output: [2, 3],
  },
  'layerNormalization along axis 1': {
    make: c => layers.layerNormalization({ axis: 1, ...c }),
    input: [2, 3],
    output: [2, 3],
  },
  embedding: {
    make: c => layers.embedding({ inputDim: 2, outputDim: 5, ...c }),
    input: [3],
    output: [3, 5],
  },
  flatten: { make: c => layers.flatten(c), input: [2, 3], output: [6] },
  reshape: {
    make: c => layers.reshape({ targetShape: [3, -1], ...c }),
    input: [2, 6],
    output: [3, 4],
  },
  input: { make: c => layers.input({ inputShape: [4], ...c }), input: [4], output: [4] },
  activation: {
    make: c => layers.activation({ activation: 'mish', ...c }),
    input: [4],
    output: [4],
  },
  relu: {
    make: c => layers.relu({ maxValue: 0.5, negativeSlope: 0.1, ...c }),
    input: [4],
    output: [4],
  },
  leakyRelu: {
    make: c => layers.leakyRelu({ negativeSlope: 0.2, ...c }),
    input: [4],
    output: [4],
  },
  elu: { make: c => layers.elu({ alpha: 2, ...c }), input: [4], output: [4] },
  selu: { make: c => layers.selu(c), input: [4], output: [4] },
  gelu: { make: c => layers.gelu({ approximate: true, ...c }), input: [4], output: [4] },
  silu: { make: c => layers.silu(c), input: [4], output: [4] },
  sigmoid: { make: c => layers.sigmoid(c), input: [4], output: [4] },
  tanh: { make: c => layers.tanh(c), input: [4], output: [4] },
  softplus: { make: c => layers.softplus(c), input: [4], output: [4] },
  softmax: { make: c => layers.softmax({ axis: 1, ...c }), input: [4, 2], output: [4, 2] },
  masking: { make: c => layers.masking({ maskValue: 0.5, ...c }), input: [4, 2], output: [4, 2] },
  simpleRnn: {
    make: c => layers.simpleRnn({ units: 3, activation: 'relu', ...c }),
    input: [4, 2],
    output: [3],
  },
  lstm: {
    make: c => layers.lstm({ units: 3, returnSequences: true, goBackwards: true, ...c }),
    input: [4, 2],
    output: [4, 3],
  },
  'lstm with dropout': {
    make: c => layers.lstm({ units: 3, dropout: 0.5, recurrentDropout: 0.3, seed: 1, ...c }),
    input: [4, 2],
    output: [3],
  },
  'lstm that carries its states': {
    make: c => layers.lstm({ units: 3, stateful: true, kernelRegularizer: 'l2', ...c }),
    input: [4, 2],
    output: [3],
  },
  gru: { make: c => layers.gru({ units: 3, unroll: true, ...c }), input: [4, 2], output: [3] },
  'gru with resetAfter false': {
    make: c =>
      layers.gru({ units: 3, resetAfter: false, recurrentActivation: 'hardSigmoid', ...c }),
    input: [4, 2],
    output: [3],
  },
  bidirectional: {
    make: (c: LayerOptions) =>
      layers.bidirectional({
        layer: layers.gru({ units: 3, returnSequences: true, dtype: c.dtype }),
        ...c,
      }),
    input: [4, 2],
    output: [4, 6],
  },
  'bidirectional, both along an axis': {
    make: (c: LayerOptions) =>
      layers.bidirectional({
        layer: layers.lstm({ units: 3, dtype: c.dtype }),
        mergeMode: 'none',
        ...c,
      }),
    input: [4, 2],
    output: [3, 2],
  },
  timeDistributed: {
    make: (c: LayerOptions) =>
      layers.timeDistributed({ layer: layers.dense({ units: 3, dtype: c.dtype }), ...c }),
    input: [4, 2],
    output: [4, 3],
  },
  repeatVector: {
    make: c => layers.repeatVector({ n: 3, ...c }),
    input: [2],
    output: [3, 2],
  },
}

describe.each(Object.entries(kinds))('%s', (kind, { make, input, output }) => {
  const x = () => {
    const values = new random.Generator(5).uniform([6, ...input], { low: -1, high: 1 })
    return kind === 'embedding' ? values.greater(0).cast('int32') : values
  }

  it('says its shapes', () => {
    const layer = make({})
    expect(layer.outputShape(input)).toEqual(output)
    expect(layer.forward(x()).shape).toEqual([6, ...output])
    expect(layer.built).toBe(true)
    expect(layer.flops(input)).toBeGreaterThanOrEqual(0)
  })

  it('is the same layer after a round trip through JSON', () => {
    const layer = make({ inputShape: input, name: 'mine', activityRegularizer: { l1: 0.5 } })
    const again = layerFromConfig(JSON.parse(JSON.stringify(layer))) as Layer
    expect(again.className).toBe(layer.className)
    expect(again.name).toBe('mine')
    expect(JSON.stringify(again)).toBe(JSON.stringify(layer))
    again.loadStateDict(layer.stateDict())
    for (const training of [true, false]) {
      layer.train(training)
      again.train(training)
      expect(again.forward(x()).dataSync()).toEqual(layer.forward(x()).dataSync())
    }
  })

  it('keeps float64', () => {
    const layer = make({ dtype: 'float64' })
    const float64 = kind === 'embedding' ? x() : x().cast('float64')
    expect(layer.forward(float64).dtype).toBe('float64')
  })

  it('computes the same compiled, and trains', () => {
    const layer = make({ inputShape: input }).eval()
    const compiled = compile((v: Tensor) => layer.forward(v))(x()).dataSync()
    layer.resetStates()
    expect(layer.forward(x()).dataSync()).toEqual(compiled)
    layer.train()
    if (layer.parameters().length === 0) return
    layer.forward(x()).square().sum().backward()
    for (const parameter of layer.parameters())
      expect(parameter.grad!.shape).toEqual(parameter.shape)
  })
})

describe('layers', () => {
  it('are numbered as in Keras', () => {
    const names = [0, 1, 2].map(() => layers.layerNormalization().name)
    expect(names[0]).toMatch(/^layer_normalization(_\d+)?$/)
    const first = Number(names[0].split('_')[2] ?? 0)
    expect(names.slice(1)).toEqual([1, 2].map(i => `layer_normalization_${first + i}`))
  })

  it('build at the first call, also while gradients are off or a function is traced', () => {
    for (const call of [
      (l: Layer) => l.forward(ones([2, 3])),
      (l: Layer) => noGrad(() => l.forward(ones([2, 3]))),
      (l: Layer) => compile((x: Tensor) => l.forward(x))(ones([2, 3])),
    ]) {
      const layer = layers.dense({ units: 2, name: 'late' })
      expect(() => layer.parameters()).toThrow(/late.*built/)
      call(layer)
      expect(layer.parameters().map(p => p.shape)).toEqual([[3, 2], [2]])
      layer
        .forward(ones([2, 3]))
        .sum()
        .backward()
      expect(layer.bias!.grad!.arraySync()).toEqual([2, 2])
    }
  })

  it('say what does not fit', () => {
    const layer = layers.dense({ units: 2, inputShape: [3], name: 'here' })
    expect(() => layer.forward(ones([4, 5]))).toThrow(/here.*\[batch, 3\].*\[4, 5\]/)
    expect(() => layer.forward(ones([3]))).toThrow(/here.*\[batch, 3\]/)
    expect(() => layers.dense({ units: 2 }).forward(ones([3]))).toThrow(/expandDims/)
    expect(() => layers.dense({ units: 0 })).toThrow(
      /layers\.dense: expected units to be a whole number of 1 or more, received 0/,
    )
    expect(() => layers.dense({ units: 2, activation: 'rellu' as never })).toThrow(/relu/)
    expect(() => layers.dense({ units: 2, inputShape: [0] })).toThrow(/inputShape/)
    expect(() => layers.dropout({ rate: 2 })).toThrow(/rate/)
    expect(() => layers.reshape({ targetShape: [5], inputShape: [4] }).outputShape([4])).toThrow(
      /fit/,
    )
    expect(() => layerFromConfig({ className: 'Dens', config: {} })).toThrow(/Dense/)
    expect(() => layerFromConfig({ className: '__proto__', config: {} })).toThrow(/known/)
    expect(() => JSON.stringify(layers.lambda({ function: x => x }))).toThrow(/registerLayer/)
    const huge = { units: 2 ** 30, inputShape: [2 ** 20] }
    expect(() => layers.dense(huge)).toThrow(expect.objectContaining({ code: 'MEMORY' }))
  })

  it('dropout keeps the mean, draws anew at every call, and does nothing in inference', () => {
    const layer = layers.dropout({ rate: 0.25, seed: 1 })
    const x = ones([100, 100])
    const step = compile((v: Tensor) => layer.forward(v))
    const draws = [layer.forward(x), layer.forward(x), step(x), step(x)].map(y => [...y.dataSync()])
    for (const values of draws) {
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      expect(Math.abs(mean - 1)).toBeLessThan(0.03)
      expect([...new Set(values)].sort()).toEqual([0, Math.fround(1 / 0.75)])
    }
    expect(new Set(draws.map(values => values.join())).size).toBe(4)
    expect(layer.eval().forward(x)).toBe(x)
  })

  it('frozen batch normalisation works as in inference', () => {
    const layer = layers.batchNormalization({ inputShape: [2] })
    layer.freeze()
    const before = layer.stateDict()
    layer.forward(random.normal([8, 2])).dataSync()
    expect(layer.movingMean!.dataSync()).toEqual(before.movingMean.dataSync())
  })

  it('adds up what regularisers say', () => {
    const layer = layers.dense({
      units: 1,
      inputShape: [2],
      kernelInitializer: 'ones',
      kernelRegularizer: { l1: 0.5, l2: 0.25 },
      biasRegularizer: 'l2',
      activityRegularizer: { l2: 0.1 },
    })
    const net = new Sequential([layer])
    net.forward(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    )
    const values = net.regularizationLosses().map(loss => loss.itemSync())
    expect(values).toHaveLength(3)
    const sorted = values.sort((a, b) => a - b)
    expect(sorted[0]).toBe(0)
    expect(sorted[1]).toBeCloseTo(1.5)
    expect(sorted[2]).toBeCloseTo((0.1 * (9 + 49)) / 2, 5)
    expect(net.regularizationLosses()).toHaveLength(2)
    net.eval().forward(zeros([2, 2]))
    expect(net.regularizationLosses()).toHaveLength(2)
  })

  it('can be one’s own', () => {
    class Scale extends Layer {
      factor: Variable | null = null
      get className() {
        return 'Scale'
      }
      override get hasWeights() {
        return true
      }
      override build(shape: Shape) {
        this.factor = this.addWeight('factor', shape, () => [2, 3])
      }
      protected call(x: Tensor) {
        return x.mul(this.factor!)
      }
    }
    registerLayer('Scale', config => new Scale(config))
    const layer = new Scale()
    expect(layer.outputShape([2])).toEqual([2])
    expect(layer.forward(tensor([[1, 1]])).arraySync()).toEqual([[2, 3]])
    expect(layerFromConfig(layer.toJSON())).toBeInstanceOf(Scale)
    expect(layer.namedParameters().map(([name]) => name)).toEqual(['factor'])
  })

  it('a variable is a fine weight for a plain function', () => {
    const w = variable([2])
    expect(
      layers
        .lambda({ function: x => x.mul(w) })
        .forward(ones([1, 1]))
        .arraySync(),
    ).toEqual([[2]])
  })
})
