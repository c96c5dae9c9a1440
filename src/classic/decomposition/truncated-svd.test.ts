// TruncatedSVD against scikit-learn, dense and sparse.

import { describe, expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { casesOf, type Json, near, rowsOf } from '../testing/oracle.js'
import { tableNamed } from '../testing/tables.js'
import { TruncatedSVD } from './truncated-svd.js'

const cases = casesOf(new URL('./fixtures/truncated-svd.json', import.meta.url))

describe('against scikit-learn', () => {
  test.each(cases.map(c => [c.table, c]))('%s', async (_, c: Json) => {
    const { x } = tableNamed(c.table)
    const { nComponents } = c
    const sparse = SparseMatrix.fromDense({ x: x.flat(), rows: x.length, width: x[0].length })
    for (const [form, algorithm, tolerance] of [
      [x, 'exact', 1e-8],
      [sparse, 'exact', 1e-8],
      [x, 'randomized', 1e-3],
      [sparse, 'randomized', 1e-3],
    ] as const) {
      const svd = await new TruncatedSVD({ nComponents, algorithm, nIter: 12 }).fit(form)
      near(svd.singularValues, c.singularValues, tolerance, 'singular values')
      near(svd.components, c.components.flat(), tolerance, 'components')
      near(svd.explainedVariance, c.explainedVariance, tolerance, 'variance')
      near(svd.explainedVarianceRatio, c.explainedVarianceRatio, tolerance, 'ratio')
      near(rowsOf(await svd.transform(x.slice(0, 5))), c.transformed, 10 * tolerance, 'transformed')
    }
  })
})

test('words: 300 texts of 5,000, and back', async () => {
  const random = new Random(4)
  const rows = Array.from({ length: 300 }, (_, r) =>
    [...new Set(Array.from({ length: 12 }, () => random.integer(50) + (r % 3) * 1000))].map(
      column => [column, 1] as const,
    ),
  )
  const x = SparseMatrix.fromRows(rows, 5000)
  const svd = await new TruncatedSVD({ nComponents: 3 }).fit(x)
  // Three topics: rows of one lie together.
  const z = await svd.transform(x)
  const largest = rowsOf(z).map(row => row.indexOf(Math.max(...(row as number[]))))
  expect(new Set(largest.map((k, r) => `${r % 3} ${k}`)).size).toBe(3)
  const back = await svd.inverseTransform(z as never)
  expect([back.rows, back.width]).toEqual([300, 5000])
  expect(back.x[0 * 5000 + 10]).toBeGreaterThan(0.1)
  expect(Math.abs(back.x[0 * 5000 + 1010])).toBeLessThan(1e-4)
})

test('too many components, and tables too large for the exact algorithm', async () => {
  await expect(new TruncatedSVD({ nComponents: 3 }).fit([[1, 2]])).rejects.toThrow(/at most 1/)
  const x = SparseMatrix.fromRows(Array(20_000).fill([[0, 1]]), 20_000)
  await expect(new TruncatedSVD({ algorithm: 'exact' }).fit(x)).rejects.toThrow(/'randomized'/)
})

test.each(['randomized', 'exact'] as const)('keeps the contract: %s', async algorithm => {
  const make = () => new TruncatedSVD({ algorithm })
  expect(await checkEstimator({ make, fromJSON: TruncatedSVD.fromJSON })).toEqual([])
})
