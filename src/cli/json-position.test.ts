// JSON with places: the same values as JSON.parse, and errors where they are.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonSyntaxError, parseJson, plainValue } from './json-position.js'

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json(), fc.boolean(), (text, spaced) => {
      const shown = spaced ? JSON.stringify(JSON.parse(text), null, 2) : text
      expect(plainValue(parseJson(shown))).toEqual(JSON.parse(shown))
    }),
  )
})

test('refuses what JSON.parse refuses', () => {
  for (const text of [
    '',
    '{',
    '[1,]',
    '{"a":1,}',
    '01',
    '1.',
    '"\\x"',
    '"a\nb"',
    'nul',
    '{a:1}',
    '1 2',
    '"',
    '[1 2]',
  ])
    expect(() => parseJson(text), text).toThrow(JsonSyntaxError)
  expect(() => parseJson('['.repeat(5000))).toThrow(/less nesting/)
})

test('knows line and column', () => {
  const node = parseJson('\ufeff{\n  "a": [1,\n    true]\n}')
  if (node.kind !== 'object') throw new Error('not an object')
  expect(node.fields[0].keyPlace).toEqual({ line: 2, column: 3 })
  const list = node.fields[0].node
  if (list.kind !== 'array') throw new Error('not an array')
  expect(list.items.map(item => item.place)).toEqual([
    { line: 2, column: 9 },
    { line: 3, column: 5 },
  ])
})

test('never touches a prototype', () => {
  const value = plainValue(parseJson('{"__proto__": {"polluted": 1}}')) as object
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  expect(Object.keys(value)).toEqual(['__proto__'])
})
