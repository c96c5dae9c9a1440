import { expect, test } from 'vitest'
import { checkEstimator } from '../estimator/checks/check-estimator.js'
import type { CheckedEstimator } from '../estimator/checks/subject.js'
import { kFold } from '../estimator/folds.js'
import { likelyWrongLabels, likelyWrongNumbers } from '../estimator/likely-wrong.js'
import { accuracy } from '../estimator/metrics/accuracy.js'
import { byGroup } from '../estimator/metrics/by-group.js'
import { crossValPredict, crossValScore } from '../estimator/selection/cross-validate.js'
import { DummyClassifier, DummyRegressor } from './dummy/index.js'
import { LogisticRegression, Ridge } from './linear/index.js'

const subjects: Record<string, CheckedEstimator> = {
  DummyClassifier: {
    make: () => new DummyClassifier(),
    fromJSON: DummyClassifier.fromJSON,
  },
  DummyRegressor: {
    make: () => new DummyRegressor({ strategy: 'median' }),
    fromJSON: DummyRegressor.fromJSON,
  },
  LogisticRegression: {
    make: () => new LogisticRegression({ C: 2 }),
    fromJSON: LogisticRegression.fromJSON,
  },
  Ridge: { make: () => new Ridge({ alpha: 0.5 }), fromJSON: Ridge.fromJSON },
}

test.each(Object.entries(subjects))('%s keeps the contract', async (_, subject) => {
  expect(await checkEstimator(subject)).toEqual([])
})

// Two clouds, and one row of the wrong label.
const x = Array.from({ length: 60 }, (_, i) => [
  (i % 2 ? 2 : -2) + Math.sin(i * 7.1) * 0.8,
  Math.cos(i * 3.3),
])
const y = x.map((_, i) => i % 2)
y[10] = 1

test('folds: each row once, shares of the labels kept, the seed decides', () => {
  const folds = kFold(60, { folds: 7, seed: 3, stratify: y })
  expect(folds.flatMap(fold => Array.from(fold.test)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 60 }, (_, i) => i),
  )
  for (const { train, test: held } of folds) {
    expect(train.length + held.length).toBe(60)
    const ones = held.reduce((sum, row) => sum + y[row], 0)
    expect(Math.abs(ones - held.length / 2)).toBeLessThanOrEqual(1.5)
  }
  expect(kFold(60, { seed: 3 })).toEqual(kFold(60, { seed: 3 }))
  expect(kFold(60, { seed: 3 })).not.toEqual(kFold(60, { seed: 4 }))
  expect(() => kFold(3, { folds: 4 })).toThrow(/2 to the number of rows/)
})

test('out-of-fold predictions find the wrong label', async () => {
  const p = await crossValPredict(new LogisticRegression(), x, y, { method: 'predictProba' })
  expect(likelyWrongLabels(y, p as Float64Array)).toMatchObject([
    { row: 10, given: 1, expected: 0 },
  ])
  const labels = await crossValPredict(new LogisticRegression(), x, y)
  expect(accuracy(y, labels)).toBeCloseTo(59 / 60, 12)
  const scores = await crossValScore(new LogisticRegression(), x, y, { cv: 3 })
  expect(scores.length).toBe(3)
  expect(Math.min(...scores)).toBeGreaterThan(0.9)
})

test('out-of-fold predictions find the wrong number', async () => {
  const t = x.map(row => 3 * row[0] - row[1])
  t[5] += 50
  const predictions = await crossValPredict(new Ridge({ alpha: 0.01 }), x, t)
  expect(likelyWrongNumbers(t, predictions as Float64Array, { beyond: 10 })[0].row).toBe(5)
})

test('a metric by group; missing groups are left out', () => {
  const right = [1, 0, 1, 1]
  const values = byGroup(
    [1, 0, 1, -1],
    rows => rows.reduce((s, r) => s + right[r], 0) / rows.length,
  )
  expect(values).toEqual([
    { group: 0, rows: 1, value: 0 },
    { group: 1, rows: 2, value: 1 },
  ])
})
