// The linear models that stand beside every other one, against scikit-learn.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LogisticRegression, Ridge } from './index.js'

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
  test.each(cases('logistic-regression').map(c => [c.name, c]))('%s', async (_, c: Json) => {
    const model = new LogisticRegression({ ...c.params, tol: 1e-9, maxIter: 2000 })
    expect(await model.fit(c.x, c.y, { sampleWeight: c.sampleWeight })).toBe(model)
    expect(model.converged).toBe(true)
    close(model.coef, c.coefficients, 1e-5)
    close(model.intercept, c.intercepts, 1e-5)
    close(await model.predictProba(c.x.slice(0, 10)), c.probabilities, 1e-6)
    expect(await model.score(c.x, c.y)).toBe(c.score)
  })

  test('the default tolerance comes near', async () => {
    for (const c of cases('logistic-regression')) {
      const model = new LogisticRegression(c.params)
      await model.fit(c.x, c.y, { sampleWeight: c.sampleWeight })
      expect(model.converged, c.name).toBe(true)
      close(await model.predictProba(c.x.slice(0, 10)), c.probabilities, 2e-2)
    }
  })

  test('a class without rows keeps its column', async () => {
    const x = [[0], [1], [2], [3]]
    const model = await new LogisticRegression().fit(x, [0, 0, 2, 2], { classes: [0, 1, 2] })
    const p = await model.predictProba([[0]])
    expect([p.length, p[1]]).toEqual([3, 0])
    expect(Array.from(await model.predict(x))).toEqual([0, 0, 2, 2])
  })

  test('labels may be texts', async () => {
    const model = await new LogisticRegression().fit([[0], [1], [2], [3]], ['b', 'b', 'a', 'a'])
    expect(model.classes).toEqual(['a', 'b'])
    expect(await model.predict([[0], [3]])).toEqual(['b', 'a'])
    expect(await model.score([[0], [3]], ['b', 'c'])).toBe(0.5)
  })

  test('separable classes and huge features stay finite', async () => {
    const x = [[-1e6], [-1e5], [1e5], [1e6]]
    const p = await (await new LogisticRegression().fit(x, [0, 0, 1, 1])).predictProba(x)
    expect(p.every(Number.isFinite)).toBe(true)
  })
})

describe('Ridge against scikit-learn', () => {
  test.each(cases('ridge').map(c => [c.name, c]))('%s', async (_, c: Json) => {
    const model = await new Ridge(c.params).fit(c.x, c.y, { sampleWeight: c.sampleWeight })
    close(model.coef, c.coefficients, 1e-8)
    close([model.intercept], [c.intercept], 1e-8)
    close(await model.predict(c.x.slice(0, 10)), c.predictions, 1e-8)
    close([await model.score(c.x, c.y)], [c.score], 1e-10)
  })

  test('conjugate gradients come to the same result', async () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: 8 }, (_, j) => Math.sin(i * (j + 1)) + (j === 0 ? 3 : 0)),
    )
    const y = rows.map((row, i) => row[0] - 2 * row[3] + Math.cos(i))
    const direct = await new Ridge().fit(rows, y)
    const iterative = await new Ridge({ solver: 'conjugateGradients' }).fit(rows, y)
    close(iterative.coef, Array.from(direct.coef), 1e-7)
  })

  test('dependent features without a penalty are an error', async () => {
    const x = [
      [1, 1],
      [2, 2],
      [3, 3],
    ]
    await expect(new Ridge({ alpha: 0 }).fit(x, [1, 2, 3])).rejects.toThrow(/larger alpha/)
  })
})

test.each<[string, string, () => Promise<unknown>]>([
  ['a weight too few', 'SHAPE', () => new Ridge().fit([[1], [2]], [1, 2], { sampleWeight: [1] })],
  ['no weight', 'ARGUMENT', () => new Ridge().fit([[1], [2]], [1, 2], { sampleWeight: [0, 0] })],
  ['one class', 'DATA', () => new LogisticRegression().fit([[0], [1]], [1, 1])],
])('%s', async (_, code, run) => {
  await expect(run()).rejects.toMatchObject({ code })
})

test('what was learned is read strictly', async () => {
  const fitted = [
    [await new Ridge().fit([[0], [1]], [0, 1]), Ridge.fromJSON],
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
  ['alpha to be a number of 0 or more, received -1', () => new Ridge({ alpha: -1 })],
  ['C to be a number above 0, or Infinity, received 0', () => new LogisticRegression({ C: 0 })],
  ["Did you mean 'maxIter'?", () => new LogisticRegression({ maxiter: 5 } as never)],
])('%s', (message, run) => {
  expect(run).toThrow(message)
})
