import { describe, expect, it } from 'vitest'
import { type ColumnFacts, sniffType } from './sniff.js'

const numbers = (facts: Partial<ColumnFacts> = {}): ColumnFacts => ({
  name: 'x',
  kind: 'number',
  source: 'BIGINT',
  rows: 100,
  missing: 0,
  distinct: 100,
  min: 1,
  max: 100,
  allWhole: true,
  ...facts,
})
const texts = (categories: readonly string[], facts: Partial<ColumnFacts> = {}): ColumnFacts => ({
  name: 'x',
  kind: 'code',
  source: 'VARCHAR',
  rows: 100,
  missing: 0,
  distinct: categories.length,
  categories,
  ...facts,
})
const many = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i))

describe('sniffType', () => {
  it.each<[string, ColumnFacts, string]>([
    ['numbers', numbers({ allWhole: false }), 'numeric'],
    ['whole numbers', numbers(), 'integer'],
    ['0 and 1', numbers({ distinct: 2, min: 0, max: 1 }), 'boolean'],
    ['0 only', numbers({ distinct: 1, min: 0, max: 0 }), 'integer'],
    ['dates', numbers({ isDatetime: true }), 'datetime'],
    ['no numbers', numbers({ missing: 100, distinct: 0 }), 'numeric'],
    ['no texts', texts([], { missing: 100 }), 'category'],
    ['repeating texts', texts(['red', 'green', 'blue']), 'category'],
    ['two words for yes and no', texts(['Yes', 'No']), 'boolean'],
    ['是 and 否', texts(['是', '否']), 'boolean'],
    ['two other words', texts(['cat', 'dog']), 'category'],
    ['truth values', texts(['true'], { source: 'BOOLEAN' }), 'boolean'],
    ['codes, each different', texts(many(100, i => `u-${i}`)), 'identifier'],
    ['sentences', texts(many(90, i => `this is the sentence number ${i}`)), 'text'],
    [
      'many texts that rarely repeat',
      texts(
        many(600, i => `t${i}`),
        { rows: 1000 },
      ),
      'text',
    ],
    ['a few rows', texts(['a', 'b', 'c'], { rows: 3 }), 'category'],
    ['too many for memory', texts(['a', 'b'], { ownTexts: true }), 'text'],
  ])('%s', (_, facts, type) => {
    expect(sniffType(facts).type).toBe(type)
  })

  it.each([
    'id',
    'ID',
    'Id',
    'user_id',
    'userId',
    'UserID',
    'customer id',
    'uuid',
    '编号',
    '身份证号',
    '',
  ])('different whole numbers named %j are an identifier', name => {
    expect(sniffType(numbers({ name })).type).toBe('identifier')
    expect(sniffType(numbers({ name, distinct: 50 })).type).toBe('integer')
  })

  it.each(['paid', 'PAID', 'valid', 'grid', 'humid', 'width', '型号'])('%s names no key', name => {
    expect(sniffType(numbers({ name })).type).toBe('integer')
  })

  it('the user knows better', () => {
    expect(sniffType(numbers(), 'category')).toEqual({
      type: 'category',
      reason: 'set by the user',
    })
  })
})
