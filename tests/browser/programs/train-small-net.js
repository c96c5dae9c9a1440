// The same training in Node and in a browser: what comes back must agree in every bit.

/**
 * Trains a classifier on two interleaved spirals, with dropout, a schedule and a partial last batch,
 * and returns its losses, weights and predictions as hexadecimal float32 bits.
 *
 * @param {typeof import('../../../src/index.browser.js')} athanor
 */
export async function trainSmallNet(athanor) {
  const { layers, random, sequential } = athanor
  const rows = 150
  const points = new Float32Array(rows * 2)
  const labels = new Int32Array(rows)
  for (let i = 0; i < rows; i++) {
    const turn = (i / rows) * 6
    labels[i] = i % 2
    // Products and roots only: Math.sin may differ between engines in the last bit.
    const angle = labels[i] === 0 ? turn : -turn
    points[2 * i] = angle / 6
    points[2 * i + 1] = Math.sqrt(turn) * (labels[i] === 0 ? 0.25 : -0.5)
  }
  random.seed(7)
  const model = sequential([
    layers.dense({ units: 16, activation: 'relu', inputShape: [2] }),
    layers.dropout({ rate: 0.1 }),
    layers.dense({ units: 16, activation: 'tanh' }),
    layers.dense({ units: 2 }),
  ])
  model.compile({
    optimizer: 'adam',
    loss: (labels, logits) =>
      athanor.losses.sparseCategoricalCrossentropy(labels, logits, { fromLogits: true }),
    metrics: [],
  })
  const x = athanor.tensor(points, { shape: [rows, 2] })
  const y = athanor.tensor(labels, { dtype: 'int32' })
  const history = await model.fit(x, y, { epochs: 4, batchSize: 32, seed: 11, verbose: 0 })
  const predictions = await (await model.predict(x)).data()
  const weights = []
  for (const parameter of model.parameters()) weights.push(hex(await parameter.data()))
  return { losses: history.history.loss, predictions: hex(predictions), weights }
}

function hex(values) {
  const bits = new Uint32Array(Float32Array.from(values).buffer)
  return Array.from(bits, word => word.toString(16).padStart(8, '0')).join('')
}
