// Cross-validation, curves, searches, calibration, thresholds and inspection against scikit-learn.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Table } from '../../data/table.js'
import {
  crossValidate,
  crossValPredict,
  crossValScore,
  KFold,
  learningCurve,
  partialDependence,
  permutationImportance,
  StratifiedKFold,
  validationCurve,
} from '../../estimator/index.js'
import '../register.js'
import { CalibratedClassifierCV, IsotonicRegression } from '../calibration/index.js'
import { LogisticRegression, Ridge } from '../linear/index.js'
import {
  FixedThresholdClassifier,
  GridSearchCV,
  RandomizedSearchCV,
  searchRangesOf,
  TunedThresholdClassifierCV,
} from './index.js'

const oracle = JSON.parse(
  readFileSync(new URL('./fixtures/selection.json', import.meta.url), 'utf8'),
)
const { x, two, three, y, weights } = oracle

const logistic = () => new LogisticRegression({ tol: 1e-10, maxIter: 5000 })

function close(actual: ArrayLike<number>, expected: readonly number[], digits = 6) {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(actual[i], `[${i}]`).toBeCloseTo(value, digits)
  })
}

test('crossValidate', async () => {
  const found = await crossValidate(logistic(), x, two, {
    cv: 4,
    scoring: { accuracy: 'accuracy', negLogLoss: 'negLogLoss', rocAuc: 'rocAuc', f1: 'f1' },
    returnTrainScore: true,
    returnEstimator: true,
  })
  const { trainAccuracy, ...scores } = oracle.crossValidate
  for (const [name, values] of Object.entries<number[]>(scores))
    close(found.testScores[name], values)
  close(found.trainScores?.accuracy ?? [], trainAccuracy)
  expect(found.estimators?.length).toBe(4)
  expect(found.fitTime.every(seconds => seconds >= 0)).toBe(true)
})

test('crossValPredict', async () => {
  close(
    (await crossValPredict(new Ridge(), x, y, { cv: 5 })) as Float64Array,
    oracle.crossValPredict.ridge,
  )
  const p = await crossValPredict(logistic(), x, three, { cv: 3, method: 'predictProba' })
  close(p as Float64Array, oracle.crossValPredict.probabilities, 5)
  await expect(crossValPredict(new Ridge(), x, y, { method: 'predictProba' })).rejects.toThrow(
    /answers predictProba/,
  )
  const folds = [{ train: Uint32Array.of(0, 1), test: Uint32Array.of(2) }]
  await expect(crossValPredict(new Ridge(), x, y, { cv: folds })).rejects.toThrow(/once/)
})

test('curves', async () => {
  const curve = await learningCurve(new Ridge(), x, y, { cv: 3, trainSizes: [0.2, 0.5, 1] })
  expect(curve.trainSizes).toEqual(oracle.learningCurve.trainSizes)
  for (const [i, scores] of curve.testScores.entries())
    close(scores, oracle.learningCurve.testScores[i])
  for (const [i, scores] of curve.trainScores.entries())
    close(scores, oracle.learningCurve.trainScores[i])
  const other = await validationCurve(new Ridge(), x, y, 'alpha', [0.1, 10, 1000], { cv: 3 })
  for (const [i, scores] of other.testScores.entries())
    close(scores, oracle.validationCurve.testScores[i])
  for (const [i, scores] of other.trainScores.entries())
    close(scores, oracle.validationCurve.trainScores[i])
  await expect(learningCurve(new Ridge(), x, y, { trainSizes: [1000] })).rejects.toThrow(/1 to 72/)
  await expect(validationCurve(new Ridge(), x, y, 'alfa', [1])).rejects.toThrow(/alpha/)
})

