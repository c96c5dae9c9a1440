// Athanor's contender for the transformer block: an encoder block, mean squared error, Adam, one compiled
// step. `explain` prints what a step runs.

import * as athanor from '../../dist/index.js'
import { serve, timeSteps } from '../workers/serve.mjs'

const { layers, losses, optim, compile, tensor, random } = athanor
let step
let explain

await serve({
  async setup({ job: { batch, tokens, heads, headSize, intermediate, learningRate } }) {
    const features = heads * headSize
    random.seed(1)
    const block = layers.transformerEncoder({
      intermediateDim: intermediate,
      numHeads: heads,
      inputShape: [tokens, features],
    })
    const optimizer = optim.adam(block.parameters(), { learningRate })
    const shape = [batch, tokens, features]
    const batches = Array.from({ length: 4 }, () =>
      [0, 1].map(() => random.uniform(shape, { low: -1, high: 1 }).dataSync()),
    )
    const body = (x, y) => {
      const loss = losses.meanSquaredError(y, block.forward(x))
      loss.backward()
      optimizer.step()
      return loss
    }
    const compiled = compile(body)
    const fresh = i => batches[i % 4].map(values => tensor(values.slice(), { shape }))
    step = i => compiled(...fresh(i)).item()
    explain = () => compiled.explain(...fresh(0))
    const { chosen, isa, threads } = athanor.diagnose()
    return { loss: await step(0), executor: { name: chosen, isa, threads } }
  },
  run: ({ steps }) => timeSteps(step, steps),
  explain: () => ({ text: explain() }),
  exit: () => ({}),
})
