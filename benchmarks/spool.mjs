// Data larger than memory: one shuffled epoch over 50 million rows of 20 mixed columns, with the peak of
// resident memory. node benchmarks/spool.mjs [millions of rows = 50] [folder = a temporary one]
// The Parquet file is kept in the folder given; ten million rows take about 760 MB there, and their
// spool, which is removed at the end, 850 MB more.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The same in a process of its own. */
export function timeSpool({ million, folder, log }) {
  const script = fileURLToPath(import.meta.url)
  const { status, stdout } = spawnSync(
    process.execPath,
    [script, String(million), ...(folder === undefined ? [] : [folder])],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  )
  if (status !== 0) throw new Error('the run over the spool failed')
  const found = JSON.parse(stdout)
  log(
    `  spool: ${found.rows} rows, read in ${found.openSeconds} s, epoch ${found.epochSeconds} s, peak ${(found.peakBytes / 2 ** 30).toFixed(2)} GiB`,
  )
  return found
}

/** In a process of its own, so that its memory is not counted. */
function generate(file, million) {
  const code = `
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const db = await DuckDBInstance.create(':memory:', { memory_limit: '2GB' })
    const c = await db.connect()
    await c.run(\`COPY (SELECT
      range AS id, TIMESTAMP '2015-01-01' + INTERVAL (range % 200000000) SECOND AS at,
      random() AS x1, random() * 1000 AS x2, (random() * 100)::FLOAT AS x3, sqrt(random()) AS x4,
      ln(random() + 1e-9) AS x5, CASE WHEN random() < 0.1 THEN NULL ELSE random() END AS x6,
      (random() * 100)::INTEGER AS n1, (random() * 10000)::INTEGER AS n2, (random() * 1e9)::BIGINT AS n3,
      CASE WHEN random() < 0.02 THEN NULL ELSE (random() * 50)::INTEGER END AS n4,
      random() < 0.5 AS b1, random() < 0.01 AS b2,
      'city ' || (random() * 500)::INTEGER AS city, 'plan ' || (random() * 5)::INTEGER AS plan,
      'product number ' || (random() * 20000)::INTEGER AS product,
      CASE WHEN random() < 0.3 THEN NULL ELSE 'code ' || (random() * 50)::INTEGER END AS code,
      'user ' || (random() * 1e7)::INTEGER AS user_name, CASE WHEN random() < 0.2 THEN 'yes' ELSE 'no' END AS y
      FROM range(${million * 1e6})) TO '${file}.part' (FORMAT parquet, ROW_GROUP_SIZE 122880)\`)`
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) throw new Error('generating the rows failed')
  renameSync(`${file}.part`, file)
}

const seconds = start => (performance.now() - start) / 1000
const peakSoFar = () => process.resourceUsage().maxRSS * 1024

async function measure(million, folder) {
  const { openDataset } = await import('../dist/node/data.js')
  const file = join(folder, `rows-${million}m.parquet`)
  const spool = join(folder, 'spool')
  mkdirSync(folder, { recursive: true })
  if (!existsSync(file)) generate(file, million)
  try {
    const opening = performance.now()
    const dataset = await openDataset(file, { spool })
    const openSeconds = seconds(opening)
    const openPeakBytes = peakSoFar()
    const passing = performance.now()
    let rows = 0
    let batches = 0
    let sum = 0
    const columns = dataset.names
    for await (const batch of dataset.batches({ columns, batchSize: 4096, seed: 1, epoch: 0 })) {
      rows += batch.rows
      batches++
      sum += batch.column('x1').values[0]
    }
    const epochSeconds = seconds(passing)
    const spoolBytes = dataset.inMemory ? 0 : statSync(join(spool, 'columns.bin')).size
    await dataset.close()
    return {
      rows,
      columns: columns.length,
      batches,
      inMemory: dataset.inMemory,
      fileBytes: statSync(file).size,
      spoolBytes,
      openSeconds: Math.round(openSeconds),
      epochSeconds: Math.round(epochSeconds),
      rowsPerSecond: Math.round(rows / epochSeconds),
      openPeakBytes,
      peakBytes: peakSoFar(),
      mean: sum / batches,
    }
  } finally {
    rmSync(spool, { recursive: true, force: true })
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const kept = process.argv[3]
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'athanor-spool-bench-'))
  try {
    console.log(JSON.stringify(await measure(Number(process.argv[2] ?? 50), folder), null, 1))
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true })
  }
}
