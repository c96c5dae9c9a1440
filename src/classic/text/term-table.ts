// Terms numbered in the order of their first appearance. They are looked up where they stand in a text, so that no
// string is made for a term that is known.

import { finalMix } from '../../features/murmur-hash.js'

/** Open addressing, at most half full. */
export class TermTable {
  readonly terms: string[] = []
  private hashes = new Int32Array(512)
  private slots = new Int32Array(1024).fill(-1)

  /** The numbers of known terms are their places in the list. */
  static of(terms: readonly string[]): TermTable {
    const table = new TermTable()
    for (const term of terms) table.add(term, 0, term.length)
    return table
  }

  /** The number of the term that stands at `start..end`; -1 for one that isn't known. */
  find(source: string, start: number, end: number): number {
    return this.slots[this.slotOf(source, start, end, hashOf(source, start, end))]
  }

  /** The same; one that isn't known gets the next number. */
  add(source: string, start: number, end: number): number {
    const hash = hashOf(source, start, end)
    const slot = this.slotOf(source, start, end, hash)
    const known = this.slots[slot]
    if (known >= 0) return known
    const place = this.terms.length
    if (place === this.hashes.length) {
      this.grow()
      return this.add(source, start, end)
    }
    this.terms.push(copyOf(source, start, end))
    this.hashes[place] = hash
    this.slots[slot] = place
    return place
  }

  private slotOf(source: string, start: number, end: number, hash: number): number {
    const { slots, hashes, terms } = this
    const mask = slots.length - 1
    let slot = hash & mask
    for (;;) {
      const place = slots[slot]
      if (place < 0) return slot
      if (hashes[place] === hash) {
        const term = terms[place]
        if (term.length === end - start && source.startsWith(term, start)) return slot
      }
      slot = (slot + 1) & mask
    }
  }

  private grow(): void {
    const hashes = new Int32Array(2 * this.hashes.length)
    hashes.set(this.hashes)
    this.hashes = hashes
    const slots = new Int32Array(2 * this.slots.length).fill(-1)
    const mask = slots.length - 1
    for (let place = 0; place < this.terms.length; place++) {
      let slot = hashes[place] & mask
      while (slots[slot] >= 0) slot = (slot + 1) & mask
      slots[slot] = place
    }
    this.slots = slots
  }
}

function hashOf(source: string, start: number, end: number): number {
  let hash = end - start
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ source.charCodeAt(i), 0x01000193)
  return finalMix(hash)
}

/** A string of its own: a slice would keep the whole text in memory. */
function copyOf(source: string, start: number, end: number): string {
  if (end - start > 1000) return source.slice(start, end)
  const units = new Array<number>(end - start)
  for (let i = start; i < end; i++) units[i - start] = source.charCodeAt(i)
  return String.fromCharCode(...units)
}
