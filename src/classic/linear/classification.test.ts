// Linear classifiers against scikit-learn.

import { describe, expect, test } from 'vitest'
import { SparseMatrix } from '../../estimator/sparse.js'
import { LogisticRegression, RidgeClassifier, SGDClassifier } from './index.js'
import { fixture, type Json, near, nearInScale, oracleData } from './testing/oracle.js'

const { cases } = fixture('classification') as { cases: Json[] }
const named = (list: readonly Json[]) => list.map((c): [string, Json] => [c.name, c])
const classes = { LogisticRegression, RidgeClassifier, SGDClassifier }

const exact: Record<string, object> = {
  LogisticRegression: { tol: 1e-11, maxIter: 5000 },
  RidgeClassifier: {},
  SGDClassifier: {},
}

const fit = async (c: Json, more: object = {}): Promise<Json> => {
  const { x, labels, weights } = oracleData(c.data)
  const { C = 1, ...params } = c.params
  const model: Json = new classes[c.estimator as keyof typeof classes]({
    ...exact[c.estimator],
    ...params,
    ...(c.estimator === 'LogisticRegression' ? { C: Number(C) } : {}),
    ...more,
  } as never)
  await model.fit(x, labels, c.weighted ? { sampleWeight: weights } : {})
  return model
}

const check = async (c: Json, model: Json, tolerance: number) => {
  const { x } = oracleData(c.data)
  nearInScale(x, model.coef, c.coef, tolerance)
  const size = Math.max(1, ...c.intercept.map(Math.abs), ...c.coef.map(Math.abs))
  for (let k = 0; k < c.intercept.length; k++)
    expect(Math.abs(model.intercept[k] - c.intercept[k]) / size).toBeLessThanOrEqual(tolerance)
  if (c.probabilities === undefined) return
  const few = { ...x, x: x.x.slice(0, 6 * x.width), rows: 6 }
  near(await model.predictProba(few), c.probabilities, tolerance)
}

describe('against scikit-learn', () => {
  test.each(named(cases))('%s', async (_, c) => {
    const model = await fit(c)
    const tolerance = { LogisticRegression: 1e-6, RidgeClassifier: 1e-8, SGDClassifier: 1e-8 }
    const saga = c.params.solver === 'saga'
    await check(c, model, saga ? 1e-5 : tolerance[c.estimator as keyof typeof tolerance])
    if (c.nIter !== undefined) expect(model.nIter).toBe(c.nIter)
    if (c.estimator === 'LogisticRegression') expect(model.converged).toBe(true)
  })
})

describe('other ways to the same minimum', () => {
  const logistic = cases.filter(
    c => c.estimator === 'LogisticRegression' && c.params.solver === undefined,
  )
  const small = logistic.filter(c => c.data !== 'digits' && c.params.C !== 'Infinity')

  test.each(named(logistic))('newtonCholesky: %s', async (_, c) => {
    await check(c, await fit(c, { solver: 'newtonCholesky' }), 1e-6)
  })

  test.each(named(small.filter(c => c.data !== 'scales')))('newtonCg: %s', async (_, c) => {
    await check(c, await fit(c, { solver: 'newtonCg' }), 2e-6)
  })

  test.each(named(small.filter(c => ['binary', 'tall', 'one-hot'].includes(c.data))))(
    'saga: %s',
    async (_, c) => {
      await check(c, await fit(c, { solver: 'saga' }), 1e-5)
    },
  )

  test('sparse and float32 rows give the same, by every solver', async () => {
    const { x, labels, weights } = oracleData('one-hot')
    const sparse = SparseMatrix.fromDense(x)
    const narrow = { ...x, x: Float32Array.from(x.x) }
    const binary = labels.map(label => Math.min(label, 1))
    const models: Json[] = [
      new LogisticRegression({ tol: 1e-11 }),
      new LogisticRegression({ tol: 1e-11, solver: 'newtonCholesky' }),
      new LogisticRegression({ tol: 1e-11, solver: 'newtonCg' }),
      new LogisticRegression({ tol: 1e-11, solver: 'saga', maxIter: 5000 }),
      new LogisticRegression({ tol: 1e-11, solver: 'saga', l1Ratio: 0.6, maxIter: 5000 }),
      new RidgeClassifier(),
    ]
    for (const y of [labels, binary])
      for (const model of models) {
        await model.fit(x, y, { sampleWeight: weights })
        const coef = Array.from(model.coef as Float64Array)
        const scores = await model.decisionFunction(x)
        for (const other of [sparse, narrow]) {
          const again = await model.clone().fit(other, y, { sampleWeight: weights })
          near(again.coef, coef, 1e-6)
          near(await again.decisionFunction(other), scores, 1e-6)
          near(await model.decisionFunction(other), scores, 1e-12)
        }
      }
  })

  test('more features than the sample’s Hessian takes', async () => {
    const { x, labels } = oracleData('wine')
    // Products of features, and their products with a third: 377 columns.
    const rows = Array.from({ length: x.rows }, (_, i) => {
      const row = Array.from(x.x.slice(i * x.width, (i + 1) * x.width), (v, j) => v / (j + 1))
      return row.flatMap((a, j) =>
        row.flatMap((b, k) => (k < j ? [] : [a * b, a / (1 + Math.abs(b)), Math.sin(a + b), b])),
      )
    })
    const settings = { C: 0.1, tol: 1e-8, maxIter: 3000 }
    const a = await new LogisticRegression(settings).fit(rows, labels)
    const b = await new LogisticRegression({ ...settings, solver: 'newtonCg' }).fit(
      rows.map(row => row),
      labels,
    )
    expect([a.converged, b.converged, rows[0].length > 257]).toEqual([true, true, true])
    near(await a.predictProba(rows), await b.predictProba(rows), 1e-4)
  })
})

