import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BytePairTokenizer } from './byte-pairs.js'
import { tokenizerFromJSON } from './from-json.js'

const oracle = JSON.parse(
  readFileSync(new URL('fixtures/byte-pairs.json', import.meta.url), 'utf8'),
) as {
  corpus: string[]
  size: number
  merges: number[][]
  texts: { text: string; ids: number[] }[]
}
const trained = new BytePairTokenizer({ merges: 120 }).train(oracle.corpus)

describe('as Hugging Face tokenizers', () => {
  test('learns the same merges in the same order, ties included', () => {
    expect(trained.toJSON().merges).toEqual(oracle.merges)
    expect(trained.size).toBe(oracle.size)
  })

  test.each(oracle.texts)('encodes $text', ({ text, ids }) => {
    expect([...trained.encode(text)]).toEqual(ids)
    expect(trained.decode(ids)).toBe(text)
  })
})

test('brings back any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), text => {
      expect(trained.decode(trained.encode(text))).toBe(text)
    }),
  )
})

test('applies merges as if one after the other over the whole piece', () => {
  const { merges } = trained.toJSON()
  const made = new Map<number, string>()
  const bytes = new BytePairTokenizer({ merges: 0 }).train([])
  const slow = (text: string) => {
    let tokens = [...bytes.encode(text)].map(String)
    merges.forEach(([left, right], i) => {
      const [a, b] = [made.get(left) ?? String(left), made.get(right) ?? String(right)]
      made.set(260 + i, `${a},${b}`)
      const next: string[] = []
      for (let k = 0; k < tokens.length; k++)
        if (tokens[k] === a && tokens[k + 1] === b) {
          next.push(`${a},${b}`)
          k++
        } else next.push(tokens[k])
      tokens = next
    })
    return tokens.length
  }
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'n', 'e', 's', 't') }), text => {
      expect(trained.encode(text).length).toBe(slow(text))
    }),
  )
})

test('a character spread over tokens comes when it is whole', () => {
  const bytes = new BytePairTokenizer({ merges: 0 }).train([])
  const stream = bytes.decoder()
  const pieces = [...bytes.encode('a你')].map(id => stream.push(id))
  expect(pieces).toEqual(['a', '', '', '你'])
  stream.push(bytes.encode('你')[0])
  expect(stream.end()).toBe('\ufffd')
})

test('a piece of any length is encoded quickly', () => {
  const long = 'ab'.repeat(100_000)
  expect(trained.decode(trained.encode(long))).toBe(long)
})

test('a rare pair is left alone, and a text of one repeated letter gives no endless token', () => {
  expect(new BytePairTokenizer({ minimumFrequency: 3 }).train(['ab ab']).size).toBe(260)
  const once = new BytePairTokenizer({ merges: 1000 }).train(['a'.repeat(5000)])
  expect(Math.max(...[...Array(once.size).keys()].map(id => once.decode([id]).length))).toBe(128)
})

test('a lone surrogate becomes U+FFFD', () => {
  expect(trained.decode(trained.encode('a\ud800b'))).toBe('a\ufffdb')
})

describe('files', () => {
  test('come back as they were', () => {
    const same = tokenizerFromJSON(JSON.parse(JSON.stringify(trained)))
    expect(same.size).toBe(trained.size)
    for (const { text } of oracle.texts) expect(same.encode(text)).toEqual(trained.encode(text))
  })

  const doubling = Array.from({ length: 60 }, (_, i) => [
    i === 0 ? 4 : 259 + i,
    i === 0 ? 4 : 259 + i,
  ])
  test.each([
    ['a merge of a token that is not there', { kind: 'bpe', merges: [[4, 260]] }],
    ['a merge of a special token', { kind: 'bpe', merges: [[3, 4]] }],
    [
      'a merge twice',
      {
        kind: 'bpe',
        merges: [
          [4, 5],
          [4, 5],
        ],
      },
    ],
    ['a merge of three', { kind: 'bpe', merges: [[4, 5, 6]] }],
    ['tokens that double without end', { kind: 'bpe', merges: doubling }],
    ['a pattern', { kind: 'bpe', merges: [], pattern: '(a+)+$' }],
    ['no list', { kind: 'bpe', merges: 'abc' }],
    ['an unknown kind', { kind: 'toString', merges: [] }],
    ['nothing', null],
  ])('with %s are refused', (_, json) => {
    expect(() => tokenizerFromJSON(json)).toThrow(expect.objectContaining({ code: 'FORMAT' }))
  })
})
