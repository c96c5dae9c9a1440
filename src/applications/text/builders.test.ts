// Language models and classifiers as built: documented parameter counts, causality, masks, saving, learning.

import { describe, expect, test } from 'vitest'
import { BucketedSequences } from '../../data/text/index.js'
import { sparseCategoricalCrossentropy } from '../../nn/losses/index.js'
import { random, type Tensor, tensor } from '../../tensor/index.js'
import type { Model } from '../../train/model.js'
import { modelFromBytes } from '../../train/model-file.js'
import { textClassifierKinds } from './kinds.js'
import {
  lstmLanguageModel,
  type RecurrentLanguageModelOptions,
  recurrentLanguageModelOptions,
} from './recurrent-language-model.js'
import { textClassifier, textClassifierOptions } from './text-classifier.js'
import {
  transformerLanguageModel,
  transformerLanguageModelOptions,
} from './transformer-language-model.js'

const count = (model: Model) => model.parameters().reduce((sum, { size }) => sum + size, 0)
const ids = (rows: number[][]) => tensor(rows, { dtype: 'int32' })
const forward = (model: Model, rows: number[][]) =>
  (model.module.eval().forward(ids(rows)) as Tensor).arraySync() as number[][][]

const [V, E, U] = [30, 6, 10]
const languageModels: readonly (readonly [string, () => Model, number])[] = [
  [
    'lstm',
    () => lstmLanguageModel({ vocabulary: V, embedding: E, units: U }),
    V * E + 4 * U * (E + U + 1) + (U + 1) * V,
  ],
  [
    'lstm of two layers',
    () => lstmLanguageModel({ vocabulary: V, embedding: E, units: U, layers: 2, dropout: 0.1 }),
    V * E + 4 * U * (E + U + 1) + 4 * U * (2 * U + 1) + (U + 1) * V,
  ],
  [
    'gru',
    () => lstmLanguageModel({ vocabulary: V, embedding: E, units: U, cell: 'gru' }),
    V * E + 3 * U * (E + U + 2) + (U + 1) * V,
  ],
  [
    'transformer',
    () => transformerLanguageModel({ vocabulary: V, context: 12, width: 8, heads: 2, layers: 2 }),
    (V + 12) * 8 + 2 * (12 * 64 + 13 * 8) + 2 * 8 + 9 * V,
  ],
]

describe.each(languageModels)('%s language model', (_, make, parameters) => {
  test('has the parameters that are documented', () => {
    expect(count(make())).toBe(parameters)
  })

  test('knows only what stands before', () => {
    const model = make()
    const [a] = forward(model, [[4, 5, 6, 7, 8]])
    const [b] = forward(model, [[4, 5, 6, 20, 21]])
    expect(a.length).toBe(5)
    expect(a[0].length).toBe(V)
    for (let step = 0; step < 3; step++)
      a[step].forEach((value, i) => {
        expect(value).toBeCloseTo(b[step][i], 5)
      })
    expect(a[3]).not.toEqual(b[3])
  })

  test('is saved and read', () => {
    const model = make()
    const same = modelFromBytes(model.toBytes())
    expect(forward(same, [[4, 5, 6]])).toEqual(forward(model, [[4, 5, 6]]))
  })
})

describe.each(textClassifierKinds)('%s classifier', kind => {
  const [W, K] = [8, 3]
  const documented = {
    average: V * W + (W + 1) * K,
    lstm: V * W + 8 * W * (2 * W + 1) + (2 * W + 1) * K,
    gru: V * W + 6 * W * (2 * W + 2) + (2 * W + 1) * K,
    transformer: V * W + 2 * (12 * W * W + 13 * W) + (W + 1) * K,
  }
  const make = () => {
    random.seed(1)
    return textClassifier({ vocabulary: V, classes: K, kind, width: W, heads: 2 })
  }

  test('has the parameters that are documented', () => {
    const model = make()
    forward(model, [[4, 5]])
    expect(count(model)).toBe(documented[kind])
  })

  test('padding changes nothing', () => {
    const model = make()
    const short = forward(model, [[4, 9, 5]])[0] as unknown as number[]
    const padded = forward(model, [[4, 9, 5, 0, 0, 0, 0, 0]])[0] as unknown as number[]
    short.forEach((value, i) => {
      expect(value).toBeCloseTo(padded[i], 5)
    })
    const empty = forward(model, [[0, 0, 0]])[0] as unknown as number[]
    expect(empty.every(Number.isFinite)).toBe(true)
  })

  test('learns which token stands in a text, from batches of several lengths', async () => {
    const texts = Array.from({ length: 90 }, (_, i) =>
      Int32Array.from({ length: 2 + (i % 14) }, (_, k) =>
        k === i % 2 ? 4 + (i % K) : 10 + ((i * 7 + k) % 20),
      ),
    )
    const source = new BucketedSequences(
      texts,
      Int32Array.from(texts, (_, i) => i % K),
      { buckets: 2 },
    )
    const model = make()
    model.compile({
      optimizer: 'adam',
      loss: (y: Tensor, p: Tensor) => sparseCategoricalCrossentropy(y, p, { fromLogits: true }),
      metrics: ['accuracy'],
    })
    model.optimizer.learningRate = 0.03
    const { history } = await model.fit(source, { epochs: 25, batchSize: 16, verbose: 0 })
    expect(history.accuracy.at(-1)).toBeGreaterThan(0.9)
  })

  test('is saved and read', () => {
    const model = make()
    const rows = [
      [4, 5, 0],
      [7, 8, 9],
    ]
    const before = forward(model, rows)
    expect(forward(modelFromBytes(model.toBytes()), rows)).toEqual(before)
  })
})

test('options that are wrong are refused', () => {
  const needed = { vocabulary: 10, context: 4, classes: 2 }
  const { vocabulary, context, classes } = needed
  for (const [table, use] of [
    [
      recurrentLanguageModelOptions,
      (o: object) => lstmLanguageModel({ vocabulary, ...o } as RecurrentLanguageModelOptions),
    ],
    [
      transformerLanguageModelOptions,
      (o: object) => transformerLanguageModel({ vocabulary, context, ...o }),
    ],
    [textClassifierOptions, (o: object) => textClassifier({ vocabulary, classes, ...o })],
  ] as const) {
    expect(() => use({ nonsense: 1 })).toThrow(/known option/)
    for (const [name, row] of Object.entries(table.rows))
      for (const bad of row.bad)
        expect(() => use({ [name]: bad })).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
  }
  expect(() => transformerLanguageModel({ vocabulary, context, width: 10, heads: 4 })).toThrow(
    /4 heads divide/,
  )
})
