// Arrays of a job that may be missing.

const none = new Float64Array(0)

/** The array, or an empty one, which stands for none. */
export function orNone(values: Float64Array | undefined): Float64Array {
  return values ?? none
}
