// Linear regressors against scikit-learn.

import { describe, expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import {
  ElasticNet,
  enetPath,
  GammaRegressor,
  HuberRegressor,
  Lasso,
  LinearRegression,
  lassoPath,
  PoissonRegressor,
  Ridge,
  SGDRegressor,
  TweedieRegressor,
} from './index.js'
import { fixture, type Json, near, nearInScale, oracleData } from './testing/oracle.js'

const { cases, paths } = fixture('regression') as { cases: Json[]; paths: Json[] }
const named = (list: readonly Json[]) => list.map((c): [string, Json] => [c.name, c])

/** Parameters that leave nothing to the tolerance. */
const exact: Record<string, object> = {
  LinearRegression: {},
  Ridge: {},
  Lasso: { tol: 1e-14, maxIter: 100_000 },
  ElasticNet: { tol: 1e-14, maxIter: 100_000 },
  PoissonRegressor: { tol: 1e-10, maxIter: 1000 },
  GammaRegressor: { tol: 1e-10, maxIter: 1000 },
  TweedieRegressor: { tol: 1e-10, maxIter: 1000 },
  HuberRegressor: { tol: 1e-10, maxIter: 1000 },
  SGDRegressor: {},
}

const classes = {
  ElasticNet,
  GammaRegressor,
  HuberRegressor,
  Lasso,
  LinearRegression,
  PoissonRegressor,
  Ridge,
  SGDRegressor,
  TweedieRegressor,
}

const make = (c: Json, more: object = {}): Json =>
  new classes[c.estimator as keyof typeof classes]({
    ...exact[c.estimator],
    ...c.params,
    ...more,
  } as never)

const fit = async (c: Json, more: object = {}) => {
  const { x, numbers, weights } = oracleData(c.data)
  const model = make(c, more)
  await model.fit(x, numbers, c.weighted ? { sampleWeight: weights } : {})
  return model
}

const check = (c: Json, model: Json, tolerance: number) => {
  const { x } = oracleData(c.data)
  nearInScale(x, model.coef, c.coef, tolerance)
  const size = Math.max(1, Math.abs(c.intercept))
  expect(Math.abs(model.intercept - c.intercept) / size).toBeLessThanOrEqual(tolerance * 10)
}

describe('against scikit-learn', () => {
  test.each(named(cases))('%s', async (_, c) => {
    const model = await fit(c)
    check(c, model, 1e-6)
    if (c.rank !== undefined) expect(model.rank).toBe(c.rank)
    if (c.scale !== undefined) {
      near([model.scale], [c.scale], 1e-6)
      expect(model.outliers.reduce((a: number, b: number) => a + b)).toBe(c.outliers)
    }
    if (c.score !== undefined) {
      const { x, numbers } = oracleData(c.data)
      expect(await model.score(x, numbers)).toBeCloseTo(c.score, 6)
    }
    if (model.converged !== undefined && c.estimator !== 'SGDRegressor')
      expect(model.converged).toBe(true)
  })

  test.each(named(paths))('path of %s', async (_, c) => {
    const { x, numbers } = oracleData(c.data)
    const { l1Ratio, positive, alphas } = c
    for (const precompute of [true, false]) {
      const path = await enetPath(x, numbers, {
        l1Ratio,
        positive,
        alphas: alphas.length,
        precompute,
        tol: 1e-14,
        maxIter: 100_000,
      })
      near(path.alphas, alphas, 1e-12)
      for (let i = 0; i < alphas.length; i++)
        nearInScale(
          x,
          path.coefs.subarray(i * x.width, (i + 1) * x.width),
          c.coefs.slice(i * x.width, (i + 1) * x.width),
          1e-6,
        )
    }
  })
})

describe('other ways to the same minimum', () => {
  const some = (estimator: string, count: number) =>
    named(cases.filter(c => c.estimator === estimator && c.data !== 'scales').slice(0, count))

  test.each(some('LinearRegression', 14))('%s', async (_, c) => {
    const { x } = oracleData(c.data)
    if (c.params.positive === true || c.rank < x.width) return
    check(c, await fit(c, { solver: 'cholesky' }), 1e-6)
    check(c, await fit(c, { solver: 'lbfgs', tol: 1e-13 }), 1e-5)
  })

  test.each(some('Ridge', 18))('%s', async (_, c) => {
    check(c, await fit(c, { solver: 'qr' }), 1e-8)
    check(c, await fit(c, { solver: 'cholesky' }), 1e-7)
    check(c, await fit(c, { solver: 'sparseCg', tol: 1e-13 }), 1e-5)
  })

  test.each([...some('Lasso', 9), ...some('ElasticNet', 9)])('%s', async (_, c) => {
    check(c, await fit(c, { precompute: true }), 1e-6)
    check(c, await fit(c, { precompute: false, selection: 'random' }), 1e-6)
  })

  test.each(some('PoissonRegressor', 4))('%s', async (_, c) => {
    check(c, await fit(c, { solver: 'newtonCholesky' }), 1e-7)
  })

  test('sparse and float32 rows give the same', async () => {
    const { x, numbers, weights } = oracleData('one-hot')
    const sparse = SparseMatrix.fromDense(x)
    const narrow = { ...x, x: Float32Array.from(x.x) }
    const counts = numbers.map(value => Math.round(Math.abs(value)))
    for (const [model, y] of [
      [new LinearRegression(), numbers],
      [new LinearRegression({ solver: 'lbfgs', tol: 1e-12 }), numbers],
      [new Ridge(), numbers],
      [new Ridge({ solver: 'sparseCg', tol: 1e-13 }), numbers],
      [new Lasso({ alpha: 0.01, tol: 1e-14 }), numbers],
      [new ElasticNet({ alpha: 0.01, tol: 1e-14, precompute: false }), numbers],
      [new PoissonRegressor({ tol: 1e-10 }), counts],
      [new HuberRegressor({ alpha: 0.1, tol: 1e-10 }), numbers],
    ] as [Json, number[]][]) {
      await model.fit(x, y, { sampleWeight: weights })
      const coef = Array.from(model.coef as Float64Array)
      for (const other of [sparse, narrow]) {
        const again = await model.clone().fit(other, y, { sampleWeight: weights })
        near(again.coef, coef, 1e-6)
        near(await again.predict(other), await model.predict(x), 1e-6)
      }
    }
  })
})

test('many rows and features: the refined normal equations are as good as QR', async () => {
  const rows = 900
  const width = 220
  const random = new Random(4)
  const x = Float64Array.from({ length: rows * width }, () => random.uniform() + 3)
  const y = Float64Array.from({ length: rows }, (_, i) => {
    let sum = 5
    for (let j = 0; j < width; j++) sum += x[i * width + j] * Math.cos(j)
    return sum
  })
  const model = await new LinearRegression().fit({ x, rows, width }, y)
  near(
    model.coef,
    Float64Array.from({ length: width }, (_, j) => Math.cos(j)),
    1e-11,
  )
  expect(model.rank).toBe(width)
})

test('gradient descent leaves its trace', async () => {
  const { x, numbers } = oracleData('tall')
  const settings = { solver: 'gradientDescent', tol: 1e-9, maxIter: 3000 } as const
  const model = await new LinearRegression(settings).fit(x, numbers)
  const best = await new LinearRegression().fit(x, numbers)
  expect(model.converged).toBe(true)
  near(model.coef, best.coef, 1e-6)
  const { trace } = model
  if (trace === undefined) throw new Error('no trace')
  const { iteration, loss, gradientNorm, coef, intercept } = trace
  expect(iteration.length).toBe(model.nIter + 1)
  expect([iteration[0], coef[0], intercept[0]]).toEqual([0, 0, 0])
  for (let i = 1; i < loss.length; i++) expect(loss[i]).toBeLessThanOrEqual(loss[i - 1] + 1e-12)
  expect(gradientNorm[gradientNorm.length - 1]).toBeLessThan(1e-8)
  near(coef.slice(-x.width), model.coef, 0)
  // The first step by hand: the rate times the mean of (y · x).
  const first = numbers.reduce((sum, y, i) => sum + y * x.x[i * x.width], 0) / x.rows
  expect(coef[x.width]).toBeCloseTo(0.1 * first, 12)
  expect(best.trace).toBeUndefined()
  const diverging = new LinearRegression({ ...settings, learningRate: 10 })
  await expect(diverging.fit(x, numbers)).rejects.toMatchObject({ code: 'NOT_FINITE' })
})

test('what does not converge says so', async () => {
  const { x, numbers } = oracleData('wine')
  const lasso = await new Lasso({ alpha: 1e-4, maxIter: 2, tol: 1e-12 }).fit(x, numbers)
  expect([lasso.converged, lasso.nIter]).toEqual([false, 2])
  expect(lasso.dualGap).toBeGreaterThan(0)
  const descent = new LinearRegression({
    solver: 'gradientDescent',
    learningRate: 1e-7,
    maxIter: 5,
  })
  expect((await descent.fit(x, numbers)).converged).toBe(false)
})

test('dependent features: the answer of least norm', async () => {
  const x = [
    [1, 1],
    [2, 2],
    [3, 3],
  ]
  for (const model of [
    new Ridge({ alpha: 0 }),
    new LinearRegression(),
    new LinearRegression({ solver: 'cholesky' }),
  ]) {
    await model.fit(x, [2, 4, 6])
    near(model.coef, [1, 1], 1e-12)
  }
})

test('a warm start goes on from the last answer', async () => {
  const { x, numbers } = oracleData('wine')
  const model = new ElasticNet({ alpha: 0.05, warmStart: true, tol: 1e-10 })
  await model.fit(x, numbers)
  const first = model.nIter
  await model.fit(x, numbers)
  expect(model.nIter).toBeLessThan(first)
})

test('penalties given by name and order', async () => {
  const { x, numbers } = oracleData('tall')
  const path = await lassoPath(x, numbers, { alphas: [0.1, 1, 0.5], tol: 1e-12 })
  expect(Array.from(path.alphas)).toEqual([1, 0.5, 0.1])
  const one = await new Lasso({ alpha: 0.1, tol: 1e-12 }).fit(x, numbers)
  near(path.coefs.slice(-x.width), one.coef, 1e-5)
  await expect(lassoPath(x, numbers, { l1Ratio: 0.5 } as never)).rejects.toThrow(/l1Ratio/)
  await expect(enetPath(x, numbers, { l1Ratio: 0 })).rejects.toThrow(/alphas/)
})

test.each<[string, string, () => Promise<unknown>]>([
  ['a weight too few', 'SHAPE', () => new Ridge().fit([[1], [2]], [1, 2], { sampleWeight: [1] })],
  ['no weight', 'ARGUMENT', () => new Ridge().fit([[1], [2]], [1, 2], { sampleWeight: [0, 0] })],
  ['counts below 0', 'DATA', () => new PoissonRegressor().fit([[1], [2]], [-1, 2])],
  ['amounts of 0', 'DATA', () => new GammaRegressor().fit([[1], [2]], [0, 2])],
  [
    'identity for counts',
    'ARGUMENT',
    () => new TweedieRegressor({ power: 1, link: 'identity' }).fit([[1], [2]], [1, 2]),
  ],
])('%s', async (_, code, run) => {
  await expect(run()).rejects.toMatchObject({ code })
})
