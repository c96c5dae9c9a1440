// node benchmarks/accuracy/pictures.mjs --data <folder of IDX files> [--runs cnn,resnet20,quick] [--seeds 0,1,2]
// Trains nets on Fashion-MNIST (the 60,000 pictures; tested once on the 10,000 that were never trained on) and
// writes accuracy by seed, its mean and spread, and the time of each to pictures.json and PICTURES.md. Seeds trained
// before with the same settings stay. The files are in Debian's package dataset-fashion-mnist, under
// /usr/share/datasets/fashion-mnist.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { train } from '../../dist/node/index.js'
import { machine } from '../machine.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))

/** What is trained, and what is asked of it. */
const jobs = {
  quick: {
    title: 'Small CNN (pictureNet), 3 epochs',
    asked: 90,
    within: 3,
    options: { model: 'cnn', epochs: 3 },
  },
  cnn: {
    title: 'Small CNN (pictureNet), 14 epochs, flips, one cycle',
    asked: 92.5,
    options: {
      model: 'cnn',
      epochs: 14,
      augment: 'flip',
      schedule: 'oneCycle',
      learningRate: 4e-3,
    },
  },
  resnet20: {
    title: 'ResNet-20, 20 epochs, flips and crops',
    asked: 94,
    options: {
      model: 'resnet20',
      epochs: 20,
      augment: 'flip,crop',
      optimizer: 'sgd',
      schedule: 'oneCycle',
      learningRate: 0.1,
      l2: 1e-4,
    },
  },
}

/** The share of the 60,000 that only watches: every epoch asked for is trained. */
const validation = 0.02

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
    runs: { type: 'string', default: Object.keys(jobs).join(',') },
    seeds: { type: 'string', default: '0,1,2' },
  },
})

const file = path.join(here, 'pictures.json')
const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { jobs: {} }
results.machine = machine()

for (const name of values.runs.split(',')) {
  const job = jobs[name]
  if (job === undefined)
    throw new Error(`no run '${name}'; there are ${Object.keys(jobs).join(', ')}`)
  const earlier = results.jobs[name]
  const same = JSON.stringify(earlier?.options) === JSON.stringify(job.options)
  const found = same ? earlier.runs : []
  for (const seed of values.seeds.split(',').map(Number)) {
    if (found.some(run => run.seed === seed)) continue
    const out = mkdtempSync(path.join(tmpdir(), 'athanor-pictures-'))
    try {
      const run = await train(values.data, {
        ...job.options,
        seed,
        out,
        validation,
        patience: 0,
        onProgress: event => {
          if (event.type === 'epoch')
            console.log(
              `  seed ${seed}, epoch ${event.epoch}: loss ${event.loss.toFixed(4)}, ${(event.secondsLeft ?? 0).toFixed(0)} s left`,
            )
        },
      })
      found.push({ seed, accuracy: run.metrics.test.accuracy, seconds: run.seconds })
      console.log(
        `${job.title}, seed ${seed}: ${(100 * run.metrics.test.accuracy).toFixed(2)} % in ${run.seconds.toFixed(0)} s`,
      )
    } finally {
      rmSync(out, { recursive: true, force: true })
    }
    const { title, asked, within, options } = job
    found.sort((a, b) => a.seed - b.seed)
    results.jobs[name] = { title, asked, within, options, runs: found }
    save()
  }
}

function save() {
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`)
  const { cpu, cores } = results.machine
  const lines = [
    '# Accuracy on Fashion-MNIST',
    '',
    `Of the 60,000 pictures ${60_000 * validation} only watch, the rest train; the usual 10,000 test, touched once a seed. ${cpu ?? ''}${cores ? `, ${cores} cores` : ''}; minutes with whatever else ran beside. Made by \`node benchmarks/accuracy/pictures.mjs\`.`,
    '',
    '| net | asked | test accuracy, mean ± deviation | by seed | minutes a run | |',
    '|---|---|---|---|---|---|',
  ]
  for (const { title, asked, within, runs } of Object.values(results.jobs)) {
    const scores = runs.map(({ accuracy }) => 100 * accuracy)
    const mean = scores.reduce((a, b) => a + b, 0) / scores.length
    const spread = Math.sqrt(
      scores.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, scores.length - 1),
    )
    const minutes = runs.reduce((sum, { seconds }) => sum + seconds, 0) / runs.length / 60
    const isMet = mean >= asked && (within === undefined || minutes <= within)
    const cells = [
      title,
      `${asked} %${within === undefined ? '' : ` within ${within} minutes`}`,
      `${mean.toFixed(2)} %${runs.length > 1 ? ` ± ${spread.toFixed(2)}` : ''}`,
      scores.map(x => x.toFixed(2)).join(', '),
      minutes.toFixed(1),
      isMet ? 'met' : 'missed',
    ]
    lines.push(`| ${cells.join(' | ')} |`)
  }
  writeFileSync(path.join(here, 'PICTURES.md'), `${lines.join('\n')}\n`)
}
