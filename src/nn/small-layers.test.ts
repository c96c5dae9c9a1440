// Normalisations against PyTorch, focal losses against their formulas, noise by its statistics, and what
// all layers of these files promise.

import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { Shape } from '../base/shape.js'
import { loadableExecutors } from '../execute/loadable.js'
import { ReferenceExecutor } from '../execute/reference.js'
import { useExecutor } from '../tensor/engine.js'
import { compile, grad, ones, random, type Tensor, tensor } from '../tensor/index.js'
import type { BaseLayer } from './base-layer.js'
import * as layers from './layers.js'
import * as losses from './losses/index.js'
import { layerFromConfig } from './registry.js'
import {
  compareWithOracle,
  near,
  type OracleCase,
  of,
  type Values,
} from './testing/oracle-layers.js'

const reference = new ReferenceExecutor()
useExecutor(reference)

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'))

interface FocalCase {
  readonly loss: 'binaryFocalCrossentropy' | 'categoricalFocalCrossentropy'
  readonly options: object
  readonly yTrue: Values
  readonly yPred: Values
  readonly value: number
  readonly gradient: number[]
}

const { binaryFocalCrossentropy, categoricalFocalCrossentropy } = losses
const focalLosses = { binaryFocalCrossentropy, categoricalFocalCrossentropy }
const norms = read('norms').cases as OracleCase[]
const focal = read('focal').cases as FocalCase[]
const makers: Record<string, (options: never) => BaseLayer> = {
  groupNormalization: layers.groupNormalization,
  rmsNormalization: layers.rmsNormalization,
  unitNormalization: layers.unitNormalization,
}

describe.each(loadableExecutors().map(e => [e.name, e] as const))('on %s', (_, executor) => {
  afterAll(() => {
    useExecutor(reference)
  })
  it.each(norms.map((c, i) => [`${i}: ${c.layer} ${JSON.stringify(c.attrs)}`, c] as const))(
    '%s',
    (__, c) => {
      useExecutor(executor)
      compareWithOracle(c, makers[c.layer], (layer, [x]) => layer.forward(x))
    },
  )
  it.each(focal.map((c, i) => [`${i}: ${c.loss} ${JSON.stringify(c.options)}`, c] as const))(
    '%s',
    (__, c) => {
      useExecutor(executor)
      const loss = (p: Tensor) => focalLosses[c.loss](of(c.yTrue), p, c.options)
      near(loss(of(c.yPred)).dataSync(), [c.value])
      near(grad(loss)(of(c.yPred)).dataSync(), c.gradient)
    },
  )
})

it('focal losses without focus are the cross-entropies', () => {
  const [t, p] = [tensor([[1, 0, 0]]), tensor([[0.5, 0.2, 0.3]])]
  const plain = { gamma: 0, alpha: 1 }
  near(
    losses.categoricalFocalCrossentropy(t, p, plain).dataSync(),
    [...losses.categoricalCrossentropy(t, p).dataSync()],
    1e-6,
  )
  near(
    losses.binaryFocalCrossentropy(t, p, plain).dataSync(),
    [...losses.binaryCrossentropy(t, p).dataSync()],
    1e-6,
  )
})

/** A layer of each kind, with the shapes of the samples that it takes. */
const kinds: Record<
  string,
  { make: (common: object) => BaseLayer; inputs: Shape[]; output: Shape }
