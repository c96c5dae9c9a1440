// Scalers, transforms, bins and polynomials against scikit-learn.

import { expect, test } from 'vitest'
import { SparseMatrix } from '../../estimator/sparse.js'
import { casesOf, type Json, near, rowsOf } from '../testing/oracle.js'
import * as preprocessing from './index.js'

const cases = casesOf(new URL('./fixtures/scalers.json', import.meta.url))

/** Powers are found to about 1e-8 by both. */
const tolerances: Record<string, number> = { PowerTransformer: 1e-5 }

test.each(cases.map((c, i) => [`${i} ${c.estimator} ${JSON.stringify(c.params)}`, c]))(
  '%s',
  async (_, c: Json) => {
    const Class = (preprocessing as Json)[c.estimator]
    const model = new Class(c.params)
    const dense = (rows: Json) => ({
      x: Float64Array.from(rows.flat(), (v: number | null) => v ?? Number.NaN),
      rows: rows.length,
      width: rows[0].length,
    })
    const given = (rows: Json) => (c.sparse ? SparseMatrix.fromDense(dense(rows)) : rows)
    const tolerance = tolerances[c.estimator] ?? 1e-9
    expect(await model.fit(given(c.x), undefined, { sampleWeight: c.weights })).toBe(model)
    const again = Class.fromJSON(JSON.parse(JSON.stringify(model)))
    for (const one of [model, again]) {
      const out = await one.transform(given(c.new))
      near(rowsOf(out), c.out, tolerance, 'out')
      if (c.inverse) near(rowsOf(await one.inverseTransform(out)), c.inverse, tolerance, 'inverse')
      for (const [name, value] of Object.entries(c.attributes))
        near(one[name], value, tolerance, name)
      expect(one.featureNamesOut.map((s: string) => s.replace(/\.0$/, ''))).toEqual(
        c.names.map((s: string) => s.replace(/\.0$/, '')),
      )
    }
  },
)
