// The merges of a vocabulary applied to one piece: the earliest learned first, of several places the leftmost.
// A linked list and a heap of places, so that a piece of any length takes n log n.

import { Heap } from './heap.js'
import { type MergeList, pairKey } from './merge-list.js'

interface Place {
  readonly rank: number
  readonly at: number
  readonly left: number
  readonly right: number
}

const before = (a: Place, b: Place): boolean => (a.rank !== b.rank ? a.rank < b.rank : a.at < b.at)

export function applyMerges(ids: Int32Array, { byPair }: MergeList): Int32Array {
  const { length } = ids
  const next = new Int32Array(length)
  const previous = new Int32Array(length)
  for (let i = 0; i < length; i++) {
    next[i] = i + 1
    previous[i] = i - 1
  }
  const places = new Heap<Place>(before)
  const consider = (at: number) => {
    const after = next[at]
    if (at < 0 || after >= length) return
    const merge = byPair.get(pairKey(ids[at], ids[after]))
    if (merge !== undefined) places.push({ rank: merge.rank, at, left: ids[at], right: ids[after] })
  }
  for (let i = 0; i + 1 < length; i++) consider(i)
  let left = length
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { at } = place
    const after = next[at]
    // A place that an earlier merge has changed.
    if (ids[at] !== place.left || after >= length || ids[after] !== place.right) continue
    ids[at] = byPair.get(pairKey(place.left, place.right))!.id
    ids[after] = -1
    next[at] = next[after]
    if (next[at] < length) previous[next[at]] = at
    left--
    if (previous[at] >= 0) consider(previous[at])
    consider(at)
  }
  if (left === length) return ids
  const result = new Int32Array(left)
  for (let at = 0, to = 0; at < length; at = next[at]) result[to++] = ids[at]
  return result
}
