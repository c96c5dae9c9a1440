import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Random } from '../base/philox.js'
import { type BlockColumn, MemoryWriter } from './block-store.js'
import { type BatchOptions, Dataset } from './dataset.js'
import { epochWindows, shuffleRows, windowBlocks } from './epoch-order.js'
import { Table } from './table.js'

const table = Table.fromObjects(
  Array.from({ length: 103 }, (_, i) => ({ n: i + 0.5, c: `c${i % 4}` })),
)
const open = () => Dataset.fromTable(table)

async function visited(dataset: Dataset, options: Partial<Parameters<Dataset['batches']>[0]>) {
  const sizes: number[] = []
  const rows: number[] = []
  for await (const batch of dataset.batches({ batchSize: 10, ...options })) {
    sizes.push(batch.rows)
    for (let i = 0; i < batch.rows; i++) rows.push((batch.row(i).n as number) - 0.5)
  }
  return { sizes, rows }
}

const sorted = (rows: Iterable<number>) => [...rows].sort((a, b) => a - b)
const everyRow = Array.from({ length: 103 }, (_, i) => i)

describe('Dataset.batches', () => {
  it('in order, the last one smaller', async () => {
    const { sizes, rows } = await visited(await open(), {})
    expect(sizes).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 3])
    expect(rows).toEqual(everyRow)
  })

  it('shuffled: each row once, another order each epoch, the same for the same seed', async () => {
    const dataset = await open()
    const one = await visited(dataset, { seed: 1, epoch: 0 })
    expect(sorted(one.rows)).toEqual(everyRow)
    expect(one.rows).not.toEqual(everyRow)
    expect((await visited(dataset, { seed: 1, epoch: 0 })).rows).toEqual(one.rows)
    expect((await visited(dataset, { seed: 1, epoch: 1 })).rows).not.toEqual(one.rows)
    expect((await visited(dataset, { seed: 2, epoch: 0 })).rows).not.toEqual(one.rows)
  })

  it('resumes in the middle of an epoch', async () => {
    const dataset = await open()
    const whole = await visited(dataset, { seed: 4 })
    expect((await visited(dataset, { seed: 4, skip: 3 })).rows).toEqual(whole.rows.slice(30))
  })

  it('of some rows only', async () => {
    const dataset = await open()
    const rowIds = Uint32Array.of(7, 100, 3, 50)
    expect((await visited(dataset, { rowIds })).rows).toEqual([7, 100, 3, 50])
    expect(sorted((await visited(dataset, { rowIds, seed: 1 })).rows)).toEqual([3, 7, 50, 100])
    await expect(visited(dataset, { rowIds: Uint32Array.of(103) })).rejects.toMatchObject({
      code: 'INDEX',
    })
    await expect(visited(dataset, { batchSize: 0 })).rejects.toMatchObject({ code: 'ARGUMENT' })
  })

  it('after close it says so', async () => {
    const dataset = await open()
    await dataset.close()
    await expect(dataset.table()).rejects.toMatchObject({ code: 'STATE' })
  })

  it('larger than memory is not read whole', async () => {
    const store = {
      rows: 1e9,
      blockRows: 65_536,
      columns: [{ name: 'a', kind: 'number' as const }],
      inMemory: false,
      read: () => Promise.reject(new Error('read')),
      packed: () => Promise.reject(new Error('read')),
      close: () => Promise.resolve(),
    }
    const schema = (await open()).schema.slice(0, 1)
    const parts = { store, schema, fingerprint: '', availableMemory: () => 2 ** 30 }
    await expect(new Dataset(parts).table()).rejects.toMatchObject({ code: 'MEMORY' })
  })

  it('gives columns by name, suggests the nearest', async () => {
    const dataset = await open()
    expect((await dataset.table(['c'])).names).toEqual(['c'])
    await expect(dataset.table(['nn'])).rejects.toThrow("Did you mean 'n'?")
    const sizes: number[] = []
    for await (const chunk of dataset.chunks({ rows: 50 })) sizes.push(chunk.rows)
    expect(sizes).toEqual([50, 50, 3])
  })
})

