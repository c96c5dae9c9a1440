import { describe, expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { BytePairTokenizer, CharacterTokenizer, type Tokenizer } from '../../features/text/index.js'
import { beamOptions, beamSearch } from './beam-search.js'
import {
  type GenerateTextOptions,
  generateText,
  generateTextOptions,
  promptIds,
} from './generate-text.js'
import { type GenerateOptions, generateOptions, generateTokens } from './generate-tokens.js'
import type { NextTokens } from './language-model.js'
import { NgramModel } from './n-gram.js'
import { draw, nextProbabilities } from './sampling.js'

const logs = [0.5, 0.25, 0.15, 0.1].map(Math.log)
const near = (values: Float64Array, expected: readonly number[]) => {
  expect(values.length).toBe(expected.length)
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 12)
  })
}

describe('nextProbabilities', () => {
  test.each([
    ['as they are', {}, [0.5, 0.25, 0.15, 0.1]],
    [
      'half the temperature squares them',
      { temperature: 0.5 },
      [25, 6.25, 2.25, 1].map(p => p / 34.5),
    ],
    ['temperature 0 takes the likeliest', { temperature: 0 }, [1, 0, 0, 0]],
    ['top-k', { topK: 2 }, [2 / 3, 1 / 3, 0, 0]],
    ['top-k beyond the vocabulary', { topK: 99 }, [0.5, 0.25, 0.15, 0.1]],
    ['top-p that one token reaches', { topP: 0.5 }, [1, 0, 0, 0]],
    ['top-p just beyond', { topP: 0.51 }, [2 / 3, 1 / 3, 0, 0]],
    ['top-p so small that one is left', { topP: 1e-9 }, [1, 0, 0, 0]],
    ['top-p after top-k', { topK: 3, topP: 0.6 }, [2 / 3, 1 / 3, 0, 0]],
    ['tokens to avoid', { avoid: [0, 7] }, [0, 0.5, 0.3, 0.2]],
  ])('%s', (_, options, expected) => {
    near(nextProbabilities(logs, [], options), expected)
  })

  test('repetition: positive logits are divided, negative ones multiplied, each token once', () => {
    const probabilities = nextProbabilities([2, -1, 0], [0, 1, 0, 9], { repetitionPenalty: 2 })
    const weights = [Math.exp(1), Math.exp(-2), 1]
    const total = weights.reduce((a, b) => a + b)
    near(
      probabilities,
      weights.map(weight => weight / total),
    )
  })

  test('of equals the smaller id', () => {
    near(nextProbabilities([1, 1, 1], [], { temperature: 0 }), [1, 0, 0])
    near(nextProbabilities([1, 1, 1], [], { topK: 2 }), [0.5, 0.5, 0])
  })

  test('huge logits do not overflow', () => {
    near(nextProbabilities([1e4, 1e4 - Math.LN2]), [2 / 3, 1 / 3])
  })

  test('refuses what gives no distribution', () => {
    expect(() => nextProbabilities([Number.NaN, 0])).toThrow(/finite logits.*NaN for token 0/)
    expect(() => nextProbabilities([0], [], { avoid: [0] })).toThrow(/no token that may come/)
    expect(() => nextProbabilities([])).toThrow(expect.objectContaining({ code: 'DATA' }))
  })

  test('draws follow the probabilities', () => {
    const random = new Random(3)
    const counts = [0, 0, 0, 0]
    const p = nextProbabilities(logs, [], { avoid: [2] })
    for (let i = 0; i < 20_000; i++) counts[draw(p, random)]++
    expect(counts[2]).toBe(0)
    counts.forEach((count, id) => {
      expect(Math.abs(count / 20_000 - p[id])).toBeLessThan(0.015)
    })
  })
})

const text = 'the cat sat on the mat. the cat ate the rat. the rat sat.'
const tokenizer = new CharacterTokenizer().train([text])
const counts = new NgramModel({ size: tokenizer.size, order: 4 }).train(tokenizer.encode(text))

async function tokens(options: GenerateOptions, prompt = tokenizer.encode('the ')) {
  const ids: number[] = []
  for await (const id of generateTokens(counts, prompt, options)) ids.push(id)
  return ids
}

async function written(options: GenerateTextOptions, model = counts, by: Tokenizer = tokenizer) {
  const pieces: string[] = []
  for await (const piece of generateText(model, by, options)) pieces.push(piece)
  return pieces.join('')
}

describe('generateTokens', () => {
  test('the same seed gives the same tokens, another seed others', async () => {
    const one = await tokens({ seed: 5, length: 40 })
    expect(one.length).toBe(40)
    expect(await tokens({ seed: 5, length: 40 })).toEqual(one)
    expect(await tokens({ seed: 6, length: 40 })).not.toEqual(one)
  })

  test('hands tokens out as they come, and ends when the loop is left', async () => {
    let calls = 0
    const next: NextTokens = contexts => {
      calls++
      return counts.next(contexts)
    }
    for await (const _ of generateTokens(next, [4])) if (calls === 3) break
    expect(calls).toBe(3)
  })

  test('stops at a token, gives none for a length of none', async () => {
    const [stop] = tokenizer.encode('.')
    const ids = await tokens({ stop: [stop], seed: 1, length: 500 })
    expect(ids.length).toBeLessThan(500)
    expect(ids).not.toContain(stop)
    expect(await tokens({ length: 0 })).toEqual([])
  })
})

