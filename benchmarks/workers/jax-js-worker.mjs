// jax-js on WebAssembly: the whole step in one jit. argv: `adam` or `sgd`. Installed in .peers/js.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { makeBatches, makeWeights } from './data.mjs'
import { serve, timeSteps } from './serve.mjs'

globalThis.navigator ??= {} // it asks for navigator.gpu
const folder = path.resolve(process.env.ATHANOR_PEERS_JS ?? '.peers/js', 'node_modules/@jax-js/jax')
const jax = await import(pathToFileURL(path.join(folder, 'dist/index.js')).href)
const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
const { numpy: np, nn, tree } = jax
const style = process.argv[2] ?? 'adam'
let step

await serve({
  async setup({ job }) {
    await jax.init('wasm')
    jax.defaultDevice('wasm')
    const { sizes, batch, learningRate } = job
    const classes = sizes.at(-1)
    const array = (values, shape) => np.array(values, { shape })
    const objective = (parameters, x, y) => {
      parameters.forEach(({ kernel, bias }, i) => {
        x = np.matmul(x, kernel).add(bias)
        if (i < parameters.length - 1) x = nn.relu(x)
      })
      return nn
        .logSoftmax(x)
        .mul(nn.oneHot(y, classes))
        .sum()
        .mul(-1 / batch)
    }
    const gradient = jax.valueAndGrad(objective)
    const start = makeWeights(job).map(w => ({
      kernel: array(w.kernel, w.shape),
      bias: array(w.bias, [w.bias.length]),
    }))
    const zeros = () => tree.map(p => np.zeros(p.shape), start)
    const sgd = jax.jit((parameters, x, y) => {
      const [loss, g] = gradient(tree.ref(parameters), x, y)
      return [tree.map((p, d) => p.sub(d.mul(learningRate)), parameters, g), loss]
    })
    const adam = jax.jit((parameters, m, v, alpha, x, y) => {
      const [loss, g] = gradient(tree.ref(parameters), x, y)
      const m1 = tree.map((a, d) => a.mul(0.9).add(d.ref.mul(0.1)), m, tree.ref(g))
      const v1 = tree.map((a, d) => a.mul(0.999).add(d.ref.mul(d).mul(0.001)), v, g)
      const next = tree.map(
        (p, a, b) => p.sub(a.mul(alpha.ref).div(np.sqrt(b).add(1e-7))),
        parameters,
        tree.ref(m1),
        tree.ref(v1),
      )
      alpha.dispose()
      return [next, m1, v1, loss]
    })
    const batches = makeBatches(job)
    let parameters = start
    let [m, v] = style === 'adam' ? [zeros(), zeros()] : []
    let t = 0
    step = async i => {
      const batchNow = batches[i % batches.length]
      const x = array(batchNow.x.slice(), [batch, sizes[0]])
      const y = array(batchNow.y.slice(), [batch])
      let loss
      if (style === 'sgd') [parameters, loss] = sgd(parameters, x, y)
      else {
        t++
        const alpha = (learningRate * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)
        ;[parameters, m, v, loss] = adam(parameters, m, v, np.array(alpha), x, y)
      }
      return (await loss.data())[0]
    }
    return { loss: await step(0), versions: { jaxjs: version } }
  },
  run: ({ steps }) => timeSteps(step, steps),
  exit: () => ({}),
})
