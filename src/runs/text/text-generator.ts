// A trained language model: text in, more text out, and how well it knows a text. Runs in Node and in a browser.

import {
  type GenerateTextOptions,
  generateText,
  type LanguageModel,
  measureText,
  NetLanguageModel,
  promptIds,
  type TextMeasures,
} from '../../applications/text/index.js'
import { AthanorError } from '../../base/errors.js'
import { JsonReader } from '../../base/json-reader.js'
import { specialTokens, type Tokenizer, tokenizerFromJSON } from '../../features/text/index.js'
import type { Json } from '../../modelfile/index.js'
import type { Model } from '../../train/model.js'

const formatVersion = 1

/** A language model with its tokenizer, as a run of a language model leaves it. */
export class TextGenerator {
  readonly language: LanguageModel

  constructor(
    readonly net: Model,
    readonly tokenizer: Tokenizer,
    /** Tokens that the net sees at once. */
    readonly context: number,
  ) {
    this.language = new NetLanguageModel(net.module, { size: tokenizer.size, context })
  }

  /**
   * Continues a prompt; pieces of text as they come. Of a prompt longer than `context` the end counts, characters
   * that the vocabulary lacks are unknown to the model.
   *
   * @throws AthanorError ARGUMENT for a wrong option.
   * @example
   * ```ts
   * const model = await loadModel(run.path)
   * for await (const piece of model.generate({ prompt: 'The whale', temperature: 0.8 })) console.log(piece)
   * ```
   */
  generate(options?: GenerateTextOptions): AsyncGenerator<string, void, void> {
    return generateText(this.language, this.tokenizer, options)
  }

  /** The whole text at once, without the prompt. */
  async generateAll(options?: GenerateTextOptions): Promise<string> {
    let text = ''
    for await (const piece of this.generate(options)) text += piece
    return text
  }

  /** Characters of a prompt that the vocabulary lacks, each once. */
  unknownIn(prompt: string): string[] {
    return [...new Set(prompt)].filter(character =>
      this.tokenizer.encode(character).includes(specialTokens.unknown),
    )
  }

  /**
   * How well the model knows a text: perplexity, bits per character.
   *
   * @throws AthanorError DATA for a text of fewer than two tokens.
   */
  measure(text: string): Promise<TextMeasures> {
    const ids = this.tokenizer.encode(text)
    return measureText(this.language, ids, [...text].length)
  }

  /** Tokens that generation would begin with. */
  promptLength(prompt: string): number {
    return promptIds(this.tokenizer, prompt).length
  }

  /** The model file. */
  toBytes(): Uint8Array {
    const { context, tokenizer } = this
    return this.net.toBytes({
      extra: {
        languageModel: {
          format: formatVersion,
          context,
          tokenizer: tokenizer.toJSON() as unknown as Json,
        },
      },
    })
  }

  /** The language model in a net that was read from a file; undefined where there is none. */
  static fromNet(net: Model, source: string): TextGenerator | undefined {
    if (!Object.hasOwn(net.extra, 'languageModel')) return undefined
    const reader = new JsonReader(source, net.extra.languageModel).only(
      'format',
      'context',
      'tokenizer',
    )
    reader.get('format').integer(1, formatVersion)
    const context = reader.get('context').integer(1, 1_000_000)
    const tokenizer = tokenizerFromJSON(reader.get('tokenizer'))
    const [embedding, last] = [net.parameters()[0], net.parameters().at(-1)]
    if (embedding?.shape[0] !== tokenizer.size || last?.shape.at(-1) !== tokenizer.size)
      throw new AthanorError('FORMAT', {
        operation: `reading ${source}`,
        expected: `a net of ${tokenizer.size} tokens`,
        received: `one from ${embedding?.shape[0]} to ${last?.shape.at(-1)}`,
        fix: 'The file was altered; use another copy',
      })
    return new TextGenerator(net, tokenizer, context)
  }
}
