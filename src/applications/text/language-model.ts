// What a model of language is to those who generate with it or measure it: a network, counts, or any function.

/** One vector of logits (or of log probabilities) over the vocabulary for each context, in order. */
export type NextTokens = (
  contexts: readonly Int32Array[],
) => readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>

/** A model of language. */
export interface LanguageModel {
  /** Ids are below this. */
  readonly size: number
  readonly next: NextTokens
  /**
   * Natural logarithms of p(ids[i] given those before) for i from `from` (at least 1) to the end.
   */
  score(ids: Int32Array, from?: number): Float64Array | Promise<Float64Array>
}

export function nextOf(source: NextTokens | Pick<LanguageModel, 'next'>): NextTokens {
  return typeof source === 'function' ? source : contexts => source.next(contexts)
}

/** log Σ exp, shifted by the largest. */
export function logSumExp(values: ArrayLike<number>): number {
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) if (values[i] > high) high = values[i]
  if (!Number.isFinite(high)) return high
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i] - high)
  return high + Math.log(sum)
}