> = {
  groupNormalization: {
    make: c => layers.groupNormalization({ groups: 2, ...c }),
    inputs: [[3, 4]],
    output: [3, 4],
  },
  instanceNormalization: {
    make: c => layers.instanceNormalization({ axis: 1, ...c }),
    inputs: [[3, 4]],
    output: [3, 4],
  },
  rmsNormalization: {
    make: c => layers.rmsNormalization({ axis: 1, ...c }),
    inputs: [[3, 4]],
    output: [3, 4],
  },
  unitNormalization: {
    make: c => layers.unitNormalization({ axis: [1, 2], ...c }),
    inputs: [[3, 4]],
    output: [3, 4],
  },
  spatialDropout1d: {
    make: c => layers.spatialDropout1d({ rate: 0.5, seed: 1, ...c }),
    inputs: [[3, 4]],
    output: [3, 4],
  },
  spatialDropout2d: {
    make: c => layers.spatialDropout2d({ rate: 0.5, seed: 1, ...c }),
    inputs: [[2, 3, 4]],
    output: [2, 3, 4],
  },
  gaussianNoise: {
    make: c => layers.gaussianNoise({ stddev: 0.5, seed: 1, ...c }),
    inputs: [[4]],
    output: [4],
  },
  gaussianDropout: {
    make: c => layers.gaussianDropout({ rate: 0.5, seed: 1, ...c }),
    inputs: [[4]],
    output: [4],
  },
  alphaDropout: {
    make: c => layers.alphaDropout({ rate: 0.5, seed: 1, ...c }),
    inputs: [[4]],
    output: [4],
  },
  stochasticDepth: {
    make: c => layers.stochasticDepth({ rate: 0.5, seed: 1, ...c }),
    inputs: [[4]],
    output: [4],
  },
  permute: {
    make: c => layers.permute({ dims: [3, 1, 2], ...c }),
    inputs: [[2, 3, 4]],
    output: [4, 2, 3],
  },
  activityRegularization: {
    make: c => layers.activityRegularization({ l1: 0.5, ...c }),
    inputs: [[4]],
    output: [4],
  },
  add: { make: c => layers.add(c), inputs: [[3, 4], [4], [3, 1]], output: [3, 4] },
  subtract: { make: c => layers.subtract(c), inputs: [[4], [4]], output: [4] },
  multiply: { make: c => layers.multiply(c), inputs: [[4], [1], [4]], output: [4] },
  average: { make: c => layers.average(c), inputs: [[4], [4]], output: [4] },
  maximum: { make: c => layers.maximum(c), inputs: [[4], [4]], output: [4] },
  minimum: { make: c => layers.minimum(c), inputs: [[4], [4], [4]], output: [4] },
  concatenate: {
    make: c => layers.concatenate({ axis: 1, ...c }),
    inputs: [
      [3, 4],
      [2, 4],
    ],
    output: [5, 4],
  },
  dot: {
    make: c => layers.dot({ axes: [2, 1], normalize: true, ...c }),
    inputs: [
      [3, 4],
      [4, 2],
    ],
    output: [3, 2],
  },
  'dot of vectors': { make: c => layers.dot({ axes: -1, ...c }), inputs: [[4], [4]], output: [1] },
  multiHeadAttention: {
    make: c =>
      layers.multiHeadAttention({
        numHeads: 2,
        keyDim: 3,
        dropout: 0.2,
        seed: 2,
        outputDim: 5,
        ...c,
      }),
    inputs: [
      [3, 4],
      [2, 6],
    ],
    output: [3, 5],
  },
  transformerEncoder: {
    make: c =>
      layers.transformerEncoder({
        intermediateDim: 5,
        numHeads: 2,
        useRotary: true,
        activation: 'gelu',
        ...c,
      }),
    inputs: [[3, 4]],
    output: [3, 4],
  },
  transformerDecoder: {
    make: c =>
      layers.transformerDecoder({ intermediateDim: 5, numHeads: 2, normalizeFirst: true, ...c }),
    inputs: [
      [3, 4],
      [2, 4],
    ],
    output: [3, 4],
  },
  positionEmbedding: {
    make: c => layers.positionEmbedding({ sequenceLength: 5, ...c }),
    inputs: [[3, 4]],
    output: [3, 4],
  },
  sinePositionEncoding: {
    make: c => layers.sinePositionEncoding(c),
    inputs: [[3, 4]],
    output: [3, 4],
  },
  rotaryEmbedding: {
    make: c => layers.rotaryEmbedding({ maxWavelength: 100, ...c }),
    inputs: [[3, 4]],
    output: [3, 4],
  },
  tokenAndPositionEmbedding: {
    make: c =>
      layers.tokenAndPositionEmbedding({
        vocabularySize: 3,
        sequenceLength: 5,
        embeddingDim: 2,
        ...c,
      }),
    inputs: [[3]],
    output: [3, 2],
  },
}

