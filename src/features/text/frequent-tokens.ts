// A vocabulary by frequency, the same on every machine: the most frequent first, of equals the one that
// sorts first by its UTF-16 units.

export interface FrequencyLimits {
  /** Rarer tokens are left out. */
  readonly minimum: number
  /** At most so many are kept. */
  readonly most: number
}

export function frequentTokens(
  counts: ReadonlyMap<string, number>,
  { minimum, most }: FrequencyLimits,
): string[] {
  return [...counts]
    .filter(([, count]) => count >= minimum)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([token]) => token)
}
