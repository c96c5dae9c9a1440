// node benchmarks/accuracy/spam.mjs [--data .peers/spam/mails] [--nets lstm,transformer] [--seeds 0,1,2]
// Tells spam from other mails by subject and body, as `athanor train mails.csv --text text --target kind` does, beside
// TF-IDF with logistic regression on the same rows. The tables are made by spam-data.mjs. Writes spam.json and SPAM.md;
// seeds trained before with the same settings stay. Needs the built package.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { train } from '../../dist/node/index.js'
import { bySeed, meanAndSpread, percent, row, SeedResults, seedsOf, tellEpochs } from './seeds.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))

const jobs = {
  lstm: { title: 'LSTM, both directions', asked: 0.97, options: { model: 'lstm' } },
  transformer: { title: 'Transformer', asked: 0.97, options: { model: 'transformer' } },
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.peers/spam/mails' },
    nets: { type: 'string', default: Object.keys(jobs).join(',') },
    seeds: { type: 'string', default: '0,1,2' },
  },
})

const results = new SeedResults(path.join(here, 'spam.json'), write)
for (const name of values.nets.split(',')) {
  const job = jobs[name]
  if (job === undefined)
    throw new Error(`no net '${name}'; there are ${Object.keys(jobs).join(', ')}`)
  await results.run(name, job, seedsOf(values.seeds), async seed => {
    const out = mkdtempSync(path.join(tmpdir(), 'athanor-spam-'))
    try {
      const run = await train(path.join(values.data, 'mails.csv'), {
        ...job.options,
        ...{ text: 'text', target: 'kind', group: 'group', seed, out, lang: 'en' },
        test: path.join(values.data, 'test.csv'),
        onProgress: tellEpochs(seed),
      })
      const { test } = run.metrics
      console.log(`${job.title}, seed ${seed}: ${(100 * test.accuracy).toFixed(2)} %`)
      return {
        accuracy: test.accuracy,
        linear: run.baseline.linear.accuracy,
        dummy: run.baseline.dummy.accuracy,
        seconds: Math.round(run.seconds),
      }
    } finally {
      rmSync(out, { recursive: true, force: true })
    }
  })
}

results.save()

function write({ jobs, machine: { cpu, cores } }) {
  const lines = [
    '# Telling spam from other mails',
    '',
    'The mails of Spam Assassin, subject and body alone. Near copies (half of their runs of five words the same) are in one',
    'group; a fifth of the groups tests, touched once a seed, and each seed has other groups for validation. Made by',
    `\`node benchmarks/accuracy/spam.mjs\`. ${cpu ?? ''}${cores ? `, ${cores} cores` : ''}; minutes with whatever else ran beside.`,
    '',
    row([
      ...['net', 'asked', 'test accuracy, mean ± deviation', 'by seed'],
      ...['TF-IDF with logistic regression', 'always ham', 'minutes a run', ''],
    ]),
    '|---|---|---|---|---|---|---|---|',
  ]
  for (const { title, asked, runs } of Object.values(jobs)) {
    const accuracies = runs.map(({ accuracy }) => accuracy)
    lines.push(
      row([
        title,
        `${100 * asked} %`,
        percent(accuracies),
        bySeed(accuracies),
        percent(runs.map(({ linear }) => linear)),
        percent(runs.slice(0, 1).map(({ dummy }) => dummy)),
        meanAndSpread(runs.map(({ seconds }) => seconds / 60)).mean.toFixed(1),
        meanAndSpread(accuracies).mean >= asked ? 'met' : 'missed',
      ]),
    )
  }
  writeFileSync(path.join(here, 'SPAM.md'), `${lines.join('\n')}\n`)
}
