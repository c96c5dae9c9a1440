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

const held = []
for await (const batch of dataset.batches({ batchSize, seed: 1, epoch: 2 })) {
  const { x, y, rows } = prepare(batch)
  held.push({ x: x.slice(), y, rows })
  if (held.length === 8) break
}
for (let i = 0; i < 100; i++) await train(held[i % held.length])

/** Rows a second of some batches; an epoch goes on where its last round stopped. */
async function rate(epoch, batches, work) {
  const start = performance.now()
  let rows = 0
  for (let i = 0; i < batches; i++) {
    const { value, done } = await epoch.next()
    if (done) break
    await work(value)
    rows += value.rows
  }
  return (1000 * rows) / (performance.now() - start)
}

function* again(batches) {
  for (let i = 0; ; i++) yield batches[i % batches.length]
}

// One epoch of loading, one of loading and training, each in rounds that take turns, so that whatever
// else the machine does meets all alike.
const rounds = 5
const batches = Math.ceil(dataset.rows / batchSize / rounds)
const loading = dataset.batches({ batchSize, seed: 1, epoch: 0 })
const both = dataset.batches({ batchSize, seed: 1, epoch: 1 })
const without = again(held)
const rates = { load: [], train: [], both: [] }
for (let round = 0; round < rounds; round++) {
  rates.load.push(await rate(loading, batches, prepare))
  rates.train.push(await rate(without, batches, train))
  // The next batch is prepared while a step runs on the engine's threads.
  let running = Promise.resolve()
  rates.both.push(
    await rate(both, batches, async batch => {
      const ready = prepare(batch)
      await running
      running = train(ready)
    }),
  )
  await running
}
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
console.log(
  JSON.stringify({
    rows: dataset.rows,
    columns: dataset.schema.length,
    batchSize,
    loadRate: median(rates.load),
    trainRate: median(rates.train),
    bothRate: median(rates.both),
    rates,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
)
process.exit(0)
