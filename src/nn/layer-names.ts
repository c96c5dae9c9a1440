// Names of layers and inputs that are given none: numbered through the process, as Keras does.

let counts = new Map<string, number>()

/** How many there were before, counting this one. */
function next(base: string): number {
  const before = counts.get(base) ?? 0
  counts.set(base, before + 1)
  return before
}

/** `LayerNormalization` → `layer_normalization`, `Conv2D` → `conv2d`, as Keras does. */
export function plainName(className: string): string {
  return className
    .replace(/(?<=.)(?=[A-Z][a-z0-9]+)/g, '_')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase()
}

/** `conv2d`, then `conv2d_1`, … */
export function numberedName(className: string): string {
  const base = plainName(className)
  const before = next(base)
  return before === 0 ? base : `${base}_${before}`
}

/** `input_1`, `input_2`, … */
export function numberedInput(): string {
  return `input_${next('input') + 1}`
}

/** What `build` makes has the names that it would have in a process of its own. */
export function namedAnew<T>(build: () => T): T {
  const outside = counts
  counts = new Map()
  try {
    return build()
  } finally {
    counts = outside
  }
}
