// argv: `generate` | `measure`, the Parquet file, millions of rows.

const [mode, file, million] = process.argv.slice(2)
const batchSize = 4096

if (mode === 'generate') {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect()
  const numbers = Array.from({ length: 8 }, (_, i) => `random()::FLOAT AS n${i}`)
  await connection.run('SELECT setseed(0.5)')
  await connection.run(
    `COPY (SELECT ${numbers.join(', ')}, (['a','b','c','d','e'])[1 + (i % 5)] AS kind, (random() * 100)::INTEGER AS step,
     (random() < 0.4) AS label FROM range(${Number(million) * 1e6}) t(i)) TO '${file}' (FORMAT parquet)`,
  )
  console.log('{}')
  process.exit(0)
}

const { openDataset, TablePreprocessor, layers, losses, optim, sequential } = await import(
  '../../dist/index.js'
)
const dataset = await openDataset(file)
const sampleRows = Math.min(dataset.rows, 100_000)
let sample
for await (const chunk of dataset.chunks()) {
  sample = chunk
  break
}
const preprocessor = TablePreprocessor.fit(
  sample,
  Uint32Array.from({ length: Math.min(sample.rows, sampleRows) }, (_, i) => i),
  {
    exclude: ['label'],
  },
)

// While a step reads one matrix, the next batch is written into another.
const matrices = Array.from({ length: 2 }, () => preprocessor.matrix(batchSize))
let turn = 0
function prepare(batch) {
  turn = (turn + 1) % matrices.length
  const { x, rows, width } = preprocessor.transform(batch, undefined, matrices[turn])
  return { x, width, rows, y: batch.column('label').codes }
}

const width = preprocessor.outputNames.length
const model = sequential([
  layers.dense({ units: 64, activation: 'relu', inputShape: [width] }),
  layers.dense({ units: 32, activation: 'relu' }),
  layers.dense({ units: 2 }),
])
model.compile({
  optimizer: optim.adam({ learningRate: 0.001 }),
  loss: (t, p) => losses.sparseCategoricalCrossentropy(t, p, { fromLogits: true }),
})
const train = ({ x, y }) => model.trainOnBatch(x, y)

const seconds = () => performance.now() / 1000
async function epoch(work, most = Number.POSITIVE_INFINITY) {
  const start = seconds()
  let rows = 0
  let batches = 0
  for await (const batch of dataset.batches({ batchSize, seed: 1, epoch: 0 })) {
    await work(batch)
    rows += batch.rows
    if (++batches === most) break
  }
  return rows / (seconds() - start)
}

const held = []
for await (const batch of dataset.batches({ batchSize, seed: 1, epoch: 1 })) {
  const { x, y, rows } = prepare(batch)
  held.push({ x: x.slice(), y, rows })
  if (held.length === 8) break
}
for (const batch of held) await train(batch)
await epoch(prepare, 200)
const loadRate = await epoch(prepare)
// As many rows as an epoch has, at most 3 million; without a loader, so that nothing else is counted.
const steps = Math.ceil(Math.min(dataset.rows, 3e6) / batchSize)
const start = seconds()
for (let i = 0; i < steps; i++) await train(held[i % held.length])
const trainRate = (steps * batchSize) / (seconds() - start)
// The next batch is prepared while a step runs on the engine's threads.
let running = Promise.resolve()
const bothRate = await epoch(async batch => {
  const ready = prepare(batch)
  await running
  running = train(ready)
})
await running
console.log(
  JSON.stringify({
    rows: dataset.rows,
    columns: dataset.schema.length,
    batchSize,
    loadRate,
    trainRate,
    bothRate,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
)
process.exit(0)
