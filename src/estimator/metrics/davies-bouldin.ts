// How alike each cluster is to the one most like it (Davies & Bouldin 1979).

import type { Labels } from '../../base/label.js'
import { noOptions } from '../../base/options.js'
import type { MatrixLike } from '../matrix.js'
import { centroidsOf, clusteredRows, squaredDistance } from './clustered-rows.js'

/**
 * Mean over clusters of the largest (width of both ÷ distance of their centres), 0 or more: less is
 * better. O(n·d + k²·d). As scikit-learn's `davies_bouldin_score`.
 *
 * @throws AthanorError SHAPE, DATA; ARGUMENT for one cluster, or as many as rows.
 * @example
 * ```ts
 * await daviesBouldin([[0], [1], [10], [11]], [0, 0, 1, 1]) // 0.1
 * ```
 */
export async function daviesBouldin(
  x: MatrixLike,
  labels: Labels,
  options: object = {},
): Promise<number> {
  noOptions.check('daviesBouldin', options)
  const data = await clusteredRows('daviesBouldin', x, labels)
  const { rows, width, clusters, clusterOf, sizes } = data
  const centroids = centroidsOf(data)
  const spread = new Float64Array(clusters)
  for (let i = 0; i < rows; i++) {
    const c = clusterOf[i]
    const square = squaredDistance(data.x, i * width, centroids, c * width, width)
    spread[c] += Math.sqrt(square) / sizes[c]
  }
  let sum = 0
  let widest = 0
  let farthest = 0
  for (let a = 0; a < clusters; a++) {
    widest = Math.max(widest, spread[a])
    let worst = 0
    for (let b = 0; b < clusters; b++) {
      const square = squaredDistance(centroids, a * width, centroids, b * width, width)
      const distance = Math.sqrt(square)
      farthest = Math.max(farthest, distance)
      if (distance > 0) worst = Math.max(worst, (spread[a] + spread[b]) / distance)
    }
    sum += worst
  }
  // Clusters of single points, or all in one place: as scikit-learn, to 1e-8.
  return widest <= 1e-8 || farthest <= 1e-8 ? 0 : sum / clusters
}
