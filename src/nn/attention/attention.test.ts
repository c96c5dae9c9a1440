// Attention against PyTorch on every executor; the cache against whole sequences; masks and their errors.

import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { loadableExecutors } from '../../execute/loadable.js'
import { ReferenceExecutor } from '../../execute/reference.js'
import { useExecutor } from '../../tensor/engine.js'
import { compile, noGrad, ones, random, type Tensor, tensor } from '../../tensor/index.js'
import type { BaseLayer } from '../base-layer.js'
import { GraphModel } from '../graph-model.js'
import * as layers from '../layers.js'
import { layerFromConfig } from '../registry.js'
import { Sequential } from '../sequential.js'
import { input } from '../symbolic.js'
import { compareWithOracle, near, type OracleCase, of } from '../testing/oracle-layers.js'
import { KeyValueCache } from './cache.js'
import { MultiHeadAttention } from './multi-head-attention.js'
import type { TransformerDecoder } from './transformer-decoder.js'
import { TransformerEncoder } from './transformer-encoder.js'

const reference = new ReferenceExecutor()
useExecutor(reference)
const executors = loadableExecutors().map(e => [e.name, e] as const)

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/attention.json', import.meta.url), 'utf8'),
) as { cases: OracleCase[] }

const makers: Record<string, (options: never) => BaseLayer> = {
  multiHeadAttention: layers.multiHeadAttention,
  transformerEncoder: layers.transformerEncoder,
  transformerDecoder: layers.transformerDecoder,
  sinePositionEncoding: layers.sinePositionEncoding,
  rotaryEmbedding: layers.rotaryEmbedding,
}

/** The call with the case's masks. */
function masked(layer: BaseLayer, inputs: readonly Tensor[], c: OracleCase): Tensor {
  const masks = Object.fromEntries(Object.entries(c.masks).map(([k, v]) => [k, of(v)]))
  if (Object.keys(masks).length === 0) return layer.forward(...inputs)
  if (layer instanceof MultiHeadAttention) return layer.attend(inputs[0], masks).output
  if (layer instanceof TransformerEncoder) return layer.encode(inputs[0], masks)
  return (layer as TransformerDecoder).decode(inputs[0], inputs[1], masks)
}

describe.each(executors)('on %s', (_, executor) => {
  afterAll(() => {
    useExecutor(reference)
  })
  it.each(
    cases.map(
      (c, i) =>
        [`${i}: ${c.layer} ${JSON.stringify(c.attrs)} ${Object.keys(c.masks).join()}`, c] as const,
    ),
  )('%s', (__, c) => {
    useExecutor(executor)
    const layer = compareWithOracle(c, makers[c.layer], (l, inputs) => masked(l, inputs, c))
    if (c.scores !== undefined) {
      const masks = Object.fromEntries(Object.entries(c.masks).map(([k, v]) => [k, of(v)]))
      const { output, scores } = (layer as MultiHeadAttention).attend(of(c.inputs[0]), masks)
      near(output.dataSync(), c.output.values)
      near(scores.dataSync(), c.scores)
    }
    const again = layerFromConfig(JSON.parse(JSON.stringify(layer))) as BaseLayer
    expect(JSON.stringify(again)).toBe(JSON.stringify(layer))
  })
})

