// What was worked out for a column's list of categories, kept while that list lives: batches of one
// table share it, so that the work is done once and not once a batch.

export class DictionaryCache<T> {
  private readonly kept = new WeakMap<readonly string[], { size: number; value: T }>()

  /** The value for these categories; made anew when the list has grown. */
  for(categories: readonly string[], make: () => T): T {
    const held = this.kept.get(categories)
    if (held !== undefined && held.size === categories.length) return held.value
    const value = make()
    this.kept.set(categories, { size: categories.length, value })
    return value
  }
}
