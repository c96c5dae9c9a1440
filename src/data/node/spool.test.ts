import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BlockColumn } from '../block-store.js'
import type { Column } from '../column.js'
import type { Dataset } from '../dataset.js'
import { openDuckDb, quoteText } from './duckdb.js'
import { openDataset } from './index.js'
import { OverflowWriter, SpoolStore, SpoolWriter } from './spool.js'

// Files and processes: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-spool-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const columns = ['a', 'b', 'c', 'd', 'e'].map((name, i) => ({
  name,
  kind: i === 3 || i === 4 ? ('code' as const) : ('number' as const),
}))

function block(seed: number, rows: number): BlockColumn[] {
  const categories = ['x', '北京', 'z']
  return [
    {
      kind: 'number',
      values: Float64Array.from({ length: rows }, (_, i) =>
        i % 7 === seed ? Number.NaN : i - seed,
      ),
    },
    {
      kind: 'number',
      values: Float64Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? Number.NaN : i / 3)),
    },
    {
      kind: 'number',
      values: Float64Array.from({ length: rows }, (_, i) => 2 ** 53 + 2 * i),
      exact: BigInt64Array.from({ length: rows }, (_, i) => 2n ** 53n + 2n * BigInt(i)),
    },
    { kind: 'code', codes: Int32Array.from({ length: rows }, (_, i) => (i % 4) - 1), categories },
    {
      kind: 'code',
      codes: Int32Array.from({ length: rows }, (_, i) => (i === 0 ? -1 : i)),
      categories: Array.from({ length: rows }, (_, i) => `${seed}-"${i}"`),
      ownTexts: true,
    },
  ]
}

describe('a spool', () => {
  it('gives back every cell', async () => {
    const writer = new SpoolWriter(columns, 100, join(folder, 'a'))
    const written = [block(1, 100), block(2, 100), block(3, 17)]
    for (const [i, cells] of written.entries()) await writer.write(cells, i === 2 ? 17 : 100)
    const store = await writer.finish()
    expect(store.rows).toBe(217)
    for (const [i, cells] of written.entries()) {
      const found = await store.read(i, [0, 1, 2, 3, 4])
      for (let c = 0; c < 4; c++)
        expect(found[c]).toMatchObject(
          c === 3 ? { kind: 'code', codes: (cells[3] as { codes: Int32Array }).codes } : cells[c],
        )
      const texts = found[4] as Extract<BlockColumn, { kind: 'code' }>
      expect(texts.categories[texts.codes[5]]).toBe(`${i + 1}-"5"`)
      expect(texts.codes[0]).toBe(-1)
    }
    expect((await store.read(0, [3, 0]))[1]).toEqual(written[0][0])
    await store.close()
    const again = await SpoolStore.open(join(folder, 'a'))
    expect(await again.read(1, [1])).toEqual([written[1][1]])
    await again.close()
  })

  it.each([
    ['float64', [0.1, Number.NaN, 1e300, -0]],
    ['float32', [0.5, Number.NaN, -1.25]],
    ['int8', [-127, 127, Number.NaN]],
    ['int16', [-128, 1]],
    ['int32', [2147483647, -2147483647]],
    ['beyond int32', [2147483648, 1]],
    ['negative zero', [-0, 1]],
    ['nothing but missing', [Number.NaN, Number.NaN]],
  ])('keeps %s without loss', async (name, values) => {
    const writer = new SpoolWriter([columns[0]], 100, join(folder, `values ${name}`))
    await writer.write([{ kind: 'number', values: Float64Array.from(values) }], values.length)
    const store = await writer.finish()
    const [found] = await store.read(0, [0])
    expect([...(found as { values: Float64Array }).values]).toEqual(values)
    await store.close()
  })

  it('that was altered, cut or never finished is refused', async () => {
    const path = join(folder, 'b')
    const writer = new SpoolWriter(columns, 100, path)
    await writer.write(block(1, 100), 100)
    await expect(SpoolStore.open(path)).rejects.toMatchObject({ code: 'FORMAT' })
    await (await writer.finish()).close()

    const bytes = await readFile(join(path, 'columns.bin'))
    bytes[300] ^= 1
    await writeFile(join(path, 'columns.bin'), bytes)
    const store = await SpoolStore.open(path)
    await expect(store.read(0, [0, 1, 2, 3, 4])).rejects.toMatchObject({ code: 'FORMAT' })
    await store.close()

    await truncate(join(path, 'columns.bin'), 64)
    const cut = await SpoolStore.open(path)
    await expect(cut.read(0, [4])).rejects.toMatchObject({ code: 'FORMAT' })
    await cut.close()

    const index = await readFile(join(path, 'spool.json'), 'utf8')
    await writeFile(join(path, 'spool.json'), index.replace('"rows":100', '"rows":900'))
    await expect(SpoolStore.open(path)).rejects.toMatchObject({ code: 'FORMAT' })
  })

  it('takes over from memory at the limit', async () => {
    const writer = new OverflowWriter(columns, 100, 5000, join(folder, 'c'))
    for (let i = 0; i < 5; i++) await writer.write(block(1, 100), 100)
    expect(writer.inMemory).toBe(false)
    const store = await writer.finish()
    expect(store.inMemory).toBe(false)
    expect((await store.read(0, [0]))[0]).toEqual(block(1, 100)[0])
    await store.close()
  })

  it('into a folder that cannot be written is an error', async () => {
    await writeFile(join(folder, 'file'), '')
    const writer = new SpoolWriter(columns, 100, join(folder, 'file', 'x'))
    await expect(writer.write(block(1, 100), 100)).rejects.toMatchObject({ code: 'FILE' })
  })
})

