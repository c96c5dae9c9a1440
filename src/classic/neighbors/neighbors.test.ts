// Neighbours against float64 and scikit-learn, and what only they promise.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import { type Matrix, takeRows } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { defaultExecutor, openExecutor } from '../../execute/select.js'
import { type Json, near } from '../testing/oracle.js'
import { KNeighborsClassifier, KNeighborsRegressor, NearestNeighbors } from './index.js'

const { tables, cases } = JSON.parse(
  readFileSync(new URL('./fixtures/neighbors.json', import.meta.url), 'utf8'),
)

/** Three quarters of a table's rows, and the fourth that is asked. */
function halvesOf(name: string) {
  const { x: rows, y } = tables[name]
  const x = { x: Float64Array.from(rows.flat()), rows: rows.length, width: rows[0].length }
  const ids = Array.from({ length: x.rows }, (_, i) => i)
  const train = ids.filter(i => i % 4 !== 0)
  const asked = ids.filter(i => i % 4 === 0)
  return {
    x: takeRows(x, train),
    y: train.map(i => y[i] as number),
    queries: takeRows(x, asked),
  }
}

describe.each(['brute', 'kdTree'] as const)('by %s', algorithm => {
  const fitting = cases.filter((c: Json) => algorithm === 'brute' || c.params.metric !== 'cosine')
  test.each<[string, Json]>(fitting.map((c: Json) => [c.name, c]))('%s', async (_, c) => {
    const { x, y, queries } = halvesOf(c.data)
    const Class = c.data === 'made' ? KNeighborsRegressor : KNeighborsClassifier
    const model: Json = await new Class({ ...c.params, algorithm, leafSize: 7 }).fit(x, y)
    expect(model.fitMethod).toBe(algorithm)
    const { indices, distances } = await model.kneighbors(queries)
    expect(Array.from(indices.subarray(0, c.indices.length))).toEqual(c.indices)
    near(distances.subarray(0, c.distances.length), c.distances, 1e-10)
    const predictions = await model.predict(queries)
    const p = c.data === 'made' ? [] : await model.predictProba(queries)
    const k = p.length / queries.rows
    for (const row of c.clear) {
      near(predictions[row], c.predictions[row], 1e-9, `row ${row}`)
      for (let j = 0; j < k; j++) near(p[row * k + j], c.probabilities[row * k + j], 1e-8)
    }
  })
})

function made(rows: number, width: number, seed: number, value: (random: Random) => number) {
  const random = new Random(seed)
  return { x: Float64Array.from({ length: rows * width }, () => value(random)), rows, width }
}

/** The k nearest by looking, in float64. */
function looked(x: Matrix, q: Matrix, row: number, k: number): number[] {
  const squares = Float64Array.from({ length: x.rows }, (_, i) => {
    let sum = 0
    for (let j = 0; j < x.width; j++) sum += (x.x[i * x.width + j] - q.x[row * x.width + j]) ** 2
    return sum
  })
  return Array.from(squares.keys())
    .sort((a, b) => squares[a] - squares[b] || a - b)
    .slice(0, k)
}

const hard: Record<string, [Matrix, Matrix]> = {
  'far from 0': [
    made(700, 4, 1, random => 1e6 + random.uniform()),
    made(40, 4, 2, random => 1e6 + random.uniform()),
  ],
  'on a lattice, full of ties': [
    made(900, 3, 3, random => random.integer(5)),
    made(40, 3, 4, random => random.integer(5)),
  ],
  'all the same': [made(600, 2, 5, () => 3), made(20, 2, 6, random => random.integer(9))],
  'huge, and one row far out': [
    made(600, 3, 7, random => (random.uniform() < 0.001 ? 1e100 : random.integer(1000))),
    made(40, 3, 8, random => (random.uniform() < 0.05 ? 1e100 : random.integer(1000))),
  ],
  'close clouds far apart': [
    made(900, 3, 9, random => random.integer(3) * 1e5 + random.integer(1000) / 1024),
    made(40, 3, 10, random => random.integer(3) * 1e5 + random.integer(1000) / 1024),
  ],
  wide: [
    made(300, 70, 11, random => random.integer(64)),
    made(30, 70, 12, random => random.integer(64)),
  ],
}

