import { describe, expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { CharacterTokenizer } from '../../features/text/index.js'
import { layers } from '../../nn/index.js'
import { sequential } from '../../train/model.js'
import { logSumExp } from './language-model.js'
import { measuresOf, measureText, mostSurprising } from './measure-text.js'
import { bestNgram, NgramModel, ngramOptions } from './n-gram.js'
import { NetLanguageModel } from './net-language-model.js'

const random = new Random(1)
const ids = Int32Array.from({ length: 400 }, (_, i) => (i % 3 === 0 ? 0 : random.integer(5)))

describe('NgramModel', () => {
  /** The formula, written out over the whole text. */
  function slow(history: readonly number[], token: number, order: number): number {
    if (order === 0) return 1 / 6
    const h = history.slice(history.length - (order - 1))
    const lower = slow(history, token, order - 1)
    if (h.length < order - 1) return lower
    const after: number[] = []
    for (let i = h.length; i < ids.length; i++)
      if (h.every((id, k) => ids[i - h.length + k] === id)) after.push(ids[i])
    const kinds = new Set(after).size
    if (after.length === 0) return lower
    return (after.filter(id => id === token).length + kinds * lower) / (after.length + kinds)
  }

  test.each([1, 2, 4])('of order %i is the formula', order => {
    const model = new NgramModel({ size: 6, order }).train(ids)
    for (const history of [[], [0], [4, 1], [0, 3, 2], [5, 5, 5, 0]])
      for (let token = 0; token < 6; token++)
        expect(model.probability(Int32Array.from(history), token)).toBeCloseTo(
          slow(history, token, order),
          12,
        )
  })

  test('is a distribution, the same one by one and at once', () => {
    const model = new NgramModel({ size: 6, order: 3 }).train(ids)
    const contexts = [Int32Array.of(), Int32Array.of(0, 2), Int32Array.of(5)]
    model.next(contexts).forEach((logits, i) => {
      expect(logSumExp(logits)).toBeCloseTo(0, 12)
      logits.forEach((value, id) => {
        expect(Math.exp(value)).toBeCloseTo(model.probability(contexts[i], id), 12)
      })
    })
    const scores = model.score(ids, 390)
    expect(scores.length).toBe(10)
    expect(Math.exp(scores[9])).toBeCloseTo(model.probability(ids.subarray(0, 399), ids[399]), 12)
  })

  test('untrained, or trained on nothing, is uniform', () => {
    expect(new NgramModel({ size: 4 }).probability(Int32Array.of(1), 2)).toBe(0.25)
    expect(
      new NgramModel({ size: 4 }).train(new Int32Array()).probability(Int32Array.of(), 2),
    ).toBe(0.25)
  })

  test('refuses ids that are not below its size, and wrong options', () => {
    expect(() => new NgramModel({ size: 4 }).train(Int32Array.of(4))).toThrow(
      /ids below 4, received 4/,
    )
    for (const [name, row] of Object.entries(ngramOptions.rows))
      for (const bad of row.bad)
        expect(() => new NgramModel({ size: 4, [name]: bad })).toThrow(
          expect.objectContaining({ code: 'ARGUMENT' }),
        )
  })

  test('bestNgram looks as far back as it helps', () => {
    const period = Int32Array.from({ length: 300 }, (_, i) => [0, 0, 1, 0, 2][i % 5])
    expect(bestNgram(period, period.subarray(0, 100), 3).order).toBeGreaterThanOrEqual(3)
    const noise = (seed: number) => {
      const from = new Random(seed)
      return Int32Array.from({ length: 200 }, () => from.integer(20))
    }
    expect(bestNgram(noise(1), noise(2), 20).order).toBe(1)
  })
})

describe('measures', () => {
  test('a uniform model has its size for perplexity', async () => {
    const uniform = new NgramModel({ size: 8 })
    const measures = await measureText(uniform, Int32Array.of(1, 2, 3, 4, 5), 6)
    expect(measures.perplexity).toBeCloseTo(8, 12)
    expect(measures).toMatchObject({ tokens: 4, characters: 6 })
    expect(measures.bits).toBeCloseTo(12, 12)
    expect(measures.bitsPerCharacter).toBeCloseTo(2, 12)
  })

  test('the least expected come first', () => {
    const scores = Float64Array.from([0.5, 0.1, 0.5, 0.01], Math.log)
    expect(mostSurprising(scores, 7, 2).map(({ at }) => at)).toEqual([10, 8])
    expect(measuresOf(scores, 4).bits).toBeCloseTo(1 + Math.log2(10) + 1 + Math.log2(100), 12)
  })

  test('a text of one token has nothing to predict', async () => {
    const model = new NgramModel({ size: 8 })
    await expect(measureText(model, Int32Array.of(1), 1)).rejects.toMatchObject({ code: 'DATA' })
    await expect(measureText(model, new Int32Array(), 0)).rejects.toMatchObject({ code: 'DATA' })
  })
})

describe('NetLanguageModel', () => {
  const tokenizer = new CharacterTokenizer().train(['abcd'])
  const { size } = tokenizer
  const net = sequential([
    layers.embedding({ inputDim: size, outputDim: 3 }),
    layers.dense({ units: size }),
  ])
  const language = new NetLanguageModel(net.module, { size, context: 10 })
  const text = tokenizer.encode('abcdabbcdacdbacadbcadbacbdabcdbacdbabcdabcadbc')

  test('measures by the logits that it generates with', async () => {
    const scores = await language.score(text)
    const contexts = Array.from({ length: text.length - 1 }, (_, i) => text.subarray(0, i + 1))
    const logits = await language.next(contexts)
    expect(scores.length).toBe(text.length - 1)
    scores.forEach((score, i) => {
      expect(score).toBeCloseTo(logits[i][text[i + 1]] - logSumExp(logits[i]), 5)
    })
    const late = await language.score(text, 30)
    late.forEach((score, i) => {
      expect(score).toBeCloseTo(scores[29 + i], 5)
    })
  })

  test('cuts long contexts, takes empty ones, leaves the mode of the net as it was', async () => {
    const [long] = await language.next([text])
    const [short] = await language.next([text.subarray(-3)])
    long.forEach((value, i) => {
      expect(value).toBeCloseTo(short[i], 5)
    })
    expect((await language.next([new Int32Array()]))[0].length).toBe(size)
    expect(await language.next([])).toEqual([])
    expect(net.module.training).toBe(true)
  })

  test('refuses a net that gives something else', async () => {
    const wrong = sequential([layers.embedding({ inputDim: size, outputDim: 3 })])
    const model = new NetLanguageModel(wrong.module, { size, context: 4 })
    await expect(model.next([Int32Array.of(4)])).rejects.toThrow(
      /NetLanguageModel: expected \[1, 4, 8\]/,
    )
  })
})