describe.each(Object.entries(kinds))('%s', (kind, { make, inputs, output }) => {
  const isTokens = kind === 'tokenAndPositionEmbedding'
  const x = () =>
    inputs.map((shape, i) => {
      const values = new random.Generator(5, i).uniform([6, ...shape], { low: -1, high: 1 })
      return isTokens ? values.greater(0).cast('int32') : values
    })
  const isSingle = inputs.length === 1 && kind !== 'transformerDecoder'
  const known = isSingle ? { inputShape: inputs[0] } : { inputShapes: inputs }

  it('says its shapes', () => {
    const layer = make({})
    expect(layer.outputShapeOn(inputs)).toEqual(output)
    expect(layer.forward(...x()).shape).toEqual([6, ...output])
    expect(layer.built).toBe(true)
    expect(layer.flopsOn(inputs)).toBeGreaterThanOrEqual(0)
  })

  it('is the same layer after a round trip through JSON', () => {
    const regular = kind === 'activityRegularization' ? {} : { activityRegularizer: { l1: 0.5 } }
    const layer = make({ ...known, name: 'mine', ...regular })
    const again = layerFromConfig(JSON.parse(JSON.stringify(layer))) as BaseLayer
    expect(again.className).toBe(layer.className)
    expect(again.name).toBe('mine')
    expect(JSON.stringify(again)).toBe(JSON.stringify(layer))
    again.loadStateDict(layer.stateDict())
    for (const training of [true, false]) {
      layer.train(training)
      again.train(training)
      expect(again.forward(...x()).dataSync()).toEqual(layer.forward(...x()).dataSync())
    }
    layer.train()
    layer.forward(...x())
    expect(layer.regularizationLosses().length).toBe(1)
  })

  it('keeps float64', () => {
    const layer = make({ dtype: 'float64' })
    const given = isTokens ? x() : x().map(one => one.cast('float64'))
    expect(layer.forward(...given).dtype).toBe('float64')
  })

  it('computes the same compiled, trains, and freezes', () => {
    const layer = make(known).eval()
    const compiled = compile((...v: Tensor[]) => layer.forward(...v))
    near(compiled(...x()).dataSync(), [...layer.forward(...x()).dataSync()], 1e-6)
    layer.train()
    if (layer.parameters().length === 0) return
    layer
      .forward(...x())
      .square()
      .sum()
      .backward()
    for (const parameter of layer.parameters())
      expect(parameter.grad!.shape).toEqual(parameter.shape)
    const frozen = make({ ...known, trainable: false })
    expect(frozen.parameters().some(parameter => parameter.trainable)).toBe(false)
    expect(
      layerFromConfig(frozen.toJSON())
        .parameters()
        .some(p => p.trainable),
    ).toBe(false)
  })
})

