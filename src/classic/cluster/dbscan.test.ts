// DBSCAN against scikit-learn, and against its definition on points in the plane.

import { describe, expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import { defaultExecutor, openExecutor } from '../../execute/select.js'
import { casesOf, type Json } from '../testing/oracle.js'
import { tableNamed } from '../testing/tables.js'
import { DBSCAN } from './dbscan.js'

const cases = casesOf(new URL('./fixtures/dbscan.json', import.meta.url))

describe('against scikit-learn', () => {
  test.each(cases.map(c => [`${c.table} ${JSON.stringify(c.params)}`, c]))(
    '%s',
    async (_, c: Json) => {
      const { x } = tableNamed(c.table)
      const sampleWeight = c.sampleWeight ?? undefined
      const model = await new DBSCAN(c.params).fit(x, undefined, { sampleWeight })
      expect(Array.from(model.labels)).toEqual(c.labels)
      expect(Array.from(model.coreSampleIndices)).toEqual(c.coreSampleIndices)
    },
  )
})

/** Word by word what the paper says, clusters in the order of their first cores. */
function byDefinition(x: number[][], eps: number, minSamples: number): number[] {
  const near = x.map(a =>
    x.flatMap((b, j) => (Math.hypot(...a.map((v, k) => v - b[k])) <= eps ? [j] : [])),
  )
  const labels = x.map(() => -1)
  let clusters = 0
  for (let i = 0; i < x.length; i++) {
    if (labels[i] >= 0 || near[i].length < minSamples) continue
    const queue = [i]
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (labels[at] >= 0) continue
      labels[at] = clusters
      if (near[at].length >= minSamples) queue.push(...near[at])
    }
    clusters++
  }
  return labels
}

test.each([
  [0.08, 3],
  [0.05, 4],
  [0.12, 12],
  [0.02, 2],
])('eps %d, minSamples %d: what the definition says', async (eps, minSamples) => {
  const random = new Random(minSamples)
  const x = Array.from({ length: 700 }, () => [random.uniform(), random.uniform()])
  const model = await new DBSCAN({ eps, minSamples }).fit(x)
  expect(Array.from(model.labels)).toEqual(byDefinition(x, eps, minSamples))
})

test('rings, duplicates, one row, float32', async () => {
  const ring = Array.from({ length: 200 }, (_, i) => {
    const radius = i % 2 === 0 ? 1 : 3
    return [radius * Math.cos(i / 10), radius * Math.sin(i / 10)]
  })
  const model = await new DBSCAN({ eps: 0.4, minSamples: 3 }).fit(ring)
  expect(Array.from(model.labels)).toEqual(ring.map((_, i) => i % 2))
  const floats = { x: Float32Array.from(ring.flat()), rows: 200, width: 2 }
  expect(await new DBSCAN({ eps: 0.4, minSamples: 3 }).fitPredict(floats)).toEqual(model.labels)
  expect(Array.from(await new DBSCAN({ minSamples: 3 }).fitPredict([[1], [1], [1], [9]]))).toEqual([
    0, 0, 0, -1,
  ])
  expect(Array.from(await new DBSCAN().fitPredict([[1]]))).toEqual([-1])
  expect(Array.from(await new DBSCAN({ minSamples: 1 }).fitPredict([[1]]))).toEqual([0])
})

test('the same at any number of threads', async () => {
  const own = defaultExecutor()
  if (own.name !== 'native') return
  const random = new Random(8)
  const x = Array.from({ length: 4000 }, () => [
    random.uniform(),
    random.uniform(),
    random.uniform(),
  ])
  const found: string[] = []
  try {
    for (const threads of [1, 2, 3]) {
      openExecutor({ name: 'native', isa: own.isa, threads })
      found.push(JSON.stringify(await new DBSCAN({ eps: 0.06, minSamples: 4 }).fit(x)))
    }
  } finally {
    openExecutor({ name: 'native', isa: own.isa, threads: own.threads })
  }
  expect(new Set(found).size).toBe(1)
})

test('stops at a signal, and keeps the contract', async () => {
  const controller = new AbortController()
  const random = new Random(2)
  const x = Float64Array.from({ length: 60_000 }, () => random.uniform())
  const stopped = new DBSCAN({ eps: 0.2 }).fit({ x, rows: 20_000, width: 3 }, undefined, {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  })
  await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' })
  const make = () => new DBSCAN({ eps: 0.6, minSamples: 3 })
  expect(await checkEstimator({ make, fromJSON: DBSCAN.fromJSON })).toEqual([])
})
