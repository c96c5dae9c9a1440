// Generation that reads each token once gives what reading all of the context each time gives.

import { describe, expect, test } from 'vitest'
import { layers } from '../../nn/index.js'
import { random } from '../../tensor/index.js'
import type { Model } from '../../train/model.js'
import { sequential } from '../../train/model.js'
import { beamSearch } from './beam-search.js'
import { type GenerateOptions, generateTokens } from './generate-tokens.js'
import { type LanguageModel, logSumExp } from './language-model.js'
import { lanes, windows } from './measured-lanes.js'
import { NetLanguageModel } from './net-language-model.js'
import { lstmLanguageModel } from './recurrent-language-model.js'
import { pieces } from './token-reader.js'
import { transformerLanguageModel } from './transformer-language-model.js'

const vocabulary = 12
const context = 10
const text = Int32Array.from({ length: 70 }, (_, i) => (i * i + (i >> 1)) % vocabulary)

/** Larger weights, so that no two tokens are nearly as likely. */
function sharpened(model: Model): Model {
  for (const parameter of model.parameters()) parameter.assign(parameter.value().mul(3))
  return model
}

const made: Record<string, () => Model> = {
  'an LSTM that carries its states': () =>
    lstmLanguageModel({ vocabulary, embedding: 6, units: 8, layers: 2, stateful: true }),
  'a GRU that carries its states': () =>
    lstmLanguageModel({ vocabulary, embedding: 6, units: 8, cell: 'gru', stateful: true }),
  'an LSTM that sees windows': () => lstmLanguageModel({ vocabulary, embedding: 6, units: 8 }),
  'a transformer': () =>
    transformerLanguageModel({ vocabulary, context, width: 8, heads: 2, layers: 2, dropout: 0.1 }),
}

const models = Object.entries(made).map(([name, make]) => {
  random.seed(4)
  const net = sharpened(make())
  return [name, new NetLanguageModel(net.module, { size: vocabulary, context }), net] as const
})

async function tokens(model: Pick<LanguageModel, 'next' | 'reader'>, options: GenerateOptions) {
  const found: number[] = []
  for await (const id of generateTokens(model, text.subarray(0, 4), options)) found.push(id)
  return found
}

describe.each(models)('%s', (_, model, net) => {
  const whole = { next: (contexts: readonly Int32Array[]) => model.next(contexts) }

  test('writes the same tokens, also beyond its context', async () => {
    for (const options of [{ temperature: 0 }, { seed: 5 }, { seed: 6, topK: 4 }]) {
      const read = await tokens(model, { ...options, length: 26 })
      expect(read).toEqual(await tokens(whole, { ...options, length: 26 }))
      expect(new Set(read).size).toBeGreaterThan(1)
    }
    expect(net.module.training).toBe(true)
  })

  test('finds the same continuations, whichever beams go on', async () => {
    const options = { beams: 3, length: 12, stop: [2] }
    const read = await beamSearch(model, text.subarray(0, 3), options)
    const again = await beamSearch(whole, text.subarray(0, 3), options)
    expect(read.map(({ ids }) => [...ids])).toEqual(again.map(({ ids }) => [...ids]))
    read.forEach(({ score }, i) => {
      expect(score).toBeCloseTo(again[i].score, 4)
    })
  })

  test('starts anew for a text that does not go on, and for several lengths at once', async () => {
    const { next, close } = model.reader()
    const contexts = [text.subarray(0, 9), text.subarray(0, 12), text.subarray(3, 7), text]
    for (const one of contexts) {
      const [read] = await next([one])
      const [again] = await model.next([one])
      for (let i = 0; i < vocabulary; i++) expect(read[i]).toBeCloseTo(again[i], 4)
    }
    const together = await next(contexts)
    expect(together.length).toBe(4)
    expect((await next([new Int32Array()]))[0].length).toBe(vocabulary)
    expect(await next([])).toEqual([])
    close()
  })

  test('writes two texts at a time, none into the other', async () => {
    const alone = await tokens(model, { seed: 5, length: 9 })
    const [first, second] = [model.reader(), model.reader()]
    const rows = [[...text.subarray(0, 4)], [...text.subarray(5, 9)]]
    for (let i = 0; i < 3; i++)
      for (const [at, reader] of [first, second].entries()) {
        const [read] = await reader.next([Int32Array.from(rows[at])])
        const [again] = await model.next([Int32Array.from(rows[at])])
        for (let id = 0; id < vocabulary; id++) expect(read[id]).toBeCloseTo(again[id], 4)
        rows[at].push((i + at) % vocabulary)
      }
    first.close()
    second.close()
    expect(await tokens(model, { seed: 5, length: 9 })).toEqual(alone)
  })

  test('is measured by the logits that it generates with', async () => {
    const short = text.subarray(0, context)
    const scores = await model.score(short)
    const contexts = Array.from({ length: context - 1 }, (_, i) => short.subarray(0, i + 1))
    const logits = await model.next(contexts)
    scores.forEach((score, i) => {
      expect(score).toBeCloseTo(logits[i][short[i + 1]] - logSumExp(logits[i]), 4)
    })
    const late = await model.score(text, 30)
    expect(late.length).toBe(40)
    expect([...late].every(score => score < 0)).toBe(true)
  })
})

