// Text as hashed counts of words and pairs of words (Weinberger et al. 2009, "Feature hashing for
// large scale multitask learning"): log(1 + count), weighted by rarity (Spärck Jones 1972), each row
// brought to one length. No dictionary is kept, so that no word is unknown.

import type { JsonReader } from '../base/json-reader.js'
import type { CodeColumn, CodeType, Column } from '../data/column.js'
import type { ColumnEncoder, ColumnTally, FeatureWriter } from './column-encoder.js'
import { DictionaryCache } from './dictionary-cache.js'
import { type RawColumn, sameFeatures } from './raw-columns.js'
import { forEachToken, hashOf } from './text-tokens.js'

/** Length of a row's vector: with a few dozen features set, each is then of order 1. */
const rowLength = 4

export class TextFeatures implements ColumnEncoder {
  readonly outputs: readonly string[]
  private readonly cache = new DictionaryCache<(SparseText | undefined)[]>()

  constructor(
    readonly name: string,
    readonly type: CodeType,
    /** Weight of each bucket, log((1 + texts) ÷ (1 + texts with it)) + 1; the first `buckets` features. */
    private readonly weights: Float64Array,
  ) {
    this.outputs = [
      ...Array.from(weights, (_, i) => `${name} words ${i + 1}`),
      `${name} length`,
      `${name} missing`,
    ]
  }

  get treatment() {
    return { code: 'text', features: this.weights.length } as const
  }

  raw(): RawColumn {
    return sameFeatures(this)
  }

  bind(column: Column, tally: ColumnTally): FeatureWriter {
    const { codes, categories } = column as CodeColumn
    const { weights } = this
    const buckets = weights.length
    const prepared = this.cache.for(categories, () => new Array(categories.length))
    return (rowIds, from, to, out, at, width) => {
      let start = at
      for (let i = from; i < to; i++, start += width) {
        const code = codes[rowIds === undefined ? i : rowIds[i]]
        if (code < 0) {
          tally.missing++
          out[start + buckets + 1] = 1
          continue
        }
        let text = prepared[code]
        if (text === undefined) {
          text = weigh(categories[code], weights)
          if (prepared.length <= cacheLimit) prepared[code] = text
        }
        for (let k = 0; k < text.places.length; k++) out[start + text.places[k]] = text.values[k]
        out[start + buckets] = text.length
      }
    }
  }

  toJSON() {
    return { kind: 'text' as const, weights: Array.from(this.weights) }
  }

  static fromJSON(name: string, type: CodeType, json: JsonReader): TextFeatures {
    const weights = json.only('kind', 'weights').get('weights').items(1, 65_536)
    return new TextFeatures(
      name,
      type,
      Float64Array.from(weights, weight => weight.number(0, 1000)),
    )
  }
}

/** Texts kept tokenised in one table; more distinct ones are tokenised at each use. */
const cacheLimit = 200_000

interface SparseText {
  readonly places: Int32Array
  readonly values: Float32Array
  /** Logarithm of the number of characters, around 0 for a sentence. */
  readonly length: number
}

function countBuckets(text: string, buckets: number): Map<number, number> {
  const counts = new Map<number, number>()
  forEachToken(text, token => {
    const bucket = hashOf(token) % buckets
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  })
  return counts
}

function weigh(text: string, weights: Float64Array): SparseText {
  const counts = countBuckets(text, weights.length)
  const places = Int32Array.from(counts.keys())
  const raw = Float64Array.from(counts, ([bucket, count]) => Math.log1p(count) * weights[bucket])
  let squares = 0
  for (const value of raw) squares += value * value
  const scale = squares === 0 ? 0 : rowLength / Math.sqrt(squares)
  const length = (Math.log1p(text.length) - 4) / 1.5
  return { places, values: Float32Array.from(raw, value => value * scale), length }
}

/** Counts, over the training texts, in how many of them each bucket occurs. */
export class TextFrequencies {
  private readonly texts: Float64Array
  private total = 0

  constructor(readonly buckets: number) {
    this.texts = new Float64Array(buckets)
  }

  /** A text and the number of rows that hold it; beyond 100,000 distinct texts they don't count. */
  add(text: string, rows: number): void {
    if (this.seen++ >= 100_000) return
    this.total += rows
    for (const bucket of countBuckets(text, this.buckets).keys()) this.texts[bucket] += rows
  }
  private seen = 0

  weights(): Float64Array {
    return this.texts.map(n => Math.log((1 + this.total) / (1 + n)) + 1)
  }
}
