// Athanor's contender in recurrent.mjs: a sequential model's trainOnBatch. Executor and threads come from
// ATHANOR_EXECUTOR and ATHANOR_THREADS.

import { layers, losses, optim, sequential, tensor } from '../../dist/index.js'
import { serve, timeSteps } from './serve.mjs'

function makeStep({ layer, features, units, steps, batch, sequences, classes, learningRate }) {
  const options = { units, inputShape: [steps, features], returnSequences: sequences ?? false }
  const model = sequential([
    layer === 'gru' ? layers.gru(options) : layers.lstm(options),
    layers.dense({ units: classes }),
  ])
  model.compile({
    optimizer: optim.adam({ learningRate }),
    loss: (yTrue, yPred) =>
      losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true }),
  })
  const batches = Array.from({ length: 8 }, () => ({
    x: Float32Array.from({ length: batch * steps * features }, () => Math.random() * 2 - 1),
    y: Int32Array.from({ length: batch * (sequences ? steps : 1) }, () =>
      Math.floor(Math.random() * classes),
    ),
  }))
  const labels = y => (sequences ? tensor(y, { shape: [batch, steps], dtype: 'int32' }) : y)
  return i => {
    const { x, y } = batches[i % batches.length]
    return model.trainOnBatch(x.slice(), labels(y.slice()))
  }
}

let step

await serve({
  async setup({ job }) {
    step = makeStep(job)
    return { loss: await step(0) }
  },
  async run({ steps }) {
    const before = process.cpuUsage()
    const timed = await timeSteps(step, steps)
    const { user, system } = process.cpuUsage(before)
    return { ...timed, processorSeconds: (user + system) / 1e6 }
  },
  exit: () => ({}),
})