test.each(Object.entries(made))(
  '%s that has learnt more in between is read anew',
  async (_, make) => {
    const net = make()
    const model = new NetLanguageModel(net.module, { size: vocabulary, context })
    const begin = [text.subarray(0, 4)]
    const reader = model.reader()
    await reader.next(begin)
    reader.close()
    await model.next(begin)
    for (const parameter of net.parameters()) parameter.assign(random.normal(parameter.shape))
    const fresh = new NetLanguageModel(net.module, { size: vocabulary, context })
    const longer = [text.subarray(0, 6)]
    const [expected] = await fresh.next(longer)
    for (const found of [await model.reader().next(longer), await model.next(longer)])
      Array.from(found[0]).forEach((logit, i) => {
        expect(logit).toBeCloseTo(expected[i], 4)
      })
  },
)

test('a net that carries states is measured by all that stands before', async () => {
  const [, model] = models[0]
  const scores = await model.score(text)
  const [logits] = await model.next([text.subarray(0, 60)])
  expect(scores[59]).toBeCloseTo(logits[text[60]] - logSumExp(logits), 4)
})

test('a net whose layers look to both sides is read as a whole, and refused with states', async () => {
  const both = (stateful: boolean) =>
    sequential([
      layers.embedding({ inputDim: vocabulary, outputDim: 4 }),
      layers.bidirectional({ layer: layers.gru({ units: 3, returnSequences: true, stateful }) }),
      layers.dense({ units: vocabulary }),
    ]).module
  const model = new NetLanguageModel(both(false), { size: vocabulary, context: 4 })
  const [read] = await model.reader().next([text.subarray(0, 4)])
  expect(read).toEqual((await model.next([text.subarray(0, 4)]))[0])
  expect(() => new NetLanguageModel(both(true), { size: vocabulary, context: 4 })).toThrow(
    /stateful layers in a chain/,
  )
  const attending = sequential([
    layers.embedding({ inputDim: vocabulary, outputDim: 4 }),
    layers.gru({ units: 4, returnSequences: true, stateful: true }),
    layers.transformerDecoder({ intermediateDim: 4, numHeads: 1 }),
    layers.dense({ units: vocabulary }),
  ]).module
  expect(() => new NetLanguageModel(attending, { size: vocabulary, context: 4 })).toThrow(
    /stateful layers in a chain/,
  )
})

describe('the parts of a text', () => {
  test('are each token once, with what stands before', () => {
    for (const [length, from, size] of [
      [70, 1, 10],
      [71, 33, 10],
      [5, 1, 10],
      [9, 8, 1],
      [1000, 1, 3],
    ]) {
      for (const found of [lanes(length, from, size), windows(length, from, size).flat()]) {
        const targets = found.flatMap(({ first, end }) =>
          Array.from({ length: end - first }, (_, i) => first + i),
        )
        expect(targets).toEqual(Array.from({ length: length - from }, (_, i) => from + i))
        for (const { start, first } of found) expect(start).toBeLessThan(first)
      }
    }
    expect(lanes(5, 5, 4)).toEqual([])
    expect(windows(5, 5, 4)).toEqual([])
  })

  test('are read in few lengths', () => {
    expect([...pieces(300)]).toEqual([128, 128, 32, 8, 4])
    expect([...pieces(1)]).toEqual([1])
  })
})
