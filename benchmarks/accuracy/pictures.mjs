// node benchmarks/accuracy/pictures.mjs --data <folder of IDX files> [--runs cnn,resnet20,quick] [--seeds 3]
// Trains nets on Fashion-MNIST (all 60,000 pictures; tested once on the 10,000 that were never trained on) and
// writes accuracy by seed, its mean and spread, and the time of each to pictures.json and PICTURES.md. The files
// are in Debian's package dataset-fashion-mnist, under /usr/share/datasets/fashion-mnist.

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
    asked: '90 % within 3 minutes',
    options: { model: 'cnn', epochs: 3 },
  },
  cnn: {
    title: 'Small CNN (pictureNet), 12 epochs, flips and shifts',
    asked: '92.5 %',
    options: { model: 'cnn', epochs: 12, augment: 'flip,shift' },
  },
  resnet20: {
    title: 'ResNet-20, 30 epochs, flips and crops',
    asked: '94 %',
    options: {
      model: 'resnet20',
      epochs: 30,
      augment: 'flip,crop',
      optimizer: 'sgd',
      schedule: 'oneCycle',
      learningRate: 0.1,
      l2: 1e-4,
    },
  },
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
    runs: { type: 'string', default: Object.keys(jobs).join(',') },
    seeds: { type: 'string', default: '3' },
  },
})

const file = path.join(here, 'pictures.json')
const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { jobs: {} }
results.machine = machine()

for (const name of values.runs.split(',')) {
  const job = jobs[name]
  if (job === undefined)
    throw new Error(`no run '${name}'; there are ${Object.keys(jobs).join(', ')}`)
  const found = []
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    const out = mkdtempSync(path.join(tmpdir(), 'athanor-pictures-'))
    try {
      const run = await train(values.data, {
        ...job.options,
        seed,
        out,
        // The validation rows only watch: every epoch asked for is trained.
        validation: 0.02,
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
    results.jobs[name] = { title: job.title, asked: job.asked, options: job.options, runs: found }
    save()
  }
}

function save() {
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`)
  const { cpu, cores } = results.machine
  const lines = [
    '# Accuracy on Fashion-MNIST',
    '',
    `60,000 pictures to train, the usual 10,000 to test, touched once a seed. ${cpu ?? ''}${cores ? `, ${cores} cores` : ''}. Made by \`node benchmarks/accuracy/pictures.mjs\`.`,
    '',
    '| net | asked | test accuracy, mean ± deviation | by seed | minutes a run |',
    '|---|---|---|---|---|',
  ]
  for (const { title, asked, runs } of Object.values(results.jobs)) {
    const scores = runs.map(({ accuracy }) => 100 * accuracy)
    const mean = scores.reduce((a, b) => a + b, 0) / scores.length
    const spread = Math.sqrt(
      scores.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, scores.length - 1),
    )
    const minutes = runs.reduce((sum, { seconds }) => sum + seconds, 0) / runs.length / 60
    lines.push(
      `| ${title} | ${asked} | ${mean.toFixed(2)} % ± ${spread.toFixed(2)} | ${scores.map(x => x.toFixed(2)).join(', ')} | ${minutes.toFixed(1)} |`,
    )
  }
  writeFileSync(path.join(here, 'PICTURES.md'), `${lines.join('\n')}\n`)
}
