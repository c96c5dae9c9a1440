// Athanor's own contender. argv: `fit` (model.trainOnBatch), `loop` (hand-written) or `compiled` (the same
// loop inside compile). Executor and threads come from ATHANOR_EXECUTOR and ATHANOR_THREADS.

import * as athanor from '../../dist/index.js'
import { makeBatches } from './data.mjs'
import { pictureNet } from './picture-net.mjs'
import { serve, timeSteps } from './serve.mjs'

const { Module, layers, sequential, losses, optim, tensor, compile, matmul } = athanor
const style = process.argv[2] ?? 'fit'

function denseLayers({ sizes }) {
  return sizes.slice(1).map((units, i) =>
    layers.dense({
      units,
      inputShape: [sizes[i]],
      ...(i < sizes.length - 2 ? { activation: 'relu' } : {}),
    }),
  )
}

/** The same net as a module of its own, as one writes it for a loop by hand. */
class Net extends Module {
  constructor(job) {
    super()
    this.layers = denseLayers(job)
  }

  forward(x) {
    return this.layers.reduce((h, layer) => layer.forward(h), x)
  }
}

/** One step over fresh typed arrays; resolves to the loss. */
function makeStep(job) {
  const batches = makeBatches(job)
  const width = job.sizes[0]
  const fresh = i => {
    const { x, y } = batches[i % batches.length]
    return [tensor(x.slice(), { shape: [job.batch, width] }), tensor(y.slice(), { dtype: 'int32' })]
  }
  if (style === 'fit') {
    const model = job.picture ? pictureNet(job) : sequential(denseLayers(job))
    model.compile({
      optimizer: optim.adam({ learningRate: job.learningRate }),
      loss: (yTrue, yPred) =>
        losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true }),
    })
    return i => {
      const { x, y } = batches[i % batches.length]
      return model.trainOnBatch(x.slice(), y.slice())
    }
  }
  const model = new Net(job)
  const optimizer = optim.adam(model.parameters(), { learningRate: job.learningRate })
  const body = (x, y) => {
    const loss = losses.sparseCategoricalCrossentropy(y, model.forward(x), { fromLogits: true })
    loss.backward()
    optimizer.step()
    return loss
  }
  const step = style === 'compiled' ? compile(body) : body
  return i => step(...fresh(i)).item()
}

let step

async function rate([rows, depth, columns], seconds) {
  const random = length => Float32Array.from({ length }, () => Math.random() - 0.5)
  const a = tensor(random(rows * depth), { shape: [rows, depth] })
  const b = tensor(random(depth * columns), { shape: [depth, columns] })
  const product = compile((x, y) => matmul(x, y))
  // Results are dropped unread: a compiled call has run when it returns.
  for (let i = 0; i < 3; i++) await product(a, b).data()
  let best = Number.POSITIVE_INFINITY
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    const start = performance.now()
    const result = product(a, b)
    result.dispose()
    best = Math.min(best, performance.now() - start)
  }
  return (2 * rows * depth * columns) / (best / 1000)
}

await serve({
  async setup({ job }) {
    step = makeStep(job)
    const first = await step(0)
    const { chosen, isa, threads } = athanor.diagnose()
    return {
      loss: first,
      versions: { node: process.version },
      executor: { name: chosen, isa, threads },
    }
  },
  run: ({ steps }) => timeSteps(step, steps),
  async gemm({ shapes, seconds }) {
    const rates = []
    for (const shape of shapes) rates.push(await rate(shape, seconds))
    return { rates }
  },
  exit: () => ({}),
})