test('GridSearchCV', async () => {
  const search = new GridSearchCV({
    estimator: new Ridge(),
    paramGrid: { alpha: [0.1, 10, 1000], fitIntercept: [true, false] },
    cv: new KFold({ nSplits: 4 }),
  })
  await search.fit(x, y)
  const { gridSearch } = oracle
  expect(search.bestParams).toEqual(gridSearch.bestParams)
  expect(search.bestIndex).toBe(gridSearch.bestIndex)
  expect(search.bestScore).toBeCloseTo(gridSearch.bestScore, 8)
  close(
    search.cvResults.map(c => c.meanTestScore),
    gridSearch.meanTestScore,
  )
  close(
    search.cvResults.map(c => c.stdTestScore),
    gridSearch.stdTestScore,
  )
  expect(search.cvResults.map(c => c.rankTestScore)).toEqual(gridSearch.rankTestScore)
  close((search.bestEstimator as Ridge).coef, gridSearch.coef)
  expect(search.cvResults[0].meanFitTime).toBeGreaterThan(0)
  const again = GridSearchCV.fromJSON(JSON.parse(JSON.stringify(search)))
  expect(await again.predict(x)).toEqual(await search.predict(x))
  expect(again.bestParams).toEqual(search.bestParams)
})

test('RandomizedSearchCV draws by the seed, from the estimator’s own ranges', async () => {
  const make = (randomState: number) =>
    new RandomizedSearchCV({ estimator: new Ridge(), nIter: 5, cv: 3, randomState })
  const [a, b, c] = [make(1), make(1), make(2)]
  for (const search of [a, b, c]) await search.fit(x, y)
  const drawn = (search: RandomizedSearchCV) => search.cvResults.map(({ params }) => params.alpha)
  expect(drawn(a)).toEqual(drawn(b))
  expect(drawn(a)).not.toEqual(drawn(c))
  const { low, high } = searchRangesOf(new Ridge()).alpha as { low: number; high: number }
  expect(drawn(a).every(alpha => (alpha as number) >= low && (alpha as number) <= high)).toBe(true)
  const few = new RandomizedSearchCV({
    estimator: new Ridge(),
    paramDistributions: { alpha: [1, 2, 3] },
    cv: 3,
  })
  await few.fit(x, y)
  expect(new Set(drawn(few)).size).toBe(3)
})

interface Calibrated {
  readonly target: string
  readonly method: 'sigmoid' | 'isotonic'
  readonly ensemble: boolean
  readonly weighted: boolean
  readonly probabilities: number[]
}

describe('CalibratedClassifierCV', () => {
  test.each<[string, Calibrated]>(
    oracle.calibrated.map((c: Calibrated) => [JSON.stringify({ ...c, probabilities: 0 }), c]),
  )('%s', async (_, c) => {
    const { target, method, ensemble, weighted, probabilities } = c
    const model = new CalibratedClassifierCV({ estimator: logistic(), method, ensemble, cv: 3 })
    await model.fit(x, target === 'two' ? two : three, weighted ? { sampleWeight: weights } : {})
    close(await model.predictProba(x.slice(0, 12)), probabilities, 5)
  })
})

test('TunedThresholdClassifierCV and FixedThresholdClassifier', async () => {
  const tuned = new TunedThresholdClassifierCV({
    estimator: logistic(),
    scoring: 'f1',
    thresholds: 40,
    cv: new StratifiedKFold({ nSplits: 3 }),
  })
  await tuned.fit(x, two)
  close(tuned.cvResults.thresholds, oracle.tuned.thresholds, 4)
  expect(tuned.bestScore).toBeCloseTo(oracle.tuned.bestScore, 6)
  const fixed = new FixedThresholdClassifier({
    estimator: logistic(),
    threshold: tuned.bestThreshold,
  })
  await fixed.fit(x, two)
  expect(await fixed.predict(x)).toEqual(await tuned.predict(x))
  const p = await fixed.predictProba(x)
  const said = (await fixed.predict(x)) as Float64Array
  expect(said.every((label, i) => (label === 1) === p[2 * i + 1] >= tuned.bestThreshold)).toBe(true)
  await expect(fixed.clone().fit(x, three)).rejects.toThrow(/two classes/)
})