test('many rows: the sample only says where to begin', async () => {
  const rows = 9000
  const x = new Float64Array(rows * 3)
  const y = new Int32Array(rows)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < 3; j++) x[3 * i + j] = Math.sin(i * (j + 1.7)) * (j + 1) + i / rows
    // Sorted by class, mostly: a sample of neighbours would mislead.
    y[i] = i + 3000 * Math.sin(i * 7.3) > 4000 ? 1 : 0
  }
  const matrix = { x, rows, width: 3 }
  const a = await new LogisticRegression({ tol: 1e-10 }).fit(matrix, y)
  const b = await new LogisticRegression({ tol: 1e-10, solver: 'newtonCholesky' }).fit(matrix, y)
  near(a.coef, b.coef, 1e-7)
  near(a.intercept, b.intercept, 1e-7)
  expect(a.nIter).toBeLessThan(8)
})

test('the default tolerance comes near', async () => {
  for (const c of cases.filter(one => one.estimator === 'LogisticRegression')) {
    if (c.params.C === 'Infinity' || c.data === 'scales') continue
    const model = await fit(c, { tol: 1e-4, maxIter: 100 })
    const { x } = oracleData(c.data)
    const few = { ...x, x: x.x.slice(0, 6 * x.width), rows: 6 }
    near(await model.predictProba(few), c.probabilities, 2e-2)
  }
})

test('gradient descent leaves its trace', async () => {
  const { x, labels } = oracleData('tall')
  const settings = { solver: 'gradientDescent', maxIter: 20_000, tol: 1e-7 } as const
  const model = await new LogisticRegression({ ...settings, learningRate: 0.3 }).fit(x, labels)
  const best = await new LogisticRegression({ tol: 1e-10 }).fit(x, labels)
  near(model.coef, best.coef, 1e-5)
  const trace = model.trace
  expect(trace?.loss[0]).toBeCloseTo(Math.log(3), 12)
  expect(trace?.coef.length).toBe((trace?.iteration.length ?? 0) * 3 * x.width)
  const again = LogisticRegression.fromJSON(JSON.parse(JSON.stringify(model)))
  expect(again.trace).toEqual(trace)
})

test('a class without rows keeps its column', async () => {
  const x = [[0], [1], [2], [3]]
  const model = await new LogisticRegression().fit(x, [0, 0, 2, 2], { classes: [0, 1, 2] })
  const p = await model.predictProba([[0]])
  expect([p.length, p[1]]).toEqual([3, 0])
  expect(Array.from(await model.predict(x))).toEqual([0, 0, 2, 2])
  const scores = await model.decisionFunction([[0]])
  expect(scores[1]).toBe(Number.NEGATIVE_INFINITY)
  expect(scores[0]).toBe(-scores[2])
})

test('labels may be texts, and weights go by them', async () => {
  const x = [[0], [1], [2], [3]]
  const y = ['b', 'b', 'a', 'a']
  const model = await new LogisticRegression().fit(x, y)
  expect(model.classes).toEqual(['a', 'b'])
  expect(await model.predict([[0], [3]])).toEqual(['b', 'a'])
  expect(await model.score([[0], [3]], ['b', 'c'])).toBe(0.5)
  const weighted = await new LogisticRegression({ classWeight: { a: 5 } }).fit(x, y)
  const rows = await new LogisticRegression().fit(x, y, { sampleWeight: [1, 1, 5, 5] })
  near(weighted.coef, rows.coef, 1e-9)
  await expect(new LogisticRegression({ classWeight: { A: 5 } }).fit(x, y)).rejects.toThrow(
    /labels among a, b/,
  )
})

test('separable classes and huge features stay finite', async () => {
  const x = [[-1e6], [-1e5], [1e5], [1e6]]
  const p = await (await new LogisticRegression().fit(x, [0, 0, 1, 1])).predictProba(x)
  expect(p.every(Number.isFinite)).toBe(true)
  const free = new LogisticRegression({ C: Number.POSITIVE_INFINITY, maxIter: 5, tol: 1e-9 })
  await free.fit([[-1], [1]], [0, 1])
  expect(free.converged).toBe(false)
  const again = LogisticRegression.fromJSON(JSON.parse(JSON.stringify(free)))
  expect(again.params.C).toBe(Number.POSITIVE_INFINITY)
})