describe('self-attention', () => {
  const layer = layers.multiHeadAttention({ numHeads: 2, keyDim: 3, valueDim: 2, outputDim: 5 })
  const x = random.normal([2, 4, 6])

  it('is attention to itself, by whichever way', () => {
    const one = layer.forward(x).dataSync()
    expect(layer.outputShape([[4, 6]])).toEqual([4, 5])
    near(layer.forward(x, x.mul(1)).dataSync(), [...one], 1e-5)
    near(layer.forward([x, x, x.mul(1)]).dataSync(), [...one], 1e-5)
    near(layer.forward(x, x, x, ones([4, 4])).dataSync(), [...one], 1e-6)
  })

  it('obeys a mask for all, and one for each sample', () => {
    const first = tensor([[1, 0, 0, 0]]).broadcastTo([4, 4])
    const { scores } = layer.attend(x, { attentionMask: first })
    expect(
      scores
        .slice(null, null, null, 0)
        .dataSync()
        .every(share => share === 1),
    ).toBe(true)
    const each = layer.attend(x, { attentionMask: first.reshape([1, 4, 4]).greater(0) })
    expect(each.scores.dataSync()).toEqual(scores.dataSync())
  })

  it('drops attention in training only, by its own draws', () => {
    const options = { numHeads: 1, keyDim: 2, dropout: 0.5, seed: 3, inputShapes: [[4, 6]] }
    const a = layers.multiHeadAttention(options)
    const b = layers.multiHeadAttention(options)
    b.loadStateDict(a.stateDict())
    expect(a.forward(x).dataSync()).toEqual(b.forward(x).dataSync())
    expect(a.forward(x).dataSync()).not.toEqual(a.eval().forward(x).dataSync())
  })

  it.each<[string, () => unknown, RegExp]>([
    ['no sequence', () => layer.attend(ones([2, 6])), /tokens, features/],
    [
      'other features',
      () => layer.forward(ones([2, 4, 5])),
      /\(query\): expected \[2, tokens, 6\]/,
    ],
    [
      'a mask of another shape',
      () => layer.attend(x, { attentionMask: ones([3, 4]) }),
      /attentionMask .*\[4, 4\] or \[2, 4, 4\], received \[3, 4\]/,
    ],
    [
      'padding of another shape',
      () => layer.attend(x, { paddingMask: ones([2, 3]) }),
      /paddingMask .*\[2, 4\]/,
    ],
    [
      'keys without values',
      () => layer.forward(x, x, ones([2, 3, 6])),
      /as many keys as values \(4\)/,
    ],
    ['too many', () => layer.forward(x, x, x, ones([4, 4]), x), /1 to 4 inputs, received 5/],
    [
      'odd pairs',
      () => layers.multiHeadAttention({ numHeads: 1, keyDim: 3, useRotary: true }),
      /even number/,
    ],
    [
      'heads that do not divide',
      () => layers.transformerEncoder({ intermediateDim: 4, numHeads: 4 }).forward(x),
      /4 heads divide evenly, received 6/,
    ],
    [
      'an encoder where there was none',
      () => {
        const block = layers.transformerDecoder({ intermediateDim: 4, numHeads: 2 })
        block.forward(x)
        return block.decode(x, x)
      },
      /expected 1 input, received 2/,
    ],
  ])('refuses %s', (_, call, message) => expect(call).toThrow(message))
})

