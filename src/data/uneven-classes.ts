// Classes of very different size, which a model may do without learning the small ones.

/** The largest class has this many times the rows of the smallest. */
const uneven = 10

/** The largest and the smallest class, where one is ten times the other; undefined where all are alike. */
export function unevenClasses(counts: Iterable<readonly [name: string, rows: number]>) {
  const ordered = [...counts].sort((a, b) => b[1] - a[1])
  const [largest, most] = ordered[0]
  const [smallest, least] = ordered[ordered.length - 1]
  return most >= uneven * least ? { largest, most, smallest, least } : undefined
}
