import { describe, expect, it } from 'vitest'
import { Random } from '../../base/philox.js'
import type { ColumnType } from '../column.js'
import { splitRows } from '../split.js'
import { Table } from '../table.js'
import { checkData } from './check-data.js'

type Row = Record<string, unknown>

function findings(
  rows: readonly Row[],
  options: {
    target?: string
    task?: 'classification' | 'regression'
    byTime?: boolean
    types?: Record<string, ColumnType>
  } = {},
) {
  const table = Table.fromObjects(rows, options.types)
  const split = options.byTime
    ? splitRows({ rows: rows.length, method: 'time', time: Float64Array.from(rows, (_, i) => i) })
    : splitRows({ rows: rows.length, seed: 1 })
  return checkData(table, {
    target: options.target ?? 'y',
    task: options.task ?? 'classification',
    split,
  })
}

const random = new Random(9)
const noise = (n: number, more: (i: number) => Row = () => ({})) =>
  Array.from({ length: n }, (_, i) => ({
    a: random.uniform(),
    b: `b${random.integer(3)}`,
    y: `class ${random.integer(2)}`,
    ...more(i),
  }))
const codes = (rows: readonly Row[], options?: Parameters<typeof findings>[1]) =>
  findings(rows, options).map(finding => finding.code)

describe('checkData', () => {
  it('has nothing to say about ordinary data', () => {
    expect(findings(noise(400))).toEqual([])
  })

  it.each<[string, readonly Row[], object]>([
    [
      'missing-values',
      noise(200, i => ({ a: i % 4 === 0 ? null : i / 7 })),
      { column: 'a', count: 50, details: { share: '25%' } },
    ],
    [
      'infinite-cells',
      noise(200, i => ({ a: i < 3 ? Infinity : i / 7 })),
      { column: 'a', count: 3 },
    ],
    ['empty-column', noise(200, () => ({ a: null })), { column: 'a' }],
    ['constant-column', noise(200, () => ({ a: 5 })), { column: 'a' }],
    ['many-categories', noise(200, i => ({ b: `b${i % 90}` })), { column: 'b', count: 90 }],
    [
      'many-columns',
      noise(30, () =>
        Object.fromEntries(Array.from({ length: 40 }, (_, k) => [`f${k}`, random.uniform()])),
      ),
      { count: 42 },
    ],
    ['rows-without-target', noise(200, i => (i < 7 ? { y: null } : {})), { column: 'y', count: 7 }],
    ['few-rows', noise(40), { count: 40 }],
    ['one-class', noise(200, () => ({ y: 'same' })), { severity: 'error' }],
    [
      'single-member-class',
      noise(200, i => (i === 5 ? { y: 'rare' } : {})),
      { count: 1, details: { classes: 'rare' } },
    ],
    [
      'class-imbalance',
      noise(400, i => ({ y: i % 20 === 0 ? 'p' : 'n' })),
      { details: { largest: 'n', most: 380, smallest: 'p', least: 20, rows: 400 } },
    ],
    ['class-missing-in-split', noise(200, i => (i === 5 ? { y: 'rare' } : {})), { count: 1 }],
    ['many-classes', noise(200, i => ({ y: `t${i}` })), { count: 200 }],
    [
      'duplicate-rows',
      noise(200, i => (i < 20 ? { a: 1, b: 'b', y: 'class 0' } : {})),
      { count: 19 },
    ],
    [
      'duplicate-rows-across-split',
      noise(200, i => (i < 20 ? { a: 1, b: 'b', y: 'class 0' } : {})),
      { severity: 'warning' },
    ],
    [
      'predicts-target',
      noise(400, i => ({ y: `class ${i % 2}`, paid: i % 2 ? 'yes' : 'no' })),
      { column: 'paid', details: { score: 1 } },
    ],
  ])('%s', (code, rows, expected) => {
    expect(findings(rows).find(finding => finding.code === code)).toMatchObject(expected)
  })

  it('texts that are missing or blank', () => {
    const rows = noise(200, i => ({
      note: [null, ' \n ', `it was said ${i} times`][Math.min(i, 2)],
    }))
    expect(findings(rows, { types: { note: 'text' } })).toContainEqual({
      code: 'empty-texts',
      severity: 'info',
      column: 'note',
      count: 2,
      details: { share: '1%' },
    })
  })

  it('a number that is the target in disguise', () => {
    const rows = noise(400, i => ({
      y: i % 97,
      copy: (i % 97) * 3 + 1,
      half: (i % 97) + 30 * random.uniform(),
    }))
    const leaks = findings(rows, { task: 'regression' }).filter(f => f.code === 'predicts-target')
    expect(leaks.map(finding => finding.column)).toEqual(['copy'])
  })

  it('drift of a number, of a text, of what is missing', () => {
    const rows = noise(600, i => ({
      grows: i / 600 + 0.2 * random.uniform(),
      moves: i > 500 ? 'new' : 'old',
      fails: i > 500 && i % 2 === 0 ? null : random.uniform(),
    }))
    const drifted = findings(rows, { byTime: true }).filter(f => f.code === 'drift')
    expect(drifted.map(finding => finding.column)).toEqual(['grows', 'moves', 'fails'])
    expect(codes(rows)).not.toContain('drift')
  })

  it('classes given as few numbers', () => {
    const rows = noise(200, i => ({ y: (i * 7) % 5 }))
    expect(codes(rows, { task: 'regression' })).toContain('numeric-target-few-values')
  })

  it('puts the gravest first, and names the nearest target', () => {
    const severities = findings(noise(40, i => ({ y: 'same', a: i % 3 === 0 ? null : i })))
    expect(severities[0].severity).toBe('error')
    expect(severities.at(-1)!.severity).toBe('info')
    expect(() => findings(noise(40), { target: 'yy' })).toThrow("Did you mean 'y'?")
  })
})
