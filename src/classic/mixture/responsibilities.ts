// Where a mixture's fit begins: how much each row belongs to each component.

import { Random } from '../../base/philox.js'
import type { Training } from '../../estimator/base-estimator.js'
import type { Matrix } from '../../estimator/matrix.js'
import { runJob } from '../../execute/jobs.js'
import { KMeans } from '../cluster/k-means.js'
import { rowArguments } from '../linear-algebra/row-arguments.js'

export const initialisations = ['kmeans', 'k-means++', 'random', 'randomFromData'] as const

/** Row-major `rows × components`. */
export async function firstResponsibilities(
  training: Training<Matrix>,
  method: (typeof initialisations)[number],
  components: number,
  seed: number,
): Promise<Float64Array> {
  const { operation, x, rows, signal } = training
  const out = new Float64Array(rows * components)
  if (method === 'kmeans') {
    const model = new KMeans({ nClusters: components, nInit: 1, randomState: seed })
    const { labels } = await model.fit(x, undefined, { signal })
    for (let row = 0; row < rows; row++) out[row * components + labels[row]] = 1
    return out
  }
  if (method === 'k-means++') {
    const { numbers, arrays } = rowArguments(x)
    const [seeds] = await runJob(operation, {
      kind: 'kMeansSeeds',
      numbers: [...numbers, components, seed],
      arrays: [...arrays, new Float64Array(0)],
      signal,
    })
    new Int32Array(seeds).forEach((row, k) => {
      out[row * components + k] = 1
    })
    return out
  }
  const random = new Random(seed)
  if (method === 'randomFromData') {
    const order = random.shuffle(Uint32Array.from({ length: rows }, (_, row) => row))
    for (let k = 0; k < components; k++) out[order[k] * components + k] = 1
    return out
  }
  for (let at = 0; at < out.length; at += components) {
    let sum = 0
    for (let k = 0; k < components; k++) {
      out[at + k] = random.uniform()
      sum += out[at + k]
    }
    for (let k = 0; k < components; k++) out[at + k] /= sum
  }
  return out
}