describe('exact to the last tie', () => {
  test.each(Object.entries(hard))('%s', async (_, [x, queries]) => {
    for (const algorithm of ['brute', 'kdTree'] as const)
      for (const k of [1, 7, 299]) {
        const index = await new NearestNeighbors({ algorithm, nNeighbors: k }).fit(x)
        const { indices } = await index.kneighbors(queries)
        for (let row = 0; row < queries.rows; row += 3)
          expect(
            Array.from(indices.subarray(row * k, row * k + k)),
            `${algorithm}, ${k}, row ${row}`,
          ).toEqual(looked(x, queries, row, k))
      }
  })

  test('few queries or many, one thread or three', async () => {
    const [x, queries] = hard['on a lattice, full of ties']
    const index = await new NearestNeighbors({ algorithm: 'brute' }).fit(x)
    const all = await index.kneighbors(queries)
    const own = defaultExecutor()
    for (const threads of [1, 3]) {
      if (own.name === 'native') openExecutor({ name: 'native', isa: own.isa, threads })
      const few = await index.kneighbors(takeRows(queries, [0, 1, 2]))
      expect(few.indices).toEqual(all.indices.subarray(0, 15))
      expect(few.distances).toEqual(all.distances.subarray(0, 15))
      expect(await index.kneighbors(queries)).toEqual(all)
    }
    if (own.name === 'native') openExecutor({ name: 'native', isa: own.isa, threads: own.threads })
  })
})

describe('NearestNeighbors', () => {
  test('rows within a radius, its edge included', async () => {
    const x = [[0], [1], [2], [3], [2]]
    for (const algorithm of ['brute', 'kdTree'] as const) {
      const index = await new NearestNeighbors({ radius: 1, algorithm, leafSize: 1 }).fit(x)
      const { indices, distances } = await index.radiusNeighbors([[1.5], [3], [9]])
      expect(indices.map(list => Array.from(list))).toEqual([[1, 2, 4], [2, 3, 4], []])
      expect(distances.map(list => Array.from(list))).toEqual([[0.5, 0.5, 0.5], [1, 0, 1], []])
      const sorted = await index.radiusNeighbors([[3]], { sortResults: true, radius: 2 })
      expect(Array.from(sorted.indices[0])).toEqual([3, 2, 4, 1])
      const others = await index.radiusNeighbors(undefined, { returnDistance: false })
      expect(others.indices.map(list => Array.from(list))).toEqual([
        [1],
        [0, 2, 4],
        [1, 3, 4],
        [2, 4],
        [1, 2, 3],
      ])
      expect(others.distances).toEqual([])
    }
    await expect(
      (await new NearestNeighbors().fit(x)).radiusNeighbors([[1]], { radius: -1 }),
    ).rejects.toMatchObject({ code: 'ARGUMENT' })
  })

  test('each row’s neighbours without itself, equal rows or not', async () => {
    const index = await new NearestNeighbors({ nNeighbors: 2 }).fit([[0], [0], [0], [0], [5]])
    const { indices, distances } = await index.kneighbors()
    expect(Array.from(indices)).toEqual([1, 2, 0, 2, 0, 1, 0, 1, 0, 1])
    expect(Array.from(distances)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 5, 5])
    const bare = await index.kneighbors([[4]], { nNeighbors: 1, returnDistance: false })
    expect([Array.from(bare.indices), bare.distances.length, bare.nNeighbors]).toEqual([[4], 0, 1])
  })

  test('more neighbours than rows', async () => {
    const index = await new NearestNeighbors({ nNeighbors: 4 }).fit([[0], [1], [2]])
    await expect(index.kneighbors([[1]])).rejects.toThrow(/at least 4 rows, for 4 neighbours/)
    await expect(index.kneighbors(undefined, { nNeighbors: 3 })).rejects.toMatchObject({
      code: 'DATA',
    })
    for (const Class of [KNeighborsClassifier, KNeighborsRegressor])
      await expect(new Class().fit([[0], [1]], [0, 1])).rejects.toThrow(/Lower nNeighbors/)
  })

  test('distances beyond all numbers are an error', async () => {
    const index = await new NearestNeighbors({ nNeighbors: 1 }).fit([[-1e308], [-2e307]])
    await expect(index.kneighbors([[1e308]])).rejects.toMatchObject({ code: 'NOT_FINITE' })
  })
})

