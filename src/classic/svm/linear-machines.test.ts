// LinearSVC and LinearSVR against scikit-learn, and what only they promise.

import { describe, expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import { casesOf, type Json, near } from '../testing/oracle.js'
import { LinearSVC, LinearSVR } from './index.js'
import { head, tableOf, words } from './testing/tables.js'

const classes = { LinearSVC, LinearSVR }

const outputsOf = (model: Json): Float64Array | number[] =>
  typeof model.intercept === 'number' ? [model.intercept] : model.intercept

describe('against scikit-learn', () => {
  const cases = casesOf(new URL('./fixtures/linear.json', import.meta.url))
  test.each(cases.map(c => [c.name, c]))('%s', async (_, c: Json) => {
    const { x, y, sampleWeight } = tableOf(c)
    const params = { ...c.params, tol: 1e-9, maxIter: 100_000 }
    const model: Json = new classes[c.kind as keyof typeof classes](params)
    await model.fit(x, y, { sampleWeight })
    expect(model.converged).toBe(true)
    near(model.coef, c.coef, 1e-6)
    near(outputsOf(model), c.intercept, 1e-6)
    const few = head(x, 40)
    const isRegressor = c.kind === 'LinearSVR'
    near(
      isRegressor ? await model.predict(few) : await model.decisionFunction(few),
      c.decisions,
      1e-6,
    )
    // l1 leaves the same weights out.
    if (c.params.penalty === 'l1')
      expect(Array.from(model.coef as Float64Array, w => w === 0)).toEqual(
        c.coef.map((w: number) => w === 0),
      )
  })
})

describe('what has no influence on the result', () => {
  const { y } = tableOf({ data: 'words' })

  test.each([{ loss: 'hinge' }, { dual: true }, { dual: false }, { penalty: 'l1' }] as const)(
    'sparse or dense: %o',
    async params => {
      const given = { tol: 1e-9, maxIter: 50_000, ...params }
      const sparse = await new LinearSVC(given).fit(words(), y)
      const dense = await new LinearSVC(given).fit(words().toDense(), y)
      near(sparse.coef, dense.coef, 1e-6)
      near(
        await sparse.decisionFunction(words().toDense()),
        await dense.decisionFunction(words()),
        1e-6,
      )
    },
  )

  test('rows of weight 0, and twice a row or its weight doubled', async () => {
    const { x } = tableOf({ data: 'made' })
    const target = tableOf({ data: 'made' }).y
    const params = { loss: 'squaredEpsilonInsensitive', dual: false, tol: 1e-10 } as const
    const sampleWeight = target.map((_, i) => i % 3)
    const places = target.flatMap((_, i) => Array(i % 3).fill(i))
    const repeated = {
      x: Float64Array.from(places.flatMap(i => Array.from(x.x.subarray(4 * i, 4 * i + 4)))),
      rows: places.length,
      width: 4,
    }
    const weighted = await new LinearSVR(params).fit(x, target, { sampleWeight })
    const again = await new LinearSVR(params).fit(
      repeated,
      places.map(i => target[i]),
    )
    near(weighted.coef, again.coef, 1e-8)
  })

  test('the seed, but for the tolerance', async () => {
    const { x, y: codes } = tableOf({ data: 'penguins' })
    const fit = (randomState: number) =>
      new LinearSVC({ loss: 'hinge', tol: 1e-9, maxIter: 100_000, randomState }).fit(x, codes)
    const [a, b] = await Promise.all([fit(1), fit(2)])
    expect(a.nIter).not.toEqual(b.nIter)
    near(a.coef, b.coef, 1e-6)
  })
})

test('ways that a loss does not have', async () => {
  expect(() => new LinearSVC({ penalty: 'l1', loss: 'hinge' })).toThrow(/squaredHinge/)
  const { x, y } = tableOf({ data: 'iris' })
  for (const fitting of [
    new LinearSVC({ loss: 'hinge', dual: false }).fit(x, y),
    new LinearSVC({ penalty: 'l1', dual: true }).fit(x, y),
    new LinearSVR({ dual: false }).fit(x, y),
  ])
    await expect(fitting).rejects.toMatchObject({ code: 'ARGUMENT' })
})

test('a limit of passes', async () => {
  const { x, y } = tableOf({ data: 'iris' })
  const model = await new LinearSVC({ loss: 'hinge', maxIter: 3 }).fit(x, y)
  expect([Array.from(model.nIter), model.converged]).toEqual([[3, 3, 3], false])
})

test('a class without rows has a score below the others', async () => {
  const { x, y } = tableOf({ data: 'iris' })
  const model = await new LinearSVC().fit(x, y, { classes: [0, 1, 2, 3] })
  const scores = await model.decisionFunction(x)
  expect(scores.length).toBe(4 * x.rows)
  for (let row = 0; row < x.rows; row++)
    expect(scores[4 * row + 3]).toBeLessThan(Math.min(...scores.subarray(4 * row, 4 * row + 3)))
})

describe('the contract', () => {
  const subjects = {
    LinearSVC: () => new LinearSVC(),
    'LinearSVC in the dual': () => new LinearSVC({ loss: 'hinge', maxIter: 100 }),
    'LinearSVC with l1': () => new LinearSVC({ penalty: 'l1', maxIter: 100 }),
    LinearSVR: () => new LinearSVR({ maxIter: 100 }),
    'LinearSVR with squares': () => new LinearSVR({ loss: 'squaredEpsilonInsensitive' }),
  }
  test.each(Object.entries(subjects))('%s', async (_, make) => {
    const { fromJSON } = make().constructor as unknown as typeof LinearSVC
    expect(await checkEstimator({ make, fromJSON })).toEqual([])
  })
})
