import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import type { FitOptions } from '../contract.js'
import type { MatrixLike } from '../matrix.js'
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

// The contract, over all of them.
const x = [
  [0, 1],
  [1, 0],
  [2, 1],
  [3, 3],
]
const y = [0, 0, 1, 1]
interface Synchronous {
  readonly isFitted: boolean
  readonly params: object
  fit(x: MatrixLike, y: ArrayLike<number>, options?: FitOptions): Synchronous
  predict(x: MatrixLike): Float64Array
  score(x: MatrixLike, y: ArrayLike<number>): number
  clone(): Synchronous
}
const makers: Record<string, [() => Synchronous, (json: unknown) => Synchronous]> = {
  DummyClassifier: [() => new DummyClassifier(), DummyClassifier.fromJSON],
  DummyRegressor: [() => new DummyRegressor({ strategy: 'median' }), DummyRegressor.fromJSON],
  LogisticRegression: [() => new LogisticRegression({ C: 2 }), LogisticRegression.fromJSON],
  Ridge: [() => new Ridge({ alpha: 0.5 }), Ridge.fromJSON],
}

describe.each(Object.entries(makers))('%s keeps the contract', (name, [make, read]) => {
  const code = (run: () => unknown) => {
    try {
      run()
    } catch (error) {
      return error instanceof AthanorError ? error.code : String(error)
    }
    return 'none'
  }

  test('learns, predicts, scores, forgets', () => {
    const model = make()
    expect(model.isFitted).toBe(false)
    expect(code(() => model.predict(x))).toBe('STATE')
    model.fit(x, y)
    expect(model.isFitted).toBe(true)
    expect(model.predict(x).length).toBe(4)
    expect(model.score(x, y)).toBeGreaterThanOrEqual(0)
    const clone = model.clone()
    expect(clone.isFitted).toBe(false)
    expect(clone.params).toEqual(model.params)
    const once = model.predict(x)
    expect(model.fit(x, y).predict(x)).toEqual(once)
  })

  test('a Float32Array matrix does as well', () => {
    const flat = { x: Float32Array.from(x.flat()), rows: 4, width: 2 }
    expect(make().fit(flat, y).predict(flat)).toEqual(make().fit(x, y).predict(x))
  })

  test('is saved and read', () => {
    const before = make()
    expect(read(JSON.parse(JSON.stringify(before))).isFitted).toBe(false)
    before.fit(x, y)
    const again = read(JSON.parse(JSON.stringify(before)))
    expect(again.predict(x)).toEqual(before.predict(x))
    expect(JSON.stringify(again)).toBe(JSON.stringify(before))
  })

  test('refuses what it cannot use', () => {
    expect(code(() => make().fit([], []))).toBe('DATA')
    expect(code(() => make().fit([[]], [1]))).toBe('DATA')
    expect(code(() => make().fit([[Number.NaN]], [1]))).toBe('DATA')
    expect(code(() => make().fit(x, [0, 1]))).toBe('SHAPE')
    expect(code(() => make().fit(x, [0, 1, Number.NaN, 1]))).toBe('DATA')
    expect(code(() => make().fit([[1, 2], [3]], [0, 1]))).toBe('SHAPE')
    expect(code(() => make().fit(x, y, { sampleWeight: [1] }))).toBe('SHAPE')
    expect(code(() => make().fit(x, y, { sampleWeight: [0, 0, 0, 0] }))).toBe('ARGUMENT')
    if (!name.startsWith('Dummy'))
      expect(
        code(() =>
          make()
            .fit(x, y)
            .predict([[1]]),
        ),
      ).toBe('SHAPE')
  })

  test('refuses hostile JSON', () => {
    const good = JSON.parse(JSON.stringify(make().fit(x, y)))
    const bad: unknown[] = [
      null,
      [],
      { ...good, estimator: 'Other' },
      { ...good, version: 2 },
      { ...good, extra: 1 },
      { ...good, params: {} },
      { ...good, params: { ...good.params, more: 1 } },
      { ...good, state: {} },
      { ...good, state: 5 },
      JSON.parse(JSON.stringify(good).replace('"state"', '"__proto__"')),
      ...Object.keys(good.state).map(key => ({ ...good, state: { ...good.state, [key]: 'x' } })),
      ...Object.keys(good.state).map(key => ({ ...good, state: { ...good.state, [key]: [null] } })),
    ]
    for (const json of bad)
      expect(
        code(() => read(json)),
        JSON.stringify(json),
      ).toBe('FORMAT')
  })
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
