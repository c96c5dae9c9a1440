// Dummies against scikit-learn.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DummyClassifier, DummyRegressor } from './index.js'

const path = new URL('./fixtures/dummy.json', import.meta.url)
const [{ classifier, regressor }] = JSON.parse(readFileSync(path, 'utf8'), (_, v) =>
  v === null ? undefined : v,
).cases

function close(actual: ArrayLike<number>, expected: number[]) {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) expect(actual[i]).toBeCloseTo(expected[i], 12)
}

test('classifier', async () => {
  for (const c of classifier) {
    const x = c.y.map(() => [0])
    const model = await new DummyClassifier({ strategy: c.strategy }).fit(x, c.y, {
      sampleWeight: c.sampleWeight,
    })
    expect((await model.predict([[0]]))[0]).toBe(c.prediction)
    close(await model.predictProba([[0]]), c.probabilities)
  }
})

test('classifier that draws, or always says the same', async () => {
  const x = Array.from({ length: 1000 }, () => [0])
  const y = x.map((_, i) => (i % 4 === 0 ? 'rare' : 'often'))
  for (const [strategy, share] of [
    ['stratified', 0.25],
    ['uniform', 0.5],
  ] as const) {
    const model = await new DummyClassifier({ strategy, randomState: 3 }).fit(x, y)
    const drawn = (await model.predict(x)) as string[]
    expect(drawn.filter(label => label === 'rare').length / 1000).toBeCloseTo(share, 1)
    expect(await model.predict(x)).toEqual(drawn)
  }
  const model = await new DummyClassifier({ strategy: 'constant', constant: 'rare' }).fit(x, y)
  expect(await model.predict([[1]])).toEqual(['rare'])
  expect(Array.from(await model.predictProba([[1]]))).toEqual([0, 1])
  await expect(
    new DummyClassifier({ strategy: 'constant', constant: 'never' }).fit(x, y),
  ).rejects.toThrow(/constant to be a class/)
})

test('regressor', async () => {
  for (const c of regressor) {
    const x = c.y.map(() => [0])
    const model = await new DummyRegressor({ strategy: c.strategy }).fit(x, c.y)
    close(await model.predict([[5], [6]]), [c.prediction, c.prediction])
  }
  const weighted = new DummyRegressor({ strategy: 'median' })
  await weighted.fit([[0], [0], [0]], [1, 2, 9], { sampleWeight: [1, 1, 5] })
  expect((await weighted.predict([[0]]))[0]).toBe(9)
  const quantile = new DummyRegressor({ strategy: 'quantile', quantile: 0.25 })
  await quantile.fit([[0], [0], [0]], [1, 2, 9])
  expect(quantile.constant).toBe(1.5)
  await expect(new DummyRegressor({ strategy: 'quantile' }).fit([[0]], [1])).rejects.toThrow(
    /a quantile from 0 to 1/,
  )
})

test.each<[string, () => unknown]>([
  ["one of 'prior', 'mostFrequent'", () => new DummyClassifier({ strategy: 'x' as never })],
])('%s', (message, run) => {
  expect(run).toThrow(message)
})

test('labels among the classes', async () => {
  await expect(new DummyClassifier().fit([[0]], [3], { classes: [0, 1] })).rejects.toThrow(
    /labels among the classes given/,
  )
})
