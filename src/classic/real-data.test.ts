// Real tables: cross-validated scores on the same folds as scikit-learn's, and what was learned.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Estimator, Regressor } from '../estimator/contract.js'
import { crossValScore } from '../estimator/selection/cross-validate.js'
import * as classic from './estimators.js'

const { KFold, StratifiedKFold } = await import('../estimator/index.js')

interface Oracle {
  readonly tables: Record<string, { readonly x: number[][]; readonly y: (number | string)[] }>
  readonly scores: {
    readonly table: string
    readonly model: string
    readonly scores: number[]
    readonly within: number
  }[]
  // biome-ignore lint/suspicious/noExplicitAny: what was learned differs from model to model
  readonly learned: any
}

const oracle: Oracle = JSON.parse(
  readFileSync(new URL('./fixtures/real-data.json', import.meta.url), 'utf8'),
)

const scaled = (model: Estimator) =>
  new classic.Pipeline({
    steps: [
      ['scale', new classic.StandardScaler()],
      ['model', model as Regressor],
    ],
  }) as unknown as Estimator

/** scikit-learn's models of scripts/oracles/real-data.py, by their names there. */
const models: Readonly<Record<string, () => Estimator>> = {
  LogisticRegression: () => scaled(new classic.LogisticRegression({ tol: 1e-9, maxIter: 5000 })),
  LinearDiscriminantAnalysis: () => new classic.LinearDiscriminantAnalysis(),
  LinearSVC: () => scaled(new classic.LinearSVC({ tol: 1e-6, maxIter: 100_000 })),
  SVC: () => scaled(new classic.SVC({ tol: 1e-5 })),
  'SVC, polynomial': () => scaled(new classic.SVC({ kernel: 'poly', tol: 1e-5 })),
  KNeighborsClassifier: () => scaled(new classic.KNeighborsClassifier()),
  'KNeighborsClassifier, by distance': () =>
    scaled(new classic.KNeighborsClassifier({ nNeighbors: 9, weights: 'distance' })),
  GaussianNB: () => new classic.GaussianNB(),
  MultinomialNB: () => new classic.MultinomialNB(),
  BernoulliNB: () => new classic.BernoulliNB({ binarize: 8 }),
  DecisionTreeClassifier: () => new classic.DecisionTreeClassifier(),
  RandomForestClassifier: () => new classic.RandomForestClassifier(),
  ExtraTreesClassifier: () => new classic.ExtraTreesClassifier(),
  HistGradientBoostingClassifier: () => new classic.HistGradientBoostingClassifier({ maxIter: 30 }),
  'PCA and LogisticRegression': () =>
    new classic.Pipeline({
      steps: [
        ['scale', new classic.StandardScaler()],
        ['components', new classic.PCA({ nComponents: 2 })],
        ['model', new classic.LogisticRegression({ tol: 1e-9, maxIter: 5000 })],
      ],
    }) as unknown as Estimator,
  LinearRegression: () => new classic.LinearRegression(),
  Ridge: () => scaled(new classic.Ridge()),
  Lasso: () => scaled(new classic.Lasso({ tol: 1e-10 })),
  ElasticNet: () => scaled(new classic.ElasticNet({ tol: 1e-10 })),
  SVR: () => scaled(new classic.SVR({ tol: 1e-6 })),
  KNeighborsRegressor: () => scaled(new classic.KNeighborsRegressor()),
  DecisionTreeRegressor: () => new classic.DecisionTreeRegressor({ maxDepth: 4 }),
  RandomForestRegressor: () => new classic.RandomForestRegressor({ minSamplesLeaf: 20 }),
  HistGradientBoostingRegressor: () => new classic.HistGradientBoostingRegressor({ maxIter: 30 }),
}

describe.each(Object.keys(oracle.tables))('%s', name => {
  const { x, y } = oracle.tables[name]
  const own = oracle.scores.filter(({ table }) => table === name)
  test.each(own.map(entry => [entry.model, entry] as const))('%s', async (model, entry) => {
    const cv = name === 'flights' ? new KFold({ nSplits: 4 }) : new StratifiedKFold({ nSplits: 4 })
    const scores = await crossValScore(models[model](), x, y as number[], { cv })
    if (entry.within > 0.01) {
      // Their random numbers are not ours: the means have to agree.
      const mean = (values: ArrayLike<number>) =>
        Array.from(values).reduce((a, b) => a + b) / values.length
      expect(Math.abs(mean(scores) - mean(entry.scores))).toBeLessThan(entry.within)
    } else
      for (const [k, score] of scores.entries())
        expect(Math.abs(score - entry.scores[k]), `fold ${k}`).toBeLessThanOrEqual(entry.within)
  })
})

describe('what was learned', () => {
  const { learned, tables } = oracle
  const iris = tables.iris
  const standard = async () => {
    const out = await new classic.StandardScaler().fitTransform(iris.x)
    return out as import('../estimator/matrix.js').Matrix
  }
  const close = (actual: ArrayLike<number>, expected: readonly number[], digits = 6) => {
    expect(actual.length).toBe(expected.length)
    for (const [i, value] of expected.entries())
      expect(actual[i], `[${i}]`).toBeCloseTo(value, digits)
  }

  test('coefficients of a logistic regression', async () => {
    const model = new classic.LogisticRegression({ tol: 1e-10, maxIter: 10_000 })
    await model.fit(await standard(), iris.y as number[])
    close(model.coef, learned.logistic.coef, 5)
    close(model.intercept, learned.logistic.intercept, 5)
  })

  test('support vectors', async () => {
    const model = await new classic.SVC({ tol: 1e-6 }).fit(await standard(), iris.y as number[])
    // A vector whose weight is 0 within the tolerance may or may not be listed.
    const theirs: number[] = learned.svc.support
    const ours = [...model.support]
    const either = ours.filter(row => !theirs.includes(row)).length
    const other = theirs.filter(row => !ours.includes(row)).length
    expect(either + other).toBeLessThanOrEqual(1)
    close(model.intercept, learned.svc.intercept, 4)
  })

  test('splits of a tree', async () => {
    const { x, y } = tables.penguins
    const model = await new classic.DecisionTreeClassifier({ maxDepth: 3 }).fit(x, y as string[])
    const text = await classic.exportText(model, { decimals: 4 })
    const inner = (learned.tree.feature as number[]).flatMap((feature, i) =>
      feature < 0 ? [] : [[feature, learned.tree.threshold[i]] as const],
    )
    for (const [feature, threshold] of inner.slice(0, 3))
      expect(text).toMatch(new RegExp(`${feature}.*${threshold.toFixed(2).slice(0, -1)}`))
  })

  test('components and clusters', async () => {
    const pca = await new classic.PCA().fit(await standard())
    close(pca.explainedVarianceRatio, learned.pca.explainedVarianceRatio, 9)
    const rows = await standard()
    const init = [0, 60, 120].map(row => Array.from(rows.x.subarray(row * 4, row * 4 + 4)))
    const kmeans = await new classic.KMeans({ nClusters: 3, init, nInit: 1 }).fit(rows)
    expect(kmeans.inertia).toBeCloseTo(learned.kmeans.inertia, 6)
    expect([...kmeans.labels]).toEqual(learned.kmeans.labels)
  })

  test('a Poisson regression', async () => {
    const model = new classic.PoissonRegressor({ alpha: 0.1, tol: 1e-10, maxIter: 1000 })
    await model.fit(await standard(), iris.y as number[])
    close(model.coef, learned.poisson, 5)
  })
})
