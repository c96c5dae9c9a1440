// Characters as tokens: Unicode code points, the most frequent first.

import type { JsonReader } from '../../base/json-reader.js'
import { OptionTable } from '../../base/options.js'
import { wholeNumber } from '../../base/value-kinds.js'
import { specialTokens } from './special-tokens.js'
import type { DecodingStream } from './tokenizer.js'
import { mostTokens, VocabularyTokenizer } from './vocabulary-tokenizer.js'

/** Options of `CharacterTokenizer`. */
export interface CharacterTokenizerOptions {
  /** Characters that occur less often are unknown. Default: 1. */
  readonly minimumFrequency?: number
  /** At most so many characters, special tokens not counted. Default: 1,000,000. */
  readonly maximumVocabulary?: number
}

/** @internal */
export const characterOptions = new OptionTable<CharacterTokenizerOptions>({
  minimumFrequency: wholeNumber({ min: 1 }),
  maximumVocabulary: wholeNumber({ min: 1, max: mostTokens }),
})

/**
 * Each character (Unicode code point) is a token, white space and capitals included, so that what the
 * vocabulary knows comes back as it was.
 *
 * @throws AthanorError ARGUMENT for a wrong option.
 * @example
 * ```ts
 * const tokenizer = new CharacterTokenizer().train(['banana'])
 * tokenizer.encode('nab') // Int32Array [5, 4, 6]
 * tokenizer.decode([6, 4, 5]) // 'ban'
 * ```
 */
export class CharacterTokenizer extends VocabularyTokenizer {
  readonly kind = 'characters'
  protected readonly minimumFrequency: number
  protected readonly maximumVocabulary: number

  constructor(options?: CharacterTokenizerOptions) {
    super()
    const checked = characterOptions.check('CharacterTokenizer', options)
    this.minimumFrequency = checked.minimumFrequency ?? 1
    this.maximumVocabulary = checked.maximumVocabulary ?? mostTokens
  }

  protected cut(text: string, each: (token: string) => void): void {
    for (const character of text) each(character)
  }

  protected isToken(token: string): boolean {
    return [...token].length === 1
  }

  protected pieces(): DecodingStream {
    return {
      push: id => (id === specialTokens.unknown ? '\ufffd' : (this.textOf(id) ?? '')),
      end: () => '',
    }
  }

  toJSON() {
    this.requireTrained('toJSON')
    return { kind: this.kind, tokens: this.tokens }
  }

  /** @internal */
  static fromJSON(json: JsonReader): CharacterTokenizer {
    return new CharacterTokenizer().restoreTokens(json.only('kind', 'tokens'))
  }
}
