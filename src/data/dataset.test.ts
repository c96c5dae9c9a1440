import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Dataset } from './dataset.js'
import { epochWindows, windowBlocks } from './epoch-order.js'
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
