// node benchmarks/browser-peers.mjs [--steps 5]
// What TensorFlow.js and jax-js make of the nets of pictures and sequences, each on WebAssembly and one thread, beside
// Athanor's WebAssembly: forward, backward and Adam (jax-js: plain SGD) on one batch; medians. A net that a peer
// cannot train is printed with its reason. Peers as in README.md.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { peersJs } from './contenders.mjs'

process.env.ATHANOR_EXECUTOR = 'wasm'
process.env.ATHANOR_THREADS = '1'
const athanor = await import('../dist/index.js')
const { values } = parseArgs({ options: { steps: { type: 'string', default: '5' } } })

const numbers = size => Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7) / 2)
const labels = rows => Int32Array.from({ length: rows }, (_, i) => i % 10)

const jobs = {
  'LeNet-like CNN, 28 × 28, batch 128': { shape: [128, 28, 28, 1], net: 'pictures' },
  'LSTM 64 → 128, 50 steps, batch 32': { shape: [32, 50, 64], net: 'sequences' },
  'transformer block, 4 heads × 32, 128 tokens, batch 16': { shape: [16, 128, 128], net: 'block' },
}

function athanorStep({ shape, net }) {
  const { layers, sequential, tensor } = athanor
  const parts = {
    pictures: () => [
      layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: shape.slice(1) }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d(),
      layers.flatten(),
      layers.dense({ units: 128, activation: 'relu' }),
    ],
    sequences: () => [layers.lstm({ units: 128, inputShape: shape.slice(1) })],
    block: () => [
      layers.transformerEncoder({
        ...{ intermediateDim: 512, numHeads: 4, inputShape: shape.slice(1) },
      }),
      layers.globalAveragePooling1d(),
    ],
  }
  const model = sequential([...parts[net](), layers.dense({ units: 10 })])
  model.compile({
    optimizer: 'adam',
    loss: (y, z) => athanor.losses.sparseCategoricalCrossentropy(y, z, { fromLogits: true }),
    metrics: [],
  })
  const x = tensor(numbers(shape.reduce((a, b) => a * b)), { shape })
  const y = tensor(labels(shape[0]), { dtype: 'int32' })
  return () => model.trainOnBatch(x, y)
}

async function tensorflowStep({ shape, net }) {
  const require = createRequire(path.join(peersJs, 'package.json'))
  console.warn = () => {}
  const tf = require('@tensorflow/tfjs')
  require('@tensorflow/tfjs-backend-wasm').setThreadsCount(1)
  await tf.setBackend('wasm')
  await tf.ready()
  const { layers } = tf
  const inputShape = shape.slice(1)
  const parts = {
    pictures: () => [
      layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 128, activation: 'relu' }),
    ],
    sequences: () => [layers.lstm({ units: 128, inputShape })],
    block: () => {
      throw new Error('its Layers API has no attention')
    },
  }
  const model = tf.sequential({ layers: [...parts[net](), layers.dense({ units: 10 })] })
  const loss = (a, b) => tf.losses.softmaxCrossEntropy(a, b)
  model.compile({ optimizer: tf.train.adam(0.001), loss })
  const x = tf.tensor(numbers(shape.reduce((a, b) => a * b)), shape)
  const y = tf.oneHot(tf.tensor1d(labels(shape[0]), 'int32'), 10).toFloat()
  return () => model.trainOnBatch(x, y)
}

