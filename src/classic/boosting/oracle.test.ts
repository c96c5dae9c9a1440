// The same trees as scikit-learn's, seen by their predictions, where data leave no ties; and the same
// scores on real data.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Matrix } from '../../estimator/matrix.js'
import { accuracy, logLoss } from '../../estimator/metrics/index.js'
import { casesOf, type Json, near } from '../testing/oracle.js'
import { HistGradientBoostingClassifier, HistGradientBoostingRegressor } from './index.js'

const url = new URL('./fixtures/boosting.json', import.meta.url)
const fixture = JSON.parse(readFileSync(url, 'utf8'), (_, value) =>
  value === 'NaN' ? Number.NaN : value,
)

function matrixOf(columns: readonly number[], from: number, to: number): Matrix {
  const { x, width } = fixture
  const values = []
  for (let row = from; row < to; row++)
    for (const column of columns) values.push(x[row * width + column])
  return { x: Float64Array.from(values), rows: to - from, width: columns.length }
}

describe('as scikit-learn predicts', () => {
  const { rows } = fixture
  test.each<Json[]>(
    fixture.cases.map((c: Json) => [c.target, JSON.stringify(c.params), c.weighted, c]),
  )(
    '%s %s, weighted %s',
    async (target, _, weighted, { columns, params, nIter, trainScore, answers }) => {
      const isClassifier = target === 'two' || target === 'three'
      const Class = isClassifier ? HistGradientBoostingClassifier : HistGradientBoostingRegressor
      const model = new Class(params) as HistGradientBoostingClassifier
      const y = fixture[target].slice(0, rows)
      await model.fit(
        matrixOf(columns, 0, rows),
        y,
        weighted ? { sampleWeight: fixture.weights.slice(0, rows) } : {},
      )
      expect(model.nIter).toBe(nIter)
      const test = matrixOf(columns, rows - 40, rows + 40)
      near(await (isClassifier ? model.predictProba(test) : model.predict(test)), answers, 1e-6)
      if (trainScore.length > 0) near(model.trainScore, trainScore, 1e-6)
    },
  )
})

describe('scores on real data', () => {
  const cases = casesOf(new URL('./fixtures/digits.json', import.meta.url))
  test.each(cases.map(c => [c.name, c]))('%s', async (_, c) => {
    const x = Float64Array.from(c.x as string, letter => (letter.charCodeAt(0) - 35) / c.scale)
    const y = Array.from(c.y as string, Number)
    const cut = c.train * c.width
    const model = new HistGradientBoostingClassifier({ earlyStopping: false, maxIter: 40 })
    const part = (from: number, to: number) => ({
      x: x.subarray(from, to),
      rows: (to - from) / c.width,
      width: c.width,
    })
    await model.fit(part(0, cut), y.slice(0, c.train))
    const test = part(cut, x.length)
    const truth = y.slice(c.train)
    expect(accuracy(truth, (await model.predict(test)) as Float64Array)).toBeGreaterThan(
      c.accuracy - 0.008,
    )
    const proba = await model.predictProba(test)
    expect(Math.abs(logLoss(truth, proba) - c.logLoss)).toBeLessThan(0.02)
  })
})
