// Part of a run's rows in memory, for what need not see them all: data checks, doubtful labels,
// importances, the linear baseline. Where memory holds the table, the sample is the table itself.

import { Random } from '../base/philox.js'
import type { Split } from '../data/split.js'
import type { Table } from '../data/table.js'
import type { RowStore } from './row-store.js'

export interface SampledRows {
  readonly table: Table
  /** Rows of `table`, by part. */
  readonly split: Split
  /** The row of the data that each row of `table` is; absent where they are the same. */
  readonly rowIds?: Uint32Array
}

/** Rows in a sample. */
export const sampleRows = 200_000
/** A small part has at least so many rows in the sample, or all that it has. */
const leastRows = 10_000

const parts = ['train', 'validation', 'test'] as const
/** Random stream of samples: no other use of the same seed sees these numbers. */
const sampleStream = 0x73616d70

/** All rows where they are few, else about 200,000, drawn from each part in proportion. */
export async function sampleOfStore(
  store: RowStore,
  names: readonly string[],
  split: Split,
  seed: number,
): Promise<SampledRows> {
  const random = new Random(seed, sampleStream)
  const total = parts.reduce((sum, part) => sum + split[part].length, 0)
  const all = store.rows <= sampleRows
  const chosen = parts.map(part => {
    const rows = split[part]
    const share = Math.round((sampleRows * rows.length) / Math.max(1, total))
    return all ? rows.slice().sort() : drawn(rows, Math.max(leastRows, share), random)
  })
  const rowIds = all ? new Uint32Array(store.rows).map((_, i) => i) : joined(chosen).sort()
  const places = chosen.map(ids => placesOf(ids, rowIds))
  return {
    table: await store.take(rowIds, names),
    split: { train: places[0], validation: places[1], test: places[2] },
    rowIds,
  }
}

/** At most so many of the rows, drawn at random; in the order that they had. */
export function someRows(rows: Uint32Array, most: number, seed: number): Uint32Array {
  if (rows.length <= most) return rows
  const places = Uint32Array.from(rows.keys())
  return drawn(places, most, new Random(seed, sampleStream)).map(place => rows[place])
}

/** Distinct rows at random (Floyd 1987, "A sample of brilliance"), ascending. */
function drawn(rows: Uint32Array, count: number, random: Random): Uint32Array {
  if (rows.length <= count) return rows.slice().sort()
  const picked = new Set<number>()
  for (let last = rows.length - count; last < rows.length; last++) {
    const pick = random.integer(last + 1)
    picked.add(picked.has(pick) ? last : pick)
  }
  return Uint32Array.from(picked, i => rows[i]).sort()
}

function joined(lists: readonly Uint32Array[]): Uint32Array {
  const result = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0))
  let at = 0
  for (const list of lists) {
    result.set(list, at)
    at += list.length
  }
  return result
}

/** Where ascending ids stand in an ascending list that has them all. */
function placesOf(ids: Uint32Array, list: Uint32Array): Uint32Array {
  const places = new Uint32Array(ids.length)
  let at = 0
  for (let i = 0; i < ids.length; i++) {
    while (list[at] !== ids[i]) at++
    places[i] = at
  }
  return places
}
