// The name somebody probably meant: least edit distance with swaps of neighbours
// (optimal string alignment; Damerau, CACM 1964).

/**
 * The candidate nearest to `name`, or undefined when none is near (more than a third of its length
 * away, at least 1). Case, spaces, `_` and `-` don't count.
 *
 * @example
 * ```ts
 * nearestName('chrun', ['plan', 'churn']) // 'churn'
 * ```
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(name)
  let best: string | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const other = plain(candidate)
    const limit = Math.max(1, Math.floor(Math.max(wanted.length, other.length) / 3))
    if (Math.abs(other.length - wanted.length) > limit) continue
    const distance = editDistance(wanted, other)
    if (distance <= limit && distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** "Did you mean 'churn'?" or, when no name is near, the first names there are. */
export function suggestName(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates)
  if (nearest !== undefined) return `Did you mean '${nearest}'?`
  const shown = candidates
    .slice(0, 12)
    .map(candidate => `'${candidate}'`)
    .join(', ')
  return `There are: ${shown}${candidates.length > 12 ? `, … (${candidates.length} in all)` : ''}`
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '')
}

function editDistance(a: string, b: string): number {
  let previous: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, previous[j - 2] + 1)
      next.push(least)
    }
    previous = row
    row = next
  }
  return row[b.length]
}
