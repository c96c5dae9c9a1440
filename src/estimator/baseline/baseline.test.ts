import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { AthanorError } from '../../base/errors.js'
import { DummyClassifier, DummyRegressor, LogisticRegression, Ridge } from './index.js'

// biome-ignore lint/suspicious/noExplicitAny: fixtures are JSON
type Json = any

const cases = (name: string): Json[] =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'), (_, v) =>
    v === null ? undefined : v,
  ).cases

function close(actual: ArrayLike<number>, expected: number[], tolerance: number) {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(actual[i] - expected[i]), `[${i}]`).toBeLessThan(
      tolerance * Math.max(1, Math.abs(expected[i])),
    )
}

describe('LogisticRegression against scikit-learn', () => {
  test.each(cases('logistic-regression').map(c => [c.name, c]))('%s', (_, c: Json) => {
    const model = new LogisticRegression({ ...c.params, tol: 1e-9, maxIter: 2000 })
    expect(model.fit(c.x, c.y, { sampleWeight: c.sampleWeight })).toBe(model)
    expect(model.converged).toBe(true)
    close(model.coefficients, c.coefficients, 1e-5)
    close(model.intercepts, c.intercepts, 1e-5)
    close(model.predictProba(c.x.slice(0, 10)), c.probabilities, 1e-6)
    expect(model.score(c.x, c.y)).toBe(c.score)
  })

  test('the default tolerance comes near', () => {
    for (const c of cases('logistic-regression')) {
      const model = new LogisticRegression(c.params).fit(c.x, c.y, { sampleWeight: c.sampleWeight })
      expect(model.converged, c.name).toBe(true)
      close(model.predictProba(c.x.slice(0, 10)), c.probabilities, 2e-2)
    }
  })

  test('a class without rows keeps its column', () => {
    const x = [[0], [1], [2], [3]]
    const model = new LogisticRegression().fit(x, [0, 0, 2, 2], { classes: [0, 1, 2] })
    expect(model.predictProba([[0]]).length).toBe(3)
    expect(Array.from(model.predict(x))).toEqual([0, 0, 2, 2])
  })

  test('separable classes and huge features stay finite', () => {
    const x = [[-1e6], [-1e5], [1e5], [1e6]]
    const p = new LogisticRegression().fit(x, [0, 0, 1, 1]).predictProba(x)
    expect(p.every(Number.isFinite)).toBe(true)
  })
})

describe('Ridge against scikit-learn', () => {
  test.each(cases('ridge').map(c => [c.name, c]))('%s', (_, c: Json) => {
    const model = new Ridge(c.params).fit(c.x, c.y, { sampleWeight: c.sampleWeight })
    close(model.coefficients, c.coefficients, 1e-8)
    close([model.intercept], [c.intercept], 1e-8)
    close(model.predict(c.x.slice(0, 10)), c.predictions, 1e-8)
    close([model.score(c.x, c.y)], [c.score], 1e-10)
  })

  test('conjugate gradients come to the same result', () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: 8 }, (_, j) => Math.sin(i * (j + 1)) + (j === 0 ? 3 : 0)),
    )
    const y = rows.map((row, i) => row[0] - 2 * row[3] + Math.cos(i))
    const direct = new Ridge().fit(rows, y)
    const iterative = new Ridge({ solver: 'conjugateGradients' }).fit(rows, y)
    close(iterative.coefficients, Array.from(direct.coefficients), 1e-7)
  })

  test('dependent features without a penalty are an error', () => {
    const x = [
      [1, 1],
      [2, 2],
      [3, 3],
    ]
    expect(() => new Ridge({ alpha: 0 }).fit(x, [1, 2, 3])).toThrow(/larger alpha/)
  })
})

describe('dummies against scikit-learn', () => {
  const [{ classifier, regressor }] = cases('dummy')
  test('classifier', () => {
    for (const c of classifier) {
      const x = c.y.map(() => [0])
      const model = new DummyClassifier({ strategy: c.strategy })
      model.fit(x, c.y, { sampleWeight: c.sampleWeight })
      expect(model.predict([[0]])[0]).toBe(c.prediction)
      close(model.predictProba([[0]]), c.probabilities, 1e-12)
    }
  })
  test('regressor', () => {
    for (const c of regressor) {
      const model = new DummyRegressor({ strategy: c.strategy }).fit(
        c.y.map(() => [0]),
        c.y,
      )
      close(model.predict([[5], [6]]), [c.prediction, c.prediction], 1e-12)
    }
    const weighted = new DummyRegressor({ strategy: 'median' })
    weighted.fit([[0], [0], [0]], [1, 2, 9], { sampleWeight: [1, 1, 5] })
    expect(weighted.predict([[0]])[0]).toBe(9)
  })
})

test.each<[string, string, () => unknown]>([
  ['a weight too few', 'SHAPE', () => new Ridge().fit([[1], [2]], [1, 2], { sampleWeight: [1] })],
  ['no weight', 'ARGUMENT', () => new Ridge().fit([[1], [2]], [1, 2], { sampleWeight: [0, 0] })],
])('%s', (_, code, run) => {
  try {
    run()
  } catch (error) {
    expect((error as AthanorError).code).toBe(code)
    return
  }
  expect.unreachable()
})

test('what was learned is read strictly', () => {
  const fitted = [
    [new Ridge().fit([[0], [1]], [0, 1]), Ridge.fromJSON],
    [new LogisticRegression().fit([[0], [1]], [0, 1]), LogisticRegression.fromJSON],
    [new DummyClassifier().fit([[0], [1]], [0, 1]), DummyClassifier.fromJSON],
    [new DummyRegressor().fit([[0], [1]], [0, 1]), DummyRegressor.fromJSON],
  ] as const
  for (const [model, read] of fitted) {
    const good = JSON.parse(JSON.stringify(model))
    for (const key of Object.keys(good.state))
      for (const value of ['x', [null], undefined])
        expect(() =>
          read(JSON.parse(JSON.stringify({ ...good, state: { ...good.state, [key]: value } }))),
        ).toThrow(/altered/)
  }
})

test.each<[string, () => unknown]>([
  ['alpha to be a number of 0 or more, received -1', () => new Ridge({ alpha: -1 })],
  ['C to be a number above 0, received 0', () => new LogisticRegression({ C: 0 })],
  ["Did you mean 'maxIter'?", () => new LogisticRegression({ maxiter: 5 } as never)],
  ["one of 'prior', 'mostFrequent'", () => new DummyClassifier({ strategy: 'x' as never })],
  ['at least two classes', () => new LogisticRegression().fit([[0], [1]], [1, 1])],
  ['labels among the classes', () => new DummyClassifier().fit([[0]], [3], { classes: [0, 1] })],
])('%s', (message, run) => {
  expect(run).toThrow(message)
})
