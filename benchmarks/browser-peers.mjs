// node benchmarks/browser-peers.mjs [--rounds 5]
// What TensorFlow.js and jax-js make of the nets of pictures and sequences, each on WebAssembly and one thread, beside
// Athanor's WebAssembly: forward, backward and Adam (jax-js: plain SGD) on one batch. They take turns, a step each;
// medians, after one step that is not counted. TensorFlow.js falls back to its JavaScript backend where its WebAssembly
// has no gradient. A step of over twenty seconds is taken once, and counts; a net that a peer cannot train stands with
// its reason. Writes BROWSER.md. Peers as in README.md.

import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { peersJs } from './contenders.mjs'
import { machine } from './machine.mjs'
import { median, three } from './statistics.mjs'

process.env.ATHANOR_EXECUTOR = 'wasm'
process.env.ATHANOR_THREADS = '1'
const athanor = await import('../dist/index.js')
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })

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

async function tensorflowStep(backend, { shape, net }) {
  const require = createRequire(path.join(peersJs, 'package.json'))
  console.warn = () => {}
  const tf = require('@tensorflow/tfjs')
  require('@tensorflow/tfjs-backend-wasm').setThreadsCount(1)
  await tf.setBackend(backend)
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
  return async () => {
    await tf.setBackend(backend)
    return model.trainOnBatch(x, y)
  }
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

const hasPeer = name => existsSync(path.join(peersJs, 'node_modules', name))

/** Ways of each contender, tried in turn until one can train the net. */
const contenders = {
  Athanor: { WebAssembly: athanorStep },
  ...(hasPeer('@tensorflow/tfjs') && {
    'TensorFlow.js': {
      WebAssembly: job => tensorflowStep('wasm', job),
      JavaScript: job => tensorflowStep('cpu', job),
    },
  }),
  ...(hasPeer('@jax-js/jax') && { 'jax-js': { WebAssembly: jaxStep } }),
}

const long = 20_000

async function timed(step) {
  const start = performance.now()
  const loss = await step()
  const time = performance.now() - start
  if (!Number.isFinite(Number(loss))) throw new Error(`a loss of ${loss}`)
  return time
}

/** The first way that trains, with the time of its first step; else why none does. */
async function begun(ways, job) {
  const reasons = []
  for (const [way, make] of Object.entries(ways)) {
    try {
      const step = await make(job)
      return { way, reasons, step, first: await timed(step) }
    } catch (error) {
      reasons.push(`${way}: ${String(error?.message ?? error).split('\n')[0]}`)
    }
  }
  return { reasons }
}

async function measured(job) {
  const started = []
  for (const [name, ways] of Object.entries(contenders))
    started.push({ name, times: [], ...(await begun(ways, job)) })
  for (let round = 0; round < Number(values.rounds); round++)
    for (const { step, first, times } of started)
      if (step !== undefined && first <= long) times.push(await timed(step))
  return started.map(({ name, way, reasons, first, times }) => ({
    ...{ name, way, reasons },
    milliseconds: times.length > 0 ? median(times) : first,
  }))
}

const { cpu, node } = machine()
const lines = [
  '# Nets of pictures and sequences beside TensorFlow.js and jax-js',
  '',
  'Made by `node benchmarks/browser-peers.mjs`: a training step (forward, backward, Adam; jax-js plain SGD) on WebAssembly and',
  `one thread, each in turn, medians of ${values.rounds} (of one step where it takes over ${long / 1000} seconds). ${cpu}, Node ${node}.`,
]
for (const [title, job] of Object.entries(jobs)) {
  console.log(title)
  lines.push('', `## ${title}`, '', '| | a step | Athanor is | |', '|---|---|---|---|')
  const found = await measured(job)
  const [own] = found
  for (const { name, way, reasons, milliseconds } of found) {
    const time = milliseconds === undefined ? 'cannot train it' : `${three(milliseconds)} ms`
    const ratio =
      name === own.name || milliseconds === undefined
        ? ''
        : `${three(milliseconds / own.milliseconds)} × as fast`
    const notes = [...(way === undefined ? [] : [`on ${way}`]), ...reasons].join('; ')
    console.log(`  ${name.padEnd(14)} ${time}  ${ratio}  ${notes}`)
    lines.push(`| ${name} | ${time} | ${ratio} | ${notes} |`)
  }
}
writeFileSync(new URL('BROWSER.md', import.meta.url), `${lines.join('\n')}\n`)