test('IsotonicRegression', async () => {
  const at = Array.from({ length: 25 }, (_, i) => [-3 + i / 4])
  const first = x.map((row: number[]) => [row[0]])
  const rising = await new IsotonicRegression().fit(first, y, { sampleWeight: weights })
  close(await rising.predict(at), oracle.isotonic.predictions, 8)
  const falling = new IsotonicRegression({ increasing: 'auto', yMin: -1, yMax: 1 })
  await falling.fit(
    x.map((row: number[]) => [row[1]]),
    y.map((value: number, i: number) => value - x[i][1]),
  )
  expect(falling.increasing).toBe(oracle.isotonicAuto.increasing)
  close(await falling.predict(at), oracle.isotonicAuto.predictions, 8)
  const strict = await new IsotonicRegression({ outOfBounds: 'raise' }).fit([[1], [2]], [1, 2])
  await expect(strict.predict([[3]])).rejects.toThrow(/from 1 to 2/)
})

test('partial dependence', async () => {
  const ridge = await new Ridge().fit(x, y)
  const found = await partialDependence(ridge, x, [0], { gridResolution: 7, kind: 'both' })
  close(found.gridValues[0] as number[], oracle.dependence.grid)
  close(found.average?.[0] ?? [], oracle.dependence.average)
  oracle.dependence.individual.forEach((curve: number[], row: number) => {
    close(found.individual?.[0][row] ?? [], curve)
  })
  const model = await logistic().fit(x, three)
  const pair = await partialDependence(model, x, [0, 2], { gridResolution: 4 })
  for (const [i, grid] of pair.gridValues.entries())
    close(grid as number[], oracle.dependencePair.grids[i])
  for (const [k, values] of pair.average?.entries() ?? [])
    close(values, oracle.dependencePair.average[k], 5)
})

test('permutation importance finds the column that counts, in any form of rows', async () => {
  const records = x.map((row: number[]) => ({ a: row[0], b: row[1], c: row[2] }))
  const targets = x.map((row: number[]) => 3 * row[1])
  const model = await new Ridge().fit(records, targets)
  const { names, importancesMean, score } = await permutationImportance(model, records, targets)
  expect(names).toEqual(['a', 'b', 'c'])
  expect(score).toBeGreaterThan(0.99)
  expect(importancesMean[1]).toBeGreaterThan(1)
  expect(Math.abs(importancesMean[0])).toBeLessThan(0.01)
  const plain = await new Ridge().fit(x, targets)
  const same = await permutationImportance(plain, x, targets)
  close(same.importancesMean, [...importancesMean], 9)
  const part = await permutationImportance(plain, x, targets, { maxSamples: 0.5, nRepeats: 2 })
  expect(part.importances[1].length).toBe(2)
})

test.each<[RegExp, () => unknown]>([
  [
    /alpha|known parameter/,
    () => new GridSearchCV({ estimator: new Ridge(), paramGrid: { alfa: [1] } }).fit(x, y),
  ],
  [/a score for regression/, () => crossValidate(new Ridge(), x, y, { scoring: 'accuracy' })],
  [/Did you mean .r2./, () => crossValidate(new Ridge(), x, y, { scoring: 'r3' as never })],
  [/groups, one a row/, () => crossValidate(new Ridge(), x, y, { groups: [1] })],
  [/INTERRUPTED|abort/, () => crossValidate(new Ridge(), x, y, { signal: AbortSignal.abort() })],
])('%s', async (message, run) => {
  await expect((async () => run())()).rejects.toThrow(message)
})

test('a target by its name is no feature, in whichever form the rows come', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({
    a: (Math.sin(12.9898 * i) * 43758.5453) % 1,
    b: (Math.sin(78.233 * i) * 43758.5453) % 1,
    y: (Math.sin(39.425 * i) * 43758.5453) % 1,
  }))
  const model = () => new Ridge({ alpha: 1e-6 })
  const ofRecords = await crossValScore(model(), rows, 'y', { cv: 3 })
  const ofTable = await crossValScore(model(), Table.fromObjects(rows), 'y', { cv: 3 })
  expect(Math.max(...ofRecords)).toBeLessThan(0.5)
  expect(ofTable).toEqual(ofRecords)
})