describe('batches from many blocks', () => {
  const rows = 1003
  const blockRows = 8
  const names = ['float', 'small', 'mixed', 'exact', 'truth', 'kind', 'own'] as const
  // Each as it is stored block by block: other layouts in other blocks, missing cells in between.
  const cellOf: Record<(typeof names)[number], (row: number) => number | string | null> = {
    float: row => (row % 11 === 0 ? null : row + 0.1),
    small: row => (row % 7 === 0 ? null : (row % 200) - 100),
    mixed: row => (row < 300 ? row % 100 : row < 600 ? row * 1000 : row / 3),
    exact: row => row * 2,
    truth: row => (row % 5 === 0 ? null : row % 2),
    kind: row => (row % 13 === 0 ? null : `k${row % 4}`),
    own: row => `text ${row}`,
  }
  const types = ['numeric', 'integer', 'numeric', 'integer', 'boolean', 'category', 'text'] as const

  async function blocked() {
    const kinds = names.map(name => (name === 'kind' || name === 'own' ? 'code' : 'number'))
    const columns = names.map((name, i) => ({ name, kind: kinds[i] as 'number' | 'code' }))
    const writer = new MemoryWriter(columns, blockRows)
    const shared = ['k0', 'k1', 'k2', 'k3']
    for (let from = 0; from < rows; from += blockRows) {
      const count = Math.min(blockRows, rows - from)
      const cells = names.map((name, i): BlockColumn => {
        const values = Array.from({ length: count }, (_, k) => cellOf[name](from + k))
        if (kinds[i] === 'number') {
          const numbers = Float64Array.from(values, value => (value as number | null) ?? Number.NaN)
          return name === 'exact'
            ? {
                kind: 'number',
                values: numbers,
                exact: BigInt64Array.from(numbers, value => BigInt(value)),
              }
            : { kind: 'number', values: numbers }
        }
        const categories = name === 'kind' ? shared : (values as string[])
        const codes = Int32Array.from(values, text => categories.indexOf(text as string))
        return { kind: 'code', codes, categories }
      })
      await writer.write(cells, count)
    }
    const [head] = (await open()).schema
    const schema = names.map((name, i) => ({ ...head, name, type: types[i] }))
    return new Dataset({ store: await writer.finish(), schema, fingerprint: '' })
  }

  it.each([
    ['in order', {}],
    ['shuffled', { seed: 5, epoch: 2 }],
    ['shuffled, some rows', { seed: 6, keep: 3 }],
    ['shuffled, in batches larger than a window', { seed: 6, batchSize: 300 }],
    ['resumed beyond the first window', { seed: 5, skip: 9 }],
  ] as const)(
    'each row with all its cells, %s',
    async (_, given: Partial<BatchOptions> & { keep?: number }) => {
      const dataset = await blocked()
      const { keep = 1 } = given
      const ids = Uint32Array.from({ length: rows }, (_, i) => i).filter(i => i % keep === 0)
      const { batchSize = 23, skip = 0 } = given
      const options = { ...given, batchSize, ...(keep === 1 ? {} : { rowIds: ids }) }
      const expected: number[] = []
      for (const window of epochWindows({ ...options, rows, blockRows }))
        expected.push(...window.rowIds)
      // All are held until the end: no batch may be written over.
      const batches: Table[] = []
      for await (const batch of dataset.batches(options)) batches.push(batch)
      expect(expected).toHaveLength(ids.length)
      const found = batches.flatMap(batch =>
        Array.from({ length: batch.rows }, (_, i) => Object.values(batch.row(i))),
      )
      expect(found).toEqual(
        expected
          .slice(skip * batchSize)
          .map(row => names.map(name => (name === 'truth' ? asText : asIs)(cellOf[name](row)))),
      )
      expect(batches.slice(0, -1).every(batch => batch.rows === batchSize)).toBe(true)
      expect(batches[0].columns.map(column => column.type)).toEqual([...types])
    },
  )

  const asIs = (value: number | string | null) => value
  const asText = (value: number | string | null) => (value === null ? null : String(value))

  it('shuffleRows is the shuffle of Random', () => {
    for (const length of [0, 1, 2, 3, 1000, 70_000]) {
      const ids = Uint32Array.from({ length }, (_, i) => i)
      const mine = ids.slice()
      shuffleRows(mine, new Random(9, length))
      expect(
        Buffer.from(mine.buffer).equals(Buffer.from(new Random(9, length).shuffle(ids).buffer)),
      ).toBe(true)
    }
  })
})

describe('epochWindows', () => {
  it('visits each row once, whatever the sizes, in at most sixteen blocks at a time', () => {
    const cases = fc.record({
      rows: fc.integer({ min: 0, max: 2000 }),
      blockRows: fc.integer({ min: 1, max: 60 }),
      seed: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
      epoch: fc.integer({ min: 0, max: 5 }),
      keep: fc.integer({ min: 1, max: 5 }),
    })
    fc.assert(
      fc.property(cases, ({ rows, blockRows, seed, epoch, keep }) => {
        const rowIds = Uint32Array.from({ length: rows }, (_, i) => i).filter(i => i % keep === 0)
        const seen: number[] = []
        for (const window of epochWindows({ rows, blockRows, rowIds, seed, epoch })) {
          if (seed !== undefined) expect(window.blocks.length).toBeLessThanOrEqual(windowBlocks)
          const blocks = new Set(window.blocks)
          expect(window.rowIds.every(row => blocks.has(Math.floor(row / blockRows)))).toBe(true)
          seen.push(...window.rowIds)
        }
        expect(sorted(seen)).toEqual([...rowIds])
      }),
      { numRuns: 60 },
    )
  })

  it('does not depend on the order in which rows are named', () => {
    const order = (rowIds: Uint32Array) =>
      [...epochWindows({ rows: 500, blockRows: 10, rowIds, seed: 3 })].flatMap(w => [...w.rowIds])
    const ids = Uint32Array.from({ length: 300 }, (_, i) => i)
    expect(order(ids.slice().reverse())).toEqual(order(ids))
  })
})
