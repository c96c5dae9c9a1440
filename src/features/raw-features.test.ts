// Columns as models see them that need no scaling.

import { expect, test } from 'vitest'
import { Table } from '../data/table.js'
import { TablePreprocessor } from './table-preprocessor.js'

const plans = ['free', 'pro', 'team', 'free', 'free', 'pro', 'free', 'rare', 'pro', 'team']
const rows = Array.from({ length: 60 }, (_, i) => ({
  age: i % 7 === 3 ? null : 20 + i * 1e7,
  plan: i % 11 === 5 ? null : plans[i % 10],
  active: i % 3 === 0,
  since: new Date(Date.UTC(2020, i % 12, 1 + i, i % 24)),
  fixed: 1,
}))
const table = Table.fromObjects(rows)
const preprocessor = TablePreprocessor.fit(table)

test('numbers as they are, NaN where missing; categories by frequency; yes and no; parts of dates', () => {
  const raw = preprocessor.raw()
  expect(raw.outputNames).toEqual([
    'age',
    'plan',
    'active = true',
    'since year',
    'since month',
    'since weekday',
    'since hour',
  ])
  expect(raw.categorical).toEqual([1])
  const { x, width } = raw.transform(table, [0, 3, 5, 1, 7])
  expect([x[0], x[width]]).toEqual([20, Number.NaN])
  // free, pro, team, rare from the most frequent on.
  expect(Array.from({ length: 5 }, (_, i) => x[i * width + 1])).toEqual([0, 0, Number.NaN, 1, 3])
  expect(Array.from({ length: 5 }, (_, i) => x[i * width + 2])).toEqual([1, 1, 0, 0, 0])
  expect(x[3]).toBeCloseTo(2020, 2)
  // 2020-01-01 was a Wednesday.
  expect(Array.from(x.subarray(4, 7))).toEqual([1, 3, 0])
})

test('a block of rows and row by row are the same; raw rows of a prediction too', () => {
  const raw = preprocessor.raw({ oneHotUpTo: 8 })
  const { x, width, rows: count } = raw.transform(table)
  expect(count).toBe(60)
  for (const row of [0, 17, 59])
    expect(Array.from(raw.transform(table, [row]).x)).toEqual(
      Array.from(x.subarray(row * width, (row + 1) * width)),
    )
  const again = raw.transform(preprocessor.fromObjects(rows.slice(0, 3)))
  expect(Array.from(again.x)).toEqual(Array.from(x.subarray(0, 3 * width)))
})

test('few categories get a feature each, many share the last code', () => {
  const few = preprocessor.raw({ oneHotUpTo: 8 })
  expect(few.outputNames).toContain('plan = pro')
  expect(few.categorical).toEqual([])
  const capped = preprocessor.raw({ maxCodes: 3 })
  const { x, width } = capped.transform(table, [0, 1, 2, 7])
  expect(Array.from({ length: 4 }, (_, i) => x[i * width + 1])).toEqual([0, 1, 2, 2])
  const unseen = Table.fromObjects([{ ...rows[0], plan: 'never' }])
  expect(capped.transform(unseen).x[1]).toBe(2)
  expect(preprocessor.raw().transform(unseen).x[1]).toBeNaN()
})

test('numbers beyond float32 stay what they are', () => {
  const wide = Table.fromObjects(Array.from({ length: 40 }, (_, i) => ({ n: i * 1e300, m: i })))
  const { x } = TablePreprocessor.fit(wide).raw().transform(wide, [3])
  expect(x[0]).toBe(3e300)
})