test('a warm start goes on from the last answer', async () => {
  const { x, labels } = oracleData('iris')
  for (const solver of ['lbfgs', 'newtonCg', 'saga'] as const) {
    const model = new LogisticRegression({ solver, warmStart: true, tol: 1e-6, maxIter: 3000 })
    await model.fit(x, labels)
    const first = model.nIter
    await model.fit(x, labels)
    expect(model.nIter).toBeLessThan(first)
  }
})

describe('SGDClassifier', () => {
  test('partialFit over parts of the rows', async () => {
    const { x, labels } = oracleData('iris')
    const model = new SGDClassifier({ loss: 'logLoss', average: 50 })
    const whole = new SGDClassifier({ loss: 'logLoss', average: 50, shuffle: false, maxIter: 1 })
    const plain = new SGDClassifier({ loss: 'logLoss', average: 50, shuffle: false })
    await whole.fit(x, labels)
    const part = (from: number, to: number) => ({
      ...x,
      x: x.x.slice(from * x.width, to * x.width),
      rows: to - from,
    })
    await plain.partialFit(part(0, 70), labels.slice(0, 70), { classes: [0, 1, 2] })
    await plain.partialFit(part(70, 150), labels.slice(70))
    near(plain.coef, whole.coef, 1e-9)
    near(plain.intercept, whole.intercept, 1e-9)
    for (let epoch = 0; epoch < 30; epoch++) await model.partialFit(x, labels)
    expect(await model.score(x, labels)).toBeGreaterThan(0.8)
    expect(model.nIter).toBe(30)
    const again = SGDClassifier.fromJSON(JSON.parse(JSON.stringify(model)))
    await again.partialFit(x, labels)
    await model.partialFit(x, labels)
    near(again.coef, model.coef, 0)
    await expect(model.partialFit([[1, 2]], [1])).rejects.toMatchObject({ code: 'SHAPE' })
    await expect(new SGDClassifier().partialFit([[1], [2]], [1, 1])).rejects.toThrow(/Name all/)
  })

  test('the seed decides; held-out rows can stop it', async () => {
    const { x, labels } = oracleData('wine')
    const rows = Array.from({ length: x.rows }, (_, i) =>
      Array.from(x.x.slice(i * x.width, (i + 1) * x.width), (v, j) => v / (1 + Math.abs(x.x[j]))),
    )
    const make = (randomState: number, more: object = {}) =>
      new SGDClassifier({ loss: 'modifiedHuber', randomState, ...more })
    const [a, b, c] = [make(1), make(1), make(2)]
    for (const model of [a, b, c]) await model.fit(rows, labels)
    near(a.coef, b.coef, 0)
    expect(a.coef).not.toEqual(c.coef)
    const stopped = await make(1, { earlyStopping: true, nIterNoChange: 2 }).fit(rows, labels)
    expect(stopped.converged).toBe(true)
    const p = await stopped.predictProba(rows)
    expect(p.slice(0, 3).reduce((sum, v) => sum + v)).toBeCloseTo(1, 12)
    await expect(make(1, { earlyStopping: true }).fit([[0], [1]], [0, 1])).rejects.toThrow(/hold/)
    await expect(
      new SGDClassifier().fit(rows, labels).then(m => m.predictProba(rows)),
    ).rejects.toThrow(/logLoss/)
  })
})

test('what was learned is read strictly', async () => {
  const fitted = [
    [await new SGDClassifier({ average: true }).fit([[0], [1]], [0, 1]), SGDClassifier.fromJSON],
    [await new LogisticRegression().fit([[0], [1]], [0, 1]), LogisticRegression.fromJSON],
  ] as const
  for (const [model, read] of fitted) {
    const good = JSON.parse(JSON.stringify(model))
    for (const key of Object.keys(good.state))
      for (const value of [{}, [null], undefined]) {
        const bad = JSON.stringify({ ...good, state: { ...good.state, [key]: value } })
        expect(() => read(JSON.parse(bad)), key).toThrow(/altered/)
      }
  }
})

test.each<[string, () => unknown]>([
  ['C to be a number above 0, or Infinity, received 0', () => new LogisticRegression({ C: 0 })],
  ["Did you mean 'maxIter'?", () => new LogisticRegression({ maxiter: 5 } as never)],
])('%s', (message, run) => {
  expect(run).toThrow(message)
})

test.each<[string, RegExp, () => Promise<unknown>]>([
  ['L1 with lbfgs', /saga/, () => new LogisticRegression({ l1Ratio: 1 }).fit([[0], [1]], [0, 1])],
  ['one class', /two classes/, () => new LogisticRegression().fit([[0], [1]], [1, 1])],
  [
    'an optimal rate without a penalty',
    /alpha above 0/,
    () => new SGDClassifier({ alpha: 0 }).fit([[0], [1]], [0, 1]),
  ],
])('%s', async (_, message, run) => {
  await expect(run()).rejects.toThrow(message)
})
