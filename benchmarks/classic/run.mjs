// node benchmarks/classic/run.mjs [--jobs boosting-1m,…] [--rounds 5] [--growth boosting,…|none] [--quick]
//                                 [--wasm] [--out <folder>]
// Times the classic estimators beside scikit-learn, LightGBM and XGBoost: every contender is a process that
// fits when told, contenders take turns. Writes results.json, RESULTS.md and growth.svg beside this file; jobs
// that were not run keep their figures of the last run.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Child } from '../child.mjs'
import { python } from '../contenders.mjs'
import { machine } from '../machine.mjs'
import { sleep, summary } from '../statistics.mjs'
import { dataFolder } from './data.mjs'
import { growthPicture } from './growth-picture.mjs'
import { growth, growthRows, jobs } from './jobs.mjs'
import { markdown, verdicts } from './report.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const { values: options } = parseArgs({
  options: {
    jobs: { type: 'string', default: Object.keys(jobs).join(',') },
    growth: { type: 'string', default: Object.keys(growth).join(',') },
    rounds: { type: 'string', default: '5' },
    'no-wasm': { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: here },
  },
})
const file = path.join(options.out, 'results.json')
const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
const results = { jobs: {}, growth: {}, versions: {}, ...before, machine: machine() }

function save() {
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`)
  writeFileSync(path.join(options.out, 'RESULTS.md'), markdown(results))
  if (Object.keys(results.growth).length > 0)
    writeFileSync(path.join(options.out, 'growth.svg'), growthPicture(results.growth))
}

const ours = (folder, width, executor, threads) =>
  new Child(
    process.execPath,
    [path.join(here, 'workers/athanor.mjs'), 'athanor', folder, String(width)],
    { ATHANOR_EXECUTOR: executor, ATHANOR_THREADS: String(threads) },
  )
const peer = (name, folder, width) =>
  new Child(python, [path.join(here, 'workers/peers.py'), name, folder, String(width), '2'], {
    OMP_NUM_THREADS: '2',
  })

async function contenderOf(id, make, job) {
  const child = make()
  try {
    const answer = await child.ask({ command: 'prepare', job }, 1200)
    Object.assign(results.versions, answer.versions)
    return { id, child, times: [] }
  } catch (error) {
    console.log(`  ${id} stands aside: ${String(error.message).split('\n')[0]}`)
    child.close()
    return undefined
  }
}

async function timeJob(name) {
  const { title, data, peers, rounds: own } = jobs[name]
  const folder = dataFolder(name, data)
  const makers = [
    ['athanor', () => ours(folder, data.width, 'native', 2)],
    ...peers.map(id => [id, () => peer(id, folder, data.width)]),
    ['athanor-1', () => ours(folder, data.width, 'native', 1)],
    ...(options['no-wasm'] ? [] : [['athanor-wasm', () => ours(folder, data.width, 'wasm', 1)]]),
  ]
  console.log(title)
  const contenders = []
  for (const [id, make] of makers) {
    const contender = await contenderOf(id, make, name)
    if (contender !== undefined) contenders.push(contender)
  }
  const rounds = options.quick ? 2 : (own ?? Number(options.rounds))
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? contenders : [...contenders].reverse()
    for (const contender of order) {
      if (contender.failed) continue
      // One run in WebAssembly and one on one thread say enough.
      if (/-1$|-wasm$/.test(contender.id) && round > 1) continue
      await sleep(300)
      try {
        const { seconds } = await contender.child.ask({ command: 'run' }, 1200)
        contender.times.push(seconds)
      } catch (error) {
        contender.failed = String(error.message).split('\n')[0]
        console.log(`  ${contender.id}: ${contender.failed}`)
      }
    }
  }
  const found = []
  for (const { id, child, times, failed } of contenders) {
    if (times.length > 0) {
      // The first round warms caches; it counts where there are only two.
      const counted = times.length > 2 ? times.slice(1) : times
      const { value } = await child.ask({ command: 'quality' }, 600)
      found.push({ id, seconds: summary(counted), quality: value, peak: child.memory()?.peak })
    } else found.push({ id, failed })
    child.close()
  }
  for (const { id, seconds, quality } of found)
    if (seconds) console.log(`  ${id}: ${seconds.median.toPrecision(3)} s, quality ${quality}`)
  results.jobs[name] = found
}

async function timeGrowth(name) {
  const { title, most, peer: other } = growth[name]
  console.log(title)
  const points = []
  const all = growthRows.filter(n => n <= (options.quick ? Math.min(most, 1e5) : most))
  for (const rows of all) {
    const data = { kind: name === 'kmeans' ? 'clouds' : 'classification', rows, width: 20 }
    const folder = dataFolder(`growth-${data.kind}`, { ...data, centres: 10, test: 1 })
    for (const [id, make] of [
      ['athanor', () => ours(folder, 20, 'native', 2)],
      [other, () => peer(other, folder, 20)],
    ]) {
      const contender = await contenderOf(id, make, `growth-${name}`)
      if (contender === undefined) continue
      const idle = contender.child.memory()?.peak ?? 0
      try {
        const times = []
        for (let i = 0; i < (rows < 1e6 ? 3 : 1); i++)
          times.push((await contender.child.ask({ command: 'run' }, 600)).seconds)
        const peak = contender.child.memory()?.peak ?? 0
        points.push({ rows, id, seconds: Math.min(...times), peak, data: idle })
        console.log(`  ${rows} rows, ${id}: ${Math.min(...times).toPrecision(3)} s`)
      } catch (error) {
        console.log(`  ${rows} rows, ${id}: ${String(error.message).split('\n')[0]}`)
      }
      contender.child.close()
    }
  }
  results.growth[name] = points
}

const chosen = (text, table) => text.split(',').filter(name => name in table)
for (const name of chosen(options.jobs, jobs)) {
  await timeJob(name)
  save()
}
for (const name of chosen(options.growth, growth)) {
  await timeGrowth(name)
  save()
}
save()
for (const v of verdicts(results))
  console.log(`${v.met ? 'met   ' : 'MISSED'} ${v.what}: ${v.measured} (asked ${v.asked})`)
process.exit()
