// The training jobs that are timed, their arithmetic, and what each has to reach (ratios over eager PyTorch).

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
}

export function title({ sizes, batch }) {
  return `MLP ${sizes.join('-')}, batch ${batch}`
}

export function parameterCount({ sizes }) {
  let count = 0
  for (let i = 1; i < sizes.length; i++) count += (sizes[i - 1] + 1) * sizes[i]
  return count
}

/** Floating-point operations of a step's matrix products: forward, weights' and inputs' gradients. */
export function gemmFlops({ sizes, batch }) {
  let flops = 0
  for (let i = 1; i < sizes.length; i++) {
    const product = 2 * batch * sizes[i - 1] * sizes[i]
    flops += product * (i === 1 ? 2 : 3) // nobody needs the gradient of the data
  }
  return flops
}

/** Bytes that Adam has to move: weight, both moments in and out, gradient in; float32. */
export function optimizerBytes(job) {
  return parameterCount(job) * 7 * 4
}

/** Every matrix product of a step as [rows, depth, columns], for measuring the best rate. */
export function gemmShapes({ sizes, batch }) {
  const shapes = []
  for (let i = 1; i < sizes.length; i++) {
    const [n, m] = [sizes[i - 1], sizes[i]]
    shapes.push([batch, n, m], [n, batch, m])
    if (i > 1) shapes.push([batch, m, n])
  }
  return shapes
}
