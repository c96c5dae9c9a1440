// Ten million rows: how fast batches are loaded and prepared, how fast the net trains on batches that are
// already there, and how fast both go together.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const worker = path.join(path.dirname(fileURLToPath(import.meta.url)), 'workers/loader-worker.mjs')

export function timeLoader({ million, log }) {
  const file = path.join(os.tmpdir(), `athanor-bench-${million}m.parquet`)
  const run = mode =>
    JSON.parse(
      execFileSync(process.execPath, [worker, mode, file, String(million)], {
        encoding: 'utf8',
        maxBuffer: 1e8,
      }),
    )
  if (!existsSync(file)) run('generate')
  const found = run('measure')
  log(
    `  loader ${found.loadRate.toFixed(0)}, training ${found.trainRate.toFixed(0)}, both ${found.bothRate.toFixed(0)} rows/s`,
  )
  return found
}
