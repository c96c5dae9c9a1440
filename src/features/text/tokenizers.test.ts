import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BytePairTokenizer, bytePairOptions } from './byte-pairs.js'
import { CharacterTokenizer, characterOptions } from './characters.js'
import { tokenizerFromJSON } from './from-json.js'
import { specialTokens } from './special-tokens.js'
import { encodeOptions, type Tokenizer } from './tokenizer.js'
import { WordTokenizer, wordOptions } from './words.js'

const chinese = '今天天气很好，我们去公园。\n机器学习很有意思！'

const kinds: readonly (readonly [string, () => Tokenizer])[] = [
  ['characters', () => new CharacterTokenizer()],
  ['words', () => new WordTokenizer({ minimumFrequency: 1 })],
  ['bpe', () => new BytePairTokenizer()],
]

describe.each(kinds)('%s', (_, make) => {
  const tokenizer = make().train([chinese, 'The cat sat; the dog, too.\n\nEnd.'])

  test('brings Chinese back', () => {
    expect(tokenizer.decode(tokenizer.encode(chinese))).toBe(chinese)
  })

  test('is saved and read', () => {
    const same = tokenizerFromJSON(JSON.parse(JSON.stringify(tokenizer)))
    expect(same.kind).toBe(tokenizer.kind)
    expect(same.encode(chinese)).toEqual(tokenizer.encode(chinese))
    expect(same.decode(tokenizer.encode(chinese))).toBe(chinese)
  })

  test('marks beginning and end, which give no text', () => {
    const ids = tokenizer.encode('我们', { begin: true, end: true })
    expect(ids[0]).toBe(specialTokens.begin)
    expect(ids.at(-1)).toBe(specialTokens.end)
    expect(tokenizer.decode([specialTokens.pad, ...ids])).toBe('我们')
  })

  test('an empty text has no tokens, no texts make a vocabulary of none', () => {
    expect(tokenizer.encode('')).toEqual(new Int32Array())
    expect(tokenizer.decode([])).toBe('')
    expect(make().train([]).encode('').length).toBe(0)
  })

  test('every id is below size, every id decodes', () => {
    for (const id of tokenizer.encode(`${chinese} zzz 🙂`)) expect(id).toBeLessThan(tokenizer.size)
    for (let id = 0; id < tokenizer.size; id++)
      expect(typeof tokenizer.tokenText(id)).toBe('string')
    expect(tokenizer.tokenText(1)).toBe('<unknown>')
  })

  test.each([[-1], [1.5], [Number.NaN], [1_000_000]])('refuses the id %s', id => {
    expect(() => tokenizer.decode([id])).toThrow(expect.objectContaining({ code: 'INDEX' }))
  })

  test('says when it is not trained, and what it was given instead of texts', () => {
    expect(() => make().encode('a')).toThrow(/train\(texts\) first/)
    expect(() => make().toJSON()).toThrow(expect.objectContaining({ code: 'STATE' }))
    expect(() => make().train('abc')).toThrow(/list of texts/)
    expect(() => make().train([1 as never])).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
    expect(() => tokenizer.encode(null as never)).toThrow(/a text, received null/)
  })
})

test('options that are wrong are refused', () => {
  for (const [table, use] of [
    [characterOptions, (o: object) => new CharacterTokenizer(o)],
    [wordOptions, (o: object) => new WordTokenizer(o)],
    [bytePairOptions, (o: object) => new BytePairTokenizer(o)],
    [encodeOptions, (o: object) => new CharacterTokenizer().train([]).encode('', o)],
  ] as const) {
    expect(() => use({ nonsense: 1 })).toThrow(/known option/)
    for (const [name, row] of Object.entries(table.rows))
      for (const bad of row.bad)
        expect(() => use({ [name]: bad })).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
  }
})

describe('characters', () => {
  test('are whole code points, the most frequent first, of equals the first of the alphabet', () => {
    const tokenizer = new CharacterTokenizer().train(['b🙂a🙂'])
    expect(tokenizer.toJSON().tokens).toEqual(['🙂', 'a', 'b'])
    expect([...tokenizer.encode('b?🙂')]).toEqual([6, 1, 4])
    expect(tokenizer.decode([6, 1, 4])).toBe('b\ufffd🙂')
  })

  test('that are rare, or too many, are unknown', () => {
    expect(new CharacterTokenizer({ minimumFrequency: 2 }).train(['aab']).size).toBe(5)
    expect(new CharacterTokenizer({ maximumVocabulary: 1 }).train(['aab']).size).toBe(5)
  })

  test('what they know comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const tokenizer = new CharacterTokenizer().train([text])
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
      }),
    )
  })
})

describe('words', () => {
  const tokenizer = new WordTokenizer({ minimumFrequency: 1 })
  const through = (text: string, from: WordTokenizer = tokenizer) => {
    from.train([text])
    return from.decode(from.encode(text))
  }

  test('stand apart from punctuation and white space', () => {
    tokenizer.train(["Don't stop,  \tCafé_3 (now)! 你好世界"])
    expect([...tokenizer.toJSON().tokens].sort()).toEqual(
      ['!', '(', ')', ',', 'café_3', "don't", 'now', 'stop', '世界', '你好'].sort(),
    )
  })

  test.each([
    'call me ishmael. some years ago--never mind how long',
    'he said "go on," and (then) "stop!"',
    'one\ntwo\n\nthree',
    'well-known, 50% of it: $5 and #3',
    '“yes,” she said; ‘no’.',
    '我用 typescript 写代码，很快。',
    'ภาษาไทย',
  ])('%j comes back', text => {
    expect(through(text)).toBe(text)
  })

  test('white space is made one space, line ends one kind', () => {
    expect(through('a  b\t c \n d\r\n\r\n\r\ne')).toBe('a b c\nd\n\ne')
  })

  test('keep their capitals where asked', () => {
    expect(through('The the', new WordTokenizer({ lowercase: false, minimumFrequency: 1 }))).toBe(
      'The the',
    )
  })

  test('that are rare are unknown, and the vocabulary has an end', () => {
    const small = new WordTokenizer({ maximumVocabulary: 2 }).train(['a a a b b c c d'])
    expect(small.toJSON().tokens).toEqual(['a', 'b'])
    expect(small.decode(small.encode('a c b d'))).toBe('a \ufffd b \ufffd')
  })
})

describe('files', () => {
  test.each([
    ['a character twice', { kind: 'characters', tokens: ['a', 'a'] }],
    ['a character of two', { kind: 'characters', tokens: ['ab'] }],
    ['an empty character', { kind: 'characters', tokens: [''] }],
    ['a number for a token', { kind: 'characters', tokens: [1] }],
    ['a field too many', { kind: 'characters', tokens: [], pattern: '.' }],
    ['a word with a space', { kind: 'words', lowercase: true, tokens: ['a b'] }],
    ['a capital where there are none', { kind: 'words', lowercase: true, tokens: ['A'] }],
    ['no word on capitals', { kind: 'words', tokens: ['a'] }],
    ['an endless word', { kind: 'words', lowercase: true, tokens: ['a'.repeat(5000)] }],
    ['__proto__ for a kind', JSON.parse('{"kind":"__proto__"}')],
  ])('with %s are refused', (_, json) => {
    expect(() => tokenizerFromJSON(json)).toThrow(expect.objectContaining({ code: 'FORMAT' }))
  })
})
