// What every tokenizer is: trained on texts, from text to ids and back, saved as JSON.

import { AthanorError, argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { trueOrFalse, valueWords } from '../../base/value-kinds.js'
import type { TokenizerKind } from './kinds.js'
import { specialCount, specialTokens } from './special-tokens.js'

/** Options of `encode`. */
export interface EncodeOptions {
  /** Whether the token `begin` stands first. Default: false. */
  readonly begin?: boolean
  /** Whether the token `end` stands last. Default: false. */
  readonly end?: boolean
}

/** @internal */
export const encodeOptions = new OptionTable<EncodeOptions>({
  begin: trueOrFalse,
  end: trueOrFalse,
})

/** Ids to text piece by piece: a character may be spread over several tokens. */
export interface DecodingStream {
  /** The text that is certain once this token is known; often none. Special tokens give none. */
  push(id: number): string
  /** What is left at the end. */
  end(): string
}

/**
 * The base of tokenizers. `train` learns the vocabulary, `encode` and `decode` translate. The ids of
 * `specialTokens` are the same for all.
 *
 * @example
 * ```ts
 * const tokenizer: Tokenizer = new CharacterTokenizer().train(['abc'])
 * tokenizer.size // 7
 * ```
 */
export abstract class Tokenizer {
  abstract readonly kind: TokenizerKind
  private isTrained = false

  /** Ids are below this: special tokens and those of the vocabulary. */
  abstract get size(): number

  /**
   * Learns the vocabulary from texts; what was learned before is forgotten.
   *
   * @throws AthanorError ARGUMENT for anything but texts.
   */
  train(texts: Iterable<string>): this {
    const operation = `${this.kind} tokenizer: train`
    if (typeof texts === 'string' || typeof texts?.[Symbol.iterator] !== 'function')
      throw argumentError(
        operation,
        'a list of texts',
        valueWords(texts),
        'Put a single text in a list',
      )
    this.learn(checkedTexts(operation, texts))
    this.isTrained = true
    return this
  }

  /**
   * The ids of a text. What the vocabulary lacks becomes `unknown`.
   *
   * @throws AthanorError STATE before `train`; ARGUMENT for anything but a text.
   */
  encode(text: string, options?: EncodeOptions): Int32Array {
    const operation = `${this.kind} tokenizer: encode`
    const { begin = false, end = false } = encodeOptions.check(operation, options)
    this.requireTrained('encode')
    if (typeof text !== 'string') throw argumentError(operation, 'a text', valueWords(text))
    const ids: number[] = begin ? [specialTokens.begin] : []
    this.append(text, ids)
    if (end) ids.push(specialTokens.end)
    return Int32Array.from(ids)
  }

  /**
   * The text of some ids. Special tokens give no text, except `unknown`: U+FFFD.
   *
   * @throws AthanorError INDEX for an id that there is not.
   */
  decode(ids: Iterable<number>): string {
    const stream = this.decoder()
    let text = ''
    for (const id of ids) text += stream.push(id)
    return text + stream.end()
  }

  /** Decodes ids as they come. */
  decoder(): DecodingStream {
    this.requireTrained('decode')
    const stream = this.pieces()
    return {
      push: id => {
        if (!Number.isInteger(id) || id < 0 || id >= this.size)
          throw new AthanorError('INDEX', {
            operation: `${this.kind} tokenizer: decode`,
            expected: `ids from 0 to ${this.size - 1}`,
            received: String(id),
          })
        return stream.push(id)
      },
      end: () => stream.end(),
    }
  }

  /** A token as people read it, special ones by name: for reports. */
  tokenText(id: number): string {
    if (id < specialCount) return `<${Object.keys(specialTokens)[id]}>`
    return this.decode([id])
  }

  /** What `tokenizerFromJSON` reads. */
  abstract toJSON(): Readonly<Record<string, unknown>>

  protected abstract learn(texts: Iterable<string>): void
  protected abstract append(text: string, ids: number[]): void
  protected abstract pieces(): DecodingStream

  /** @internal A vocabulary read from a file counts as trained. */
  protected restored(): this {
    this.isTrained = true
    return this
  }

  protected requireTrained(what: string): void {
    if (this.isTrained) return
    throw new AthanorError('STATE', {
      operation: `${this.kind} tokenizer: ${what}`,
      expected: 'a trained tokenizer',
      received: 'one without a vocabulary',
      fix: 'Call train(texts) first',
    })
  }
}

function* checkedTexts(operation: string, texts: Iterable<string>): Generator<string> {
  let i = 0
  for (const text of texts) {
    if (typeof text !== 'string')
      throw argumentError(operation, 'a list of texts', `${valueWords(text)} at ${i}`)
    i++
    yield text
  }
}
