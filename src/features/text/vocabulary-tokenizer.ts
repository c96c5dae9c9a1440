// What tokenizers with a list of tokens have in common: counting, ids, JSON.

import type { JsonReader } from '../../base/json-reader.js'
import { frequentTokens } from './frequent-tokens.js'
import { specialCount, specialTokens } from './special-tokens.js'
import { Tokenizer } from './tokenizer.js'

/** The largest vocabulary, special tokens left out. */
export const mostTokens = 1_000_000

/** In UTF-16 units; a longer one of a text is unknown. */
const longestToken = 1000

export abstract class VocabularyTokenizer extends Tokenizer {
  protected tokens: readonly string[] = []
  private ids: ReadonlyMap<string, number> = new Map()

  get size(): number {
    return specialCount + this.tokens.length
  }

  protected abstract readonly minimumFrequency: number
  protected abstract readonly maximumVocabulary: number
  /** Calls `each` with every token of the text, in order. */
  protected abstract cut(text: string, each: (token: string) => void): void

  protected learn(texts: Iterable<string>): void {
    const counts = new Map<string, number>()
    for (const text of texts)
      this.cut(text, token => {
        if (token.length <= longestToken) counts.set(token, (counts.get(token) ?? 0) + 1)
      })
    this.keep(
      frequentTokens(counts, { minimum: this.minimumFrequency, most: this.maximumVocabulary }),
    )
  }

  protected append(text: string, into: number[]): void {
    this.cut(text, token => into.push(this.ids.get(token) ?? specialTokens.unknown))
  }

  protected keep(tokens: readonly string[]): this {
    this.tokens = tokens
    this.ids = new Map(tokens.map((token, i) => [token, specialCount + i]))
    return this
  }

  /** The token's text; undefined for special tokens. */
  protected textOf(id: number): string | undefined {
    return this.tokens[id - specialCount]
  }

  /** Whether `cut` could make it. */
  protected abstract isToken(token: string): boolean

  /** The tokens of a file: each once, each possible. */
  protected restoreTokens(json: JsonReader): this {
    const reader = json.get('tokens')
    const tokens = reader.distinctStrings(0, mostTokens)
    const wrong = tokens.findIndex(token => token.length > longestToken || !this.isToken(token))
    if (wrong >= 0) reader.items(0, mostTokens)[wrong].fail(`a token of ${this.kind}`)
    return this.keep(tokens).restored()
  }
}
