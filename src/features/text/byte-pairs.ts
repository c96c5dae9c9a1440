// Byte-level byte-pair encoding: the alphabet is the 256 bytes of UTF-8, so that no text is ever unknown
// (Sennrich et al. 2016; bytes as in Radford et al. 2019, GPT-2).

import type { JsonReader } from '../../base/json-reader.js'
import { OptionTable } from '../../base/options.js'
import { wholeNumber } from '../../base/value-kinds.js'
import { applyMerges } from './apply-merges.js'
import { byteIds, forEachPiece } from './byte-pieces.js'
import { learnMerges } from './learn-merges.js'
import { MergeList, mostMerges, pairKey } from './merge-list.js'
import { specialCount, specialTokens } from './special-tokens.js'
import { type DecodingStream, Tokenizer } from './tokenizer.js'

/** Options of `BytePairTokenizer`. */
export interface BytePairTokenizerOptions {
  /** Merges to learn; the vocabulary has 260 tokens more: 4 special ones and 256 bytes. Default: 1000. */
  readonly merges?: number
  /** A pair that occurs less often is not merged. Default: 2. */
  readonly minimumFrequency?: number
}

/** @internal */
export const bytePairOptions = new OptionTable<BytePairTokenizerOptions>({
  merges: wholeNumber({ min: 0, max: mostMerges }),
  minimumFrequency: wholeNumber({ min: 1 }),
})

/** Pieces whose tokens are remembered. */
const cacheLimit = 65_536

/** Units of the longest piece that is remembered. */
const longestCached = 64

/**
 * Byte-level byte pairs: bytes that often stand together become one token, and those again, within words
 * (a word has the space before it). Any text can be encoded and comes back as it was; a lone half of a
 * surrogate pair, which is no text, comes back as U+FFFD. The same texts give the same merges: the most
 * frequent pair first, of equals the one with the smaller ids.
 *
 * @throws AthanorError ARGUMENT for a wrong option.
 * @example
 * ```ts
 * const tokenizer = new BytePairTokenizer({ merges: 3 }).train(['low lower lowest'])
 * tokenizer.encode('low').length // 1
 * tokenizer.decode(tokenizer.encode('über 你好')) // 'über 你好'
 * ```
 */
export class BytePairTokenizer extends Tokenizer {
  readonly kind = 'bpe'
  private readonly most: number
  private readonly minimumFrequency: number
  private merges = new MergeList()
  private readonly cache = new Map<string, Int32Array>()

  constructor(options?: BytePairTokenizerOptions) {
    super()
    const checked = bytePairOptions.check('BytePairTokenizer', options)
    this.most = checked.merges ?? 1000
    this.minimumFrequency = checked.minimumFrequency ?? 2
  }

  get size(): number {
    return this.merges.size
  }

  protected learn(texts: Iterable<string>): void {
    const pieces = new Map<string, number>()
    for (const text of texts)
      forEachPiece(text, piece => pieces.set(piece, (pieces.get(piece) ?? 0) + 1))
    this.merges = learnMerges(pieces, this.most, this.minimumFrequency)
    this.cache.clear()
  }

  protected append(text: string, into: number[]): void {
    forEachPiece(text, piece => {
      const ids = this.idsOf(piece)
      for (let i = 0; i < ids.length; i++) into.push(ids[i])
    })
  }

  private idsOf(piece: string): Int32Array {
    const known = this.cache.get(piece)
    if (known !== undefined) return known
    const ids = applyMerges(byteIds(piece), this.merges)
    if (piece.length <= longestCached) {
      if (this.cache.size === cacheLimit) this.cache.clear()
      this.cache.set(piece, ids)
    }
    return ids
  }

  protected pieces(): DecodingStream {
    const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
    return {
      push: id => {
        if (id >= specialCount) return utf8.decode(this.merges.bytes(id), { stream: true })
        return id === specialTokens.unknown ? `${utf8.decode()}\ufffd` : ''
      },
      end: () => utf8.decode(),
    }
  }

  toJSON() {
    this.requireTrained('toJSON')
    return { kind: this.kind, merges: this.merges.pairs }
  }

  /** @internal */
  static fromJSON(json: JsonReader): BytePairTokenizer {
    const tokenizer = new BytePairTokenizer()
    const { merges } = tokenizer
    for (const item of json.only('kind', 'merges').get('merges').items(0, mostMerges)) {
      const [left, right] = item.items(2, 2).map(id => id.integer(specialCount, merges.size - 1))
      if (merges.byPair.has(pairKey(left, right))) item.fail('each merge once', 'one twice')
      if (!merges.allows(left, right)) item.fail('tokens of at most 128 bytes', 'a longer one')
      merges.add(left, right)
    }
    return tokenizer.restored()
  }
}
