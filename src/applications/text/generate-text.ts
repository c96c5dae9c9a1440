// Text from a model of language and its tokenizer, as it comes.

import { argumentError } from '../../base/errors.js'
import { type OptionRows, OptionTable } from '../../base/options.js'
import { listOf, someText, tested, valueWords } from '../../base/value-kinds.js'
import { specialTokens, type Tokenizer } from '../../features/text/index.js'
import { type GenerateOptions, generateOptions, generateTokens } from './generate-tokens.js'
import type { LanguageModel } from './language-model.js'

/** Options of `generateText`. */
export interface GenerateTextOptions
  extends Pick<
    GenerateOptions,
    'length' | 'temperature' | 'topK' | 'topP' | 'repetitionPenalty' | 'seed'
  > {
  /** What is to be continued. Default: empty, as at the beginning of a line. */
  readonly prompt?: string
  /** Texts at which to end; they are not handed out. Default: none. */
  readonly stop?: readonly string[]
}

const { length, temperature, topK, topP, repetitionPenalty, seed } = generateOptions.rows

export const generateTextRows: OptionRows<GenerateTextOptions> = {
  length,
  temperature,
  topK,
  topP,
  repetitionPenalty,
  seed,
  prompt: tested('a text', value => typeof value === 'string', [0, null, []]),
  stop: listOf(someText),
}

/** @internal */
export const generateTextOptions = new OptionTable<GenerateTextOptions>(generateTextRows)

/** Tokens that no text is made of. */
const neverGenerated = [specialTokens.pad, specialTokens.unknown, specialTokens.begin]

/**
 * The ids that generation begins with. An empty prompt begins as a line does, where the tokenizer knows line
 * breaks, and otherwise with the token `begin`. What the vocabulary lacks becomes `unknown`.
 */
export function promptIds(tokenizer: Tokenizer, prompt: string): Int32Array {
  const ids = tokenizer.encode(prompt)
  if (ids.length > 0) return ids
  const line = tokenizer.encode('\n')
  const known = line.length > 0 && !line.includes(specialTokens.unknown)
  return known ? line : Int32Array.of(specialTokens.begin)
}

/**
 * Continues a prompt and hands out the text in pieces, as soon as each is certain (without the prompt). Ends
 * after `length` tokens, at the token `end`, or at one of the texts in `stop`.
 *
 * @throws AthanorError ARGUMENT for a wrong option.
 * @example
 * ```ts
 * const tokenizer = new CharacterTokenizer().train(['abcabcabc'])
 * const counts = new NgramModel({ size: tokenizer.size, order: 3 }).train(tokenizer.encode('abcabcabc'))
 * let text = ''
 * for await (const piece of generateText(counts, tokenizer, { prompt: 'ab', length: 4, temperature: 0 }))
 *   text += piece
 * text // 'cabc'
 * ```
 */
export async function* generateText(
  model: Pick<LanguageModel, 'next' | 'reader'>,
  tokenizer: Tokenizer,
  options?: GenerateTextOptions,
): AsyncGenerator<string, void, void> {
  const checked = generateTextOptions.check('generateText', options)
  if (typeof tokenizer?.encode !== 'function')
    throw argumentError('generateText', 'a tokenizer', valueWords(tokenizer))
  const { prompt = '', stop = [], ...sampling } = checked
  const ids = promptIds(tokenizer, prompt)
  const decoder = tokenizer.decoder()
  // What the prompt's last tokens leave open belongs to the text; what they give is the prompt itself.
  for (const id of ids) decoder.push(id)
  const held = new HeldText(stop)
  const rules = { ...sampling, avoid: neverGenerated, stop: [specialTokens.end] }
  for await (const id of generateTokens(model, ids, rules)) {
    const piece = held.push(decoder.push(id))
    if (piece !== '') yield piece
    if (held.ended) return
  }
  const rest = held.push(decoder.end()) + held.end()
  if (rest !== '') yield rest
}

/** Text that may be the beginning of a stop is held back. */
class HeldText {
  private held = ''
  ended = false

  constructor(private readonly stop: readonly string[]) {}

  push(text: string): string {
    if (this.ended) return ''
    this.held += text
    const found = this.stop.map(stop => this.held.indexOf(stop)).filter(at => at >= 0)
    if (found.length > 0) {
      this.ended = true
      return this.held.slice(0, Math.min(...found))
    }
    let keep = 0
    for (const stop of this.stop)
      for (let n = Math.min(stop.length - 1, this.held.length); n > keep; n--)
        if (this.held.endsWith(stop.slice(0, n))) keep = n
    const certain = this.held.slice(0, this.held.length - keep)
    this.held = this.held.slice(this.held.length - keep)
    return certain
  }

  end(): string {
    return this.ended ? '' : this.held
  }
}
