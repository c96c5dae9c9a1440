// Reads one CSV once and says how long it took. argv: `athanor` | `duckdb` | `raw`, then the file.
// duckdb: DuckDB alone, delivering the same typed chunks (float64 with NaN, codes for text) to JavaScript by
// its plain interface. raw: its vectors fetched but no text turned into JavaScript: a lower bound.

const [style, file] = process.argv.slice(2)

async function byAthanor() {
  const { openDataset } = await import('../../dist/index.js')
  const start = performance.now()
  const dataset = await openDataset(file)
  const opened = performance.now()
  let rows = 0
  for await (const chunk of dataset.chunks()) rows += chunk.rows
  const end = performance.now()
  await dataset.close()
  return { seconds: (end - start) / 1000, openSeconds: (opened - start) / 1000, rows }
}

async function byDuckDb(withText) {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const start = performance.now()
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const described = await connection.runAndReadAll(
    `DESCRIBE SELECT * FROM read_csv('${file.replaceAll("'", "''")}')`,
  )
  const columns = described
    .getRowObjects()
    .map(row => ({ name: row.column_name, isText: row.column_type === 'VARCHAR' }))
  const select = columns.map(({ name, isText }, i) =>
    isText
      ? `"${name}"`
      : `${described.getRowObjects()[i].column_type === 'DATE' ? `epoch_ms("${name}")` : `"${name}"`}::DOUBLE`,
  )
  const result = await connection.stream(
    `SELECT ${select.join(', ')} FROM read_csv('${file.replaceAll("'", "''")}')`,
  )
  const codes = columns.map(() => new Map())
  let rows = 0
  let sum = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    const count = chunk.rowCount
    for (let c = 0; c < columns.length; c++) {
      const vector = chunk.getColumnVector(c)
      if (!columns[c].isText) {
        const values = new Float64Array(count)
        values.set(vector.items.subarray(0, count))
        const { validity } = vector
        for (let i = 0; i < count; i++) if (!validity.itemValid(i)) values[i] = Number.NaN
        sum += values[0]
      } else if (withText) {
        const map = codes[c]
        const out = new Int32Array(count)
        for (let i = 0; i < count; i++) {
          const text = vector.getItem(i)
          if (text === null) {
            out[i] = -1
            continue
          }
          let code = map.get(text)
          if (code === undefined) {
            code = map.size
            map.set(text, code)
          }
          out[i] = code
        }
      }
    }
    rows += count
  }
  const seconds = (performance.now() - start) / 1000
  return { seconds, rows, check: Number.isFinite(sum) }
}

const found = await (style === 'athanor' ? byAthanor() : byDuckDb(style === 'duckdb'))
console.log(JSON.stringify({ ...found, peak: process.resourceUsage().maxRSS * 1024 }))
process.exit(0)
