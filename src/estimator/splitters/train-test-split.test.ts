import { readFileSync } from 'node:fs'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import { Table } from '../../data/table.js'
import { SparseMatrix } from '../sparse.js'
import { trainTestSplit } from './index.js'

// biome-ignore lint/suspicious/noExplicitAny: fixtures are JSON
type Json = any

const { sizes }: Json = JSON.parse(
  readFileSync(new URL('./fixtures/splitters.json', import.meta.url), 'utf8'),
)

describe('sizes of scikit-learn', () => {
  test.each(
    sizes.map((c: Json) => [`${c.rows} rows, test ${c.testSize}, train ${c.trainSize}`, c]) as [
      string,
      Json,
    ][],
  )('%s', (_, c: Json) => {
    const options = {
      ...(c.testSize !== null && { testSize: c.testSize }),
      ...(c.trainSize !== null && { trainSize: c.trainSize }),
    }
    const rows = Array.from({ length: c.rows }, (_, i) => i)
    const cut = () => trainTestSplit(rows, options)
    if (c.plain === null) expect(cut).toThrow(AthanorError)
    else expect(cut().map(part => part.length)).toEqual([c.plain.train, c.plain.test])
    const stratified = () => trainTestSplit(rows, { ...options, stratify: c.y })
    if (c.stratified === null) return expect(stratified).toThrow(AthanorError)
    const [train, test] = stratified()
    expect([train.length, test.length]).toEqual([c.stratified.train, c.stratified.test])
    const classes = (part: number[]) =>
      [0, 1, 2].map(label => part.filter(row => c.y[row] === label).length)
    // Equal remainders are drawn among classes.
    for (const [part, expected] of [
      [train, c.stratified.trainClasses],
      [test, c.stratified.testClasses],
    ])
      classes(part).forEach((count, label) => {
        expect(Math.abs(count - expected[label])).toBeLessThanOrEqual(1)
      })
  })
})

const rows = 12
const numbers = Array.from({ length: rows }, (_, i) => i)
const typed = Float32Array.from(numbers)
const texts = numbers.map(i => `row ${i}`)
const matrix = { x: Float64Array.from({ length: 2 * rows }, (_, i) => i), rows, width: 2 }
const table = Table.fromObjects(numbers.map(i => ({ i, text: `row ${i}` })))
const sparse = new SparseMatrix({
  rows,
  width: 3,
  indptr: Array.from({ length: rows + 1 }, (_, i) => i),
  indices: new Array(rows).fill(1),
  values: numbers,
})

test('everything is cut by the same rows', () => {
  const parts = trainTestSplit(numbers, typed, texts, matrix, table, sparse, { testSize: 4 })
  const [train, test, typedTrain, , textTrain, , matrixTrain, matrixTest, tableTrain, , , s] = parts
  expect(parts.length).toBe(12)
  expect(train.length).toBe(8)
  expect([...train, ...test].sort((a, b) => a - b)).toEqual(numbers)
  expect(Array.from(typedTrain)).toEqual(train)
  expect(typedTrain).toBeInstanceOf(Float32Array)
  expect(textTrain).toEqual(train.map(i => `row ${i}`))
  expect(Array.from(matrixTrain.x)).toEqual(train.flatMap(i => [2 * i, 2 * i + 1]))
  expect(matrixTest).toMatchObject({ rows: 4, width: 2 })
  expect(tableTrain.row(0)).toEqual({ i: train[0], text: `row ${train[0]}` })
  expect(Array.from(s.values)).toEqual(test)
})

test('the parts have the types of the whole', () => {
  const parts = trainTestSplit(numbers as readonly number[], typed, texts, table)
  expectTypeOf(parts[0]).toEqualTypeOf<number[]>()
  expectTypeOf(parts[3]).toEqualTypeOf(typed)
  expectTypeOf(parts[4]).toEqualTypeOf<string[]>()
  expectTypeOf(parts[7]).toEqualTypeOf<Table>()
  const [xTrain] = trainTestSplit([[1], [2], [3], [4]], { testSize: 0.5 })
  expectTypeOf(xTrain).toEqualTypeOf<number[][]>()
})

test('by the seed; without one always the same', () => {
  const cut = (randomState?: number) => trainTestSplit(numbers, { randomState })
  expect(cut()).toEqual(trainTestSplit(numbers))
  expect(cut(5)).toEqual(cut(5))
  expect(cut(5)).not.toEqual(cut(6))
})

test('without shuffling the last rows are tested', () => {
  expect(trainTestSplit(numbers, { shuffle: false, testSize: 0.25 })).toEqual([
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
    [9, 10, 11],
  ])
})

test.each<[string, string, RegExp, () => unknown]>([
  ['nothing', 'ARGUMENT', /at least one array/, () => trainTestSplit(...([] as never))],
  ['options alone', 'ARGUMENT', /at least one/, () => trainTestSplit({ testSize: 1 } as never)],
  [
    'lengths that differ',
    'SHAPE',
    /12 rows.*3 in array 2/,
    () => trainTestSplit(numbers, [1, 2, 3]),
  ],
  [
    'an unknown option',
    'ARGUMENT',
    /testSize/,
    () => trainTestSplit(numbers, { tesSize: 1 } as never),
  ],
  ['a number', 'ARGUMENT', /arrays, typed arrays/, () => trainTestSplit(numbers, 5 as never, {})],
  ['a share of 0', 'ARGUMENT', /share/, () => trainTestSplit(numbers, { testSize: 0 })],
  ['no rows', 'DATA', /at least one row/, () => trainTestSplit([])],
  ['one row', 'ARGUMENT', /rows to train on/, () => trainTestSplit([1])],
  [
    'strata without shuffling',
    'ARGUMENT',
    /no stratify/,
    () => trainTestSplit(numbers, { stratify: numbers, shuffle: false }),
  ],
  [
    'a stratum of one row',
    'ARGUMENT',
    /two rows or more/,
    () => trainTestSplit(numbers, { stratify: numbers }),
  ],
  [
    'strata of another length',
    'SHAPE',
    /12 values in y/,
    () => trainTestSplit(numbers, { stratify: [1, 1] }),
  ],
])('%s is an error', (_, code, message, run) => {
  expect(run).toThrow(message)
  expect(run).toThrow(expect.objectContaining({ code }))
})
