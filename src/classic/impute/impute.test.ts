// Imputers against scikit-learn, and what they do with columns of all kinds.

import { describe, expect, test } from 'vitest'
import { Table } from '../../data/table.js'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import { RawColumns } from '../../estimator/raw-columns.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { casesOf, type Json, near, rowsOf } from '../testing/oracle.js'
import * as impute from './index.js'
import { KNNImputer, SimpleImputer } from './index.js'

const cases = casesOf(new URL('./fixtures/imputers.json', import.meta.url))

/** Rows of what a transformer gave, texts among them. */
function cellsOf(out: Json): Json[][] {
  if (!(out instanceof RawColumns)) return rowsOf(out)
  return Array.from({ length: out.rows }, (_, row) => Object.values(out.table.row(row)))
}

test.each(cases.map((c, i) => [`${i} ${c.estimator} ${JSON.stringify(c.params)}`, c]))(
  '%s',
  async (_, c: Json) => {
    const Class = (impute as Json)[c.estimator]
    const model = new Class(c.params)
    const sparse = (rows: Json) =>
      SparseMatrix.fromDense({
        x: Float64Array.from(rows.flat(), (v: number | null) => v ?? Number.NaN),
        rows: rows.length,
        width: rows[0].length,
      })
    const given = (rows: Json) => (c.sparse ? sparse(rows) : rows)
    await model.fit(given(c.x))
    const again = Class.fromJSON(JSON.parse(JSON.stringify(model)))
    for (const one of [model, again]) {
      const out = await one.transform(given(c.new))
      near(cellsOf(out), c.out, 1e-9, 'out')
      if (c.inverse) near(cellsOf(await one.inverseTransform(out)), c.inverse, 1e-9, 'inverse')
      for (const [name, value] of Object.entries(c.attributes)) near(one[name], value, 1e-9, name)
      expect(one.featureNamesOut).toEqual(c.names)
    }
  },
)

test('an imputer with indicators keeps the contract', async () => {
  const make = () => new SimpleImputer({ strategy: 'median', addIndicator: true })
  expect(await checkEstimator({ make, fromJSON: SimpleImputer.fromJSON })).toEqual([])
})

describe('SimpleImputer', () => {
  const records = [
    { name: 'b', open: true, size: 1 },
    { name: null, open: null, size: null },
    { name: 'a', open: true, size: 4 },
  ]

  test('columns of all kinds, by the most frequent value; ties go to the least', async () => {
    const imputer = new SimpleImputer({ strategy: 'mostFrequent' })
    const out = (await imputer.fitTransform(records)) as RawColumns
    expect(out.table.row(1)).toEqual({ name: 'a', open: true, size: 1 })
    expect(imputer.statistics).toEqual(['a', true, 1])
    const table = await imputer.transform(Table.fromObjects(records))
    expect((table as RawColumns).table.row(1)).toEqual(out.table.row(1))
  })

  test('what does not fit is refused', async () => {
    await expect(new SimpleImputer().fit(records)).rejects.toThrow(/numbers.*column 'name'/)
    const constant = new SimpleImputer({ strategy: 'constant', fillValue: 'x' })
    await expect(constant.fit(records)).rejects.toThrow(/fillValue that is a boolean.*'open'/)
    const fitted = await new SimpleImputer({ strategy: 'mostFrequent' }).fit([['a'], [null]])
    await expect(fitted.transform([[1]])).rejects.toThrow(/strings in column 'x0'/)
    await expect(new SimpleImputer().fit([[Number.POSITIVE_INFINITY]])).rejects.toThrow(/Infinity/)
  })

  test('a text that stands for a missing value', async () => {
    const imputer = new SimpleImputer({ strategy: 'mostFrequent', missingValues: '?' })
    const out = await imputer.fitTransform([['?'], ['a'], ['b'], ['b']])
    expect(cellsOf(out)).toEqual([['b'], ['a'], ['b'], ['b']])
  })
})

describe('KNNImputer', () => {
  test('features at the end of float64 have neighbours too', async () => {
    const x = [
      [1e300, 1],
      [-1e300, 3],
      [1.1e300, null],
    ]
    const imputer = new KNNImputer({ nNeighbors: 1 })
    expect(rowsOf(await imputer.fitTransform(x))[2]).toEqual([1.1e300, 1])
    const tiny = x.map(([a, b]) => [(a as number) * 1e-300 * 1e-300, b])
    expect(rowsOf(await new KNNImputer({ nNeighbors: 1 }).fitTransform(tiny))[2][1]).toBe(1)
  })

  test('a saved imputer whose rows do not fit is refused', async () => {
    const json = JSON.parse(JSON.stringify(await new KNNImputer().fit([[1, 2]])))
    json.state.fitX = [1, 2, 3]
    expect(() => KNNImputer.fromJSON(json)).toThrow(/FORMAT|rows of 2 features/)
  })
})
