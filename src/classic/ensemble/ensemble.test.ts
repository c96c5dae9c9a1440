// Ensembles against scikit-learn's: voting and stacking to the digit, bagging within what seeds make of it.

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { registerEstimator } from '../../estimator/estimator-parameter.js'
import type { Matrix } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { LogisticRegression, Ridge } from '../linear/index.js'
import { type Json, near } from '../testing/oracle.js'
import { DecisionTreeClassifier, DecisionTreeRegressor } from '../trees/index.js'
import {
  BaggingClassifier,
  BaggingRegressor,
  StackingClassifier,
  StackingRegressor,
  VotingClassifier,
  VotingRegressor,
} from './index.js'

beforeAll(() => {
  registerEstimator(LogisticRegression, Ridge, DecisionTreeClassifier, DecisionTreeRegressor)
})

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/ensembles.json', import.meta.url), 'utf8'),
)

const shape = { maxDepth: 3, minSamplesLeaf: 10 }
const classifiers = () =>
  [
    ['tree', new DecisionTreeClassifier(shape)],
    ['linear', new LogisticRegression({ C: 0.5, tol: 1e-9 })],
  ] as const
const regressors = () =>
  [
    ['tree', new DecisionTreeRegressor(shape)],
    ['linear', new Ridge({ alpha: 2 })],
  ] as const

const cut = ({ x, width }: Json, begin: number, end: number): Matrix => ({
  x: Float64Array.from(x.slice(begin * width, end * width)),
  rows: end - begin,
  width,
})

describe.each(cases.map((one: Json) => [one.classes, one]) as [number, Json][])(
  '%s classes',
  (classes, one) => {
    const x = cut(one, 0, one.train)
    const held = cut(one, one.train, one.rows)
    const y = one.y.slice(0, one.train)
    const five = cut(one, one.train, one.train + 5)

    test('voting', async () => {
      if (classes === 0) {
        const mean = new VotingRegressor({ estimators: regressors(), weights: [1, 3] })
        near(await (await mean.fit(x, y)).predict(held), one.voting, 1e-5)
        const weighted = new VotingRegressor({ estimators: regressors() })
        await weighted.fit(x, y, { sampleWeight: one.weights })
        near(await weighted.predict(held), one.weighted, 1e-5)
        return
      }
      const soft = new VotingClassifier({
        estimators: classifiers(),
        voting: 'soft',
        weights: [1, 3],
      })
      near(await (await soft.fit(x, y)).predictProba(held), one.soft, 1e-4)
      const third = ['other', new DecisionTreeClassifier({ ...shape, maxDepth: 1 })] as const
      const hard = await new VotingClassifier({ estimators: [...classifiers(), third] }).fit(x, y)
      near(await hard.predict(held), one.hard)
      expect(hard.hasProbabilities).toBe(false)
      await expect(hard.predictProba(held)).rejects.toThrow(/soft/)
    })

    test('stacking', async () => {
      for (const [name, passthrough] of [
        ['stacked', false],
        ['passed', true],
      ] as const) {
        const stack =
          classes === 0
            ? new StackingRegressor({
                estimators: regressors(),
                finalEstimator: new Ridge({ alpha: 0.5 }),
                passthrough,
              })
            : new StackingClassifier({
                estimators: classifiers(),
                finalEstimator: new LogisticRegression({ C: 2, tol: 1e-9 }),
                passthrough,
              })
        await stack.fit(x, y)
        near((await stack.transform(five)).x, one[`${name}Features`], 1e-4)
        const said =
          stack instanceof StackingClassifier ? stack.predictProba(held) : stack.predict(held)
        near(await said, one[name], 1e-3)
      }
    })

    test('bagging', async () => {
      const params = { nEstimators: 40, maxFeatures: 3, oobScore: true }
      const scores: number[] = []
      const oob: number[] = []
      for (const randomState of [0, 100, 200]) {
        const bag =
          classes === 0
            ? new BaggingRegressor({ ...params, randomState })
            : new BaggingClassifier({ ...params, randomState })
        await bag.fit(x, y)
        scores.push(await bag.score(held, one.y.slice(one.train)))
        oob.push(bag.oobScore)
      }
      const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length
      expect(Math.abs(mean(scores) - one.bagging.score)).toBeLessThan(3 * one.bagging.spread + 0.01)
      expect(Math.abs(mean(oob) - one.bagging.oob)).toBeLessThan(0.05)
    })
  },
)

