// Whole fits of k-means from given centres, a fixed number of iterations, and from k-means++: one JSON
// line each. Arguments: rows, width, clusters, float32 or float64, repetitions.

import { KMeans } from 'athanor/classic'
import { blobs } from './hashed-data.mjs'

const [rows = 100_000, width = 20, clusters = 50] = process.argv.slice(2, 5).map(Number)
const dtype = process.argv[5] ?? 'float32'
const repetitions = Number(process.argv[6] ?? 5)

const values = blobs(rows, width, 60, 7)
const x = dtype === 'float32' ? Float32Array.from(values) : values
const init = Array.from({ length: clusters }, (_, c) =>
  Array.from(x.subarray(c * width, (c + 1) * width)),
)
const matrix = { x, rows, width }

for (const [task, params] of [
  ['kmeans-given', { nClusters: clusters, init, nInit: 1, maxIter: 30, tol: 0 }],
  ['kmeans-plus-plus', { nClusters: clusters, nInit: 1, maxIter: 20, tol: 0 }],
]) {
  const seconds = []
  let model
  for (let i = 0; i <= repetitions; i++) {
    const began = performance.now()
    model = await new KMeans(params).fit(matrix)
    if (i > 0) seconds.push((performance.now() - began) / 1000)
  }
  const { inertia, nIter } = model
  const shape = { rows, width, clusters, dtype }
  console.log(JSON.stringify({ library: 'athanor', task, ...shape, seconds, inertia, nIter }))
}
