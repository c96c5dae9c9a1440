// How long `import 'athanor'` takes, and how soon `athanor train` on a 1,000-row table reaches its first epoch.

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, sleep, summary } from './statistics.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** Milliseconds of the import statement alone, in fresh processes. */
export function importTime(times = 11) {
  const code =
    "const t = performance.now(); await import('athanor'); console.log(performance.now() - t); process.exit(0)"
  const once = () =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', code], {
        cwd: root, // where the package finds itself by its name
        encoding: 'utf8',
      }).trim(),
    )
  once() // fills the file cache
  return summary(Array.from({ length: times }, once))
}

/** A table of 1,000 rows with numbers, categories, gaps and a target that follows from them. */
export function writeTable(file, rows = 1000) {
  let state = 12345
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state / 0x7fffffff
  }
  const plans = ['free', 'basic', 'pro', 'team']
  const lines = ['age,plan,visits,spent,country,churned']
  for (let i = 0; i < rows; i++) {
    const [age, plan, visits] = [
      18 + Math.floor(random() * 60),
      Math.floor(random() * 4),
      Math.floor(random() * 50),
    ]
    const spent = random() < 0.03 ? '' : (random() * 500 * (plan + 1)).toFixed(2)
    const country = ['de', 'fr', 'jp', 'br', 'cn'][Math.floor(random() * 5)]
    lines.push(
      `${age},${plans[plan]},${visits},${spent},${country},${visits + 10 * random() < 15 + plan * 3 ? 'yes' : 'no'}`,
    )
  }
  writeFileSync(file, `${lines.join('\n')}\n`)
}

/** Seconds from starting the process until the run's log says that the first epoch begins, and ends. */
async function firstEpochOnce(folder, table, index) {
  const out = path.join(folder, `runs-${index}`)
  const started = performance.now()
  const child = spawn(
    process.execPath,
    [
      path.join(root, 'dist/cli/main.js'),
      'train',
      table,
      '--target',
      'churned',
      '--out',
      out,
      '--json',
      '--epochs',
      '5',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let errors = ''
  child.stderr.on('data', text => {
    errors += text
  })
  child.stdout.resume()
  const ended = new Promise(resolve => child.on('exit', resolve))
  // `model` is written when the first epoch is about to begin; `epoch` when it has ended.
  const seen = {}
  let running = true
  ended.then(() => {
    running = false
  })
  while (running && seen.epoch === undefined) {
    const file = findEvents(out)
    const text = file ? readFileSync(file, 'utf8') : ''
    for (const type of ['model', 'epoch'])
      if (text.includes(`"type":"${type}"`)) seen[type] ??= (performance.now() - started) / 1000
    await sleep(2)
  }
  const code = await ended
  if (code !== 0) throw new Error(`athanor train ended with ${code}: ${errors.slice(-400)}`)
  return { begins: seen.model, ends: seen.epoch, total: (performance.now() - started) / 1000 }
}

function findEvents(out) {
  if (!existsSync(out)) return undefined
  for (const entry of readdirSync(out)) {
    const file = path.join(out, entry, 'events.jsonl')
    if (existsSync(file)) return file
  }
  return undefined
}

export async function firstEpoch(times = 5) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'athanor-bench-'))
  try {
    const table = path.join(folder, 'table.csv')
    writeTable(table)
    const measured = []
    for (let i = 0; i < times; i++) measured.push(await firstEpochOnce(folder, table, i))
    return {
      beginsSeconds: summary(measured.map(m => m.begins)),
      endsSeconds: summary(measured.map(m => m.ends)),
      fiveEpochsSeconds: median(measured.map(m => m.total)),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
