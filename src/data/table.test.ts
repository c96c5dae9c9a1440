import { describe, expect, it } from 'vitest'
import { cellText } from './column.js'
import { convertColumn } from './infer.js'
import { joinTables } from './join.js'
import { describeTable } from './schema.js'
import { Table } from './table.js'

const rows = [
  { name: 'Ann', age: 31, paid: true, since: '2020-01-02', id: 2n ** 60n + 1n },
  { name: 'Bob', age: null, paid: false, since: '2021-03-04T05:06:07Z', id: 5n, extra: 'x' },
]

describe('Table.fromObjects', () => {
  it('types values, and takes absent names as missing', () => {
    const table = Table.fromObjects(rows)
    expect(table.columns.map(column => column.type)).toEqual([
      'category',
      'integer',
      'boolean',
      'datetime',
      'integer',
      'category',
    ])
    expect(table.row(0)).toEqual({ ...rows[0], since: new Date('2020-01-02'), extra: null })
    expect(table.row(1).id).toBe(5)
  })

  it('numbers in texts are numbers, unless types say otherwise', () => {
    const given = [
      { a: '1', b: ' 2.5 ' },
      { a: '', b: 'NA' },
    ]
    expect(Table.fromObjects(given).row(1)).toEqual({ a: null, b: null })
    expect(Table.fromObjects(given).row(0)).toEqual({ a: 1, b: 2.5 })
    expect(Table.fromObjects(given, { a: 'category' }).row(0)).toEqual({ a: '1', b: 2.5 })
  })

  it('infinite numbers are missing and counted', () => {
    const column = Table.fromObjects([{ a: Infinity }, { a: 1 }, { a: Number.NaN }]).column('a')
    expect(column).toMatchObject({ infinite: 1 })
    expect(cellText(column, 0)).toBe('')
  })

  it('names that JavaScript has a meaning for are names', () => {
    const table = Table.fromObjects([JSON.parse('{"__proto__": 1, "constructor": 2}')])
    expect(table.names).toEqual(['__proto__', 'constructor'])
    expect(Object.keys(table.row(0))).toEqual(['__proto__', 'constructor'])
  })

  it('refuses what is no object', () => {
    expect(() => Table.fromObjects([1 as never])).toThrow('number at index 0')
  })
})

describe('Table', () => {
  it('takes rows in any order', () => {
    const table = Table.fromObjects(rows).take([1, 0, 1])
    expect(table.rows).toBe(3)
    expect(table.row(1)).toMatchObject({ name: 'Ann', id: 2n ** 60n + 1n })
    expect(() => table.take([3])).toThrow('row ids in [0, 3)')
  })

  it('suggests the nearest name', () => {
    expect(() => Table.fromObjects(rows).column('nmae')).toThrow("Did you mean 'name'?")
  })

  it('selects and joins', () => {
    const table = Table.fromObjects(rows).select(['age', 'name'])
    const joined = joinTables([table, table.take([1])])
    expect(joined.rows).toBe(3)
    expect(joined.row(2)).toEqual({ age: null, name: 'Bob' })
    const other = Table.fromObjects([{ age: 'old', name: 'Bob' }])
    expect(joinTables([table, other]).column('age')).toMatchObject({ type: 'category' })
    expect(() => joinTables([table, Table.fromObjects([{ a: 1 }])])).toThrow('age, name')
    const keys = [[{ id: 1 }, { id: 2 }], [{ id: 'x3' }]].map(rows =>
      Table.fromObjects(rows, { id: 'identifier' }),
    )
    expect(keys.map(part => part.columns[0].kind)).toEqual(['number', 'code'])
    expect(joinTables(keys).columns[0]).toMatchObject({
      type: 'identifier',
      categories: ['1', '2', 'x3'],
    })
  })
})

describe('convertColumn', () => {
  it('between numbers and texts, there and back', () => {
    const column = Table.fromObjects([{ a: 1 }, { a: 2.5 }, { a: null }, { a: 1 }]).column('a')
    const text = convertColumn(column, 'category').column
    expect(text).toMatchObject({ categories: ['1', '2.5'], codes: Int32Array.of(0, 1, -1, 0) })
    expect(convertColumn(text, 'numeric').column).toEqual(column)
  })

  it('counts texts that are no numbers', () => {
    const column = Table.fromObjects([{ a: 'x' }, { a: '3' }, { a: 'y' }]).column('a')
    const { column: numbers, unreadable } = convertColumn(column, 'numeric')
    expect(unreadable).toBe(2)
    expect([0, 1, 2].map(row => cellText(numbers, row))).toEqual(['', '3', ''])
    expect(() => convertColumn(Table.fromObjects([{ a: 0.5 }]).column('a'), 'integer')).toThrow(
      'whole',
    )
  })
})

describe('describeTable', () => {
  it('sniffs, says why, and converts', () => {
    const table = Table.fromObjects(
      Array.from({ length: 30 }, (_, i) => ({
        flag: i % 2,
        word: `w${i % 3}`,
        id: i,
        key: `k${i}`,
      })),
    )
    const { schema, table: typed } = describeTable(table, { types: { word: 'text' } })
    expect(schema.map(({ name, type, reason }) => [name, type, reason])).toEqual([
      ['flag', 'boolean', 'only 0 and 1'],
      ['word', 'text', 'set by the user'],
      ['id', 'identifier', 'whole numbers, each one different, named like a key'],
      ['key', 'identifier', 'short texts, nearly each one different'],
    ])
    expect(typed.column('flag')).toMatchObject({ kind: 'code', categories: ['0', '1'] })
    expect(schema[1].top).toEqual([
      { value: 'w0', count: 10 },
      { value: 'w1', count: 10 },
      { value: 'w2', count: 10 },
    ])
  })
})
