// Discriminant analyses against scikit-learn.

import { describe, expect, test } from 'vitest'
import { fixture, type Json, near, nearInScale, oracleData } from '../linear/testing/oracle.js'
import { LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis } from './index.js'

const { linear, quadratic } = fixture('discriminants') as { linear: Json[]; quadratic: Json[] }
const named = (list: readonly Json[]) => list.map((c): [string, Json] => [c.name, c])
const firstRows = (x: Json, rows: number) => ({ ...x, x: x.x.slice(0, rows * x.width), rows })

describe('LinearDiscriminantAnalysis against scikit-learn', () => {
  test.each(named(linear))('%s', async (_, c) => {
    const { x, labels } = oracleData(c.data)
    const model = await new LinearDiscriminantAnalysis(c.params).fit(x, labels)
    nearInScale(x, model.coef, c.coef, 1e-6)
    near(model.intercept, c.intercept, 1e-6)
    near(model.means, c.means, 1e-10)
    near(model.priors, c.priors, 1e-12)
    near(await model.predictProba(firstRows(x, 6)), c.probabilities, 1e-7)
    expect(await model.score(x, labels)).toBe(c.score)
    if (c.ratios === undefined) {
      await expect(model.transform(x)).rejects.toThrow(/svd/)
      return
    }
    near(model.explainedVarianceRatio ?? [], c.ratios, 1e-7)
    const { x: out, rows, width } = await model.transform(firstRows(x, 6))
    expect([rows, width]).toEqual([6, c.transformed.length / 6])
    // A component's sign says nothing.
    for (let k = 0; k < width; k++) {
      const column = (values: ArrayLike<number>) =>
        Array.from({ length: rows }, (_, i) => values[i * width + k])
      const [own, theirs] = [column(out), column(c.transformed)]
      const sign = Math.sign(own[0] * theirs[0])
      near(
        own.map(value => value * sign),
        theirs,
        1e-6,
      )
    }
  })
})

describe('QuadraticDiscriminantAnalysis against scikit-learn', () => {
  test.each(named(quadratic))('%s', async (_, c) => {
    const { x, labels } = oracleData(c.data)
    const model = await new QuadraticDiscriminantAnalysis(c.params).fit(x, labels)
    near(model.means, c.means, 1e-10)
    near(await model.decisionFunction(firstRows(x, 8)), c.decisions, 1e-8)
    near(await model.predictProba(firstRows(x, 8)), c.probabilities, 1e-8)
    expect(await model.score(x, labels)).toBe(c.score)
  })
})

test('components have names, and what is saved gives the same', async () => {
  const { x, labels } = oracleData('wine')
  const model = new LinearDiscriminantAnalysis({ storeCovariance: true })
  const out = await model.fitTransform(x, labels)
  expect(out.names).toEqual(['lineardiscriminantanalysis0', 'lineardiscriminantanalysis1'])
  expect(model.covariance?.length).toBe(x.width ** 2)
  const again = LinearDiscriminantAnalysis.fromJSON(JSON.parse(JSON.stringify(model)))
  expect(await again.transform(x)).toEqual(out)
})

test.each<[string, RegExp, () => Promise<unknown>]>([
  [
    'shrinkage with svd',
    /lsqr/,
    () => new LinearDiscriminantAnalysis({ shrinkage: 'auto' }).fit([[0], [1], [2]], [0, 0, 1]),
  ],
  [
    'too many components',
    /at most 1/,
    () => new LinearDiscriminantAnalysis({ nComponents: 2 }).fit([[0], [1], [2]], [0, 0, 1]),
  ],
  [
    'a row for each class',
    /more rows than classes/,
    () => new LinearDiscriminantAnalysis().fit([[0], [1]], [0, 1]),
  ],
  [
    'priors for other classes',
    /priors for 2 classes/,
    () =>
      new LinearDiscriminantAnalysis({ priors: [0.2, 0.3, 0.5] }).fit([[0], [1], [2]], [0, 0, 1]),
  ],
  [
    'one row of a class',
    /one row of the class 1/,
    () => new QuadraticDiscriminantAnalysis().fit([[0], [1], [2]], [0, 0, 1]),
  ],
  [
    'features that follow from others',
    /1 of 2 directions/,
    () =>
      new QuadraticDiscriminantAnalysis().fit(
        [0, 1, 2, 3, 4, 5].map(v => [v, 2 * v]),
        [0, 0, 0, 1, 1, 1],
      ),
  ],
])('%s', async (_, message, run) => {
  await expect(run()).rejects.toThrow(message)
})