describe('generateText', () => {
  test('continues the prompt, without it', async () => {
    expect(await written({ prompt: 'the c', temperature: 0, length: 6 })).toBe('at sat')
  })

  test('gives text only: neither padding nor unknown', async () => {
    const uniform = new NgramModel({ size: tokenizer.size, order: 1 }).train(Int32Array.of(0, 1, 2))
    const result = await written({ length: 60, seed: 2 }, uniform)
    expect(result).not.toContain('\ufffd')
    for (const character of result) expect(text).toContain(character)
  })

  test('ends at a text, also one that comes in pieces', async () => {
    const whole = await written({ prompt: 'the', seed: 4, length: 80 })
    const stop = whole.slice(30, 34)
    expect(await written({ prompt: 'the', seed: 4, length: 80, stop: [stop] })).toBe(
      whole.slice(0, whole.indexOf(stop)),
    )
    expect(await written({ prompt: 'the', seed: 4, length: 80, stop: ['never'] })).toBe(whole)
  })

  test('what a prompt has and the vocabulary lacks is unknown, an empty one begins a line', async () => {
    expect([...promptIds(tokenizer, 'tZ')]).toEqual([...tokenizer.encode('t'), 1])
    expect([...promptIds(tokenizer, '')]).toEqual([2])
    const lines = new CharacterTokenizer().train(['a\nb'])
    expect([...promptIds(lines, '')]).toEqual([...lines.encode('\n')])
    expect((await written({ prompt: '你好', length: 5 })).length).toBe(5)
    expect((await written({ length: 5 })).length).toBe(5)
  })

  test('characters of several tokens come whole', async () => {
    const bytes = new BytePairTokenizer({ merges: 0 }).train([])
    const chinese = '你好你好你好你好'
    const model = new NgramModel({ size: bytes.size, order: 6 }).train(bytes.encode(chinese))
    const pieces: string[] = []
    for await (const piece of generateText(model, bytes, {
      prompt: '你',
      temperature: 0,
      length: 9,
    }))
      pieces.push(piece)
    expect(pieces).toEqual(['好', '你', '好'])
  })
})

describe('beamSearch', () => {
  /** A chain of 4 states in which the greedy first step leads to a worse whole. */
  const chain = [
    [0.1, 0.5, 0.4, 0],
    [0.3, 0.3, 0.3, 0.1],
    [0.01, 0.01, 0.03, 0.95],
    [0.25, 0.25, 0.25, 0.25],
  ]
  const next: NextTokens = contexts => contexts.map(context => chain[context.at(-1)!].map(Math.log))

  function every(length: number): { ids: number[]; p: number }[] {
    let all = [{ ids: [0], p: 1 }]
    for (let i = 0; i < length; i++)
      all = all.flatMap(({ ids, p }) =>
        chain[ids.at(-1)!].map((q, id) => ({ ids: [...ids, id], p: p * q })),
      )
    return all.map(({ ids, p }) => ({ ids: ids.slice(1), p })).sort((a, b) => b.p - a.p)
  }

  test('with enough beams finds the likeliest of all, which greedy misses', async () => {
    const [best] = every(3)
    const [found] = await beamSearch(next, [0], { beams: 64, length: 3, lengthPenalty: 0 })
    expect([...found.ids]).toEqual(best.ids)
    expect(found.logProbability).toBeCloseTo(Math.log(best.p), 12)
    const [two] = await beamSearch(next, [0], { beams: 2, length: 2 })
    expect([...two.ids]).toEqual([2, 3])
    const [greedy] = await beamSearch(next, [0], { beams: 1, length: 2 })
    expect(greedy.ids[0]).toBe(1)
  })

  test('a stop token ends a continuation and counts for its score', async () => {
    const found = await beamSearch(next, [0], { beams: 3, length: 4, stop: [3], lengthPenalty: 1 })
    expect(found[0].ended).toBe(true)
    expect([...found[0].ids]).toEqual([2])
    expect(found[0].logProbability).toBeCloseTo(Math.log(0.4 * 0.95), 12)
    expect(found[0].score).toBeCloseTo(Math.log(0.4 * 0.95) / (7 / 6), 12)
    expect(found.map(({ score }) => score)).toEqual(
      found.map(({ score }) => score).sort((a, b) => b - a),
    )
  })

  test('refuses scores that are not numbers, as generateTokens does, and takes −Infinity', async () => {
    for (const bad of [NaN, Infinity]) {
      const broken: NextTokens = contexts => contexts.map(() => [0, bad, 1])
      await expect(beamSearch(broken, [0], { length: 2 })).rejects.toMatchObject({
        code: 'DATA',
        message: expect.stringContaining(`${bad} for token 1`),
      })
      const [found] = await beamSearch(broken, [0], { length: 2, avoid: [1] })
      expect([...found.ids]).toEqual([2, 2])
    }
    const some: NextTokens = contexts => contexts.map(() => [0, -Infinity, 1])
    expect([...(await beamSearch(some, [0], { length: 1 }))[0].ids]).toEqual([2])
    await expect(beamSearch(() => [], [0])).rejects.toThrow(/logits for each context/)
  })

  test('avoids, and gives none where nothing can come', async () => {
    const [found] = await beamSearch(next, [0], { length: 2, avoid: [2, 3] })
    expect([...found.ids].every(id => id < 2)).toBe(true)
    expect(await beamSearch(next, [0], { avoid: [0, 1, 2, 3] })).toEqual([])
  })
})

test('options that are wrong are refused', async () => {
  for (const [table, use] of [
    [generateOptions, (o: object) => tokens(o)],
    [generateTextOptions, (o: object) => written(o)],
    [beamOptions, (o: object) => beamSearch(counts, [4], o)],
  ] as const) {
    await expect(use({ nonsense: 1 })).rejects.toThrow(/known option/)
    for (const [name, row] of Object.entries(table.rows))
      for (const bad of row.bad)
        await expect(use({ [name]: bad })).rejects.toMatchObject({ code: 'ARGUMENT' })
  }
})
