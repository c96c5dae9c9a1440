// Error rates: known distances, kinds of edits, sums over texts.

import { expect, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import { Random } from '../../base/philox.js'
import { characterErrorRate, editsOf, wordErrorRate } from './error-rates.js'

test.each([
  ['kitten', 'sitting', 2, 1, 0],
  ['', 'ab', 0, 2, 0],
  ['abc', '', 0, 0, 3],
  ['abc', 'abc', 0, 0, 0],
  ['ab', 'ba', 2, 0, 0],
  ['你好', '你们好', 0, 1, 0],
])('%s → %s', (said, heard, substitutions, insertions, deletions) => {
  const length = [...said].length
  expect(editsOf([...said], [...heard])).toEqual({ substitutions, insertions, deletions, length })
})

test('edits are as few as can be', () => {
  const random = new Random(3)
  const text = () => Array.from({ length: random.integer(5) }, () => random.integer(3))
  const fewest = (a: number[], b: number[]): number =>
    a.length === 0 || b.length === 0
      ? a.length + b.length
      : Math.min(
          fewest(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
          fewest(a.slice(1), b) + 1,
          fewest(a, b.slice(1)) + 1,
        )
  for (let i = 0; i < 200; i++) {
    const [a, b] = [text(), text()]
    const { substitutions, insertions, deletions } = editsOf(a, b)
    expect(substitutions + insertions + deletions).toBe(fewest(a, b))
    expect(a.length - deletions + insertions).toBe(b.length)
  }
})

test('rates are over all texts together', () => {
  expect(characterErrorRate(['two', 'one'], ['too', 'one'])).toMatchObject({
    ...{ rate: 1 / 6, substitutions: 1, length: 6 },
  })
  expect(wordErrorRate(['one two  three'], ['one too'])).toMatchObject({
    ...{ rate: 2 / 3, substitutions: 1, deletions: 1, length: 3 },
  })
  expect(characterErrorRate([''], ['']).rate).toBe(0)
  expect(characterErrorRate([''], ['a']).rate).toBe(Number.POSITIVE_INFINITY)
  expect(() => wordErrorRate(['a'], [])).toThrow(expect.objectContaining({ code: 'SHAPE' }))
})

test('what is no list of texts is refused', () => {
  for (const rate of [characterErrorRate, wordErrorRate])
    for (const [said, heard, message] of [
      ['a', 'b', /ErrorRate: expected texts said, a list, received 'a'.*\[text\]/],
      [['a'], 'b', /texts heard, a list, received 'b'/],
      [[1], [2], /texts in texts said, received 1 at place 0/],
      [['a', 'b'], ['a', null], /received null at place 1/],
      [null, undefined, /received null/],
    ]) {
      const use = () => rate(said as never, heard as never)
      expect(use).toThrow(message as RegExp)
      expect(use).toThrow(AthanorError)
    }
  expect(() => editsOf('kitten' as never, [])).toThrow(/editsOf.*received 'kitten'.*\[\.\.\.text\]/)
  expect(() => editsOf([], 5 as never)).toThrow(/items heard, a list, received 5/)
})
