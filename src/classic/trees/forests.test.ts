// Forests beside scikit-learn's, within what seeds make of them; the same bits at any number of threads and
// without native kernels; isolation forests.

import { afterAll, expect, test } from 'vitest'
import { jobStep } from '../../execute/open-job.js'
import { defaultExecutor, openExecutor } from '../../execute/select.js'
import type { Json } from '../testing/oracle.js'
import { growthJob } from './grow-trees.js'
import {
  DecisionTreeRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  IsolationForest,
  RandomForestClassifier,
  RandomForestRegressor,
} from './index.js'
import { fixture, matrixOf } from './testing/grown.js'

const { forests, isolation } = fixture('forests')
const classes = {
  RandomForestClassifier,
  RandomForestRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
} as const

const correlation = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  const mean = (v: ArrayLike<number>) => Array.from(v).reduce((s, x) => s + x, 0) / v.length
  const [ma, mb] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb)
    aa += (a[i] - ma) ** 2
    bb += (b[i] - mb) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}

const cut = (one: Json, begin: number, end: number) => {
  const { x, width } = matrixOf(one)
  return { x: x.slice(begin * width, end * width), rows: end - begin, width }
}

test.each(
  forests.map((one: Json, i: number): [string, Json] => [`${one.estimator} ${i}`, one]) as [
    string,
    Json,
  ][],
)('%s scores as scikit-learn’s', async (_: string, one: Json) => {
  const Class = classes[one.estimator as keyof typeof classes]
  const [train, held] = [cut(one, 0, one.train), cut(one, one.train, one.rows)]
  const scores: number[] = []
  const oob: number[] = []
  let importances: Float64Array = new Float64Array(one.width)
  for (let randomState = 0; randomState < 4; randomState++) {
    const oobScore = one.params.bootstrap === true
    const model = new Class({ ...one.params, nEstimators: 60, randomState, oobScore } as never)
    await model.fit(train, one.y.slice(0, one.train))
    scores.push(await model.score(held, one.y.slice(one.train)))
    if (oobScore) oob.push(model.oobScore)
    importances = importances.map((sum, f) => sum + model.featureImportances[f] / 4)
  }
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
  expect(Math.abs(mean(scores) - one.score)).toBeLessThan(3 * one.spread + 0.01)
  if (oob.length > 0) expect(Math.abs(mean(oob) - one.oob)).toBeLessThan(0.03)
  expect(correlation(importances, one.importances)).toBeGreaterThan(0.99)
})

const [first] = forests as Json[]
const everything = { ...cut(first, 0, first.rows) }
const labels: number[] = first.y

test('out-of-bag probabilities: of rows that a tree had not drawn', async () => {
  const forest = new RandomForestClassifier({ nEstimators: 3, oobScore: true })
  await forest.fit(everything, labels)
  const p = forest.oobDecisionFunction
  expect(p.length).toBe(3 * everything.rows)
  let unseen = 0
  for (let row = 0; row < everything.rows; row++) {
    const sum = p[3 * row] + p[3 * row + 1] + p[3 * row + 2]
    if (Number.isNaN(sum)) unseen++
    else expect(sum).toBeCloseTo(1, 12)
  }
  // A row is in a sample with probability 1 − 1/e, and in three of them with about a quarter.
  expect(unseen / everything.rows).toBeGreaterThan(0.15)
  expect(unseen / everything.rows).toBeLessThan(0.35)
  expect(forest.oobScore).toBeGreaterThan(0.4)
  const without = await new RandomForestClassifier({ nEstimators: 1 }).fit(everything, labels)
  expect(() => without.oobScore).toThrow(/oobScore/)
  await expect(new ExtraTreesRegressor({ oobScore: true }).fit(everything, labels)).rejects.toThrow(
    /bootstrap/,
  )
  await expect(new ExtraTreesRegressor({ maxSamples: 10 }).fit(everything, labels)).rejects.toThrow(
    /bootstrap/,
  )
})

test('rows are drawn in proportion to their weights', async () => {
  const sampleWeight = labels.map((_, i) => (i < 100 ? 1 : 0))
  const forest = new RandomForestRegressor({ nEstimators: 5, maxDepth: 1 })
  await forest.fit(everything, labels, { sampleWeight })
  for (let tree = 0; tree < 5; tree++)
    expect(forest.tree(tree).nNodeSamples?.[0]).toBeLessThanOrEqual(100)
  expect(() => forest.tree(5)).toThrow(/0 to 4/)
  const leaves = await forest.apply(everything)
  expect(leaves.length).toBe(5 * everything.rows)
  expect(Math.max(...leaves)).toBeLessThanOrEqual(2)
})

