// Byte-pair encoding learned from counts of pieces (Sennrich, Haddow, Birch 2016, "Neural machine translation of
// rare words with subword units"): the most frequent pair is merged again and again. Counts of pairs are kept up
// to date where a merge changes them; a heap holds them, and what it says too high is put right when it comes up.

import { byteIds } from './byte-pieces.js'
import { Heap } from './heap.js'
import { MergeList, pairKey } from './merge-list.js'

interface Word {
  readonly ids: Int32Array
  length: number
  readonly count: number
}

interface Candidate {
  readonly count: number
  readonly left: number
  readonly right: number
}

/** The most frequent first; of equals the pair with the smaller ids. */
const before = (a: Candidate, b: Candidate): boolean =>
  a.count !== b.count ? a.count > b.count : a.left !== b.left ? a.left < b.left : a.right < b.right

export function learnMerges(
  pieces: ReadonlyMap<string, number>,
  most: number,
  minimumFrequency: number,
): MergeList {
  const words: Word[] = []
  for (const [piece, count] of pieces) {
    const ids = byteIds(piece)
    if (ids.length > 1) words.push({ ids, length: ids.length, count })
  }
  const counts = new PairCounts()
  words.forEach((word, at) => {
    for (let i = 1; i < word.length; i++) counts.add(word.ids[i - 1], word.ids[i], word.count, at)
  })
  const heap = new Heap<Candidate>(before)
  for (const candidate of counts.all()) heap.push(candidate)
  const merges = new MergeList()
  while (merges.pairs.length < most) {
    const top = heap.pop()
    if (top === undefined || top.count < minimumFrequency) break
    const { left, right } = top
    const count = counts.of(left, right)
    if (count !== top.count) {
      if (count > 0) heap.push({ count, left, right })
      continue
    }
    if (!merges.allows(left, right)) continue
    const made = merges.add(left, right)
    const changed = new Set<number>()
    for (const at of counts.takePlaces(left, right))
      mergeInWord(words[at], at, left, right, made, counts, changed)
    for (const key of changed) {
      const candidate = counts.candidate(key)
      if (candidate.count > 0) heap.push(candidate)
    }
  }
  return merges
}

/** Replaces the pair in a word from left to right; pairs that arise are noted in `changed`. */
function mergeInWord(
  word: Word,
  at: number,
  left: number,
  right: number,
  made: number,
  counts: PairCounts,
  changed: Set<number>,
): void {
  const { ids, count } = word
  let to = 0
  for (let i = 0; i < word.length; i++) {
    if (ids[i] !== left || i + 1 === word.length || ids[i + 1] !== right) {
      ids[to++] = ids[i]
      continue
    }
    if (to > 0) {
      counts.add(ids[to - 1], left, -count, at)
      changed.add(counts.add(ids[to - 1], made, count, at))
    }
    counts.add(left, right, -count, at)
    if (i + 2 < word.length) {
      counts.add(right, ids[i + 2], -count, at)
      changed.add(counts.add(made, ids[i + 2], count, at))
    }
    ids[to++] = made
    i++
  }
  word.length = to
}

/** How often each pair stands, and in which words it may. */
class PairCounts {
  private readonly counts = new Map<number, number>()
  private readonly places = new Map<number, Set<number>>()

  add(left: number, right: number, count: number, word: number): number {
    const key = pairKey(left, right)
    this.counts.set(key, (this.counts.get(key) ?? 0) + count)
    if (count < 0) return key
    const places = this.places.get(key)
    if (places === undefined) this.places.set(key, new Set([word]))
    else places.add(word)
    return key
  }

  of(left: number, right: number): number {
    return this.counts.get(pairKey(left, right)) ?? 0
  }

  candidate(key: number): Candidate {
    return {
      count: this.counts.get(key) ?? 0,
      left: Math.floor(key / 1048576),
      right: key % 1048576,
    }
  }

  *all(): Generator<Candidate> {
    for (const key of this.counts.keys()) yield this.candidate(key)
  }

  /** The words of a pair that is merged: it will stand nowhere any more. */
  takePlaces(left: number, right: number): ReadonlySet<number> {
    const key = pairKey(left, right)
    const places = this.places.get(key) ?? new Set()
    this.places.delete(key)
    return places
  }
}
