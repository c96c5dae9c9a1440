import { expect, test } from 'vitest'
import { dense, embedding, lstm, transformerDecoder, transformerEncoder } from '../../nn/layers.js'
import { input } from '../../nn/symbolic.js'
import { random, tensor } from '../../tensor/index.js'
import { model, sequential } from '../../train/model.js'
import { attentionOf, textClassifier, transformerLanguageModel } from './index.js'

const ids = tensor(
  [
    [4, 5, 6, 7],
    [3, 2, 0, 0],
  ],
  { dtype: 'int32' },
)

test('of a classifier padding is looked at by none, and each row adds up to 1', async () => {
  random.seed(2)
  const net = textClassifier({ vocabulary: 9, classes: 2, kind: 'transformer', width: 8, heads: 2 })
  net.module.train()
  const each = await attentionOf(net, ids)
  const [first] = each
  expect(each).toHaveLength(2)
  expect([first.heads, first.queries, first.keys, first.values.length]).toEqual([2, 4, 4, 64])
  for (let row = 0; row < 16; row++) {
    const own = first.values.subarray(4 * row, 4 * row + 4)
    expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
    if (row >= 8) expect([own[2], own[3]]).toEqual([0, 0])
  }
  expect(net.module.training).toBe(true)
  const [mean] = await attentionOf(net, ids, { heads: 'mean' })
  expect([mean.heads, mean.values.length]).toEqual([1, 32])
  expect(mean.values[1]).toBeCloseTo((first.values[1] + first.values[17]) / 2, 6)
})

test('of a language model each token sees those before it; the same alone and among others', async () => {
  random.seed(4)
  const net = transformerLanguageModel({
    ...{ vocabulary: 9, context: 4, width: 8, heads: 2, layers: 3, dropout: 0.5 },
  })
  const maps = await attentionOf(net, ids)
  expect(maps.map(({ layer }) => layer)).toHaveLength(3)
  const { values } = maps[2]
  for (let query = 0; query < 4; query++)
    for (let key = query + 1; key < 4; key++) expect(values[4 * query + key]).toBe(0)
  const alone = await attentionOf(net, tensor([[4, 5, 6, 7]], { dtype: 'int32' }))
  alone[2].values.forEach((value, i) => {
    expect(value).toBeCloseTo(values[i], 6)
  })
})

test('takes several inputs, and sees attention between them', async () => {
  const [from, to] = [input({ shape: [3, 4] }), input({ shape: [2, 4] })]
  const block = transformerDecoder({ intermediateDim: 8, numHeads: 1 })
  const net = model({
    inputs: [to, from],
    outputs: dense({ units: 1 }).apply(block.apply([to, from])),
  })
  const maps = await attentionOf(net, [random.normal([1, 2, 4]), random.normal([1, 3, 4])])
  expect(maps.map(({ queries, keys }) => [queries, keys])).toEqual([
    [2, 2],
    [2, 3],
  ])
})

test('begins with states at zero, and leaves those that are carried as they were', async () => {
  random.seed(5)
  const net = sequential([
    embedding({ inputDim: 9, outputDim: 4 }),
    lstm({ units: 4, returnSequences: true, stateful: true, name: 'memory' }),
    transformerEncoder({ intermediateDim: 4, numHeads: 1 }),
    transformerEncoder({ intermediateDim: 4, numHeads: 2 }),
  ])
  const valuesOf = async () => (await attentionOf(net, ids)).map(({ values }) => [...values])
  const carried = () =>
    net.module
      .modules()
      .flatMap(part => part.carried?.values() ?? [])
      .map(({ values }) => Array.from(values as Float32Array))
  const first = await valuesOf()
  expect(first.map(values => values.length)).toEqual([32, 64])
  expect(carried()).toEqual([])
  await net.predict(ids)
  const before = carried()
  expect(before).toHaveLength(2)
  expect(await valuesOf()).toEqual(first)
  expect(carried()).toEqual(before)
})

test('refuses what has no attention, and unknown options', async () => {
  const net = textClassifier({ vocabulary: 9, classes: 2, kind: 'average', width: 8 })
  await expect(attentionOf(net, ids)).rejects.toThrow(/a model with attention/)
  await expect(attentionOf(net, ids, { heads: 'all' as never })).rejects.toThrow(/each.*mean/)
})
