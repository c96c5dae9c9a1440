// Which of many things are frequent enough to be kept: categories of a column, words of a vocabulary.

export interface FrequencyRule {
  /** Occurrences that one must have. */
  readonly minCount: number
  /** Kept at most, the most frequent ones. */
  readonly maxKept: number
  /** Of equally frequent ones at the limit, those that come first or last in order. */
  readonly ties: 'first' | 'last'
}

/** 1 for each that is kept. */
export function frequentOnes(counts: ArrayLike<number>, rule: FrequencyRule): Uint8Array {
  const { minCount, maxKept, ties } = rule
  const kept = Uint8Array.from(counts, count => (count >= minCount ? 1 : 0))
  const enough = Array.from(kept.keys()).filter(i => kept[i] === 1)
  if (enough.length <= maxKept) return kept
  const sign = ties === 'first' ? 1 : -1
  const ordered = enough.sort((a, b) => counts[b] - counts[a] || sign * (a - b))
  for (const i of ordered.slice(maxKept)) kept[i] = 0
  return kept
}
