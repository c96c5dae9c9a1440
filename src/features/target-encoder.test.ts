import { describe, expect, test } from 'vitest'
import { AthanorError } from '../base/errors.js'
import { Table } from '../data/table.js'
import { guessTask, TargetEncoder } from './target-encoder.js'

const column = (values: unknown[]) => Table.fromObjects(values.map(y => ({ y }))).column('y')

describe('TargetEncoder', () => {
  test('classes in order, with counts, there and back', () => {
    const y = column(['yes', 'no', null, 'yes'])
    const target = TargetEncoder.fit(y)
    expect(target.classes).toEqual(['no', 'yes'])
    expect(target.classCounts).toEqual([1, 2])
    expect(Array.from(target.usable(y))).toEqual([0, 1, 3])
    expect(target.encode(y, [0, 1, 3])).toEqual(Int32Array.of(1, 0, 1))
    expect(target.decode([1, 0])).toEqual(['yes', 'no'])
    const again = TargetEncoder.fromJSON(JSON.parse(JSON.stringify(target)))
    expect(again.encode(y, [0, 1])).toEqual(Int32Array.of(1, 0))
  })

  test('the positive class comes second', () => {
    const target = TargetEncoder.fit(column(['good', 'bad']), undefined, { positive: 'bad' })
    expect(target.classes).toEqual(['good', 'bad'])
  })

  test.each([
    ['texts', ['b', 'a', null, 'c', 'a', 'b', 'b']],
    ['truth values', [true, false, null, false, true, true, true]],
    ['numbers', [1.5, 2, null, 1e9, -3, 0.1, 0.2]],
    ['whole numbers of few values', [3, 1, null, 1, 3, 3, 1]],
    ['huge numbers', [1e300, -1e300, null, 3e300, 1, 2, 3]],
  ])('learns %s from chunks as from the whole', async (_, values) => {
    const whole = Table.fromObjects(values.map(y => ({ y })))
    const chunks = [[0, 1, 2], [3], [], [4, 5, 6]].map(rows => whole.take(rows))
    const fromChunks = await TargetEncoder.fitChunks('y', chunks)
    expect(fromChunks.toJSON()).toEqual(TargetEncoder.fit(whole.column('y')).toJSON())
  })

  test('chunks with texts of their own; options; nothing at all', async () => {
    const chunk = (values: string[]) => Table.fromObjects(values.map(y => ({ y })))
    const chunks = [chunk(['late', 'early']), chunk(['early', 'early']), chunk(['late'])]
    const target = await TargetEncoder.fitChunks('y', chunks, { positive: 'early' })
    expect([target.classes, target.classCounts]).toEqual([
      ['late', 'early'],
      [2, 3],
    ])
    await expect(TargetEncoder.fitChunks('y', [])).rejects.toMatchObject({ code: 'DATA' })
  })

  test('labels keep their kind', () => {
    expect(TargetEncoder.fit(column([10, 9, 10])).decode([0, 1])).toEqual([9, 10])
    expect(TargetEncoder.fit(column([true, false])).decode([0, 1])).toEqual([false, true])
  })

  test('numbers are scaled in float64', () => {
    const y = column([1e9 + 1.5, 1e9 + 2.5, 1e9 + 3.5])
    const target = TargetEncoder.fit(y)
    expect(target.kind).toBe('number')
    expect(target.encode(y)[2]).toBeCloseTo(1.224744871, 6)
    expect(target.decode(target.encode(y))[2]).toBeCloseTo(1e9 + 3.5, 5)
    const huge = column([1e300, -1e300, 3e300])
    const scaled = TargetEncoder.fit(huge, undefined, { task: 'regression' })
    expect(scaled.encode(huge).every(v => Math.abs(v) < 3)).toBe(true)
    expect((scaled.decode(scaled.encode(huge))[2] as number) / 3e300).toBeCloseTo(1, 5)
  })

  test('what a target is for', () => {
    expect(guessTask(column(['a', 'b'])).task).toBe('classification')
    expect(guessTask(column([0, 1, 2, 1])).task).toBe('classification')
    expect(guessTask(column([0.5, 1])).task).toBe('regression')
    expect(guessTask(column(Array.from({ length: 11 }, (_, i) => i))).task).toBe('regression')
  })

  test.each<[string, RegExp, () => unknown]>([
    ['no value', /at least one training row/, () => TargetEncoder.fit(column([null, null]))],
    ['one class', /one class, 'a'/, () => TargetEncoder.fit(column(['a', 'a']))],
    [
      'a text for a regression',
      /numbers for a regression/,
      () => TargetEncoder.fit(column(['a', 'b']), undefined, { task: 'regression' }),
    ],
    [
      'a positive class that is not there',
      /Did you mean 'yes'/,
      () => TargetEncoder.fit(column(['yes', 'no']), undefined, { positive: 'Yes' }),
    ],
    [
      'an unseen class',
      /'maybe' in row 2/,
      () => TargetEncoder.fit(column(['yes', 'no'])).encode(column(['yes', 'maybe'])),
    ],
    [
      'a row without a target',
      /none in row 2/,
      () => TargetEncoder.fit(column(['yes', 'no'])).encode(column(['yes', null])),
    ],
    [
      'a class number too far',
      /from 0 to 1/,
      () => TargetEncoder.fit(column(['a', 'b'])).decode([2]),
    ],
    ['a row too far', /row ids/, () => TargetEncoder.fit(column(['a', 'b']), [2])],
  ])('%s is an error', (_, message, run) => {
    expect(run).toThrow(message)
    expect(run).toThrow(AthanorError)
  })

  const json = JSON.parse(JSON.stringify(TargetEncoder.fit(column(['a', 'b']))))
  test.each<[string, unknown]>([
    ['null', null],
    [
      'std 0',
      { format: 'athanor.target', version: 1, name: 'y', kind: 'number', mean: 0, std: 0, unit: 1 },
    ],
    ['one class', { ...json, classes: ['a'], counts: [1] }],
    ['a class twice', { ...json, classes: ['a', 'a'] }],
    ['counts too few', { ...json, counts: [1] }],
    ['an unknown kind', { ...json, kind: '__proto__' }],
    ['a field too many', { ...json, mean: 1 }],
    ['a newer version', { ...json, version: 9 }],
  ])('refuses hostile JSON: %s', (_, bad) => {
    let code = 'none'
    try {
      TargetEncoder.fromJSON(bad)
    } catch (error) {
      code = error instanceof AthanorError ? error.code : String(error)
    }
    expect(code).toBe('FORMAT')
  })
})
