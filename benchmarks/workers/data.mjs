// The same made-up batches in every JavaScript worker: eight of them, copied afresh for each step.

/** A small generator (mulberry32): speed of making data is not what is measured. */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export function makeBatches({ sizes, batch }, count = 8) {
  const random = generator(1)
  const [width, classes] = [sizes[0], sizes[sizes.length - 1]]
  return Array.from({ length: count }, () => {
    const x = new Float32Array(batch * width)
    for (let i = 0; i < x.length; i++) x[i] = random() * 2 - 1
    const y = new Int32Array(batch)
    for (let i = 0; i < batch; i++) y[i] = Math.floor(random() * classes)
    return { x, y }
  })
}

/** Glorot-uniform weights and zero biases. */
export function makeWeights({ sizes }) {
  const random = generator(2)
  const weights = []
  for (let i = 1; i < sizes.length; i++) {
    const limit = Math.sqrt(6 / (sizes[i - 1] + sizes[i]))
    const kernel = new Float32Array(sizes[i - 1] * sizes[i])
    for (let k = 0; k < kernel.length; k++) kernel[k] = (random() * 2 - 1) * limit
    weights.push({ kernel, shape: [sizes[i - 1], sizes[i]], bias: new Float32Array(sizes[i]) })
  }
  return weights
}
