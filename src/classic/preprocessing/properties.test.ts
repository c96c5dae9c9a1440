// What holds for any data: the way back leads back, scales don't matter, order is kept.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Matrix } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import {
  MaxAbsScaler,
  MinMaxScaler,
  Normalizer,
  OneHotEncoder,
  OrdinalEncoder,
  PowerTransformer,
  QuantileTransformer,
  RobustScaler,
  StandardScaler,
} from './index.js'

/** Rows of two features, of any size that float64 has. */
const scale = fc.constantFrom(1e-300, 1e-9, 1, 1e9, 1e300)
const rows = fc
  .tuple(
    fc.array(
      fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 })),
      {
        minLength: 1,
        maxLength: 30,
      },
    ),
    scale,
    scale,
  )
  .map(([values, a, b]) => values.map(([x, y]) => [x * a, y * b]))

const scalers = { MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler }

test.each(Object.entries(scalers))(
  '%s: there and back, and nothing infinite',
  async (_, Scaler) => {
    await fc.assert(
      fc.asyncProperty(rows, async x => {
        const scaler = await new Scaler().fit(x)
        const there = (await scaler.transform(x)) as Matrix
        expect(there.x.every((value: number) => Number.isFinite(value))).toBe(true)
        const back = (await scaler.inverseTransform(there)) as Matrix
        for (let j = 0; j < 2; j++) {
          const size = Math.max(...x.map(row => Math.abs(row[j])))
          x.forEach((row, r) => {
            expect(Math.abs(back.x[2 * r + j] - row[j]) <= 1e-12 * size).toBe(true)
          })
        }
      }),
      { numRuns: 60 },
    )
  },
)

test('StandardScaler gives mean 0 and deviation 1 at any scale', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async x => {
      const { x: out } = (await new StandardScaler().fitTransform(x)) as Matrix
      for (let j = 0; j < 2; j++) {
        const values = x.map((_, r) => out[2 * r + j])
        const mean = values.reduce((a, b) => a + b) / values.length
        const square = values.reduce((sum, v) => sum + v * v, 0) / values.length
        const varies = new Set(x.map(row => row[j])).size > 1
        expect(Math.abs(mean)).toBeLessThan(1e-9)
        expect(Math.abs(square - (varies ? 1 : 0))).toBeLessThan(1e-9)
      }
    }),
    { numRuns: 60 },
  )
})

test('MinMaxScaler fills its range; QuantileTransformer keeps the order', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async x => {
      const range = (await new MinMaxScaler().fitTransform(x)) as Matrix
      const ranks = (await new QuantileTransformer({ nQuantiles: 7 }).fitTransform(x)) as Matrix
      for (const out of [range, ranks]) {
        expect(out.x.every((value: number) => value >= 0 && value <= 1)).toBe(true)
        for (let a = 0; a < x.length; a++)
          for (let b = 0; b < x.length; b++)
            if (x[a][0] < x[b][0]) expect(out.x[2 * a] <= out.x[2 * b] + 1e-12).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
})

test('PowerTransformer: there and back', async () => {
  const values = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), {
    minLength: 3,
    maxLength: 20,
  })
  await fc.assert(
    fc.asyncProperty(values, async column => {
      const x = column.map(value => [value])
      const power = await new PowerTransformer().fit(x)
      const back = (await power.inverseTransform(await power.transform(x))) as Matrix
      column.forEach((value, r) => {
        expect(Math.abs(back.x[r] - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)))
      })
    }),
    { numRuns: 40 },
  )
})

test('Normalizer: every row of length 1, sparse or dense', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async x => {
      const dense = (await new Normalizer().fitTransform(x)) as Matrix
      const matrix = { x: Float64Array.from(x.flat()), rows: x.length, width: 2 }
      const sparse = await new Normalizer().fitTransform(SparseMatrix.fromDense(matrix))
      expect(Array.from((sparse as SparseMatrix).toDense().x, Math.abs)).toEqual(
        Array.from(dense.x, Math.abs),
      )
      x.forEach((row, r) => {
        const length = Math.hypot(dense.x[2 * r], dense.x[2 * r + 1])
        expect(Math.abs(length - (row[0] === 0 && row[1] === 0 ? 0 : 1))).toBeLessThan(1e-12)
      })
    }),
    { numRuns: 60 },
  )
})

const cell = fc.option(fc.constantFrom('a', 'b', '', 'missing', '__proto__', 'constructor', '1'))
const table = fc.array(fc.tuple(cell, fc.option(fc.boolean())), { minLength: 1, maxLength: 20 })

test('encoders: categories there and back', async () => {
  await fc.assert(
    fc.asyncProperty(table, async x => {
      const hot = await new OneHotEncoder().fit(x)
      expect(await hot.inverseTransform(await hot.transform(x))).toEqual(x)
      const ordinal = await new OrdinalEncoder({ encodedMissingValue: -1 }).fit(x)
      expect(await ordinal.inverseTransform(await ordinal.transform(x))).toEqual(x)
      const again = OneHotEncoder.fromJSON(JSON.parse(JSON.stringify(hot)))
      expect(await again.inverseTransform(await again.transform(x))).toEqual(x)
    }),
    { numRuns: 100 },
  )
})
