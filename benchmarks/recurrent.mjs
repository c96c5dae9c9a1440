// node benchmarks/recurrent.mjs [--jobs lstm,gru] [--rounds 7] [--seconds 0.6] [--out recurrent.json]
// Training steps of recurrent nets beside PyTorch's own: forward, backward and Adam over fresh batches, the
// loss read each step. Every contender is a process of its own that runs a round when told; rounds alternate,
// every other one backwards. Among them the best rate of matrix products is measured, round by round: the floor is
// what the step's products take at its median.

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Child } from './child.mjs'
import { python } from './contenders.mjs'
import { sleep, summary, three } from './statistics.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))

/** A recurrent layer, a dense head over its last output (or over all), softmax cross-entropy, Adam. */
const jobs = {
  lstm: { layer: 'lstm', features: 64, units: 128, steps: 50, batch: 32, target: 2.5 },
  gru: { layer: 'gru', features: 64, units: 128, steps: 50, batch: 32, target: 2.5 },
  'lstm-sequences': {
    layer: 'lstm',
    features: 64,
    units: 128,
    steps: 50,
    batch: 32,
    sequences: true,
    target: 2.5,
  },
}
const common = { classes: 10, learningRate: 0.001 }

/** WebAssembly on one thread may take at most this many times native's time. */
const wasmTarget = 6

const athanor = (id, executor, threads) => ({
  id,
  command: [process.execPath, path.join(here, 'workers/recurrent-athanor.mjs')],
  env: { ATHANOR_EXECUTOR: executor, ATHANOR_THREADS: String(threads) },
})
const torch = (id, style, threads) => ({
  id,
  command: [python, path.join(here, 'workers/recurrent-torch.py'), style, String(threads)],
})
const contenders = [
  athanor('native-2', 'native', 2),
  athanor('native-1', 'native', 1),
  athanor('wasm-1', 'wasm', 1),
  torch('torch-1', 'eager', 1),
  torch('torch-2', 'eager', 2),
  torch('torch-fused-1', 'fused', 1),
  torch('torch-fused-2', 'fused', 2),
]

const { values: options } = parseArgs({
  options: {
    jobs: { type: 'string', default: Object.keys(jobs).join(',') },
    contenders: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '0.6' },
    out: { type: 'string' },
  },
})

/** Floating-point operations of a step's products; the gradient of the net's input is not wanted. */
function flopsOf({ layer, features, units, steps, batch, sequences, classes }) {
  const gates = layer === 'lstm' ? 4 : 3
  const rows = batch * steps
  const head = (sequences ? rows : batch) * units * classes
  return 2 * rows * gates * units * (2 * features + 3 * units) + 6 * head
}

const squares = [512, 768, 1024].map(n => [n, n, n])
/** The floor counts where PyTorch's time through the target would be less, this many times. */
const floorFactor = 1.5

async function timeJob(name) {
  const job = { ...common, ...jobs[name] }
  const seconds = Number(options.seconds)
  const running = []
  const wanted = options.contenders?.split(',')
  for (const contender of contenders.filter(c => wanted?.includes(c.id) ?? true)) {
    const [command, ...args] = contender.command
    const child = new Child(command, args, contender.env)
    await child.ask({ command: 'setup', job })
    await child.ask({ command: 'run', steps: 5 })
    const tried = await child.ask({ command: 'run', steps: 10 })
    const steps = Math.max(2, Math.round((10 * seconds) / tried.seconds))
    running.push({ contender, child, steps, times: [], busy: [] })
    await sleep(300)
  }
  const { env } = athanor('native-2', 'native', 2)
  const products = new Child(process.execPath, [path.join(here, 'workers/athanor-worker.mjs')], env)
  const rates = []
  for (let round = 0; round < Number(options.rounds); round++) {
    const found = await products.ask({ command: 'gemm', shapes: squares, seconds: 0.15 })
    rates.push(Math.max(...found.rates))
    await sleep(300)
    for (const entry of round % 2 ? [...running].reverse() : running) {
      const answer = await entry.child.ask({ command: 'run', steps: entry.steps })
      entry.times.push((answer.seconds / entry.steps) * 1000)
      entry.busy.push((answer.processorSeconds / entry.steps) * 1000)
      entry.loss = answer.loss
      await sleep(300)
    }
  }
  for (const { child } of [...running, { child: products }]) child.close()
  const rate = summary(rates).median
  const floor = (flopsOf(job) / rate) * 1000
  const results = running.map(({ contender, times, busy, loss }) => ({
    id: contender.id,
    milliseconds: summary(times),
    // What the processors worked for it: comparable on a machine that has other work, for one thread.
    processorMilliseconds: summary(busy),
    loss,
  }))
  return { job: name, ...job, rate, floor, results }
}

const all = []
for (const name of options.jobs.split(',')) {
  const timed = await timeJob(name)
  all.push(timed)
  const { layer, features, units, steps, batch, target, rate, floor, results } = timed
  console.log(`${name}: ${layer} ${features} → ${units}, ${steps} steps, batch ${batch}`)
  for (const { id, milliseconds, processorMilliseconds, loss } of results)
    console.log(
      `  ${id.padEnd(14)} ${three(milliseconds.median)} ms (${three(milliseconds.min)} to ${three(milliseconds.max)}), processors ${three(processorMilliseconds.median)} ms, loss ${three(loss)}`,
    )
  const of = id => results.find(r => r.id === id)?.milliseconds.median
  const busyOf = id => results.find(r => r.id === id)?.processorMilliseconds.median
  const peers = results.filter(r => r.id.startsWith('torch')).map(r => r.milliseconds.median)
  const peer = Math.min(...peers)
  const limit = Math.max(peer / target, floorFactor * floor)
  console.log(
    `  ${three(peer / of('native-2'))} times the rate of PyTorch's best (${target} wanted)`,
  )
  console.log(
    `  best product ${three(rate / 1e9)} GFLOP/s: floor ${three(floor)} ms; asked ${three(limit)} ms: ${of('native-2') <= limit ? 'met' : 'missed'}`,
  )
  console.log(
    `  ${three(busyOf('torch-1') / busyOf('native-1'))} times by processor time, one thread each`,
  )
  console.log(
    `  WebAssembly takes ${three(of('wasm-1') / of('native-1'))} times native's time (at most ${wasmTarget} wanted)`,
  )
}
if (options.out) writeFileSync(options.out, `${JSON.stringify(all, null, 1)}\n`)
