// Tokens one after the other from a model of language.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { Random } from '../../base/philox.js'
import { listOf, wholeNumber } from '../../base/value-kinds.js'
import { readerOf, type TokenSource } from './language-model.js'
import { draw, nextProbabilities, type SamplingOptions, samplingRows } from './sampling.js'

/** Options of `generateTokens`. */
export interface GenerateOptions extends SamplingOptions {
  /** Tokens to generate at most. Default: 200. */
  readonly length?: number
  /** Tokens at which to end; they are not handed out. Default: none. */
  readonly stop?: readonly number[]
  /** The same seed gives the same tokens. Default: 0. */
  readonly seed?: number
}

/** @internal */
export const generateOptions = new OptionTable<GenerateOptions>({
  ...samplingRows,
  length: wholeNumber({ min: 0 }),
  stop: listOf(wholeNumber({ min: 0 })),
  seed: wholeNumber({ min: 0 }),
})

/**
 * Hands out tokens as they are drawn. A model that has a `reader` reads each token once; a function gets the whole
 * context each time. To stop early, leave the loop.
 *
 * @param source a model, or a function from contexts to logits
 * @throws AthanorError ARGUMENT for a wrong option; DATA for logits that are not numbers.
 * @example
 * ```ts
 * const count: NextTokens = contexts =>
 *   contexts.map(context => [0, 1, 2, 3].map(id => (id === (context.at(-1)! + 1) % 4 ? 5 : 0)))
 * const tokens: number[] = []
 * for await (const id of generateTokens(count, [1], { length: 4, temperature: 0 })) tokens.push(id)
 * tokens // [2, 3, 0, 1]
 * ```
 */
export async function* generateTokens(
  source: TokenSource,
  prompt: ArrayLike<number>,
  options?: GenerateOptions,
): AsyncGenerator<number, void, void> {
  const checked = generateOptions.check('generateTokens', options)
  const { length = 200, stop = [], seed = 0, ...sampling } = checked
  const reader = readerOf(source)
  const random = new Random(seed)
  const tokens = Array.from(prompt)
  try {
    for (let i = 0; i < length; i++) {
      const [logits] = await reader.next([Int32Array.from(tokens)])
      if (logits === undefined)
        throw argumentError('generateTokens', 'logits for each context', 'none')
      const id = draw(nextProbabilities(logits, tokens, sampling), random)
      if (stop.includes(id)) return
      tokens.push(id)
      yield id
    }
  } finally {
    reader.close()
  }
}
