// Gaussian mixtures against scikit-learn from the same start; starts of their own, samples, edges.

import { describe, expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import { casesOf, type Json, near } from '../testing/oracle.js'
import { tableNamed } from '../testing/tables.js'
import { GaussianMixture } from './gaussian-mixture.js'

const cases = casesOf(new URL('./fixtures/gaussian-mixture.json', import.meta.url))
const flat = (value: Json): number[] => (Array.isArray(value) ? value.flat(3) : [value])

describe('against scikit-learn, from the same start', () => {
  test.each(cases.map(c => [`${c.table} ${JSON.stringify(c.params)}`, c]))(
    '%s',
    async (_, c: Json) => {
      const { x } = tableNamed(c.table)
      const { weightsInit, meansInit, precisionsInit } = c
      const model = await new GaussianMixture({
        ...c.params,
        ...{ weightsInit, meansInit, precisionsInit },
      }).fit(x)
      expect([model.nIter, model.converged]).toEqual([c.nIter, c.converged])
      near(model.lowerBound, c.lowerBound, 1e-8, 'lower bound')
      near(model.weights, c.weights, 1e-6, 'weights')
      near(model.means, flat(c.means), 1e-6, 'means')
      near(model.covariances, flat(c.covariances), 1e-5, 'covariances')
      near(model.precisions, flat(c.precisions), 1e-4, 'precisions')
      expect(Array.from(model.labels)).toEqual(c.labels)
      expect(Array.from(await model.predict(x))).toEqual(c.labels)
      near(await model.predictProba(x.slice(0, 5)), flat(c.probabilities), 1e-6, 'probabilities')
      near(await model.scoreSamples(x.slice(0, 5)), c.densities, 1e-6, 'densities')
      near(await model.score(x), c.score, 1e-7, 'score')
      near(await model.bic(x), c.bic, 1e-7, 'bic')
      near(await model.aic(x), c.aic, 1e-7, 'aic')
    },
  )
})

/** Two clouds of different shape. */
function clouds(rows: number, seed = 1) {
  const random = new Random(seed)
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
  return Array.from({ length: rows }, (_, i) => {
    const [a, b] = [normal(), normal()]
    return i % 3 === 0 ? [a, b] : [8 + 2 * a + b, -5 + a + 0.5 * b]
  })
}

test.each(['full', 'tied', 'diag', 'spherical'] as const)(
  '%s: finds clouds from every start; likelihoods rise',
  async covarianceType => {
    const x = clouds(900)
    for (const initParams of ['kmeans', 'k-means++', 'random', 'randomFromData'] as const) {
      const model = await new GaussianMixture({
        ...{ nComponents: 2, covarianceType, initParams, nInit: 3, maxIter: 300, tol: 1e-6 },
      }).fit(x)
      const { lowerBounds } = model
      for (let i = 1; i < lowerBounds.length; i++)
        expect(lowerBounds[i]).toBeGreaterThan(lowerBounds[i - 1] - 1e-9)
      if (initParams !== 'kmeans') continue
      const large = Math.max(...model.weights)
      expect(Math.abs(large - 2 / 3)).toBeLessThan(0.02)
    }
  },
)

test('samples have the means and covariances of their components', async () => {
  for (const covarianceType of ['full', 'tied', 'diag', 'spherical'] as const) {
    const model = await new GaussianMixture({ nComponents: 2, covarianceType }).fit(clouds(600))
    const { x, labels } = model.sample(30_000)
    const share = labels.filter(label => label === 0).length / labels.length
    expect(Math.abs(share - model.weights[0])).toBeLessThan(0.01)
    const again = await new GaussianMixture({ nComponents: 2, covarianceType }).fit(x)
    const order = Math.abs(again.weights[0] - model.weights[0]) < 0.05 ? [0, 1] : [1, 0]
    for (const k of [0, 1])
      for (const j of [0, 1])
        expect(Math.abs(again.means[order[k] * 2 + j] - model.means[k * 2 + j])).toBeLessThan(0.15)
    expect(JSON.stringify(model.sample(3))).toBe(JSON.stringify(model.sample(3)))
  }
  const model = await new GaussianMixture().fit(clouds(10))
  expect(() => model.sample(0)).toThrow(/1 or more/)
})

test('float32 rows, rows far from 0: as others', async () => {
  const rows = clouds(500)
  for (const covarianceType of ['full', 'tied', 'diag', 'spherical'] as const) {
    const params = { nComponents: 2, covarianceType }
    const plain = await new GaussianMixture(params).fit(rows)
    const x = Float32Array.from(rows.flat())
    const floats = await new GaussianMixture(params).fit({ x, rows: 500, width: 2 })
    near(floats.means, Array.from(plain.means), 1e-4)
    const far = await new GaussianMixture(params).fit(rows.map(row => row.map(v => v + 1e6)))
    near(
      far.means.map(v => v - 1e6),
      Array.from(plain.means),
      1e-4,
    )
    near(far.covariances, Array.from(plain.covariances), 1e-3)
  }
})

test('what it cannot learn from is refused', async () => {
  const x = clouds(20)
  await expect(new GaussianMixture({ nComponents: 3 }).fit(x.slice(0, 2))).rejects.toThrow(/3 rows/)
  await expect(
    new GaussianMixture({ nComponents: 2, regCovar: 0 }).fit([
      [1, 1],
      [1, 1],
      [1, 1],
      [5, 5],
    ]),
  ).rejects.toThrow(/positive definite/)
  await expect(new GaussianMixture({ weightsInit: [0.5, 0.5] }).fit(x)).rejects.toThrow(/\[1\]/)
  await expect(
    new GaussianMixture({ nComponents: 2, weightsInit: [0.5, 0.6] }).fit(x),
  ).rejects.toThrow(/sum to 1/)
  await expect(
    new GaussianMixture({
      precisionsInit: [
        [
          [1, 2],
          [2, 1],
        ],
      ],
    }).fit(x),
  ).rejects.toThrow(/positive definite/)
})

test('stops at a signal, and keeps the contract', async () => {
  const controller = new AbortController()
  const model = new GaussianMixture({ nComponents: 8, tol: 0, maxIter: 1000 })
  const stopped = model.fit(clouds(20_000), undefined, {
    signal: controller.signal,
    onProgress: ({ iteration }) => {
      if (iteration > 2) controller.abort()
    },
  })
  await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' })
  for (const covarianceType of ['full', 'tied', 'diag', 'spherical'] as const) {
    const make = () => new GaussianMixture({ nComponents: 2, covarianceType })
    expect(await checkEstimator({ make, fromJSON: GaussianMixture.fromJSON })).toEqual([])
  }
})
