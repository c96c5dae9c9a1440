// How far clusters lie apart against how wide they are (Caliński & Harabasz 1974).

import type { Labels } from '../../base/label.js'
import { noOptions } from '../../base/options.js'
import type { MatrixLike } from '../matrix.js'
import { centroidsOf, clusteredRows, squaredDistance } from './clustered-rows.js'

/**
 * Variance between clusters ÷ variance within them, each by its degrees of freedom: more is better, and
 * values of one data set alone can be compared. O(n·d). As scikit-learn's `calinski_harabasz_score`.
 *
 * @throws AthanorError SHAPE, DATA; ARGUMENT for one cluster, or as many as rows.
 * @example
 * ```ts
 * await calinskiHarabasz([[0], [1], [10], [11]], [0, 0, 1, 1]) // 200
 * ```
 */
export async function calinskiHarabasz(
  x: MatrixLike,
  labels: Labels,
  options: object = {},
): Promise<number> {
  noOptions.check('calinskiHarabasz', options)
  const data = await clusteredRows('calinskiHarabasz', x, labels)
  const { rows, width, clusters, clusterOf, sizes } = data
  const centroids = centroidsOf(data)
  const mean = new Float64Array(width)
  for (let c = 0; c < clusters; c++)
    for (let j = 0; j < width; j++) mean[j] += (sizes[c] * centroids[c * width + j]) / rows
  let between = 0
  for (let c = 0; c < clusters; c++)
    between += sizes[c] * squaredDistance(centroids, c * width, mean, 0, width)
  let within = 0
  for (let i = 0; i < rows; i++)
    within += squaredDistance(data.x, i * width, centroids, clusterOf[i] * width, width)
  return within === 0 ? 1 : (between * (rows - clusters)) / (within * (clusters - 1))
}
