// npm run bench -- [--parts steps,start,csv,loader (and spool: 10 GB of disk, 6 minutes)] [--jobs mlp-784,…] [--contenders native-2,torch-1,…]
//                  [--rounds 7] [--seconds 0.6] [--csv-megabytes 100] [--csv-rounds 3] [--million 10] [--spool-million 50] [--spool-folder <folder>] [--quick] [--out <folder>]
// Writes results.json and RESULTS.md; parts that were not run keep their figures of the last run.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { timeCsv } from './csv.mjs'
import { jobs } from './jobs.mjs'
import { timeLoader } from './loader.mjs'
import { machine } from './machine.mjs'
import { markdown } from './report.mjs'
import { timeSpool } from './spool.mjs'
import { firstEpoch, importTime } from './startup.mjs'
import { timeJob } from './steps.mjs'
import { verdicts } from './verdicts.mjs'

const { values: options } = parseArgs({
  options: {
    parts: { type: 'string', default: 'steps,start,csv,loader' },
    jobs: { type: 'string', default: Object.keys(jobs).join(',') },
    contenders: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '0.6' },
    'csv-megabytes': { type: 'string', default: '100' },
    'csv-file': { type: 'string' },
    'csv-rounds': { type: 'string', default: '3' },
    million: { type: 'string', default: '10' },
    'spool-million': { type: 'string', default: '50' },
    'spool-folder': { type: 'string' },
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: path.dirname(fileURLToPath(import.meta.url)) },
  },
})
const parts = options.parts.split(',')
const rounds = options.quick ? 3 : Number(options.rounds)
const roundSeconds = options.quick ? 0.2 : Number(options.seconds)
const log = text => console.log(text)

mkdirSync(options.out, { recursive: true })
const file = path.join(options.out, 'results.json')
const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
const results = { ...before, machine: machine(), rounds, roundSeconds }
const save = () => {
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`)
  writeFileSync(path.join(options.out, 'RESULTS.md'), markdown(results))
}
const attempt = async (name, work) => {
  try {
    await work()
    save()
  } catch (error) {
    console.error(`${name}: ${error.stack ?? error}`)
    process.exitCode = 1
  }
}

if (parts.includes('steps')) {
  const kept = (before.steps ?? []).filter(s => !options.jobs.split(',').includes(s.job))
  const fresh = []
  for (const name of options.jobs.split(','))
    await attempt(name, async () => {
      fresh.push(
        await timeJob(name, {
          only: options.contenders?.split(','),
          rounds,
          roundSeconds,
          floorSeconds: options.quick ? 0.1 : 0.3,
          log,
        }),
      )
      const order = Object.keys(jobs)
      results.steps = [...kept, ...fresh].sort(
        (a, b) => order.indexOf(a.job) - order.indexOf(b.job),
      )
    })
}
if (parts.includes('start')) {
  await attempt('import', () => {
    results.import = importTime()
    log(`import: ${results.import.median.toFixed(1)} ms`)
  })
  await attempt('first epoch', async () => {
    results.firstEpoch = await firstEpoch()
    log(`first epoch: ${results.firstEpoch.beginsSeconds.median.toFixed(2)} s`)
  })
}
if (parts.includes('csv'))
  await attempt('csv', () => {
    results.csv = timeCsv({
      megabytes: Number(options['csv-megabytes']),
      rounds: options.quick ? 1 : Number(options['csv-rounds']),
      log,
      file: options['csv-file'],
    })
  })
if (parts.includes('loader'))
  await attempt('loader', () => {
    results.loader = timeLoader({ million: Number(options.million), log })
  })
if (parts.includes('spool'))
  await attempt('spool', () => {
    results.spool = timeSpool({
      million: Number(options['spool-million']),
      folder: options['spool-folder'],
      log,
    })
  })
save()
for (const v of verdicts(results))
  console.log(`${v.met ? 'met   ' : 'MISSED'} ${v.what}: ${v.measured} (asked ${v.asked})`)
process.exit()
