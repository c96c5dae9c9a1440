// PCA against scikit-learn, and what holds for any: orthonormal components, the way back, edges.

import { describe, expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import { casesOf, type Json, near, rowsOf } from '../testing/oracle.js'
import { tableNamed } from '../testing/tables.js'
import { PCA } from './pca.js'

const cases = casesOf(new URL('./fixtures/pca.json', import.meta.url))

describe('against scikit-learn', () => {
  test.each(cases.map(c => [`${c.table} ${JSON.stringify(c.params)}`, c]))(
    '%s',
    async (_, c: Json) => {
      const { x } = tableNamed(c.table)
      const pca = await new PCA(c.params).fit(x)
      near(pca.components, c.components.flat(), 1e-8, 'components')
      near(pca.explainedVariance, c.explainedVariance, 1e-8, 'variance')
      near(pca.explainedVarianceRatio, c.explainedVarianceRatio, 1e-8, 'ratio')
      near(pca.singularValues, c.singularValues, 1e-8, 'singular values')
      near(pca.mean, c.mean, 1e-12, 'mean')
      near(pca.noiseVariance, c.noiseVariance, 1e-8, 'noise')
      const z = await pca.transform(x.slice(0, 5))
      near(rowsOf(z), c.transformed, 1e-8, 'transformed')
      near(rowsOf(await pca.inverseTransform(z as never)), c.back, 1e-8, 'back')
      if (c.scores !== null) near(await pca.scoreSamples(x.slice(0, 5)), c.scores, 1e-7, 'scores')
    },
  )
})

function isOrthonormal(vectors: Float64Array, width: number) {
  const count = vectors.length / width
  for (let a = 0; a < count; a++)
    for (let b = 0; b <= a; b++) {
      let product = 0
      for (let k = 0; k < width; k++) product += vectors[a * width + k] * vectors[b * width + k]
      expect(Math.abs(product - (a === b ? 1 : 0)), `${a}, ${b}`).toBeLessThan(1e-10)
    }
}

test.each(['full', 'covarianceEigh', 'randomized'] as const)(
  '%s: orthonormal, sorted, whole',
  async svdSolver => {
    const { x } = tableNamed('digits')
    const pca = await new PCA({ svdSolver, nComponents: 40 }).fit(x)
    isOrthonormal(pca.components, 64)
    const { explainedVariance } = pca
    expect([...explainedVariance].sort((a, b) => b - a)).toEqual([...explainedVariance])
  },
)

test('the randomized solver comes near the exact one', async () => {
  const { x } = tableNamed('digits')
  const exact = await new PCA({ svdSolver: 'full', nComponents: 5 }).fit(x)
  const fast = await new PCA({ svdSolver: 'randomized', nComponents: 5, randomState: 3 }).fit(x)
  near(fast.explainedVariance, Array.from(exact.explainedVariance), 1e-6)
  near(fast.components, Array.from(exact.components), 1e-4)
  near(fast.noiseVariance, exact.noiseVariance, 1e-6)
})

test('wide matrices, by tiles, agree with the exact solver', async () => {
  const rows = Array.from({ length: 700 }, (_, i) =>
    Array.from({ length: 530 }, (_, j) => Math.sin(i * (j + 1) * 0.37) + (j % 7) * Math.cos(i)),
  )
  const a = await new PCA({ svdSolver: 'covarianceEigh', nComponents: 3 }).fit(rows)
  const b = await new PCA({ svdSolver: 'full', nComponents: 3 }).fit(rows)
  near(a.explainedVariance, Array.from(b.explainedVariance), 1e-9)
}, 20_000)

test('float32 rows, rows far from 0, and rows that dwarf the first ones', async () => {
  const { x } = tableNamed('wine')
  const plain = await new PCA({ nComponents: 3 }).fit(x)
  const floats = await new PCA({ nComponents: 3 }).fit({
    x: Float32Array.from(x.flat()),
    rows: x.length,
    width: 13,
  })
  near(floats.components, Array.from(plain.components), 1e-5)
  const moved = await new PCA({ nComponents: 3 }).fit(x.map(row => row.map(v => v + 1e8)))
  near(moved.explainedVariance, Array.from(plain.explainedVariance), 1e-6)
  const far = [...x, x[0].map(v => v * 1e200)]
  await expect(new PCA({ nComponents: 1 }).fit(far)).rejects.toThrow(/squares are numbers/)
})

test('constant features, one row, too many components', async () => {
  const flat = await new PCA().fit([
    [1, 2],
    [1, 2],
    [1, 2],
  ])
  expect([...flat.explainedVariance, ...flat.explainedVarianceRatio]).toEqual([0, 0, 0, 0])
  isOrthonormal(flat.components, 2)
  await expect(new PCA().fit([[1, 2]])).rejects.toThrow(/two rows/)
  await expect(
    new PCA({ nComponents: 3 }).fit([
      [1, 2],
      [2, 1],
    ]),
  ).rejects.toThrow(/at most 2/)
  await expect(
    new PCA({ nComponents: 'mle' }).fit([
      [1, 2, 3],
      [3, 2, 0],
    ]),
  ).rejects.toThrow(/mle/)
  await expect(
    new PCA({ nComponents: 0.5, svdSolver: 'randomized' }).fit([
      [1, 2],
      [2, 1],
    ]),
  ).rejects.toThrow(/number of components/)
  const all = await new PCA({ nComponents: 1, svdSolver: 'full' }).fit([
    [1, 1],
    [2, 2],
    [3, 3],
  ])
  await expect(all.scoreSamples([[1, 1]])).rejects.toThrow(/without an inverse/)
})

test.each(['covarianceEigh', 'full', 'randomized'] as const)(
  '%s: NaN and infinity are found wherever they are',
  async svdSolver => {
    for (const type of [Float32Array, Float64Array])
      for (const bad of [Number.NaN, Infinity, -Infinity])
        for (const [row, feature] of [
          [0, 0],
          [1234, 2],
          [2999, 4],
        ]) {
          const x = new type(Array.from({ length: 15_000 }, (_, i) => Math.sin(i)))
          x[row * 5 + feature] = bad
          await expect(
            new PCA({ svdSolver, nComponents: 2 }).fit({ x, rows: 3000, width: 5 }),
          ).rejects.toThrow(`${bad} at row ${row}, feature ${feature}`)
        }
  },
)

test('the covariance of the model', async () => {
  const { x } = tableNamed('iris')
  const pca = await new PCA().fit(x)
  const mean = (j: number) => x.reduce((sum, row) => sum + row[j], 0) / x.length
  const covariance = (a: number, b: number) =>
    x.reduce((sum, row) => sum + (row[a] - mean(a)) * (row[b] - mean(b)), 0) / (x.length - 1)
  near(pca.covariance[1], covariance(0, 1), 1e-10)
  near(pca.covariance[10], covariance(2, 2), 1e-10)
})

test('saved components that do not fit are refused', async () => {
  const good = JSON.parse(JSON.stringify(await new PCA().fit(tableNamed('iris').x)))
  good.state.components.pop()
  expect(() => PCA.fromJSON(good)).toThrow(/fit together/)
})

test.each([{}, { svdSolver: 'full' }, { svdSolver: 'randomized', nComponents: 2 }] as const)(
  'keeps the contract %j',
  async params => {
    const make = () => new PCA(params)
    expect(await checkEstimator({ make, fromJSON: PCA.fromJSON })).toEqual([])
  },
)