const [two] = cases
const x = cut(two, 0, two.train)
const words = two.y.slice(0, two.train).map((code: number) => (code === 0 ? 'no' : 'yes'))

test('labels of any kind, members by name, dropped ones', async () => {
  const vote = new VotingClassifier({
    estimators: [...classifiers(), ['none', 'drop']],
    weights: [1, 1, 5],
  })
  await vote.fit(x, words)
  expect(vote.classes).toEqual(['no', 'yes'])
  expect(Object.keys(vote.namedEstimators)).toEqual(['tree', 'linear'])
  expect(new Set(await vote.predict(x))).toEqual(new Set(['no', 'yes']))
  await expect(
    new VotingClassifier({ estimators: classifiers(), weights: [1] }).fit(x, words),
  ).rejects.toThrow(/2 weights/)
  await expect(
    new VotingClassifier({ estimators: [['none', 'drop']] }).fit(x, words),
  ).rejects.toThrow(/at least one estimator/)
  expect(() => new VotingClassifier({ estimators: regressors() as never })).toThrow(/a classifier/)
})

test('parameters within are reached by name', () => {
  const vote = new VotingClassifier({ estimators: classifiers() })
  const other = vote.withParams({ tree__maxDepth: 7, linear: 'drop' })
  expect(other.params.estimators[1][1]).toBe('drop')
  expect((other.params.estimators[0][1] as DecisionTreeClassifier).params.maxDepth).toBe(7)
})

test('bagging: columns and rows of each copy, with and without putting back', async () => {
  const params = { nEstimators: 8, maxFeatures: 2, maxSamples: 30 }
  const bag = await new BaggingClassifier({ ...params, bootstrap: false }).fit(x, words)
  expect(bag.estimators.length).toBe(8)
  for (const features of bag.estimatorsFeatures) {
    expect(features.length).toBe(2)
    expect(features[0]).toBeLessThan(features[1])
  }
  for (const tree of bag.estimators as DecisionTreeClassifier[])
    expect(tree.tree.nNodeSamples?.[0]).toBe(30)
  const names = ['a', 'b', 'c', 'd']
  const table = Array.from({ length: x.rows }, (_, row) =>
    Object.fromEntries(names.map((name, f) => [name, x.x[row * 4 + f]])),
  )
  const named = await new BaggingClassifier({ ...params, bootstrapFeatures: true }).fit(
    table,
    words,
  )
  const again = BaggingClassifier.fromJSON(JSON.parse(JSON.stringify(named)))
  expect(await again.predict(table)).toEqual(await named.predict(table))
  const sparse = SparseMatrix.fromDense(x)
  const fromSparse = await new BaggingClassifier(params).fit(sparse, words)
  const fromDense = await new BaggingClassifier(params).fit(x, words)
  expect(await fromSparse.predictProba(sparse)).toEqual(await fromDense.predictProba(x))
  await expect(
    new BaggingClassifier({ bootstrap: false, oobScore: true }).fit(x, words),
  ).rejects.toThrow(/bootstrap/)
})

test('copies that need two classes get them', async () => {
  const rare = words.map((_: string, i: number) => Number(i % 50 === 0))
  const bag = new BaggingClassifier({
    estimator: new LogisticRegression(),
    nEstimators: 10,
    maxSamples: 20,
  })
  await bag.fit(x, rare)
  expect((await bag.predictProba(x)).length).toBe(2 * x.rows)
})

test('progress rises and a signal stops between members', async () => {
  const seen: number[] = []
  const stack = new StackingClassifier({ estimators: classifiers(), cv: 3 })
  await stack.fit(x, words, { onProgress: ({ fraction }) => seen.push(fraction) })
  expect([...seen].sort((a, b) => a - b)).toEqual(seen)
  const controller = new AbortController()
  const stopped = new BaggingClassifier({ nEstimators: 1000 }).fit(x, words, {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  })
  await expect(stopped).rejects.toThrow(/abort/)
})