test('balanced weights help a rare class', async () => {
  const rare = labels.map((label, i) => Number(label === 2 && i % 4 === 0))
  const found = async (classWeight: 'balanced' | 'balancedSubsample' | null) => {
    const forest = new RandomForestClassifier({
      nEstimators: 20,
      maxDepth: 3,
      ...(classWeight === null ? {} : { classWeight }),
    })
    const said = await (await forest.fit(everything, rare)).predict(everything)
    return rare.filter((label, i) => label === 1 && said[i] === 1).length
  }
  const plain = await found(null)
  expect(await found('balanced')).toBeGreaterThan(2 * plain)
  expect(await found('balancedSubsample')).toBeGreaterThan(2 * plain)
})

const executor = defaultExecutor()
const setThreads = (threads: number) => {
  if (executor.name === 'native') openExecutor({ name: 'native', isa: executor.isa, threads })
}
afterAll(() => setThreads(executor.threads))

test('the same bits at any number of threads: a forest, one large tree', async () => {
  const rows = 5000
  const x = new Float32Array(rows * 3).map((_, i) => Math.sin(i * 12.9898) * Math.cos(i * 0.37))
  const y = Float64Array.from({ length: rows }, (_, i) => x[3 * i] + Math.abs(x[3 * i + 1]))
  const matrix = { x, rows, width: 3 }
  const fits = async (count: number) => {
    setThreads(count)
    const tree = await new DecisionTreeRegressor({ minSamplesLeaf: 3 }).fit(matrix, y)
    const best = await new DecisionTreeRegressor({ maxLeafNodes: 40 }).fit(matrix, y)
    const forest = new RandomForestRegressor({ nEstimators: 5, oobScore: true, minSamplesLeaf: 20 })
    await forest.fit(matrix, y)
    const isolated = await new IsolationForest({ nEstimators: 20 }).fit(matrix)
    return JSON.stringify([tree, best, forest, isolated])
  }
  const one = await fits(1)
  expect((await fits(2)) === one).toBe(true)
  expect((await fits(7)) === one).toBe(true)
})

test('WebAssembly grows the same trees', () => {
  const { params } = new RandomForestClassifier({ nEstimators: 3, oobScore: true })
  const training = {
    operation: 'fit',
    x: everything,
    rows: everything.rows,
    width: everything.width,
    sampleWeight: undefined,
    signal: undefined,
    onProgress: undefined,
  }
  const job = growthJob({
    training,
    params,
    sampling: params,
    drawn: false,
    classes: 3,
    targets: Int32Array.from(labels),
    weights: undefined,
  })
  const run = (name: 'native' | 'wasm') => {
    const open = openExecutor({ name }).openJob(job)
    while (open?.advance(1e6) === jobStep.more);
    const [, feature, threshold] = open?.results() ?? []
    open?.dispose()
    return [new Int32Array(feature), new Float64Array(threshold)]
  }
  const [feature, threshold] = run('wasm')
  expect(feature.length).toBeGreaterThan(100)
  if (executor.name === 'native') expect([feature, threshold]).toEqual(run('native'))
})

test('isolation forests score as scikit-learn’s', async () => {
  const [one] = isolation
  const x = matrixOf(one)
  const forest = await new IsolationForest({ nEstimators: 1000 }).fit(x)
  const scores = await forest.scoreSamples(x)
  expect(correlation(scores, one.scores)).toBeGreaterThan(0.995)
  const worst = Math.max(...scores.map((score, i) => Math.abs(score - one.scores[i])))
  expect(worst).toBeLessThan(0.02)
  expect([forest.offset, forest.maxSamples]).toEqual([-0.5, 200])
  const few = await new IsolationForest({ contamination: one.contamination }).fit(x)
  const outliers = (await few.predict(x)).filter(said => said < 0).length
  expect(Math.abs(outliers - one.outliers)).toBeLessThanOrEqual(1)
  const decided = await few.decisionFunction(x)
  expect(decided[0]).toBeCloseTo((await few.scoreSamples(x))[0] - few.offset, 12)
})

test('isolation forests: few features, missing values, one row, stopping', async () => {
  const x = Array.from({ length: 300 }, (_, i) => [
    i === 7 ? 50 : i % 5,
    i % 3 ? i % 7 : Number.NaN,
  ])
  const forest = await new IsolationForest({ maxFeatures: 1, maxSamples: 0.5 }).fit(x)
  const scores = await forest.scoreSamples(x)
  expect(scores.indexOf(Math.min(...scores))).toBe(7)
  const alone = await new IsolationForest({ nEstimators: 2 }).fit([[1, 2]])
  expect(await alone.scoreSamples([[1, 2]])).toEqual(Float64Array.of(-0.5))
  const abort = new AbortController()
  await expect(
    new RandomForestRegressor({ nEstimators: 100_000 }).fit(
      x,
      x.map(([v]) => v + 0.1 * (v % 3)),
      {
        signal: abort.signal,
        onProgress: () => abort.abort(),
      },
    ),
  ).rejects.toThrow(/INTERRUPTED|abort/)
})
