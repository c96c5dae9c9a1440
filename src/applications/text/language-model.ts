// What a model of language is to those who generate with it or measure it: a network, counts, or any function.

/** One vector of logits (or of log probabilities) over the vocabulary for each context, in order. */
export type NextTokens = (
  contexts: readonly Int32Array[],
) => readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>

/**
 * Reads texts that grow: asked again for contexts that go on from those before, it reads what is new. For weights that
 * change, take another.
 */
export interface ContextReader {
  /** One call after the other. */
  readonly next: NextTokens
  /** Hands back what it holds, for the next text. */
  close(): void
}

/** A model of language. */
export interface LanguageModel {
  /** Ids are below this. */
  readonly size: number
  readonly next: NextTokens
  /** For texts that grow: absent where it would save nothing. */
  reader?(): ContextReader
  /**
   * Natural logarithms of p(ids[i] given those before) for i from `from` (at least 1) to the end.
   */
  score(ids: Int32Array, from?: number): Float64Array | Promise<Float64Array>
}

/** What generation takes: a model, or a function from contexts to logits. */
export type TokenSource = NextTokens | Pick<LanguageModel, 'next' | 'reader'>

/** For one text that grows, or for some that grow together. */
export function readerOf(source: TokenSource): ContextReader {
  const next: NextTokens = typeof source === 'function' ? source : contexts => source.next(contexts)
  const reader = typeof source === 'function' ? undefined : source.reader?.()
  return reader ?? { next, close: () => {} }
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