test('a tree for few features and many rows, products for all else', async () => {
  const method = async (rows: number, width: number, params = {}) =>
    (await new NearestNeighbors(params).fit(made(rows, width, 1, r => r.uniform()))).fitMethod
  expect(await method(5000, 3)).toBe('kdTree')
  expect(await method(1000, 3)).toBe('brute')
  expect(await method(1000, 3, { metric: 'manhattan' })).toBe('kdTree')
  expect(await method(5000, 6)).toBe('brute')
  expect(await method(5000, 2, { metric: 'cosine' })).toBe('brute')
  expect(() => new NearestNeighbors({ metric: 'cosine', algorithm: 'kdTree' })).toThrow(/brute/)
})

test('float32 rows stay float32, and a model read from JSON builds its tree again', async () => {
  const rows = made(2200, 2, 2, random => Math.fround(random.uniform()))
  const x = { ...rows, x: Float32Array.from(rows.x) }
  const y = Array.from({ length: x.rows }, (_, i) => (x.x[2 * i] > 0.5 ? 'right' : 'left'))
  const model = await new KNeighborsClassifier({ weights: 'distance' }).fit(x, y)
  expect(model.fitMethod).toBe('kdTree')
  const json = JSON.parse(JSON.stringify(model))
  expect(json.state.rows.type).toBe('float32')
  const again = KNeighborsClassifier.fromJSON(json)
  expect(await again.predictProba(x)).toEqual(await model.predictProba(x))
  // What the caller does with the rows afterwards is no concern of the model's.
  x.x.fill(0)
  expect(await model.predict(rows)).toEqual(y)
})

test.each(['euclidean', 'manhattan', 'chebyshev', 'minkowski', 'cosine'] as const)(
  'sparse rows as dense ones: %s',
  async metric => {
    const few = (random: Random) => (random.uniform() < 0.2 ? random.integer(8) - 3 : 0)
    const x = made(300, 20, 5, few)
    const queries = made(30, 20, 6, few)
    const [sparse, asked] = [SparseMatrix.fromDense(x), SparseMatrix.fromDense(queries)]
    const params = { metric, p: 3, nNeighbors: 4 }
    const dense = await new NearestNeighbors(params).fit(x)
    const index = await new NearestNeighbors(params).fit(sparse)
    const expected = await dense.kneighbors(queries)
    const again = NearestNeighbors.fromJSON(JSON.parse(JSON.stringify(index)))
    for (const found of [
      await index.kneighbors(asked),
      await again.kneighbors(queries),
      await dense.kneighbors(asked),
    ]) {
      expect(found.indices).toEqual(expected.indices)
      near(found.distances, expected.distances, 1e-12)
    }
    const within = { radius: metric === 'cosine' ? 0.5 : 6 }
    expect((await index.radiusNeighbors(asked, within)).indices).toEqual(
      (await dense.radiusNeighbors(queries, within)).indices,
    )
  },
)

test('a signal stops the building of a tree', async () => {
  const controller = new AbortController()
  const model = new KNeighborsRegressor({ algorithm: 'kdTree' })
  const x = made(200_000, 3, 3, random => random.uniform())
  const fitting = model.fit(x, new Float64Array(x.rows), {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  })
  await expect(fitting).rejects.toMatchObject({ code: 'INTERRUPTED' })
  expect(model.isFitted).toBe(false)
})

describe('the contract', () => {
  const subjects = {
    KNeighborsClassifier: () => new KNeighborsClassifier(),
    'KNeighborsClassifier by tree': () =>
      new KNeighborsClassifier({ algorithm: 'kdTree', leafSize: 3, weights: 'distance' }),
    KNeighborsRegressor: () => new KNeighborsRegressor(),
    NearestNeighbors: () => new NearestNeighbors(),
  }
  test.each(Object.entries(subjects))('%s', async (_, make) => {
    const { fromJSON } = make().constructor as unknown as typeof KNeighborsClassifier
    expect(await checkEstimator({ make, fromJSON })).toEqual([])
  })
})
