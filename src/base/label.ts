// Class labels: numbers, texts or booleans, of one kind in one column.

/** What a class is called. */
export type Label = number | string | boolean

/** A column of labels. */
export type Labels = ArrayLike<number> | readonly Label[]

/** Numbers by size, texts by their code units, false before true. */
export function compareLabels(a: Label, b: Label): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The distinct labels, ascending. */
export function distinctLabels(labels: Labels): Label[] {
  const seen = new Set<Label>()
  for (let i = 0; i < labels.length; i++) seen.add(labels[i])
  return [...seen].sort(compareLabels)
}
