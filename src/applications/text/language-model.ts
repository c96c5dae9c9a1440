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
   * The same for texts that grow: asked again for contexts that go on from those before, it reads what is new. One for
   * each text, or for each search. Absent where it would save nothing.
   */
  reader?(): NextTokens
  /**
   * Natural logarithms of p(ids[i] given those before) for i from `from` (at least 1) to the end.
   */
  score(ids: Int32Array, from?: number): Float64Array | Promise<Float64Array>
}

/** What generation takes: a model, or a function from contexts to logits. */
export type TokenSource = NextTokens | Pick<LanguageModel, 'next' | 'reader'>

/** For one text that grows, or for some that grow together. */
export function readerOf(source: TokenSource): NextTokens {
  if (typeof source === 'function') return source
  return source.reader?.() ?? (contexts => source.next(contexts))
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
