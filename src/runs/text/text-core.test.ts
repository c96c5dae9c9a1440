// The ids that a net reads of a column.

import { expect, test } from 'vitest'
import { Table } from '../../data/table.js'
import { CharacterTokenizer } from '../../features/text/index.js'
import { idsOfTexts } from './text-core.js'

test('longer texts lose their middle, missing ones are empty', () => {
  const table = Table.fromObjects([{ text: 'abcdefg' }, { text: 'abc' }, { text: null }], {
    text: 'text',
  })
  const tokenizer = new CharacterTokenizer().train(['abcdefg'])
  const read = (most: number) =>
    idsOfTexts(tokenizer, table, 'text', Uint32Array.of(0, 1, 2), most).map(ids =>
      tokenizer.decode(ids),
    )
  expect(read(4)).toEqual(['abfg', 'abc', ''])
  expect(read(5)).toEqual(['abcfg', 'abc', ''])
  expect(read(1)).toEqual(['a', 'a', ''])
})