describe('noise', () => {
  const x = ones([200, 50])
  const statistics = (y: Tensor) => {
    const values = [...y.dataSync()]
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length
    return { mean, deviation: Math.sqrt(variance), values }
  }

  it.each<[string, BaseLayer, number]>([
    ['gaussianNoise', layers.gaussianNoise({ stddev: 0.3, seed: 1 }), 0.3],
    ['gaussianDropout', layers.gaussianDropout({ rate: 0.2, seed: 1 }), 0.5],
  ])('%s has its mean and deviation, and draws anew', (_, layer, expected) => {
    const { mean, deviation, values } = statistics(layer.forward(x))
    expect(Math.abs(mean - 1)).toBeLessThan(0.02)
    expect(Math.abs(deviation - expected)).toBeLessThan(0.02)
    expect([...layer.forward(x).dataSync()]).not.toEqual(values)
    expect(layer.eval().forward(x)).toBe(x)
  })

  it('alphaDropout keeps mean 0 and variance 1', () => {
    const normal = new random.Generator(4).normal([300, 100])
    const { mean, deviation } = statistics(
      layers.alphaDropout({ rate: 0.3, seed: 2 }).forward(normal),
    )
    expect(Math.abs(mean)).toBeLessThan(0.02)
    expect(Math.abs(deviation - 1)).toBeLessThan(0.02)
  })

  it('stochasticDepth drops whole samples, spatial dropout whole maps', () => {
    const rows = layers.stochasticDepth({ rate: 0.5, seed: 3 }).forward(x).arraySync() as number[][]
    expect(rows.every(row => new Set(row).size === 1)).toBe(true)
    expect(new Set(rows.flat())).toEqual(new Set([0, 2]))
    const maps = layers.spatialDropout2d({ rate: 0.5, seed: 3 }).forward(ones([4, 3, 3, 8]))
    const sums = [...maps.sum({ axis: [1, 2] }).dataSync()]
    expect(new Set(sums)).toEqual(new Set([0, 18]))
  })
})

it.each<[string, () => unknown, RegExp]>([
  [
    'groups that do not divide',
    () => layers.groupNormalization({ groups: 3 }).forward(ones([2, 4])),
    /3 groups divide evenly, received 4/,
  ],
  [
    'other channels than before',
    () => layers.groupNormalization({ groups: 2, inputShape: [4] }).forward(ones([2, 6])),
    /built for, \[batch, 4\]/,
  ],
  [
    'the batch as axis',
    () => layers.rmsNormalization({ axis: 0 }).forward(ones([2, 4])),
    /other than 0, the batch/,
  ],
  ['other axes', () => layers.permute({ dims: [2, 1] }).forward(ones([2, 4])), /samples of 2 axes/],
  [
    'no sequence',
    () => layers.spatialDropout1d({ rate: 0.1 }).forward(ones([2, 4])),
    /\[batch, steps, features\]/,
  ],
  [
    'batches of two sizes',
    () => layers.add().forward(ones([2, 4]), ones([1, 4])),
    /batches of one size \(2\)/,
  ],
  [
    'too many tokens',
    () => layers.positionEmbedding({ sequenceLength: 2 }).forward(ones([1, 3, 4])),
    /at most 2 tokens, received 3/,
  ],
  [
    'dot along the batch',
    () => layers.dot({ axes: 0 }).forward(ones([2, 4]), ones([2, 4])),
    /not the batch/,
  ],
])('refuses %s', (_, call, message) => expect(call).toThrow(message))

it('dot is the product that its axes say', () => {
  const a = tensor([
    [
      [1, 2],
      [3, 4],
    ],
  ])
  const b = tensor([
    [
      [5, 6],
      [7, 8],
    ],
  ])
  expect(
    layers
      .dot({ axes: [2, 1] })
      .forward(a, b)
      .arraySync(),
  ).toEqual(a.matmul(b).arraySync())
  expect(
    layers
      .dot({ axes: [1, 2] })
      .forward(a, b)
      .arraySync(),
  ).toEqual([
    [
      [23, 31],
      [34, 46],
    ],
  ])
  const cosine = layers
    .dot({ axes: 1, normalize: true })
    .forward(tensor([[3, 4]]), tensor([[4, 3]]))
  expect(cosine.itemSync()).toBeCloseTo(0.96, 6)
})

it('a focal loss has a slope where the model is sure and right, with a gamma below 1', () => {
  const logits = tensor([[40, -40]], { dtype: 'float64' })
  for (const loss of Object.values(focalLosses)) {
    const slope = grad((x: Tensor) => loss([[1, 0]], x, { fromLogits: true, gamma: 0.5 }).sum())
    expect(slope(logits).dataSync().every(Number.isFinite)).toBe(true)
  }
})
