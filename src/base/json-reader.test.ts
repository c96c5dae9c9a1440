import { describe, expect, test } from 'vitest'
import type { AthanorError } from './errors.js'
import { JsonReader } from './json-reader.js'

const read = (value: unknown) => new JsonReader('model.json', value)

describe('JsonReader', () => {
  test('reads what is there', () => {
    const reader = read(JSON.parse('{"a": {"b": [1, 2.5]}, "c": "x", "d": true}'))
    reader.only('a', 'c', 'd')
    expect(Array.from(reader.get('a').get('b').ascendingNumbers())).toEqual([1, 2.5])
    expect(reader.get('c').oneOf(['x', 'y'])).toBe('x')
    expect(reader.get('d').boolean()).toBe(true)
    expect(reader.has('e')).toBe(false)
  })

  test.each<[string, RegExp, () => unknown]>([
    ['an inherited name', /a field 'constructor'/, () => read({}).get('constructor')],
    ['__proto__ as a key', /__proto__/, () => read(JSON.parse('{"__proto__": 1}')).only('a')],
    [
      'a wrong kind',
      /at a: expected a text, received number 1/,
      () => read({ a: 1 }).get('a').string(),
    ],
    ['NaN', /expected a number/, () => read(Number.NaN).number()],
    ['null for a number', /received null/, () => read(null).number()],
    ['a fraction', /whole number/, () => read(1.5).integer()],
    ['too many items', /3 items/, () => read([1, 2, 3]).items(0, 2)],
    ['an array for an object', /an object/, () => read([]).get('a')],
    ['a step back', /ascending/, () => read([1, 1]).ascendingNumbers()],
    ['a text twice', /once/, () => read(['a', 'a']).distinctStrings()],
    ['a choice unknown', /one of x, y/, () => read('z').oneOf(['x', 'y'])],
    [
      'the path of an item',
      /\[1\]\.n/,
      () =>
        read([{ n: 1 }, { n: 'x' }])
          .items()[1]
          .get('n')
          .number(),
    ],
  ])('refuses %s', (_, message, run) => {
    expect(run).toThrow(message)
    try {
      run()
    } catch (error) {
      expect((error as AthanorError).code).toBe('FORMAT')
    }
  })
})
