// Data larger than memory: one shuffled epoch over 50 million rows of 20 mixed columns, with the peak of
// resident memory. node benchmarks/spool.mjs [millions of rows = 50] [folder = a temporary one]
// The Parquet file is kept in the folder given; ten million rows take about 700 MB there.

import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataset } from '../dist/data/node/index.js'

const million = Number(process.argv[2] ?? 50)
const kept = process.argv[3]
const folder = kept ?? mkdtempSync(join(tmpdir(), 'athanor-spool-bench-'))
const file = join(folder, `rows-${million}m.parquet`)
mkdirSync(folder, { recursive: true })

/** In a process of its own, so that its memory is not counted. */
async function generate() {
  const { spawnSync } = await import('node:child_process')
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
      FROM range(${million * 1e6})) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 122880)\`)`
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('generating the rows failed')
}

let peak = 0
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss)
}, 100)
watch.unref()

const seconds = start => (performance.now() - start) / 1000
const gigabytes = bytes => Number((bytes / 2 ** 30).toFixed(2))

try {
  if (!existsSync(file)) await generate()
  const opening = performance.now()
  const dataset = await openDataset(file, { spool: join(folder, 'spool') })
  const openSeconds = seconds(opening)
  const peakOpen = process.resourceUsage().maxRSS * 1024
  const columns = dataset.names
  const passing = performance.now()
  let rows = 0
  let batches = 0
  let sum = 0
  for await (const batch of dataset.batches({ columns, batchSize: 4096, seed: 1, epoch: 0 })) {
    rows += batch.rows
    batches++
    sum += batch.column('x1').values[0]
    peak = Math.max(peak, batches % 100 === 0 ? process.memoryUsage().rss : 0)
  }
  const epochSeconds = seconds(passing)
  const spoolBytes = statSync(join(folder, 'spool', 'columns.bin')).size
  await dataset.close()
  console.log(
    JSON.stringify(
      {
        rows,
        columns: columns.length,
        batches,
        inMemory: dataset.inMemory,
        fileGB: gigabytes(statSync(file).size),
        spoolGB: gigabytes(spoolBytes),
        openSeconds: Math.round(openSeconds),
        epochSeconds: Math.round(epochSeconds),
        rowsPerSecond: Math.round(rows / epochSeconds),
        peakOpenGB: gigabytes(peakOpen),
        peakGB: gigabytes(Math.max(peak, process.resourceUsage().maxRSS * 1024)),
        mean: sum / batches,
      },
      null,
      1,
    ),
  )
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true })
  else rmSync(join(folder, 'spool'), { recursive: true, force: true })
}
