// Masks: who makes them, who hands them on, and what losses, metrics and training leave out.

import { describe, expect, it } from 'vitest'
import { ReferenceExecutor } from '../execute/reference.js'
import { useExecutor } from '../tensor/engine.js'
import { compile, concat, grad, ones, random, type Tensor, tensor } from '../tensor/index.js'
import { sequential } from '../train/index.js'
import { KeyValueCache } from './attention/cache.js'
import * as layers from './layers.js'
import * as losses from './losses/index.js'
import { lengthMask, maskOf, withMask } from './mask.js'
import * as metrics from './metrics.js'
import { Sequential } from './sequential.js'

useExecutor(new ReferenceExecutor())

const words = tensor(
  [
    [3, 1, 0, 0],
    [2, 0, 5, 0],
  ],
  { dtype: 'int32' },
) // prettier-ignore
const mask = [
  [true, true, false, false],
  [true, false, true, false],
] // prettier-ignore
const shown = (x: Tensor) => maskOf(x)?.arraySync() ?? null

describe('masks', () => {
  it.each([
    ['dropout', () => layers.dropout({ rate: 0.1 })],
    ['spatialDropout1d', () => layers.spatialDropout1d({ rate: 0.1 })],
    ['gaussianNoise', () => layers.gaussianNoise({ stddev: 0.1 })],
    ['layerNormalization', () => layers.layerNormalization()],
    ['rmsNormalization', () => layers.rmsNormalization()],
    ['unitNormalization', () => layers.unitNormalization()],
    ['positionEmbedding', () => layers.positionEmbedding({ sequenceLength: 4 })],
    ['dense', () => layers.dense({ units: 3 })],
    ['transformerEncoder', () => layers.transformerEncoder({ intermediateDim: 4, numHeads: 1 })],
    ['transformerDecoder', () => layers.transformerDecoder({ intermediateDim: 4, numHeads: 1 })],
  ] as const)('%s keeps the steps, and hands the mask on', (_, make) => {
    const embedded = layers.embedding({ inputDim: 6, outputDim: 2, maskZero: true }).forward(words)
    expect(shown((make() as { forward(x: Tensor): Tensor }).forward(embedded))).toEqual(mask)
  })

  it('stay with a residual connection', () => {
    const embedded = layers.embedding({ inputDim: 6, outputDim: 2, maskZero: true }).forward(words)
    const branch = layers.dense({ units: 2 }).forward(embedded)
    expect(shown(layers.add().forward(embedded, branch))).toEqual(mask)
    const unmasked = ones([2, 4, 2])
    expect(shown(layers.multiply().forward(unmasked, branch))).toEqual(mask)
    expect(shown(layers.add().forward(unmasked, unmasked))).toBeNull()
    // One step that goes to all others, and inputs whose second axis is another, say nothing of the steps.
    const once = withMask(ones([2, 1, 2]), [[1], [0]])
    expect(shown(layers.add().forward(unmasked, once))).toBeNull()
    expect(shown(layers.add().forward(branch, once))).toEqual(mask)
    expect(shown(layers.add().forward(ones([2, 3, 4, 2]), branch))).toBeNull()
  })

  it('go on from step to step of a cache: padding before a prompt is attended to by none', () => {
    const net = new Sequential([
      layers.embedding({ inputDim: 6, outputDim: 4, maskZero: true }),
      layers.transformerDecoder({ intermediateDim: 4, numHeads: 2 }),
      layers.transformerDecoder({ intermediateDim: 4, numHeads: 2, normalizeFirst: true }),
    ])
    const rows = [
      [0, 0, 3, 4, 5],
      [1, 2, 3, 4, 0],
    ]
    const ids = (from: number, to: number, order = [0, 1]) =>
      tensor(
        order.map(row => rows[row].slice(from, to)),
        { dtype: 'int32' },
      )
    const whole = net.forward(ids(0, 5)).arraySync() as number[][][]
    const cache = new KeyValueCache({ maxLength: 7 })
    for (let pass = 0; pass < 2; pass++) {
      cache.run(ids(0, 3), x => net.forward(x))
      cache.run(ids(3, 4), x => net.forward(x))
      cache.reorder(tensor([1, 0], { dtype: 'int32' }))
      const last = cache.run(ids(4, 5, [1, 0]), x => net.forward(x)).arraySync() as number[][][]
      ;[1, 0].forEach((row, i) => {
        last[i][0].forEach((value, at) => {
          expect(value).toBeCloseTo(whole[row][4][at], 5)
        })
      })
      cache.reset()
    }
  })

  it('of what is encoded count within a step of a cache too', () => {
    const attention = layers.multiHeadAttention({ numHeads: 1, keyDim: 2 })
    const x = random.normal([2, 4, 3])
    const padded = withMask(random.normal([2, 4, 3]), tensor(mask))
    const cache = new KeyValueCache({ maxLength: 4 })
    const step = cache.run(x, queries => attention.forward(queries, padded))
    expect(step.arraySync()).toEqual(attention.forward(x, padded).arraySync())
  })

  it('leave steps out of pools over whole sequences', () => {
    const x = tensor([
      [
        [1, -5],
        [3, -7],
        [100, 100],
      ],
      [
        [100, 100],
        [4, 2],
        [100, 100],
      ],
      [
        [100, 100],
        [100, 100],
        [100, 100],
      ],
    ]) // prettier-ignore
    const given = [
      [1, 1, 0],
      [0, 1, 0],
      [0, 0, 0],
    ] // prettier-ignore
    const pooled = (layer: { forward(x: Tensor): Tensor }) =>
      layer.forward(withMask(x, given)).arraySync()
    expect(pooled(layers.globalAveragePooling1d())).toEqual([
      [2, -6],
      [4, 2],
      [0, 0],
    ]) // prettier-ignore
    expect(pooled(layers.globalMaxPooling1d())).toEqual([
      [3, -5],
      [4, 2],
      [0, 0],
    ]) // prettier-ignore
    expect(pooled(layers.globalAveragePooling1d({ keepDims: true }))).toEqual([
      [[2, -6]],
      [[4, 2]],
      [[0, 0]],
    ])
    for (const layer of [layers.globalAveragePooling1d(), layers.globalMaxPooling1d()]) {
      const slope = grad((v: Tensor) => layer.forward(withMask(v, given)).sum())(x)
      const [first, , none] = slope.arraySync() as number[][][]
      expect(first[0][1]).toBe(layer.className === 'GlobalMaxPooling1D' ? 1 : 0.5)
      expect(first[2]).toEqual([0, 0])
      expect(none.flat().every(v => v === 0)).toBe(true)
    }
  })

  it('are joined with what carries them', () => {
    const a = withMask(ones([1, 3, 2]), [[1, 1, 0]])
    const b = withMask(ones([1, 3, 2]), [[1, 0, 0]])
    const plain = ones([1, 3, 2])
    const features = layers.concatenate()
    const steps = layers.concatenate({ axis: 1 })
    expect(shown(features.forward(a, b))).toEqual([[true, false, false]])
    expect(shown(features.forward(a, plain))).toEqual([[true, true, false]])
    expect(shown(features.forward(plain, plain))).toBeNull()
    expect(shown(steps.forward(plain, a))).toEqual([[true, true, true, true, true, false]])
  })

  it('leave steps out of the averages of a batch', () => {
    const x = random.normal([2, 3, 4])
    const given = [
      [1, 1, 0],
      [1, 0, 0],
    ] // prettier-ignore
    const whole = layers.batchNormalization({ momentum: 0 })
    const part = layers.batchNormalization({ momentum: 0 })
    whole.train(true)
    part.train(true)
    const rows = concat([x.slice(0, [0, 2]), x.slice(1, [0, 1])])
    const expected = whole.forward(rows)
    const found = part.forward(withMask(x, given))
    const kept = concat([found.slice(0, [0, 2]), found.slice(1, [0, 1])])
    for (const [is, wanted] of [
      [kept, expected],
      [part.movingMean!, whole.movingMean!],
      [part.movingVariance!, whole.movingVariance!],
    ])
      is.dataSync().forEach((v, i) => {
        expect(v).toBeCloseTo(Number(wanted.dataSync()[i]), 5)
      })
  })

  it('of attention are 0 and 1: numbers to be added to scores are refused', () => {
    const attention = layers.multiHeadAttention({ numHeads: 1, keyDim: 4 })
    const attend = (attentionMask: Tensor) => attention.attend(ones([1, 2, 8]), { attentionMask })
    expect(() =>
      attend(
        tensor([
          [0, -1e9],
          [0, 0],
        ]),
      ),
    ).toThrow(/attentionMask.*-1000000000.*greaterEqual/s) // prettier-ignore
    expect(
      attend(
        tensor([
          [1, 0],
          [1, 1],
        ]),
      ).scores.arraySync(),
    ).toEqual([
      [
        [
          [1, 0],
          [0.5, 0.5],
        ],
      ],
    ]) // prettier-ignore
  })

  it('are the default of attention that is asked with masks, of blocks too', () => {
    const x = withMask(random.normal([2, 4, 4]), tensor(mask))
    const encoder = layers.transformerEncoder({ intermediateDim: 4, numHeads: 1 })
    const decoder = layers.transformerDecoder({ intermediateDim: 4, numHeads: 1 })
    const attention = layers.multiHeadAttention({ numHeads: 1, keyDim: 2 })
    expect(encoder.encode(x).arraySync()).toEqual(encoder.forward(x).arraySync())
    expect(decoder.decode(x).arraySync()).toEqual(decoder.forward(x).arraySync())
    expect(attention.attend(x).output.arraySync()).toEqual(attention.forward(x).arraySync())
    const none = attention.attend(x, { paddingMask: null }).output
    expect(none.arraySync()).not.toEqual(attention.forward(x).arraySync())
  })

  it('keep a decoder from attending to padding', () => {
    const decoder = layers.transformerDecoder({ intermediateDim: 4, numHeads: 1 })
    const queries = random.normal([1, 2, 4])
    const [a, b] = [random.normal([1, 3, 4]), random.normal([1, 3, 4])]
    const given = [[true, true, false]]
    // The third place of what is encoded differs, and counts for nothing.
    const other = concat([a.slice(null, [0, 2]), b.slice(null, [2, 3])], { axis: 1 })
    const [first, second] = [a, other].map(encoded => [
      ...decoder.forward(queries, withMask(encoded, given)).dataSync(),
    ])
    expect(second).toEqual(first)
    expect([...decoder.forward(queries, other).dataSync()]).not.toEqual(first)
  })

  it('go through attention by themselves: keys left out count for nothing, queries keep theirs', () => {
    const attention = layers.multiHeadAttention({ numHeads: 1, keyDim: 2 })
    const x = random.normal([2, 4, 3])
    const padded = withMask(x, tensor(mask))
    const output = attention.forward(padded)
    expect(shown(output)).toEqual(mask)
    const asked = attention.attend(x, { paddingMask: tensor(mask) }).output
    expect([...output.dataSync()]).toEqual([...asked.dataSync()])
    const crossed = attention.forward(x, padded)
    expect(shown(crossed)).toBeNull()
    expect([...crossed.dataSync()]).toEqual([...asked.dataSync()])
  })

  it('come from embeddings, from padding values, and from lengths', () => {
    const options = { inputDim: 6, outputDim: 2 }
    expect(shown(layers.embedding({ ...options, maskZero: true }).forward(words))).toEqual(mask)
    expect(shown(layers.embedding(options).forward(words))).toBeNull()
    const x = tensor([
      [
        [7, 7],
        [7, 1],
      ],
      [
        [0, 0],
        [7, 7],
      ],
    ]) // prettier-ignore
    const masked = layers.masking({ maskValue: 7 }).forward(x)
    expect(shown(masked)).toEqual([
      [false, true],
      [true, false],
    ]) // prettier-ignore
    expect(masked.arraySync()).toEqual([
      [
        [0, 0],
        [7, 1],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ]) // prettier-ignore
    expect(lengthMask([0, 2, 3], 3).arraySync()).toEqual([
      [false, false, false],
      [true, true, false],
      [true, true, true],
    ])
    const given = withMask(x, [
      [1, 0],
      [0, 2],
    ]) // prettier-ignore
    expect(shown(given)).toEqual([
      [true, false],
      [false, true],
    ]) // prettier-ignore
    expect(maskOf(x)).toBeNull()
  })

  it('refuse what does not fit', () => {
    expect(() => withMask(ones([2, 3, 4]), ones([2, 4]))).toThrow(/withMask.*\[2, 3\].*\[2, 4\]/)
    expect(() => lengthMask([[1]], 3)).toThrow(/lengthMask.*\[batch\]/)
    expect(() => lengthMask([1], 0)).toThrow(/lengthMask.*steps ≥ 1/)
    expect(() => lengthMask([7, 2], 3)).toThrow(/lengthMask.*0 to 3.*7/)
    expect(() => lengthMask([-1], 3)).toThrow(/lengthMask.*-1/)
    expect(() => lengthMask(tensor([2.7]), 3)).toThrow(/lengthMask.*2\.7/)
    expect(() => withMask(ones([1, 2, 1]), [[Number.NaN, 0]])).toThrow(/withMask.*NaN/)
  })

  it('are handed on by layers that keep the steps', () => {
    const x = () => withMask(random.normal([2, 4, 3]), tensor(mask))
    const keeping = {
      dense: layers.dense({ units: 2 }),
      dropout: layers.dropout({ rate: 0.5 }),
      activation: layers.activation({ activation: 'relu' }),
      relu: layers.relu(),
      layerNormalization: layers.layerNormalization(),
      batchNormalization: layers.batchNormalization(),
      input: layers.input({ inputShape: [4, 3] }),
      timeDistributed: layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
      lstm: layers.lstm({ units: 2, returnSequences: true }),
      gru: layers.gru({ units: 2, returnSequences: true, goBackwards: true }),
      bidirectional: layers.bidirectional({
        layer: layers.simpleRnn({ units: 2, returnSequences: true }),
      }),
    }
    for (const [name, layer] of Object.entries(keeping))
      for (const training of [true, false]) {
        layer.train(training)
        const reversed = name === 'gru' ? mask.map(row => [...row].reverse()) : mask
        expect([name, shown(layer.forward(x()))]).toEqual([name, reversed])
      }
    const dropping = {
      flatten: layers.flatten(),
      reshape: layers.reshape({ targetShape: [-1] }),
      lambda: layers.lambda({ function: v => v.mul(2) }),
      lstm: layers.lstm({ units: 2 }),
    }
    for (const [name, layer] of Object.entries(dropping))
      expect([name, shown(layer.forward(x()))]).toEqual([name, null])
  })

  it('make recurrent layers pass over steps', () => {
    const net = layers.lstm({ units: 3, returnSequences: true })
    const x = random.normal([1, 4, 2])
    const all = net.forward(withMask(x, [[1, 0, 1, 0]])).arraySync() as number[][][]
    const two = net.forward(x.slice(null, [0, 4, 2])).arraySync() as number[][][]
    expect(all[0]).toEqual([two[0][0], two[0][0], two[0][1], two[0][1]])
  })

  it('give rows of length 0 zeros, and no gradient', () => {
    const x = random.normal([2, 3, 2])
    for (const layer of [
      layers.lstm({ units: 3 }),
      layers.gru({ units: 3 }),
      layers.simpleRnn({ units: 3 }),
    ]) {
      const run = (v: Tensor) => layer.forward(withMask(v, lengthMask([0, 2], 3)))
      const [empty, full] = run(x).arraySync() as number[][]
      expect(empty).toEqual([0, 0, 0])
      expect(full.every(v => v !== 0)).toBe(true)
      const [none, some] = grad((v: Tensor) => run(v).sum())(x).arraySync() as number[][][]
      expect(none.flat().every(v => v === 0)).toBe(true)
      expect(some[2]).toEqual([0, 0])
    }
  })

  it('give zeros before the first step that counts, from whatever state', () => {
    const layer = layers.gru({ units: 2, returnSequences: true, inputShape: [3, 1] })
    const start = { initialState: [ones([1, 2])] }
    const x = withMask(ones([1, 3, 1]), [[0, 1, 0]])
    const { outputs, states } = layer.sequence(x, start)
    const [[first, second, third]] = outputs.arraySync() as number[][][]
    expect(first).toEqual([0, 0])
    expect(third).toEqual(second)
    expect(states[0].arraySync()).toEqual([second])
  })
})

describe('losses and metrics', () => {
  const yTrue = tensor([
    [[1], [0], [1], [1]],
    [[0], [1], [1], [0]],
  ]) // prettier-ignore
  const values = tensor([
    [[0.5], [0.5], [9], [9]],
    [[0], [Number.NaN], [0.2], [9]],
  ]) // prettier-ignore
  const yPred = withMask(values, tensor(mask))

  it('count the steps that a mask leaves', () => {
    const { meanSquaredError, meanAbsoluteError } = losses
    expect(meanSquaredError(yTrue, yPred).dataSync()[0]).toBeCloseTo((0.25 + 0.25 + 0.64) / 4)
    expect(meanAbsoluteError(yTrue, yPred, { reduction: 'sum' }).dataSync()[0]).toBeCloseTo(1.8)
    const each = meanAbsoluteError(yTrue, yPred, { reduction: 'none' }).arraySync() as number[][]
    expect(each[0]).toEqual([0.5, 0.5, 0, 0])
    expect(each[1][1]).toBe(0)
    const weighted = meanAbsoluteError(yTrue, yPred, { sampleWeight: [2, 1] }).dataSync()[0]
    expect(weighted).toBeCloseTo((1 + 1 + 0.8) / 4)
    const flat = withMask(values.reshape([2, 4]), tensor(mask))
    expect(meanAbsoluteError(yTrue.reshape([2, 4]), flat).dataSync()[0]).toBeCloseTo(1.8 / 4)
    const nothing = withMask(values, tensor(mask).logicalAnd(false))
    expect(meanAbsoluteError(yTrue, nothing).dataSync()[0]).toBe(0)
  })

  it('take no gradient from targets of steps that do not count, whatever stands there', () => {
    const p = tensor([[[1], [2]]])
    const counted = (loss: (p: Tensor) => Tensor) =>
      grad((v: Tensor) => loss(withMask(v, [[1, 0]])))(p).dataSync()
    const target = [[[0], [Number.NaN]]]
    expect([...counted(v => losses.meanSquaredError(target, v))]).toEqual([2, 0])
    const logits = random.normal([1, 2, 3])
    const labels = tensor([[2, -1]], { dtype: 'int32' })
    const { sparseCategoricalCrossentropy: loss } = losses
    const options = { fromLogits: true } as const
    const found = loss(labels, withMask(logits, [[1, 0]]), options).itemSync()
    expect(found).toBeCloseTo(loss([[2]], logits.slice(null, [0, 1]), options).itemSync(), 5)
  })

  it('do so for class numbers and logits', () => {
    const logits = random.normal([2, 4, 3])
    const labels = tensor(
      [
        [0, 1, 2, 0],
        [2, 1, 0, 1],
      ],
      { dtype: 'int32' },
    ) // prettier-ignore
    const options = { fromLogits: true } as const
    const { sparseCategoricalCrossentropy: loss } = losses
    const each = loss(labels, logits, { ...options, reduction: 'none' }).arraySync() as number[][]
    const kept = mask.flatMap((row, b) => each[b].filter((_, t) => row[t]))
    const masked = loss(labels, withMask(logits, tensor(mask)), options).dataSync()[0]
    expect(masked).toBeCloseTo(kept.reduce((a, b) => a + b) / kept.length, 5)
  })

  it('give quotients of what counts', () => {
    const parts = (metric: metrics.BatchMetric, weights?: Tensor) => {
      const { total, count } = metric.compute(yTrue, yPred, weights)
      return [total.dataSync()[0], count.dataSync()[0]]
    }
    expect(parts(metrics.binaryAccuracy({ threshold: 0.4 }))).toEqual([2, 4])
    expect(parts(metrics.meanAbsoluteError())[0]).toBeCloseTo(1.8)
    expect(parts(metrics.meanAbsoluteError())[1]).toBe(4)
    expect(parts(metrics.meanAbsoluteError(), tensor([2, 1]))[1]).toBe(6)
    expect(parts(metrics.precision({ threshold: 0.4 }))).toEqual([1, 2])
    expect(parts(metrics.recall({ threshold: 0.4 }))).toEqual([1, 2])
  })
})

describe('training', () => {
  it('sees masks inside compiled steps, in fit, evaluate and predict', async () => {
    const ids = Array.from({ length: 60 }, (_, i) => 1 + ((i * i + 3 * i) % 8))
    const lengths = Array.from({ length: 12 }, (_, i) => 1 + (i % 5))
    const x = ids.map((id, i) => (i % 5 < lengths[Math.floor(i / 5)] ? id : 0))
    const y = x.map(id => id % 2)
    const make = (maskZero: boolean) => {
      random.seed(4)
      return sequential([
        layers.embedding({ inputDim: 9, outputDim: 4, maskZero, inputShape: [5] }),
        layers.lstm({ units: 6, returnSequences: true }),
        layers.dense({ units: 1, activation: 'sigmoid' }),
      ])
    }
    const rows = Array.from({ length: 12 }, (_, i) => x.slice(i * 5, i * 5 + 5))
    const targets = Array.from({ length: 12 }, (_, i) => y.slice(i * 5, i * 5 + 5).map(v => [v]))
    const model = make(true)
    model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['binaryAccuracy'] })
    const { loss, binaryAccuracy } = await model.evaluate(rows, targets, {
      batchSize: 12,
    })
    const p = (await model.predict(rows)).dataSync()
    const counted = x.flatMap((id, i) => (id === 0 ? [] : [i]))
    const mean = (f: (i: number) => number) =>
      counted.reduce((sum, i) => sum + f(i), 0) / counted.length
    expect(loss).toBeCloseTo(
      mean(i => -Math.log(y[i] === 1 ? Number(p[i]) : 1 - Number(p[i]))),
      4,
    )
    expect(binaryAccuracy).toBeCloseTo(
      mean(i => Number(Number(p[i]) > 0.5 === (y[i] === 1))),
      5,
    )
    const { history } = await model.fit(rows, targets, { epochs: 30, batchSize: 4, verbose: 0 })
    expect(history.loss.at(-1)!).toBeLessThan(0.8 * history.loss[0])
  })

  it('traces a mask like any other value', () => {
    const layer = layers.embedding({ inputDim: 6, outputDim: 2, maskZero: true })
    const step = compile((ids: Tensor) => maskOf(layer.forward(ids))!)
    expect(step(words).arraySync()).toEqual(mask)
    expect(step(words.mul(0)).arraySync()).toEqual(mask.map(row => row.map(() => false)))
  })
})
