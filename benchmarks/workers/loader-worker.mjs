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

function prepare(batch) {
  const { x, rows, width } = preprocessor.transform(batch)
  const label = batch.column('label')
  return { x, width, rows, y: Int32Array.from(label.codes) }
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
async function epoch(work) {
  const start = seconds()
  let rows = 0
  for await (const batch of dataset.batches({ batchSize, seed: 1, epoch: 0 })) {
    await work(batch)
    rows += batch.rows
  }
  return rows / (seconds() - start)
}

let held
for await (const batch of dataset.batches({ batchSize, seed: 1, epoch: 1 })) {
  held = prepare(batch)
  break
}
await train(held)
const loadRate = await epoch(prepare)
const steps = 1000
const start = seconds()
for (let i = 0; i < steps; i++) await train({ ...held, x: held.x.slice(), y: held.y.slice() })
const trainRate = (steps * held.rows) / (seconds() - start)
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
