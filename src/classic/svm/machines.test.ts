// SVC, SVR and OneClassSVM against scikit-learn, and what only they promise.

import { describe, expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import type { Matrix } from '../../estimator/matrix.js'
import { defaultExecutor, openExecutor } from '../../execute/select.js'
import { casesOf, type Json, near } from '../testing/oracle.js'
import { OneClassSVM, SVC, SVR } from './index.js'
import { head, tableOf, words } from './testing/tables.js'

const classes = { SVC, SVR, OneClassSVM }
const cases = casesOf(new URL('./fixtures/machines.json', import.meta.url))

async function fit(c: Json) {
  const { x, y, sampleWeight } = tableOf(c)
  const model: Json = new classes[c.kind as keyof typeof classes](c.params)
  await model.fit(x, y, { sampleWeight })
  return { model, x }
}

describe('against scikit-learn', () => {
  test.each(cases.map(c => [c.name, c]))('%s', async (_, c: Json) => {
    const { model, x } = await fit(c)
    expect(model.converged).toBe(true)
    // At the default tolerance, steps that rounding decides may lead elsewhere within it.
    const tolerance = c.params.tol > 1e-6 ? 2e-2 : 1e-5
    near(
      typeof model.intercept === 'number' ? [model.intercept] : model.intercept,
      c.intercept,
      tolerance,
    )
    const decisions =
      c.kind === 'SVR' ? await model.predict(x) : await model.decisionFunction(head(x, 40))
    near(decisions, c.decisions, tolerance)
    if (c.kind !== 'SVR') expect(Array.from(await model.predict(x))).toEqual(c.predictions)
    if (c.coef !== undefined) near(model.coef, c.coef, tolerance)
    if (!c.unique || c.params.tol > 1e-6) return
    expect(Array.from(model.support)).toEqual(c.support)
    near(model.dualCoef, c.dualCoef, 1e-4)
    if (c.nSupport !== undefined) expect(Array.from(model.nSupport)).toEqual(c.nSupport)
  })
})

/** Two rings, one around the other. */
function rings(rows: number, seed = 1): { x: Matrix; y: number[] } {
  const random = new Random(seed)
  const y = Array.from({ length: rows }, (_, i) => i % 2)
  const x = y.flatMap(ring => {
    const angle = 2 * Math.PI * random.uniform()
    const radius = 1 + ring + 0.5 * (random.uniform() - 0.5)
    return [radius * Math.cos(angle), radius * Math.sin(angle), random.uniform()]
  })
  return { x: { x: Float64Array.from(x), rows, width: 3 }, y }
}

const json = (model: object) => JSON.stringify(model)

describe('what has no influence on the result', () => {
  const { x, y } = rings(2500)
  const made = new SVC({ C: 3, gamma: 2, tol: 1e-4 }).fit(x, y).then(model => json(model))

  test('the size of the cache, threads, and an executor off this thread', async () => {
    const small = await new SVC({ C: 3, gamma: 2, tol: 1e-4, cacheSize: 0.05 }).fit(x, y)
    expect(json(small).replace('0.05', '200')).toBe(await made)
    const own = defaultExecutor()
    if (own.name !== 'native') return
    for (const threads of [1, 3]) {
      openExecutor({ name: 'native', isa: own.isa, threads })
      expect(json(await new SVC({ C: 3, gamma: 2, tol: 1e-4 }).fit(x, y)), `${threads}`).toBe(
        await made,
      )
    }
    openExecutor({ name: 'native', isa: own.isa, threads: own.threads })
  })

  test('shrinking, but for the tolerance', async () => {
    const params = { C: 30, gamma: 2, tol: 1e-8 }
    const shrunk = await new SVC(params).fit(x, y)
    const plain = await new SVC({ ...params, shrinking: false }).fit(x, y)
    expect(shrunk.support).toEqual(plain.support)
    near(shrunk.dualCoef, plain.dualCoef, 1e-4)
    near(await shrunk.decisionFunction(x), await plain.decisionFunction(x), 1e-6)
  })

  test('sparse or dense, float32 or float64', async () => {
    const sparse = words()
    const dense = sparse.toDense()
    const target = Array.from({ length: dense.rows }, (_, i) => Math.sin(dense.x[i * dense.width]))
    const models = await Promise.all(
      [sparse, dense].map(features => new SVR({ tol: 1e-9 }).fit(features, target)),
    )
    expect(models[0].support).toEqual(models[1].support)
    near(models[0].dualCoef, models[1].dualCoef, 1e-6)
    near(await models[0].predict(dense), await models[1].predict(sparse), 1e-9)
    const rounded = { ...x, x: Float32Array.from(x.x) }
    const widened = { ...x, x: Float64Array.from(rounded.x) }
    expect(json(await new SVC().fit(rounded, y))).toBe(json(await new SVC().fit(widened, y)))
  })
})

describe('probabilities', () => {
  test.each(
    casesOf(new URL('./fixtures/probabilities.json', import.meta.url)).map(c => [c.name, c]),
  )('like scikit-learn’s on %s', async (_, c: Json) => {
    const { x, y } = tableOf({ data: c.name })
    const model = await new SVC({ ...c.params, probability: true }).fit(x, y)
    const p = await model.predictProba(x)
    const k = model.classes.length
    let worst = 0
    for (let row = 0; row * c.every < x.rows; row++)
      for (let j = 0; j < k; j++)
        worst = Math.max(worst, Math.abs(p[row * c.every * k + j] - c.mean[row * k + j]))
    // Folds are drawn at random: no farther from scikit-learn's mean than its own runs from each other.
    expect(worst).toBeLessThan(1.5 * c.spread)
    // The machine itself is the one without probabilities.
    expect(model.dualCoef).toEqual((await new SVC(c.params).fit(x, y)).dualCoef)
  })

  test('the seed decides, and without them there are none', async () => {
    const { x, y } = rings(60)
    const of = async (randomState: number) =>
      (await new SVC({ probability: true, randomState }).fit(x, y)).predictProba(x)
    expect(await of(1)).toEqual(await of(1))
    expect(await of(1)).not.toEqual(await of(2))
    const without = await new SVC().fit(x, y)
    expect(without.hasProbabilities).toBe(false)
    await expect(without.predictProba(x)).rejects.toThrow(/probability: true/)
  })

  test('two rows are enough', async () => {
    const model = await new SVC({ probability: true }).fit([[0], [1]], ['a', 'b'])
    const p = await model.predictProba([[0], [1]])
    expect(p.every(value => value > 0 && value < 1)).toBe(true)
  })
})

describe('edges', () => {
  test('equal rows with different labels', async () => {
    const x = [[1], [1], [1], [1]]
    const model = await new SVC({ kernel: 'linear' }).fit(x, [0, 1, 0, 1])
    expect(Array.from(await model.decisionFunction(x))).toEqual([0, 0, 0, 0])
  })

  test('a class that no row of any weight has', async () => {
    const fitting = new SVC().fit([[0], [1], [2]], [0, 1, 1], { sampleWeight: [0, 1, 1] })
    await expect(fitting).rejects.toMatchObject({ code: 'DATA' })
  })

  test('kernel values beyond float32', async () => {
    const fitting = new SVC({ kernel: 'poly', gamma: 1, degree: 9 }).fit(
      [[1e6], [2e6], [3e6]],
      [0, 1, 1],
    )
    await expect(fitting).rejects.toMatchObject({ code: 'NOT_FINITE' })
  })

  test('a limit of iterations', async () => {
    const { x, y } = rings(200)
    const model = await new SVC({ maxIter: 5 }).fit(x, y)
    expect([model.nIter[0], model.converged]).toEqual([5, false])
  })

  test('given kernels have to be square', async () => {
    const fitting = new SVC({ kernel: 'precomputed' }).fit([[1, 0]], [0])
    await expect(fitting).rejects.toThrow()
    const wrong = new SVR({ kernel: 'precomputed' }).fit(
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      [0, 1],
    )
    await expect(wrong).rejects.toMatchObject({ code: 'SHAPE' })
  })

  test('labels, weights of classes, and a class without rows', async () => {
    const { x, y } = rings(40)
    const labels = y.map(ring => (ring === 0 ? 'inner' : 'outer'))
    const model = new SVC({
      classWeight: { inner: 2, outer: 0.5 },
    })
    await model.fit(x, labels, { classes: ['between', 'inner', 'outer'] })
    const scores = await model.decisionFunction(head(x, 2))
    expect(scores.length).toBe(6)
    expect(scores[0]).toBeLessThan(Math.min(scores[1], scores[2]))
    const wrong = new SVC({ classWeight: { middle: 2 } }).fit(x, labels)
    await expect(wrong).rejects.toMatchObject({ code: 'ARGUMENT' })
    expect(() => new SVC({ breakTies: true, decisionFunctionShape: 'ovo' })).toThrow(/ovr/)
    expect(() => model.coef).toThrow(/linear/)
  })

  test('a signal stops it on the way', async () => {
    const { x, y } = rings(3000)
    const controller = new AbortController()
    const model = new SVC({ C: 1e5, gamma: 0.01, tol: 1e-12 })
    const fitting = model.fit(x, y, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(fitting).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(model.isFitted).toBe(false)
  })

  test('the share that one class leaves out', async () => {
    const { x } = rings(400)
    const model = await new OneClassSVM({ nu: 0.1 }).fit(x)
    const outside = (await model.predict(x)).filter(side => side < 0).length
    expect(outside / 400).toBeLessThan(0.13)
    expect(model.support.length / 400).toBeGreaterThanOrEqual(0.1)
    near(
      await model.scoreSamples(head(x, 5)),
      (await model.decisionFunction(head(x, 5))).map(v => v + model.offset),
    )
  })
})

describe('the contract', () => {
  const subjects = {
    SVC: () => new SVC(),
    'SVC with probabilities': () => new SVC({ probability: true, kernel: 'poly', coef0: 1 }),
    SVR: () => new SVR({ C: 10 }),
    OneClassSVM: () => new OneClassSVM({ nu: 0.3 }),
  }
  test.each(Object.entries(subjects))('%s', async (_, make) => {
    const { fromJSON } = make().constructor as unknown as typeof SVC
    expect(await checkEstimator({ make, fromJSON })).toEqual([])
  })
})
