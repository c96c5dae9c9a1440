// How well a model of language knows a text: bits, perplexity, and the tokens it least expected.

import { AthanorError } from '../../base/errors.js'
import type { LanguageModel } from './language-model.js'

/** What a text cost. */
export interface TextMeasures {
  /** Tokens that were predicted. */
  readonly tokens: number
  readonly characters: number
  /** Σ −log2 p. */
  readonly bits: number
  /** 2^(bits ÷ tokens): as if each token were one of so many, all equally likely. Depends on the tokenizer. */
  readonly perplexity: number
  /** bits ÷ characters: comparable between tokenizers. */
  readonly bitsPerCharacter: number
}

/** A token that was hardly expected. */
export interface SurprisingToken {
  /** Its place in the ids. */
  readonly at: number
  readonly bits: number
}

/**
 * Measures a model on ids[from …], with those before as context; the very first token is never predicted.
 *
 * @param characters how many characters of text those tokens stand for
 * @throws AthanorError DATA where there is no token to predict.
 * @example
 * ```ts
 * const ids = Int32Array.of(4, 5, 4, 5, 4)
 * const model = new NgramModel({ size: 6, order: 1 }).train(ids)
 * const { tokens, perplexity } = await measureText(model, ids, 4)
 * tokens // 4
 * ```
 */
export async function measureText(
  model: Pick<LanguageModel, 'score'>,
  ids: Int32Array,
  characters: number,
  from = 1,
): Promise<TextMeasures> {
  requireSome(ids, from)
  return measuresOf(await model.score(ids, from), characters)
}

/** The same from logarithms of probabilities. */
export function measuresOf(scores: Float64Array, characters: number): TextMeasures {
  let bits = 0
  for (const score of scores) bits -= score / Math.LN2
  return {
    tokens: scores.length,
    characters,
    bits,
    perplexity: 2 ** (bits / scores.length),
    bitsPerCharacter: bits / characters,
  }
}

/** The `most` least expected tokens of ids[from …], the strangest first. */
export function mostSurprising(
  scores: Float64Array,
  from: number,
  most: number,
): SurprisingToken[] {
  return Array.from(scores, (score, i) => ({ at: from + i, bits: -score / Math.LN2 }))
    .sort((a, b) => b.bits - a.bits || a.at - b.at)
    .slice(0, most)
}

function requireSome(ids: Int32Array, from: number): void {
  if (from >= 1 && from < ids.length) return
  throw new AthanorError('DATA', {
    operation: 'measuring a text',
    expected: 'a token to predict, and one before it',
    received: `${ids.length} tokens, of which those from ${from} were asked for`,
  })
}