async function jaxStep({ shape, net }) {
  globalThis.navigator ??= {} // it asks for navigator.gpu
  const folder = path.join(peersJs, 'node_modules/@jax-js/jax')
  const jax = await import(pathToFileURL(path.join(folder, 'dist/index.js')).href)
  const { numpy: np, nn, lax, tree } = jax
  await jax.init('wasm')
  jax.defaultDevice('wasm')
  const [batch] = shape
  const array = (...sides) => {
    const size = sides.reduce((a, b) => a * b)
    return np.array(
      numbers(size).map(v => v / Math.sqrt(size / sides.at(-1))),
      { shape: sides },
    )
  }
  const normalized = x => {
    const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }))
    const variance = np.mean(np.square(centred.ref), -1, { keepdims: true })
    return centred.div(np.sqrt(variance.add(1e-3)))
  }
  const nets = {
    pictures: {
      start: () => ({
        ...{ k1: array(32, 1, 3, 3), b1: array(1, 32, 1, 1) },
        ...{ k2: array(64, 32, 3, 3), b2: array(1, 64, 1, 1) },
        ...{ w3: array(9216, 128), b3: array(128), w4: array(128, 10), b4: array(10) },
      }),
      x: () => array(batch, 1, 28, 28),
      forward: (p, x) => {
        let h = nn.relu(lax.conv(x, p.k1, [1, 1], 'VALID').add(p.b1))
        h = nn.relu(lax.conv(h, p.k2, [1, 1], 'VALID').add(p.b2))
        h = np.max(np.max(np.reshape(h, [batch, 64, 12, 2, 12, 2]), 5), 3)
        h = nn.relu(np.matmul(np.reshape(h, [batch, 9216]), p.w3).add(p.b3))
        return np.matmul(h, p.w4).add(p.b4)
      },
    },
    sequences: {
      start: () => {
        throw new Error('it has no recurrent layer and no loop that can be differentiated')
      },
    },
    block: {
      start: () => ({
        ...{ q: array(128, 128), k: array(128, 128), v: array(128, 128), o: array(128, 128) },
        ...{ up: array(128, 512), down: array(512, 128), w: array(128, 10) },
      }),
      x: () => array(...shape),
      forward: (p, x) => {
        const heads = t => np.transpose(np.reshape(t, [batch, 128, 4, 32]), [0, 2, 1, 3])
        const q = heads(np.matmul(x.ref, p.q))
        const k = heads(np.matmul(x.ref, p.k))
        const v = heads(np.matmul(x.ref, p.v))
        const scores = np.matmul(q, np.transpose(k, [0, 1, 3, 2])).mul(1 / Math.sqrt(32))
        const seen = np.matmul(nn.softmax(scores, -1), v)
        const joined = np.reshape(np.transpose(seen, [0, 2, 1, 3]), shape)
        const h = normalized(x.add(np.matmul(joined, p.o)))
        const out = normalized(h.ref.add(np.matmul(nn.relu(np.matmul(h, p.up)), p.down)))
        return np.matmul(np.mean(out, 1), p.w)
      },
    },
  }
  const { start, x, forward } = nets[net]
  const y = labels(batch)
  const gradient = jax.valueAndGrad((p, input, classes) =>
    nn
      .logSoftmax(forward(p, input))
      .mul(nn.oneHot(classes, 10))
      .sum()
      .mul(-1 / batch),
  )
  const sgd = jax.jit((p, input, classes) => {
    const [loss, slopes] = gradient(tree.ref(p), input, classes)
    return [tree.map((a, slope) => a.sub(slope.mul(0.01)), p, slopes), loss]
  })
  let now = start()
  return async () => {
    let loss
    ;[now, loss] = sgd(now, x(), np.array(y.slice(), { shape: [batch] }))
    return (await loss.data())[0]
  }
}

async function timed(make, job) {
  try {
    const step = await make(job)
    await step()
    const times = []
    const began = performance.now()
    for (let i = 0; i < Number(values.steps); i++) {
      const start = performance.now()
      const loss = await step()
      times.push(performance.now() - start)
      if (!Number.isFinite(Number(loss))) throw new Error(`a loss of ${loss}`)
      if (performance.now() - began > 60_000) break
    }
    times.sort((a, b) => a - b)
    const median = times[times.length >> 1]
    return `${median.toPrecision(3)} ms (${times.length} steps)`
  } catch (error) {
    return `cannot train it: ${String(error?.message ?? error).split('\n')[0]}`
  }
}

const hasPeer = name => existsSync(path.join(peersJs, 'node_modules', name))
for (const [title, job] of Object.entries(jobs)) {
  console.log(title)
  console.log(`  Athanor        ${await timed(athanorStep, job)}`)
  if (hasPeer('@tensorflow/tfjs'))
    console.log(`  TensorFlow.js  ${await timed(tensorflowStep, job)}`)
  if (hasPeer('@jax-js/jax')) console.log(`  jax-js         ${await timed(jaxStep, job)}`)
}
