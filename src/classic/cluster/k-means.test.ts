// k-means against scikit-learn from the same centres; seeds, precision, edges, threads, cancelling.

import { describe, expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { defaultExecutor, openExecutor } from '../../execute/select.js'
import { casesOf, type Json, near } from '../testing/oracle.js'
import { tableNamed } from '../testing/tables.js'
import { KMeans } from './k-means.js'

const cases = casesOf(new URL('./fixtures/k-means.json', import.meta.url))

describe('against scikit-learn, from the same centres', () => {
  test.each(cases.map(c => [`${c.table} into ${c.nClusters} ${JSON.stringify(c.params)}`, c]))(
    '%s',
    async (_, c: Json) => {
      const { x } = tableNamed(c.table)
      const { nClusters, init, params } = c
      const sampleWeight = c.sampleWeight ?? undefined
      const model = await new KMeans({ nClusters, init, ...params }).fit(x, undefined, {
        sampleWeight,
      })
      expect(Array.from(model.labels)).toEqual(c.labels)
      near(model.clusterCenters, c.clusterCenters.flat(), 1e-9, 'centres')
      near(model.inertia, c.inertia, 1e-9, 'inertia')
      expect(model.nIter).toBe(c.nIter)
      const moved = x.slice(0, 20).map(row => row.map(v => v * 1.1))
      expect(Array.from(await model.predict(moved))).toEqual(c.predicted)
      near((await model.transform(x.slice(0, 4))).x, c.distances.flat(), 1e-9, 'distances')
      const few = { sampleWeight: sampleWeight?.slice(0, 20) }
      near(await model.score(x.slice(0, 20), undefined, few), c.score, 1e-9, 'score')
      expect(Array.from(await model.predict(x))).toEqual(c.labels)
    },
  )
})

/** Rows around a few centres. */
function clouds(rows: number, width: number, centers: number, seed: number, type = Float64Array) {
  const random = new Random(seed)
  const normal = () => random.uniform() + random.uniform() + random.uniform() - 1.5
  const means = Array.from({ length: centers * width }, () => 6 * normal())
  const x = new type(rows * width)
  for (let r = 0; r < rows; r++)
    for (let j = 0; j < width; j++) x[r * width + j] = means[(r % centers) * width + j] + normal()
  return { x, rows, width }
}

test('k-means++ finds clouds that lie apart, whatever the seed', async () => {
  const matrix = clouds(3000, 4, 12, 1)
  const inertias: number[] = []
  for (let randomState = 0; randomState < 6; randomState++) {
    const model = await new KMeans({ nClusters: 12, randomState, nInit: 3 }).fit(matrix)
    inertias.push(model.inertia)
    expect(model.distinctClusters).toBe(12)
    expect(Array.from(await model.predict(matrix))).toEqual(Array.from(model.labels))
  }
  expect(Math.max(...inertias) / Math.min(...inertias)).toBeLessThan(1.0001)
})

test('random starts, of which the best is kept', async () => {
  const matrix = clouds(600, 3, 5, 2)
  const one = await new KMeans({ nClusters: 5, init: 'random', nInit: 1 }).fit(matrix)
  const ten = await new KMeans({ nClusters: 5, init: 'random' }).fit(matrix)
  expect(ten.inertia).toBeLessThanOrEqual(one.inertia)
  const again = await new KMeans({ nClusters: 5, init: 'random' }).fit(matrix)
  expect(JSON.stringify(again)).toBe(JSON.stringify(ten))
})

test('float32 rows far from 0, many clusters, sparse rows: as float64 and dense', async () => {
  const matrix = clouds(1500, 7, 40, 3)
  const init = Array.from({ length: 33 }, (_, k) =>
    Array.from(matrix.x.subarray(k * 280, k * 280 + 7)),
  )
  const params = { nClusters: 33, init, tol: 0 }
  const plain = await new KMeans(params).fit(matrix)
  const floats = await new KMeans(params).fit({ ...matrix, x: Float32Array.from(matrix.x) })
  near(floats.clusterCenters, Array.from(plain.clusterCenters), 1e-5)
  const sparse = await new KMeans(params).fit(SparseMatrix.fromDense(matrix))
  expect(Array.from(sparse.labels)).toEqual(Array.from(plain.labels))
  near(sparse.clusterCenters, Array.from(plain.clusterCenters), 1e-9)
  near(sparse.inertia, plain.inertia, 1e-9)
  near(
    (await sparse.transform(SparseMatrix.fromDense(matrix))).x,
    Array.from((await plain.transform(matrix)).x),
    1e-6,
  )
  const moved = { ...matrix, x: matrix.x.map(v => v + 1e7) }
  const far = await new KMeans({
    ...params,
    init: init.map(row => row.map(v => v + 1e7)),
  }).fit({ ...moved, x: Float32Array.from(moved.x) })
  expect(far.inertia / plain.inertia).toBeLessThan(3)
})

test('seeds of sparse rows are those of dense ones', async () => {
  const matrix = clouds(400, 5, 4, 9)
  const shifted = { ...matrix, x: matrix.x.map(Math.round) }
  const dense = await new KMeans({ nClusters: 4, nInit: 4 }).fit(shifted)
  const sparse = await new KMeans({ nClusters: 4, nInit: 4 }).fit(SparseMatrix.fromDense(shifted))
  near(sparse.inertia, dense.inertia, 1e-9)
})

describe('edges', () => {
  test('fewer distinct rows than clusters', async () => {
    const model = await new KMeans({ nClusters: 4 }).fit([
      [1, 1],
      [1, 1],
      [2, 2],
      [2, 2],
      [1, 1],
    ])
    expect(model.distinctClusters).toBe(2)
    expect(model.inertia).toBe(0)
    expect(
      Array.from(
        await model.predict([
          [1, 1],
          [2, 2],
        ]),
      ),
    ).toEqual([model.labels[0], model.labels[2]])
  })

  test('one row a cluster, one cluster, one row', async () => {
    const x = [[0], [3], [7]]
    expect((await new KMeans({ nClusters: 3 }).fit(x)).inertia).toBe(0)
    const one = await new KMeans({ nClusters: 1 }).fit(x)
    near(one.clusterCenters, [10 / 3])
    expect((await new KMeans({ nClusters: 1 }).fit([[5]])).clusterCenters[0]).toBe(5)
  })

  test.each([1e-200, 1e-30, 1e30, 1e150])('a scale of %d changes nothing', async scale => {
    const { x } = tableNamed('iris')
    const init = [x[0], x[60], x[120]]
    const plain = await new KMeans({ nClusters: 3, init }).fit(x)
    const scaled = (rows: number[][]) => rows.map(row => row.map(v => v * scale))
    const other = await new KMeans({ nClusters: 3, init: scaled(init) }).fit(scaled(x))
    expect(Array.from(other.labels)).toEqual(Array.from(plain.labels))
    expect(Array.from(await other.predict(scaled(x)))).toEqual(Array.from(plain.labels))
    expect(JSON.stringify(KMeans.fromJSON(JSON.parse(JSON.stringify(other))))).toBe(
      JSON.stringify(other),
    )
  })

  test('weights of 0 are no rows; weights of 2 are two', async () => {
    const { x } = tableNamed('wine')
    const init = [x[0], x[70], x[140]]
    const weights = x.map((_, i) => i % 3)
    const weighted = await new KMeans({ nClusters: 3, init, tol: 0 }).fit(x, undefined, {
      sampleWeight: weights,
    })
    const repeated = x.flatMap((row, i) => Array(weights[i]).fill(row))
    const plain = await new KMeans({ nClusters: 3, init, tol: 0 }).fit(repeated)
    near(weighted.clusterCenters, Array.from(plain.clusterCenters), 1e-9)
    near(weighted.inertia, plain.inertia, 1e-9)
  })

  test('what does not fit is refused', async () => {
    const x = [
      [0, 1],
      [1, 0],
    ]
    await expect(new KMeans().fit(x)).rejects.toThrow(/at least as many rows as clusters/)
    await expect(new KMeans({ nClusters: 2, init: [[1, 2]] }).fit(x)).rejects.toThrow(/2 centres/)
    await expect(new KMeans({ nClusters: 1, init: [[1, 2]], nInit: 3 }).fit(x)).rejects.toThrow(
      /nInit of 1/,
    )
    expect(() => new KMeans({ init: 'kmeans' as never })).toThrow(/init/)
    const saved = JSON.parse(JSON.stringify(await new KMeans({ nClusters: 2 }).fit(x)))
    for (const state of [{ labels: [0, 2] }, { clusterCenters: [1, 2] }])
      expect(() => KMeans.fromJSON({ ...saved, state: { ...saved.state, ...state } })).toThrow(
        /altered/,
      )
  })
})

test('the same bits on 1, 2 and 3 threads', async () => {
  const own = defaultExecutor()
  if (own.name !== 'native') return
  const matrix = clouds(9000, 6, 10, 5, Float32Array as never)
  const saved: string[] = []
  try {
    for (const threads of [1, 2, 3]) {
      openExecutor({ name: 'native', isa: own.isa, threads })
      saved.push(JSON.stringify(await new KMeans({ nClusters: 10 }).fit(matrix)))
    }
  } finally {
    openExecutor({ name: 'native', isa: own.isa, threads: own.threads })
  }
  expect(new Set(saved).size).toBe(1)
})

test('a signal stops it, progress rises', async () => {
  const matrix = clouds(60_000, 10, 30, 6)
  const controller = new AbortController()
  const model = new KMeans({ nClusters: 60, tol: 0 })
  let last = 0
  const stopped = model.fit(matrix, undefined, {
    signal: controller.signal,
    onProgress: ({ fraction, iteration }) => {
      expect(fraction).toBeGreaterThanOrEqual(last)
      last = fraction
      if (iteration > 2) controller.abort()
    },
  })
  await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' })
  expect(model.isFitted).toBe(false)
})

test('names, columns and the contract', async () => {
  const rows = tableNamed('iris').x.map(([a, b]) => ({ a, b }))
  const model = await new KMeans({ nClusters: 2 }).fit(rows)
  expect((await model.fitTransform(rows)).names).toEqual(['kmeans0', 'kmeans1'])
  const make = () => new KMeans({ nClusters: 3 })
  expect(await checkEstimator({ make, fromJSON: KMeans.fromJSON })).toEqual([])
})
