// Words as tokens. Letters, digits and marks that stand together are a word, each other character is a token
// of its own, a line break too; scripts without spaces are cut by the dictionary of Intl.Segmenter.

import type { JsonReader } from '../../base/json-reader.js'
import { OptionTable } from '../../base/options.js'
import { trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import { unspacedScripts } from '../text-tokens.js'
import { specialTokens } from './special-tokens.js'
import type { DecodingStream } from './tokenizer.js'
import { mostTokens, VocabularyTokenizer } from './vocabulary-tokenizer.js'

/** Options of `WordTokenizer`. */
export interface WordTokenizerOptions {
  /** Whether `The` and `the` are one word. Default: true. */
  readonly lowercase?: boolean
  /** Words that occur less often are unknown. Default: 2. */
  readonly minimumFrequency?: number
  /** At most so many words, special tokens not counted; the most frequent stay. Default: 20,000. */
  readonly maximumVocabulary?: number
}

/** @internal */
export const wordOptions = new OptionTable<WordTokenizerOptions>({
  lowercase: trueOrFalse,
  minimumFrequency: wholeNumber({ min: 1 }),
  maximumVocabulary: wholeNumber({ min: 1, max: mostTokens }),
})

const letter = `(?:(?!${unspacedScripts})[\\p{L}\\p{M}\\p{N}_])`
const pieces = new RegExp(
  `${unspacedScripts}+|${letter}+(?:['’]${letter}+)*|[^\\S\\n]*\\n\\s*|\\S`,
  'gu',
)
const unspaced = new RegExp(`^${unspacedScripts}`, 'u')
const wordLike = /^[\p{L}\p{M}\p{N}_]/u

/** Text between two line breaks is cut at once: a segmenter is asked for a few hundred characters at a time. */
let segmenter: Intl.Segmenter | undefined

function segments(run: string, each: (token: string) => void): void {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' })
  for (const { segment } of segmenter.segment(run)) each(segment)
}

/**
 * Words, punctuation apart; Chinese, Japanese and Thai words by the dictionary of `Intl.Segmenter`. Line breaks
 * are tokens (`\n`, and `\n\n` for empty lines between), other white space is not kept: `decode` puts one space
 * between words and none before a comma, after an opening bracket, around a dash or between words of scripts without spaces.
 *
 * @throws AthanorError ARGUMENT for a wrong option.
 * @example
 * ```ts
 * const tokenizer = new WordTokenizer({ minimumFrequency: 1 }).train(['The cat; the dog.'])
 * tokenizer.decode(tokenizer.encode('The dog; the cat.')) // 'the dog; the cat.'
 * ```
 */
export class WordTokenizer extends VocabularyTokenizer {
  readonly kind = 'words'
  readonly lowercase: boolean
  protected readonly minimumFrequency: number
  protected readonly maximumVocabulary: number

  constructor(options?: WordTokenizerOptions) {
    super()
    const checked = wordOptions.check('WordTokenizer', options)
    this.lowercase = checked.lowercase ?? true
    this.minimumFrequency = checked.minimumFrequency ?? 2
    this.maximumVocabulary = checked.maximumVocabulary ?? 20_000
  }

  protected cut(text: string, each: (token: string) => void): void {
    for (const [piece] of (this.lowercase ? text.toLowerCase() : text).matchAll(pieces))
      if (unspaced.test(piece)) segments(piece, each)
      else if (/\n/.test(piece))
        each(piece.indexOf('\n') === piece.lastIndexOf('\n') ? '\n' : '\n\n')
      else each(piece)
  }

  protected isToken(token: string): boolean {
    return /^(\S+|\n\n?)$/.test(token) && (!this.lowercase || token === token.toLowerCase())
  }

  protected pieces(): DecodingStream {
    let before = ''
    let quoted = false
    return {
      push: id => {
        const token = id === specialTokens.unknown ? '\ufffd' : this.textOf(id)
        if (token === undefined) return ''
        // A straight quotation mark is like a bracket: the first opens, the second closes.
        const shape = token !== '"' ? token : quoted ? '”' : '“'
        if (token === '"') quoted = !quoted
        else if (/^\n/.test(token)) quoted = false
        const text = (needsSpace(before, shape) ? ' ' : '') + token
        before = shape
        return text
      },
      end: () => '',
    }
  }

  toJSON() {
    this.requireTrained('toJSON')
    return { kind: this.kind, lowercase: this.lowercase, tokens: this.tokens }
  }

  /** @internal */
  static fromJSON(json: JsonReader): WordTokenizer {
    json.only('kind', 'lowercase', 'tokens')
    return new WordTokenizer({ lowercase: json.get('lowercase').boolean() }).restoreTokens(json)
  }
}

/** Punctuation that clings to what stands before it, and to what stands after it. */
const clingsLeft = /^[\p{Pe}\p{Pf}\p{Pd},.;:!?%…，。；：！？、]/u
const clingsRight = /^[\p{Ps}\p{Pi}\p{Pd}$#@/，。；：！？、…「」『』（）《》]/u

function needsSpace(before: string, token: string): boolean {
  if (before === '' || /^\n/.test(before) || /^\n/.test(token)) return false
  if (clingsLeft.test(token) || clingsRight.test(before)) return false
  if (unspaced.test(before) || unspaced.test(token))
    return (
      wordLike.test(before) &&
      wordLike.test(token) &&
      unspaced.test(before) !== unspaced.test(token)
    )
  return true
}
