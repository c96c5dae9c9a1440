// The order in which an epoch visits its rows: a pure function of (seed, epoch, row ids), so that a
// resumed run goes on where it stopped. Rows are shuffled within windows of blocks: the blocks are
// dealt at random into windows, and all rows of a window are shuffled together. With up to a million
// rows there is one window, and the shuffle is a full one.

import { Random } from '../base/philox.js'

/** Blocks shuffled together: with 65,536 rows each, about a million rows. */
export const windowBlocks = 16

/** Random stream of shuffles: no other use of the same seed sees these numbers. */
const shuffleStream = 0x73687566

/** Rows that lie in a few blocks, in the order in which they are to be visited. */
export interface EpochWindow {
  readonly blocks: readonly number[]
  readonly rowIds: Uint32Array
}

/** Options of `epochWindows`. */
export interface EpochOptions {
  readonly rows: number
  readonly blockRows: number
  /** Only these rows (each once); all when absent. */
  readonly rowIds?: Uint32Array
  /** Absent: in the order of the row ids given. */
  readonly seed?: number
  readonly epoch?: number
}

/** The windows of one epoch, in order. Cheap to walk: a window's rows are made when it is reached. */
export function* epochWindows(options: EpochOptions): Generator<EpochWindow> {
  const { rows, blockRows, rowIds, seed, epoch = 0 } = options
  if (seed === undefined) {
    yield* inGivenOrder(rows, blockRows, rowIds)
    return
  }
  const blocks = Math.ceil(rows / blockRows)
  const members = rowIds === undefined ? undefined : byBlock(rowIds, blocks, blockRows)
  const order = Uint32Array.from({ length: blocks }, (_, i) => i)
  shuffleRows(order, new Random(seed, shuffleStream + epoch))
  for (let start = 0; start < blocks; start += windowBlocks) {
    const window = [...order.subarray(start, start + windowBlocks)]
    const counts = window.map(block =>
      members === undefined
        ? Math.min(blockRows, rows - block * blockRows)
        : members.starts[block + 1] - members.starts[block],
    )
    const ids = new Uint32Array(counts.reduce((sum, count) => sum + count, 0))
    let at = 0
    window.forEach((block, k) => {
      if (members !== undefined)
        ids.set(members.ids.subarray(members.starts[block], members.starts[block + 1]), at)
      else for (let i = 0; i < counts[k]; i++) ids[at + i] = block * blockRows + i
      at += counts[k]
    })
    if (ids.length === 0) continue
    // A stream per window: windows can be made without those before them.
    shuffleRows(ids, windowRandom(seed, epoch, start / windowBlocks))
    yield { blocks: window.filter((_, k) => counts[k] > 0).sort((a, b) => a - b), rowIds: ids }
  }
}

/** The same order as `random.shuffle`, in a third of its time: whole numbers of 32 bits alone. */
export function shuffleRows(ids: Uint32Array, random: Random): void {
  for (let i = ids.length - 1; i > 0; i--) {
    const limit = (i + 1) >>> 0
    let word = random.bits() >>> 0
    // Only words of the last, incomplete round of `limit` are drawn again; most lie far below it.
    if (word >= -limit >>> 0) {
      const rest = (-limit >>> 0) % limit
      while (rest > 0 && word >= -rest >>> 0) word = random.bits() >>> 0
    }
    const j = (word % limit) >>> 0
    const held = ids[i]
    ids[i] = ids[j]
    ids[j] = held
  }
}

function windowRandom(seed: number, epoch: number, window: number): Random {
  return new Random(
    seed,
    (Math.imul(epoch + 1, 0x9e3779b1) ^ Math.imul(window + 1, 0x85ebca6b)) >>> 0,
  )
}

/** Row ids sorted into their blocks; ascending within each, so that their given order doesn't matter. */
function byBlock(rowIds: Uint32Array, blocks: number, blockRows: number) {
  let ids = rowIds
  for (let i = 1; i < ids.length; i++)
    if (ids[i] < ids[i - 1]) {
      ids = rowIds.slice().sort()
      break
    }
  const starts = new Uint32Array(blocks + 1)
  for (let i = 0; i < ids.length; i++) starts[Math.floor(ids[i] / blockRows) + 1]++
  for (let b = 0; b < blocks; b++) starts[b + 1] += starts[b]
  return { ids, starts }
}

function* inGivenOrder(
  rows: number,
  blockRows: number,
  rowIds: Uint32Array | undefined,
): Generator<EpochWindow> {
  const total = rowIds?.length ?? rows
  for (let start = 0; start < total; start += blockRows) {
    const count = Math.min(blockRows, total - start)
    const ids =
      rowIds === undefined
        ? Uint32Array.from({ length: count }, (_, i) => start + i)
        : rowIds.subarray(start, start + count)
    const blocks = new Set<number>()
    for (const id of ids) blocks.add(Math.floor(id / blockRows))
    yield { blocks: [...blocks].sort((a, b) => a - b), rowIds: ids }
  }
}
