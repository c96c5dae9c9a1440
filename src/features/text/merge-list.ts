// The merges of a byte-pair vocabulary: which two tokens make which, and what bytes a token stands for.

import { bytesInOrder } from './byte-pieces.js'
import { specialCount } from './special-tokens.js'

/** A pair of ids as one number; ids stay below 2^20. */
export const pairKey = (left: number, right: number): number => left * 1048576 + right

/** Merges at most: ids stay below 2^20. */
export const mostMerges = 100_000

/** Bytes of a token at most. A longer one would be learned from a text that repeats itself only. */
const longestToken = 128

export class MergeList {
  readonly pairs: [left: number, right: number][] = []
  /** By pair: the order of the merge, and the token that it makes. */
  readonly byPair = new Map<number, { readonly rank: number; readonly id: number }>()
  private readonly bytesOf: Uint8Array[] = []
  private readonly ids = new Map<string, number>()

  constructor() {
    for (const byte of bytesInOrder) this.addToken(Uint8Array.of(byte))
  }

  /** Ids are below this. */
  get size(): number {
    return specialCount + this.bytesOf.length
  }

  bytes(id: number): Uint8Array {
    return this.bytesOf[id - specialCount]
  }

  allows(left: number, right: number): boolean {
    return this.bytes(left).length + this.bytes(right).length <= longestToken
  }

  /** The id of what the pair makes: that of a token with the same bytes, where there is one. */
  add(left: number, right: number): number {
    const bytes = Uint8Array.of(...this.bytes(left), ...this.bytes(right))
    const id = this.ids.get(bytes.join()) ?? this.addToken(bytes)
    this.byPair.set(pairKey(left, right), { rank: this.pairs.length, id })
    this.pairs.push([left, right])
    return id
  }

  private addToken(bytes: Uint8Array): number {
    const id = this.size
    this.bytesOf.push(bytes)
    this.ids.set(bytes.join(), id)
    return id
  }

  /** Whether `id` is a byte or was made by a merge so far. */
  has(id: number): boolean {
    return id >= specialCount && id < this.size
  }
}
