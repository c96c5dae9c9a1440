// Vectorizers of texts against scikit-learn; Chinese; what is refused; speed in shape, not in seconds.

import { describe, expect, test } from 'vitest'
import { Table } from '../../data/table.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { murmurHash3 } from '../../features/murmur-hash.js'
import { casesOf, type Json, near } from '../testing/oracle.js'
import { CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer } from './index.js'

const cases = casesOf(new URL('./fixtures/text.json', import.meta.url))
const classes: Json = { CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer }

function same(actual: SparseMatrix, expected: Json) {
  // Terms that cancel each other leave a stored 0 in one of the two.
  const entries = ({ indptr, indices, values }: Json) =>
    Array.from({ length: indptr.length - 1 }, (_, row) =>
      Array.from({ length: indptr[row + 1] - indptr[row] }, (_v, i) => indptr[row] + i)
        .filter(n => values[n] !== 0)
        .map(n => [indices[n], values[n]]),
    )
  expect(actual.width).toBe(expected.width)
  near(entries(actual), entries(expected), 1e-12)
}

test.each(
  cases
    .filter(c => c.texts)
    .map((c, i) => [`${i} ${c.estimator} ${JSON.stringify(c.params)}`, c] as const),
)('%s', async (_, c) => {
  const Class = classes[c.estimator]
  const model = new Class(c.params)
  same(await model.fitTransform(c.texts), c.fitted)
  const again = Class.fromJSON(JSON.parse(JSON.stringify(model)))
  const separately = await new Class(c.params).fit(c.texts)
  for (const one of [model, again, separately]) {
    same(await one.transform(c.new), c.out)
    if (c.names) expect(one.featureNamesOut).toEqual(c.names)
    if (c.idf) near(one.idf, c.idf, 1e-12)
  }
})

test.each(cases.filter(c => c.counts).map(c => [JSON.stringify(c.params), c] as const))(
  'TfidfTransformer %s',
  async (_, c) => {
    const model = new TfidfTransformer(c.params)
    const x = { x: Float64Array.from(c.counts.flat()), rows: 4, width: 3 }
    same((await model.fitTransform(SparseMatrix.fromDense(x))) as SparseMatrix, c.out)
    same((await model.transform(x)) as SparseMatrix, c.out)
    if (c.idf) near(model.idf, c.idf, 1e-12)
  },
)

test('hashes are those of scikit-learn', () => {
  const [expected] = cases.filter(c => c.estimator === 'murmur')
  expect(expected.words.map((word: string) => murmurHash3(word))).toEqual(expected.hashes)
  expect(expected.words.map((word: string) => murmurHash3(word, 42))).toEqual(expected.seeded)
})

describe('input', () => {
  test('a column of a table, records, one text a row', async () => {
    const texts = ['red house', 'blue house']
    const records = texts.map(review => ({ review }))
    const model = await new CountVectorizer().fit(records)
    const expected = await new CountVectorizer().fitTransform(texts)
    for (const given of [texts, records, Table.fromObjects(records, { review: 'text' })]) {
      const out = (await model.transform(given)) as SparseMatrix
      expect(Array.from(out.indices)).toEqual(Array.from((expected as SparseMatrix).indices))
    }
    expect(model.featureNamesIn).toEqual(['review'])
    expect((await model.transform(records)).names).toEqual(['blue', 'house', 'red'])
    expect(await model.inverseTransform(expected)).toEqual([
      ['house', 'red'],
      ['blue', 'house'],
    ])
  })

  test('what is no text', async () => {
    const model = await new TfidfVectorizer().fit(['one text'])
    await expect(model.transform(['a', null] as never)).rejects.toThrow(/a missing one in row 1/)
    await expect(model.transform([1, 2] as never)).rejects.toThrow(/expected texts/)
    await expect(model.transform([])).rejects.toThrow(/at least one text/)
    await expect(model.transform([['a', 'b']])).rejects.toThrow(/1 columns/)
    await expect(model.fit(['a b', ''])).rejects.toThrow(/texts without any.*Chinese/)
    await expect(new CountVectorizer({ minDf: 5 }).fit(['ab', 'cd'])).rejects.toThrow(/minDf/)
    await expect(new TfidfTransformer().fit([[-1]])).rejects.toThrow(/counts of 0 or more/)
  })

  test('parameters that cannot be', () => {
    expect(() => new CountVectorizer({ ngramRange: [2, 1] })).toThrow(/ascending/)
    expect(() => new CountVectorizer({ tokenPattern: '(' })).toThrow(/regular expression/)
    expect(() => new CountVectorizer({ tokenPattern: '(a)(b)' })).toThrow(/one group/)
    expect(() => new CountVectorizer({ vocabulary: ['a', 'a'] })).toThrow(/once/)
    expect(() => new CountVectorizer({ maxDf: 1.5 })).toThrow(/share/)
  })

  test('a damaged file is refused', async () => {
    const json = () => JSON.parse(JSON.stringify(fitted))
    const fitted = await new TfidfVectorizer().fit(['one two', 'two three'])
    const bad = (change: (json: Json) => void) => {
      const altered = json()
      change(altered)
      return () => TfidfVectorizer.fromJSON(altered)
    }
    expect(bad(j => j.state.terms.pop())).toThrow(/weights of 2 terms/)
    expect(bad(j => (j.state.terms[0] = j.state.terms[1]))).toThrow(/once/)
    expect(bad(j => (j.state.idf = null))).toThrow(/useIdf/)
    expect(bad(j => (j.params.tokenPattern = '('))).toThrow(/regular expression/)
  })
})

describe('Chinese', () => {
  const texts = ['我们喜欢机器学习', '机器学习很有用', '天气很好']

  test('characters and pairs of them', async () => {
    const model = await new CountVectorizer({ analyzer: 'char', ngramRange: [2, 2] }).fit(texts)
    expect(model.featureNamesOut).toContain('学习')
    const out = (await model.transform(['机器'])) as SparseMatrix
    expect(out.values.length).toBe(1)
  })

  test('words by Intl.Segmenter', async () => {
    const model = await new CountVectorizer({ analyzer: 'segment' }).fit([
      ...texts,
      'We like it, too.',
    ])
    expect(model.featureNamesOut).toEqual(expect.arrayContaining(['天气', '机器', 'like', 'too']))
    expect(model.featureNamesOut).not.toContain('，')
    const stop = new CountVectorizer({ analyzer: 'segment', stopWords: ['天气'] })
    expect((await stop.fit(texts)).featureNamesOut).not.toContain('天气')
  })
})

test('two thousand texts of two hundred words, with pairs of words', async () => {
  const word = (i: number) => `w${(i * 7919) % 5003}`
  const texts = Array.from({ length: 2000 }, (_, row) =>
    Array.from({ length: 200 }, (_w, i) => word(row * 31 + i * i)).join(' '),
  )
  const model = new TfidfVectorizer({ ngramRange: [1, 2], minDf: 2 })
  const out = (await model.fitTransform(texts)) as SparseMatrix
  expect(out.rows).toBe(2000)
  expect(out.width).toBe(model.featureNamesOut.length)
  const again = (await model.transform(texts.slice(0, 3))) as SparseMatrix
  expect(Array.from(again.values)).toEqual(Array.from(out.take([0, 1, 2]).values))
})

test('a signal stops counting', async () => {
  const texts = Array.from({ length: 100 }, () => 'some words')
  await expect(
    new CountVectorizer().fit(texts, undefined, { signal: AbortSignal.abort() }),
  ).rejects.toThrow(/abort/)
})
