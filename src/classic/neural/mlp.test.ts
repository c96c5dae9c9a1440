// The perceptrons: what they learn, scikit-learn's rules for stopping, the contract.

import { expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/index.js'
import { MLPClassifier, MLPRegressor } from './index.js'

const two = Array.from({ length: 200 }, (_, i) => {
  const angle = i * 0.31
  const radius = i % 2 === 0 ? 1 : 2.5
  return [radius * Math.cos(angle), radius * Math.sin(angle)]
})
const ring = two.map((_, i) => (i % 2 === 0 ? 'inner' : 'outer'))

test('a ring inside a ring, which no line can part', async () => {
  const model = new MLPClassifier({ hiddenLayerSizes: [16], learningRateInit: 0.02 })
  await model.fit(two, ring)
  expect(await model.score(two, ring)).toBe(1)
  expect(model.lossCurve.length).toBe(model.nIter)
  expect(model.lossCurve.at(-1)).toBeLessThan(model.lossCurve[0] / 5)
  expect(model.coefs.map(coef => coef.length)).toEqual([32, 16])
})

test('a parabola', async () => {
  const x = Array.from({ length: 80 }, (_, i) => [i / 40 - 1])
  const y = x.map(([v]) => v * v)
  const model = new MLPRegressor({
    hiddenLayerSizes: [32],
    activation: 'tanh',
    learningRateInit: 0.02,
    maxIter: 500,
    nIterNoChange: 50,
    tol: 1e-6,
  })
  expect(await (await model.fit(x, y)).score(x, y)).toBeGreaterThan(0.98)
})

test('training ends when the loss no longer falls', async () => {
  const model = new MLPClassifier({ tol: 10, nIterNoChange: 3, hiddenLayerSizes: [4] })
  await model.fit(two, ring)
  // The first epoch always improves on nothing.
  expect(model.nIter).toBe(5)
})

test('early stopping holds rows out and keeps the best weights', async () => {
  const model = new MLPClassifier({
    earlyStopping: true,
    hiddenLayerSizes: [16],
    learningRateInit: 0.02,
    nIterNoChange: 20,
  })
  await model.fit(two, ring)
  expect(model.validationScores.length).toBe(model.nIter)
  expect(model.nIter).toBeLessThan(200)
  expect(Math.max(...model.validationScores)).toBe(1)
})

test('an adaptive rate goes on where a constant one has stopped', async () => {
  const fit = (learningRate: 'constant' | 'adaptive') =>
    new MLPClassifier({
      solver: 'sgd',
      learningRate,
      learningRateInit: 0.5,
      hiddenLayerSizes: [8],
      nIterNoChange: 2,
      tol: 1e-2,
      maxIter: 300,
    }).fit(two, ring)
  const [constant, adaptive] = [await fit('constant'), await fit('adaptive')]
  expect(adaptive.nIter).toBeGreaterThan(constant.nIter)
})

test('three classes have softmax outputs', async () => {
  const y = two.map((_, i) => i % 3)
  const model = await new MLPClassifier({ maxIter: 2, hiddenLayerSizes: [4] }).fit(two, y)
  const p = await model.predictProba(two.slice(0, 1))
  expect(p[0] + p[1] + p[2]).toBeCloseTo(1, 6)
})

test('features beyond float32 are refused', async () => {
  await expect(new MLPRegressor().fit([[1e300], [1]], [1, 2])).rejects.toThrow(/StandardScaler/)
})

test.each([
  ['MLPClassifier', () => new MLPClassifier({ hiddenLayerSizes: [5], maxIter: 3 }), MLPClassifier],
  ['MLPRegressor', () => new MLPRegressor({ hiddenLayerSizes: [5], maxIter: 3 }), MLPRegressor],
] as const)('%s keeps the contract', async (_, make, Class) => {
  expect(await checkEstimator({ make, fromJSON: Class.fromJSON })).toEqual([])
})
