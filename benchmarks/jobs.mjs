// The training jobs that are timed, their arithmetic, and what each has to reach (ratios over eager PyTorch).

import { leNet, productsOf, resNet20 } from './nets.mjs'

/**
 * `sizes`: units from input to logits; ReLU between, softmax cross-entropy on integer labels at the
 * end, Adam. `target`: how many times as fast as eager PyTorch with its default Adam.
 */
export const jobs = {
  'mlp-784': {
    sizes: [784, 512, 256, 10],
    batch: 128,
    target: 3,
    gemmShare: 0.6,
    learningRate: 0.001,
  },
  'mlp-1024': { sizes: [1024, 2048, 2048, 1000], batch: 256, target: 1.6, learningRate: 0.0001 },
  'mlp-32': { sizes: [32, 64, 64, 10], batch: 32, target: 6, learningRate: 0.001 },
  'mlp-4': { sizes: [4, 16, 3], batch: 32, target: 10, learningRate: 0.001 },
  // Of pictures: `sizes` are only those of a row and of the logits; PyTorch counts at its best of all.
  lenet: {
    name: 'LeNet-like CNN, 28 × 28 × 1',
    picture: [28, 28, 1],
    layers: leNet,
    sizes: [784, 10],
    batch: 128,
    target: 2,
    floorFactor: 1.5,
    gemmShare: 0.6,
    learningRate: 0.001,
  },
  resnet20: {
    name: 'ResNet-20, 32 × 32 × 3',
    picture: [32, 32, 3],
    layers: resNet20,
    sizes: [3072, 10],
    batch: 64,
    target: 1.5,
    floorFactor: 1.5,
    learningRate: 0.001,
  },
}

export function title({ name, sizes, batch }) {
  if (name) return `${name}, batch ${batch}`
  return `MLP ${sizes.join('-')}, batch ${batch}`
}

/** Products of the forward pass as { rows, depth, columns, parameters }. */
function products(job) {
  if (job.picture) return productsOf(job)
  const { sizes, batch } = job
  return sizes.slice(1).map((columns, i) => ({
    rows: batch,
    depth: sizes[i],
    columns,
    parameters: (sizes[i] + 1) * columns,
  }))
}

export function parameterCount(job) {
  return products(job).reduce((sum, p) => sum + p.parameters, 0)
}

/** Floating-point operations of a step's matrix products: forward, weights' and inputs' gradients. */
export function gemmFlops(job) {
  return products(job).reduce(
    // Nobody needs the gradient of the data.
    (sum, { rows, depth, columns }, i) => sum + 2 * rows * depth * columns * (i === 0 ? 2 : 3),
    0,
  )
}

/** Bytes that Adam has to move: weight, both moments in and out, gradient in; float32. */
export function optimizerBytes(job) {
  return parameterCount(job) * 7 * 4
}

/** Every matrix product of a step as [rows, depth, columns], for measuring the best rate. */
export function gemmShapes(job) {
  // Of pictures the largest products stand for the others, which are alike.
  const all = products(job)
  const most = Math.max(...all.map(({ rows, depth, columns }) => rows * depth * columns))
  const chosen = job.picture
    ? all.filter(({ rows, depth, columns }) => 2 * rows * depth * columns > most).slice(0, 3)
    : all
  return chosen.flatMap(product => {
    const { rows, depth, columns } = product
    const shapes = [
      [rows, depth, columns],
      [depth, rows, columns],
    ]
    return product === all[0] ? shapes : [...shapes, [rows, columns, depth]]
  })
}
