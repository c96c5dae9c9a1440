// Scores and selectors against scikit-learn and scipy.

import { describe, expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { KFold } from '../../estimator/splitters/k-fold.js'
import { Pipeline } from '../compose/index.js'
import { LogisticRegression, Ridge } from '../linear/index.js'
import { StandardScaler } from '../preprocessing/index.js'
import '../register.js'
import { casesOf, type Json, near, rowsOf } from '../testing/oracle.js'
import { chi2Tail, digamma, fTail, logGamma } from './distributions.js'
import * as selection from './index.js'
import {
  fClassif,
  fRegression,
  mutualInfoClassif,
  mutualInfoRegression,
  RFE,
  RFECV,
  SelectFromModel,
  SelectKBest,
  VarianceThreshold,
} from './index.js'

const cases = casesOf(new URL('./fixtures/feature-selection.json', import.meta.url))
const casesOfKind = (kind: string) =>
  cases.filter(c => c.kind === kind).map((c, i) => [`${i} ${c.name ?? c.estimator}`, c] as const)

const sparse = (rows: Json) =>
  SparseMatrix.fromDense({
    x: Float64Array.from(rows.flat()),
    rows: rows.length,
    width: rows[0].length,
  })

describe('scores', () => {
  test.each(casesOfKind('score'))('%s', async (_, c) => {
    const score = (selection as Json)[c.name]
    const { scores, pvalues } = await score(c.sparse ? sparse(c.x) : c.x, c.y)
    // F of perfect dependence is rounding over rounding.
    const huge = (value: number) => Math.min(value, 1e25)
    near(
      Array.from(scores, v => huge(v as number)),
      c.scores.map(huge),
      2e-6,
    )
    near(pvalues, c.pvalues, 1e-9)
  })

  test.each(casesOfKind('information'))('%s', async (_, c) => {
    const score = (selection as Json)[c.name]
    const options = { nNeighbors: c.nNeighbors ?? 3, discreteFeatures: c.discrete ?? 'auto' }
    near(await score(c.x, c.y, options), c.scores, c.tolerance ?? 1e-6)
  })

  test('tails of F and χ², digamma and log gamma', () => {
    const [[, c]] = casesOfKind('tails')
    const relative = (actual: number, expected: number, at: string) =>
      expect(Math.abs(actual - expected) <= 1e-11 * Math.abs(expected) + 1e-300, at).toBe(true)
    for (const [d1, d2, values] of c.f)
      values.forEach((value: number, i: number) => {
        relative(fTail(c.values[i], d1, d2), value, `F ${d1} ${d2} ${c.values[i]}`)
      })
    for (const [k, values] of c.chi2)
      values.forEach((value: number, i: number) => {
        relative(chi2Tail(c.values[i], k), value, `χ² ${k} ${c.values[i]}`)
      })
    for (const [z, value] of c.digamma) relative(digamma(z), value, `digamma ${z}`)
    for (const [z, value] of c.logGamma)
      expect(Math.abs(logGamma(z) - value), `${z}`).toBeLessThan(1e-13 * Math.max(1, value))
  })

  test('information: independent features tell nothing, the same seed the same', async () => {
    const x = Array.from({ length: 200 }, (_, i) => [i, Math.sin(i * i) * 5, 1])
    const y = x.map(([a]) => a * a)
    const scores = await mutualInfoRegression(x, y)
    expect(scores[0]).toBeGreaterThan(3)
    expect(scores[1]).toBeLessThan(0.2)
    expect(await mutualInfoRegression(x, y)).toEqual(scores)
    const sparseScores = await mutualInfoClassif(
      sparse([
        [1, 0],
        [0, 0],
        [1, 0],
        [0, 1],
      ]),
      [1, 0, 1, 0],
    )
    expect(sparseScores[0]).toBeCloseTo(Math.log(2), 12)
  })

  test('an offset changes nothing', async () => {
    const [[, c]] = casesOfKind('score')
    const moved = c.x.map((row: number[]) => row.map(value => value + 1e6))
    near((await fClassif(moved, c.y)).scores, c.scores, 1e-6)
  })

  test('what cannot be scored', async () => {
    await expect(fClassif([[1], [2]], ['a', 'a'])).rejects.toThrow(/two classes/)
    await expect(selection.chi2([[-1], [2]], ['a', 'b'])).rejects.toThrow(/-1 in row 0/)
    await expect(fRegression([[1], [2]], [1, Number.NaN])).rejects.toThrow(/finite targets/)
    await expect(
      mutualInfoClassif(sparse([[1], [0]]), ['a', 'b'], { discreteFeatures: false }),
    ).rejects.toThrow(/discrete/)
  })
})

describe('selectors', () => {
  const inner: Json = {
    Ridge: () => new Ridge(),
    LogisticRegression: () => new LogisticRegression({ tol: 1e-9, maxIter: 1000 }),
  }

  test.each(casesOfKind('select'))('%s', async (_, c) => {
    const Class = (selection as Json)[c.estimator]
    const params = { ...c.params, ...(c.inner && { estimator: inner[c.inner]() }) }
    if (c.params.cv) params.cv = new KFold({ nSplits: c.params.cv })
    const given = (rows: Json) => (c.sparse ? sparse(rows) : rows)
    const model = new Class(params)
    await model.fit(given(c.x), c.y ?? undefined)
    const again = Class.fromJSON(JSON.parse(JSON.stringify(model)))
    for (const one of [model, again]) {
      expect(Array.from(one.support)).toEqual(c.support)
      const out = await one.transform(given(c.x.slice(0, 3)))
      near(rowsOf(out), c.out, 1e-12)
      near(rowsOf(await one.inverseTransform(out)), c.inverse, 1e-12)
      if (c.ranking) expect(Array.from(one.ranking)).toEqual(c.ranking)
      if (c.threshold !== undefined) near(one.threshold, c.threshold, 1e-5)
      if (c.nFeatures) {
        expect(one.cvResults.map((r: Json) => r.nFeatures)).toEqual(c.nFeatures)
        near(
          one.cvResults.map((r: Json) => r.meanTestScore),
          c.means,
          1e-9,
        )
        near(
          one.cvResults.map((r: Json) => r.stdTestScore),
          c.stds,
          1e-9,
        )
      }
    }
  })

  const x = Array.from({ length: 40 }, (_, i) => [i % 7, Math.sin(i), i / 10, 1])
  const y = x.map(([a, , b]) => a + 2 * b)

  test('names follow the features; the estimator predicts', async () => {
    const rows = x.map(([a, b, c, d]) => ({ a, b, c, d }))
    const rfe = await new RFE({ estimator: new Ridge({ alpha: 1e-6 }), nFeaturesToSelect: 2 }).fit(
      rows,
      y,
    )
    expect(rfe.featureNamesOut).toEqual(['a', 'c'])
    expect((await rfe.transform(rows)).names).toEqual(['a', 'c'])
    near(await rfe.predict(rows), y, 1e-4)
    expect(await rfe.score(rows, y)).toBeCloseTo(1, 6)
    await expect(rfe.predictProba(rows)).rejects.toThrow(/estimator that has predictProba/)
  })

  test('importances of a pipeline’s last step; none is an error', async () => {
    const estimator = new Pipeline({
      steps: [
        ['scale', new StandardScaler()],
        ['ridge', new Ridge()],
      ],
    })
    const automatic = await new RFE({ estimator, nFeaturesToSelect: 2 }).fit(x, y)
    const named = new RFE({
      estimator,
      nFeaturesToSelect: 2,
      importanceGetter: 'namedSteps.ridge.coef',
    })
    await named.fit(x, y)
    expect(Array.from(automatic.support)).toEqual([1, 0, 1, 0])
    expect(named.ranking).toEqual(automatic.ranking)
    const nothing = new SelectFromModel({ estimator: new StandardScaler() })
    await expect(nothing.fit(x, y)).rejects.toThrow(/coef or featureImportances/)
  })

  test('nothing left is an error; features of any scale count', async () => {
    await expect(
      new VarianceThreshold().fit([
        [1, 2],
        [1, 2],
      ]),
    ).rejects.toThrow(/variance is above 0/)
    const tiny = [
      [1e-250, 1],
      [3e-250, 1],
    ]
    expect(Array.from((await new VarianceThreshold().fit(tiny)).support)).toEqual([1, 0])
  })

  test('a signal stops an elimination', async () => {
    const stop = new AbortController()
    const rfe = new RFE({ estimator: new Ridge(), nFeaturesToSelect: 1 })
    const onProgress = () => stop.abort()
    await expect(rfe.fit(x, y, { signal: stop.signal, onProgress })).rejects.toThrow(/abort/)
    expect(rfe.isFitted).toBe(false)
  })
})

test.each([
  ['chi2', () => new SelectKBest({ scoreFunc: 'chi2', k: 2 }), SelectKBest],
  ['information', () => new SelectKBest({ scoreFunc: 'mutualInfoClassif', k: 1 }), SelectKBest],
  ['numbers', () => new SelectKBest({ scoreFunc: 'fRegression', k: 2 }), SelectKBest],
  ['folds', () => new RFECV({ estimator: new Ridge(), cv: 2 }), RFECV],
] as const)('%s keeps the contract', async (what, make, Class) => {
  // Of sparse features information takes values as categories, of dense ones as numbers.
  const skip: Record<string, string> = what === 'information' ? { 'sparse features': what } : {}
  expect(await checkEstimator({ make, fromJSON: json => Class.fromJSON(json), skip })).toEqual([])
})
