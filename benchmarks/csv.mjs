// Reading a large CSV: Athanor's Dataset against DuckDB alone, in turns, each in a process of its own.

import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateCsv } from './generate-csv.mjs'
import { summary } from './statistics.mjs'

const worker = path.join(path.dirname(fileURLToPath(import.meta.url)), 'workers/csv-worker.mjs')

export function timeCsv({ megabytes, rounds, log, file }) {
  const where = file ?? path.join(os.tmpdir(), `athanor-bench-${megabytes}.csv`)
  generateCsv(where, megabytes)
  const styles = ['athanor', 'duckdb', 'raw']
  const measured = Object.fromEntries(styles.map(style => [style, []]))
  let rows
  for (let round = 0; round < rounds; round++)
    for (const style of styles) {
      const found = JSON.parse(
        execFileSync(process.execPath, ['--max-old-space-size=4096', worker, style, where], {
          encoding: 'utf8',
          maxBuffer: 1e8,
        }),
      )
      rows ??= found.rows
      if (found.rows !== rows)
        throw new Error(`${style} read ${found.rows} rows instead of ${rows}`)
      measured[style].push(found)
      log(`  csv ${style}: ${found.seconds.toFixed(2)} s`)
    }
  const of = style => ({
    seconds: summary(measured[style].map(m => m.seconds)),
    peakBytes: Math.max(...measured[style].map(m => m.peak)),
  })
  return {
    bytes: statSync(where).size,
    rows,
    ...Object.fromEntries(styles.map(style => [style, of(style)])),
    openSeconds: summary(measured.athanor.map(m => m.openSeconds)),
    ratio: of('athanor').seconds.median / of('duckdb').seconds.median,
  }
}
