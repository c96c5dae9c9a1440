// TensorFlow.js on its WASM backend, Layers API: model.trainOnBatch with its Adam. Installed in .peers/js.

import { createRequire } from 'node:module'
import path from 'node:path'
import { makeBatches } from './data.mjs'
import { serve, timeSteps } from './serve.mjs'

console.warn = console.log = () => {}
const require = createRequire(
  path.resolve(process.env.ATHANOR_PEERS_JS ?? '.peers/js', 'package.json'),
)
const tf = require('@tensorflow/tfjs')
const wasm = require('@tensorflow/tfjs-backend-wasm')
const threads = Number(process.argv[2] ?? 1)
let step

await serve({
  async setup({ job }) {
    wasm.setThreadsCount(threads)
    if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend did not start')
    await tf.ready()
    const { sizes, batch } = job
    const model = tf.sequential({
      layers: sizes.slice(1).map((units, i) =>
        tf.layers.dense({
          units,
          ...(i === 0 ? { inputShape: [sizes[0]] } : {}),
          ...(i < sizes.length - 2 ? { activation: 'relu' } : {}),
        }),
      ),
    })
    model.compile({
      optimizer: tf.train.adam(job.learningRate),
      // Its sparse loss wants probabilities and floats; from logits the one-hot form is the direct one.
      loss: (yTrue, yPred) => tf.losses.softmaxCrossEntropy(yTrue, yPred),
    })
    const batches = makeBatches(job)
    step = async i => {
      const { x, y } = batches[i % batches.length]
      const xs = tf.tensor2d(x.slice(), [batch, sizes[0]])
      const ys = tf.tidy(() => tf.oneHot(tf.tensor1d(y.slice(), 'int32'), sizes.at(-1)).toFloat())
      const loss = await model.trainOnBatch(xs, ys)
      tf.dispose([xs, ys])
      return loss
    }
    return { loss: await step(0), versions: { tfjs: tf.version.tfjs } }
  },
  run: ({ steps }) => timeSteps(step, steps),
  exit: () => ({}),
})
