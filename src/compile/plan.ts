// The memory plan: every temporary gets an offset in one arena and gives it back after its last use.

import { type DType, dtypes } from '../base/dtype.js'
import type { Buffer } from './program.js'

/** An array an instruction sequence works on; `fixed` ones lie outside the arena. */
export interface VirtualBuffer {
  readonly dtype: DType
  readonly length: number
  readonly fixed: { readonly slot: number; readonly byteOffset: number } | null
}

export interface Use {
  readonly reads: readonly number[]
  readonly writes: readonly number[]
  /** Pairs [written, read]: the written array may take the read one's place if that dies here. */
  readonly mayReplace: readonly (readonly [number, number])[]
}

const alignment = 64

export function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment
}

export interface MemoryPlan {
  readonly buffers: Buffer[]
  readonly arenaBytes: number
}

/** Free ranges of the arena, sorted by offset and never touching each other. */
class FreeList {
  private ranges: { offset: number; bytes: number }[] = []
  end = 0

  /** The smallest range that fits; else the arena grows (from a free range at its end, if there). */
  take(bytes: number): number {
    let best = -1
    for (let i = 0; i < this.ranges.length; i++)
      if (
        this.ranges[i].bytes >= bytes &&
        (best < 0 || this.ranges[i].bytes < this.ranges[best].bytes)
      )
        best = i
    if (best >= 0) {
      const range = this.ranges[best]
      const { offset } = range
      if (range.bytes === bytes) this.ranges.splice(best, 1)
      else this.ranges[best] = { offset: offset + bytes, bytes: range.bytes - bytes }
      return offset
    }
    const last = this.ranges[this.ranges.length - 1]
    const offset =
      last !== undefined && last.offset + last.bytes === this.end ? last.offset : this.end
    if (offset !== this.end) this.ranges.pop()
    this.end = offset + bytes
    return offset
  }

  give(offset: number, bytes: number): void {
    let at = this.ranges.findIndex(range => range.offset > offset)
    if (at < 0) at = this.ranges.length
    this.ranges.splice(at, 0, { offset, bytes })
    this.join(at)
    this.join(at - 1)
  }

  private join(at: number): void {
    const a = this.ranges[at]
    const b = this.ranges[at + 1]
    if (a === undefined || b === undefined || a.offset + a.bytes !== b.offset) return
    this.ranges.splice(at, 2, { offset: a.offset, bytes: a.bytes + b.bytes })
  }
}

export function planMemory(virtual: readonly VirtualBuffer[], uses: readonly Use[]): MemoryPlan {
  const lastUse = new Array<number>(virtual.length).fill(-1)
  uses.forEach((use, i) => {
    for (const id of use.reads) lastUse[id] = i
    for (const id of use.writes) lastUse[id] = i
  })
  const bytesOf = (id: number) => aligned(virtual[id].length * dtypes[virtual[id].dtype].bytes)
  const offsets = new Array<number>(virtual.length).fill(-1)
  const free = new FreeList()
  uses.forEach((use, i) => {
    const moved = new Set<number>()
    for (const id of use.writes) {
      if (virtual[id].fixed !== null || offsets[id] >= 0) continue
      const donor = use.mayReplace.find(
        ([written, read]) =>
          written === id &&
          virtual[read].fixed === null &&
          lastUse[read] === i &&
          !moved.has(read) &&
          bytesOf(read) === bytesOf(id),
      )
      if (donor !== undefined) {
        moved.add(donor[1])
        offsets[id] = offsets[donor[1]]
      } else if (bytesOf(id) > 0) offsets[id] = free.take(bytesOf(id))
      else offsets[id] = 0
    }
    for (const id of new Set([...use.reads, ...use.writes]))
      if (virtual[id].fixed === null && lastUse[id] === i && !moved.has(id) && bytesOf(id) > 0)
        free.give(offsets[id], bytesOf(id))
  })
  const buffers = virtual.map(
    ({ dtype, length, fixed }, id): Buffer => ({
      slot: fixed?.slot ?? 0,
      byteOffset: fixed?.byteOffset ?? Math.max(offsets[id], 0),
      dtype,
      length,
    }),
  )
  return { buffers, arenaBytes: free.end }
}