describe.each([
  [false, 'float64', 1e-11],
  [true, 'float64', 1e-11],
  [true, 'float32', 2e-5],
] as const)('a language model, rotary %s, %s', (useRotary, dtype, tolerance) => {
  const vocabulary = 11
  const build = () => {
    random.seed(4)
    const embedding = useRotary
      ? layers.embedding({ inputDim: vocabulary, outputDim: 8, dtype })
      : layers.tokenAndPositionEmbedding({
          vocabularySize: vocabulary,
          sequenceLength: 12,
          embeddingDim: 8,
          dtype,
        })
    const block = () =>
      layers.transformerDecoder({
        intermediateDim: 16,
        numHeads: 2,
        useRotary,
        normalizeFirst: true,
        dtype,
      })
    const tokens = input({ shape: [12], dtype: 'int32' })
    const chain = new Sequential([
      embedding,
      block(),
      block(),
      layers.dense({ units: vocabulary, dtype }),
    ])
    chain.build([12])
    chain.eval()
    return { chain, tokens }
  }
  const text = tensor(
    [
      [3, 1, 4, 1, 5, 9, 2, 6],
      [2, 7, 1, 8, 2, 8, 1, 8],
    ],
    { dtype: 'int32' },
  )

  it.each(executors)(
    'generates step by step what the whole sequence gives, on %s',
    (_, executor) => {
      useExecutor(executor)
      const { chain } = build()
      const whole = chain.forward(text).dataSync()
      const cache = new KeyValueCache({ maxLength: 9 })
      const step = compile((x: Tensor) => cache.run(x, y => chain.forward(y)))
      for (const run of [(x: Tensor) => cache.run(x, y => chain.forward(y)), step]) {
        cache.reset()
        const parts: Tensor[] = [run(text.slice(null, [0, 3]))]
        for (let i = 3; i < 8; i++) parts.push(run(text.slice(null, [i, i + 1])))
        expect(cache.length).toBe(8)
        const steps = parts.map(part => part.arraySync() as number[][][])
        const joined = [0, 1].flatMap(row => steps.flatMap(part => part[row].flat()))
        near(joined, [...whole], tolerance)
      }
      expect(() => run3(cache, chain)).toThrow(/at most 9 tokens, received 8 and 3 more/)
      expect(cache.length).toBe(8)
      useExecutor(reference)
    },
  )

  it('goes on with other rows after a reorder', () => {
    const { chain } = build()
    const cache = new KeyValueCache({ maxLength: 8 })
    const run = (x: Tensor) => cache.run(x, y => chain.forward(y))
    run(text.slice(null, [0, 5])).dataSync()
    cache.reorder(tensor([1, 1], { dtype: 'int32' }))
    const next = tensor([[8], [2]], { dtype: 'int32' })
    const [a] = run(next).arraySync() as number[][][]
    const other = chain.forward(tensor([[2, 7, 1, 8, 2, 8]], { dtype: 'int32' })).arraySync()
    near(a[0], (other as number[][][])[0][5], tolerance)
    expect(() => run(tensor([[1]], { dtype: 'int32' }))).toThrow(/a batch of 2/)
    expect(() => cache.reorder(tensor([1], { dtype: 'int32' }))).toThrow(
      expect.objectContaining({ code: 'SHAPE' }),
    )
  })

  it.each([
    ['conv1d', () => layers.conv1d({ filters: 2, kernelSize: 2, padding: 'causal' })],
    ['max_pooling1d', () => layers.maxPooling1d({ poolSize: 1 })],
    ['global_average_pooling1d', () => layers.globalAveragePooling1d()],
    ['adaptive_max_pooling1d', () => layers.adaptiveMaxPooling1d({ outputSize: 1 })],
    ['group_normalization', () => layers.groupNormalization({ groups: 1 })],
    ['multi_head_attention', () => layers.multiHeadAttention({ numHeads: 1, keyDim: 2 })],
    ['lstm', () => layers.lstm({ units: 2, goBackwards: true })],
    ['gru', () => layers.bidirectional({ layer: layers.gru({ units: 2 }) })],
    ['transformer_encoder', () => layers.transformerEncoder({ intermediateDim: 4, numHeads: 1 })],
  ] as const)('refuses %s, which would need other steps', (name, make) => {
    const layer = make() as { forward(x: Tensor): Tensor }
    const cache = new KeyValueCache({ maxLength: 4 })
    const refused = expect.objectContaining({
      code: 'STATE',
      message: expect.stringMatching(new RegExp(`KeyValueCache.run.*received .*${name}`, 's')),
    })
    expect(() => cache.run(ones([1, 2, 4]), x => layer.forward(x))).toThrow(refused)
    expect(cache.length).toBe(0)
    // What is no part of the sequence (an encoder's own text) is computed whole.
    const own = ones([1, 3, 4])
    expect(cache.run(ones([1, 2, 4]), () => layer.forward(own)).arraySync()).toEqual(
      layer.forward(own).arraySync(),
    )
    const alone = layers.conv1d({ filters: 2, kernelSize: 1 })
    expect(cache.run(ones([1, 2, 4]), x => alone.forward(x)).shape).toEqual([1, 2, 2])
  })

  it('sees nothing of what comes after', () => {
    const { chain } = build()
    const changed = noGrad(() => chain.forward(text.slice([0, 1], [0, 4])))
    near(changed.dataSync(), [...chain.forward(text).slice([0, 1], [0, 4]).dataSync()], tolerance)
  })
})

function run3(cache: KeyValueCache, chain: Sequential) {
  return cache.run(
    tensor(
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
      { dtype: 'int32' },
    ),
    y => chain.forward(y),
  )
}

it('a functional model of encoder and decoder learns, and is saved whole', () => {
  random.seed(2)
  const source = input({ shape: [5, 4] })
  const target = input({ shape: [3, 4] })
  const encoded = layers
    .transformerEncoder({ intermediateDim: 8, numHeads: 2, dropout: 0.1 })
    .apply(source)
  const placed = layers
    .add()
    .apply([target, layers.positionEmbedding({ sequenceLength: 3 }).apply(target)])
  const decoded = layers
    .transformerDecoder({ intermediateDim: 8, numHeads: 2 })
    .apply([placed, encoded])
  const net = new GraphModel({ inputs: [source, target], outputs: decoded })
  const [x, y] = [random.normal([2, 5, 4]), random.normal([2, 3, 4])]
  net.forward(x, y).square().sum().backward()
  for (const parameter of net.parameters()) expect(parameter.grad?.shape).toEqual(parameter.shape)
  net.eval()
  const again = layerFromConfig(JSON.parse(JSON.stringify(net))) as typeof net
  again.loadStateDict(net.stateDict())
  again.eval()
  expect(again.forward(x, y).dataSync()).toEqual(net.forward(x, y).dataSync())
  expect(net.flops()).toBeGreaterThan(0)
})
