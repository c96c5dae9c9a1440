// Rows read piece by piece are the rows of the table, in whatever order they are asked for.

import { beforeAll, expect, test } from 'vitest'
import { Random } from '../base/philox.js'
import type { NumberColumn } from '../data/column.js'
import { Dataset } from '../data/dataset.js'
import { joinTables } from '../data/join.js'
import { Table } from '../data/table.js'
import { DatasetStore, type RowStore, TableStore } from './row-store.js'
import { sampleOfStore, sampleRows } from './sampled-rows.js'
import { StoredBatches } from './stored-batches.js'

const rows = 150_000
const texts = ['a', 'b', 'c']
const table = (from: number, count: number) =>
  new Table(
    [
      {
        kind: 'number',
        name: 'n',
        type: 'numeric',
        values: Float64Array.from({ length: count }, (_, i) => (from + i) / 3),
      },
      {
        kind: 'code',
        name: 'c',
        type: 'category',
        codes: Int32Array.from({ length: count }, (_, i) => (from + i) % 3),
        categories: texts,
      },
    ],
    count,
  )
const whole = table(0, rows)
let store: DatasetStore
beforeAll(async () => {
  store = new DatasetStore([
    await Dataset.fromTable(table(0, 140_000)),
    await Dataset.fromTable(table(140_000, 10_000)),
  ])
})
const shuffled = new Random(3).shuffle(Uint32Array.from({ length: rows }, (_, i) => i))

test.each([
  ['all', Uint32Array.from({ length: rows }, (_, i) => i)],
  ['every ninth', Uint32Array.from({ length: 16_000 }, (_, i) => i * 9)],
  ['some, in another order', shuffled.slice(0, 30_000)],
  ['few, far apart', Uint32Array.of(149_999, 3, 70_000)],
  ['none', new Uint32Array(0)],
])('%s', async (_, ids) => {
  const seen = new Uint8Array(ids.length)
  let pieces = 0
  for await (const piece of store.pieces(ids, ['n'])) {
    const { values } = piece.table.column('n') as { values: Float64Array }
    expect(piece.rows).toBeLessThanOrEqual(65_536)
    for (let i = 0; i < piece.rows; i++) {
      seen[piece.place(i)]++
      if (values[i] !== ids[piece.place(i)] / 3) throw new Error(`row ${ids[piece.place(i)]}`)
    }
    pieces++
  }
  expect(seen.every(count => count === 1)).toBe(true)
  expect(pieces).toBeLessThanOrEqual(4)
  if (ids.length === 0) return
  expect(await store.take(ids, ['c', 'n'])).toEqual(
    await new TableStore(joinTables([whole])).take(ids, ['c', 'n']),
  )
})

test('a sample of few rows is all of them; of many, a part of each', async () => {
  const split = {
    train: Uint32Array.from({ length: 100_000 }, (_, i) => i),
    validation: Uint32Array.from({ length: 20_000 }, (_, i) => 100_000 + i),
    test: Uint32Array.from({ length: 20_000 }, (_, i) => 139_999 - i),
  }
  const sample = await sampleOfStore(store, ['n', 'c'], split, 1)
  expect(sample.table).toEqual(whole)
  expect(sample.split.test).toEqual(split.test.slice().sort())

  const many = 1_000_000
  let ids: ArrayLike<number> = []
  const fake = {
    rows: many,
    table: undefined,
    take: async (rowIds: Uint32Array) => {
      ids = rowIds
      return new Table([], rowIds.length)
    },
  } as unknown as DatasetStore
  const large = {
    train: Uint32Array.from({ length: 900_000 }, (_, i) => i),
    validation: Uint32Array.from({ length: 99_000 }, (_, i) => 900_000 + i),
    test: Uint32Array.from({ length: 500 }, (_, i) => 999_000 + i),
  }
  const drawn = await sampleOfStore(fake, ['n'], large, 1)
  expect(Math.abs(drawn.table.rows - sampleRows)).toBeLessThan(1000)
  expect(drawn.split.test).toHaveLength(500)
  expect(drawn.split.validation.length / drawn.split.train.length).toBeCloseTo(0.11, 2)
  expect(new Set(Array.from(ids)).size).toBe(ids.length)
  expect(drawn.split.validation.every(place => ids[place] >= 900_000 && ids[place] < 999_000)).toBe(
    true,
  )
  const again = await sampleOfStore(fake, ['n'], large, 1)
  expect(again.rowIds).toEqual(drawn.rowIds)
})

test('an epoch of several windows has every row once, and goes on at any batch; a lost row is an error', async () => {
  const many = 1_200_000
  const values = new Float64Array(many).map((_, i) => i)
  const table = new Table([{ kind: 'number', name: 'n', type: 'numeric', values }], many)
  const large = new DatasetStore([await Dataset.fromTable(table)])
  const rowIds = new Uint32Array(many).map((_, i) => i).filter(row => row % 10 !== 3)
  const cells = (part: Table) => Float32Array.from((part.column('n') as NumberColumn).values)
  const data = {
    target: 'n',
    task: 'regression',
    store: large,
    encoder: { encode: () => new Float32Array(0) },
    preprocessor: { width: 1, inputs: [], transform: (part: Table) => ({ x: cells(part) }) },
  } as unknown as ConstructorParameters<typeof StoredBatches>[0]
  const batchSize = 10_000
  const epoch = async (from: number, store: RowStore = large) => {
    const source = new StoredBatches({ ...data, store }, rowIds)
    const seen: Float32Array[] = []
    const order = { epoch: 2, batchSize, shuffle: true, seed: 7, from }
    for await (const { x } of source.batches(order)) seen.push(x as Float32Array)
    return seen
  }
  const all = await epoch(0)
  const seen = new Float32Array(rowIds.length)
  for (const [i, x] of all.entries()) seen.set(x, i * batchSize)
  expect(
    Buffer.compare(Buffer.from(seen.buffer), Buffer.from(Float32Array.from(rowIds).buffer)),
  ).not.toBe(0)
  seen.sort()
  expect(seen.every((value, i) => value === rowIds[i])).toBe(true)
  const last = await epoch(100)
  expect(last).toHaveLength(all.length - 100)
  expect(Buffer.from(last[0].buffer).equals(Buffer.from(all[100].buffer))).toBe(true)
  const lossy = {
    batches: async function* () {
      yield table.take(rowIds.subarray(0, 1000))
    },
  } as unknown as RowStore
  await expect(epoch(0, lossy)).rejects.toMatchObject({ code: 'INTERNAL' })
})