const fingerprint = (column: Column) =>
  column.kind === 'number'
    ? crc32(column.values.join(' '))
    : crc32(Array.from(column.codes, code => column.categories[code] ?? '').join('|'))

describe('a dataset larger than its memory', () => {
  it('is the same, row for row and batch for batch, as one in memory', async () => {
    const path = join(folder, 'big.parquet')
    const db = await openDuckDb(2 ** 28)
    await db.connection.run(
      `COPY (SELECT range AS id, range % 2 = 0 AS even, (range * 7919) % 1000 / 8 AS x, (range * 31) % 5 AS k,
       'v' || (range * 13) % 11 AS v, 'text ' || range * 17 AS long,
       CASE WHEN range % 10 = 3 THEN NULL ELSE range + 0.1 END AS holes FROM range(700000))
       TO ${quoteText(path)} (FORMAT parquet)`,
    )
    await db.close()
    const memory = await openDataset(path)
    const spooled = await openDataset(path, { memoryLimit: 2 ** 26, spool: join(folder, 'big') })
    try {
      expect(memory.inMemory).toBe(true)
      expect(spooled.inMemory).toBe(false)
      expect(spooled.rows).toBe(700_000)
      const types = (dataset: Dataset) => dataset.schema.map(({ name, type }) => `${name} ${type}`)
      expect(types(spooled)).toEqual(types(memory))
      expect(types(spooled)).toContain('long identifier')
      const names = ['x', 'v', 'holes', 'even', 'id']
      const options = { columns: names, batchSize: 50_000, seed: 3, epoch: 2 }
      const other = memory.batches(options)
      let rows = 0
      for await (const batch of spooled.batches(options)) {
        const same = (await other.next()).value!
        for (const name of names)
          expect(fingerprint(batch.column(name))).toBe(fingerprint(same.column(name)))
        rows += batch.rows
      }
      expect(rows).toBe(700_000)
      const [one, two] = await Promise.all([
        memory.table(['long', 'k']),
        spooled.table(['long', 'k']),
      ])
      for (const row of [0, 65_536, 300_000, 699_999]) expect(two.row(row)).toEqual(one.row(row))
    } finally {
      await memory.close()
      await spooled.close()
    }
  }, 60_000)
})
