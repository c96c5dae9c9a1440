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

/**
 * Trains a net for pictures, one for texts, a model of language and one of speech for two epochs each, and
 * returns the bits of what each of them then predicts.
 *
 * @param {typeof import('../../../src/index.browser.js')} athanor
 */
export async function trainEachKind(athanor) {
  const { concat, losses, ones, pictureNet, speech, tensor } = athanor
  const { textClassifier, transformerLanguageModel } = athanor
  const rows = 6
  const numbers = (...shape) => {
    const size = shape.reduce((a, b) => a * b)
    return tensor(
      Float32Array.from({ length: size }, (_, i) => ((i * 37) % 64) / 32 - 1),
      { shape },
    )
  }
  const ids = (shape, below) => {
    const size = shape.reduce((a, b) => a * b)
    return tensor(
      Int32Array.from({ length: size }, (_, i) => 1 + ((i * 7 + (i >> 2)) % (below - 1))),
      { shape, dtype: 'int32' },
    )
  }
  const tokens = ids([rows, 5], 9)
  const kinds = {
    pictures: {
      net: () => pictureNet({ inputShape: [8, 8, 1], classes: 3, filters: [4, 8] }),
      x: numbers(rows, 8, 8, 1),
      y: ids([rows], 3),
    },
    texts: {
      net: () => textClassifier({ vocabulary: 9, classes: 3, kind: 'lstm', width: 4 }),
      x: tokens,
      y: ids([rows], 3),
    },
    language: {
      net: () =>
        transformerLanguageModel({ vocabulary: 9, context: 5, width: 8, heads: 2, layers: 1 }),
      x: tokens,
      y: tokens,
    },
    speech: {
      net: () => speech.ctcSpeechModel({ features: 3, classes: 5, units: [4], stack: 2 }),
      x: concat([numbers(rows, 12, 3), ones([rows, 12, 1])], { axis: -1 }),
      y: ids([rows, 3], 5),
      loss: 'ctc',
    },
  }
  const logits = (y, predicted) =>
    losses.sparseCategoricalCrossentropy(y, predicted, { fromLogits: true })
  const results = {}
  for (const [kind, { net: make, x, y, loss = logits }] of Object.entries(kinds)) {
    athanor.random.seed(5)
    const net = make()
    net.compile({ optimizer: 'adam', loss, metrics: [] })
    await net.fit(x, y, { epochs: 2, batchSize: 3, seed: 2, verbose: 0 })
    results[kind] = hex(await (await net.predict(x)).data())
  }
  return results
}

function hex(values) {
  const bits = new Uint32Array(Float32Array.from(values).buffer)
  return Array.from(bits, word => word.toString(16).padStart(8, '0')).join('')
}
