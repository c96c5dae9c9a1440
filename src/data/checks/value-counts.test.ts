import { describe, expect, it } from 'vitest'
import { Random } from '../../base/philox.js'
import { type Column, isMissing } from '../column.js'
import { countValues, distinctAmong } from './value-counts.js'

const random = new Random(3)
const rows = 5000

const columns: readonly Column[] = [
  ...[3, 500, 1e9].map(
    (values): Column => ({
      kind: 'number',
      name: `${values} numbers`,
      type: 'numeric',
      values: Float64Array.from({ length: rows }, (_, i) =>
        i % 9 === 0 ? Number.NaN : i % 50 === 0 ? -0 : random.integer(values) / 8,
      ),
    }),
  ),
  {
    kind: 'code',
    name: 'codes',
    type: 'category',
    codes: Int32Array.from({ length: rows }, () => random.integer(40) - 1),
    categories: Array.from({ length: 60 }, (_, i) => `c${i}`),
  },
]

/** One after the other, into a map. */
function plainly(column: Column, rowIds: Iterable<number>) {
  const counts = new Map<number, { row: number; count: number }>()
  for (const row of rowIds) {
    if (isMissing(column, row)) continue
    const value = column.kind === 'number' ? column.values[row] : column.codes[row]
    const entry = counts.get(value)
    if (entry === undefined) counts.set(value, { row, count: 1 })
    else entry.count++
  }
  return [...counts.values()]
}

describe('values are counted as a map counts them', () => {
  const some = Uint32Array.from({ length: 2000 }, () => random.integer(rows))
  const all = Uint32Array.from({ length: rows }, (_, i) => i)
  it.each(columns.map(column => [column.name, column] as const))('%s', (_, column) => {
    expect(countValues(column)).toEqual(plainly(column, all))
    expect(countValues(column, some)).toEqual(plainly(column, some))
    const { length } = plainly(column, some)
    expect(distinctAmong(column, some, 1e6)).toBe(length)
    expect(distinctAmong(column, some, 2)).toBe(Math.min(2, length))
    expect(distinctAmong(column, undefined, 1e6)).toBe(plainly(column, all).length)
  })
})
