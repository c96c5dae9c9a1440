// Yes and no in every spelling, where the column's two texts mean yes and no.

import { expect, test } from 'vitest'
import { Table } from '../data/table.js'
import { TablePreprocessor } from './table-preprocessor.js'

function learned(low: unknown, high: unknown) {
  const rows = Array.from({ length: 20 }, (_, i) => ({ flag: i % 2 === 0 ? low : high }))
  return TablePreprocessor.fit(Table.fromObjects(rows, { flag: 'boolean' }))
}

function ask(preprocessor: TablePreprocessor, values: readonly unknown[]) {
  const { x, tallies } = preprocessor.transform(
    preprocessor.fromObjects(values.map(flag => ({ flag }))),
  )
  return { signs: [...x], unseen: tallies.get('flag')?.unseen }
}

test.each([
  ['0', '1'],
  [0, 1],
  [false, true],
  ['FALSE', 'TRUE'],
  ['no', 'yes'],
  ['N', 'Y'],
  ['否', '是'],
])('a file with %s and %s takes true, 1 and yes', (low, high) => {
  const { signs, unseen } = ask(learned(low, high), [
    true,
    1,
    '1',
    'yes',
    false,
    0,
    '0',
    'No',
    null,
  ])
  expect(signs).toEqual([1, 1, 1, 1, -1, -1, -1, -1, 0])
  expect(unseen).toBe(0)
})

test('other pairs of texts take nothing but themselves; a third text is unseen', () => {
  expect(ask(learned('a', 'b'), ['b', 'a', true, 1])).toEqual({ signs: [1, -1, 0, 0], unseen: 2 })
  expect(ask(learned('t', 'yes'), ['yes', 't', true])).toEqual({ signs: [1, -1, 0], unseen: 1 })
  expect(ask(learned('0', '1'), ['perhaps', '2'])).toEqual({ signs: [0, 0], unseen: 2 })
})

test('the rule travels with the saved model', () => {
  const again = TablePreprocessor.fromJSON(JSON.parse(JSON.stringify(learned('0', '1').toJSON())))
  expect(ask(again, [true, false]).signs).toEqual([1, -1])
})
