// The categories of a column that are frequent enough to learn from; the rest share one bucket.

import type { JsonReader } from '../base/json-reader.js'
import type { CodeColumn } from '../data/column.js'
import { DictionaryCache } from './dictionary-cache.js'
import { frequentOnes } from './frequent.js'

/** Codes of a bound column as places in the vocabulary: 0.. known, or one of these. */
export const missingPlace = -1
export const rarePlace = -2
export const unseenPlace = -3

export interface VocabularyOptions {
  /** Categories kept at most, the most frequent ones. */
  readonly maxCategories: number
  /** Rows that a category must have to be kept. */
  readonly minCount: number
}

export class Vocabulary {
  private readonly placeOf: ReadonlyMap<string, number>
  private readonly cache = new DictionaryCache<Int32Array>()

  private constructor(
    /** Kept, the most frequent first; equally frequent ones in the order of their code units. */
    readonly kept: readonly string[],
    /** Seen in training, too rare to keep; a Set for look-up. */
    private readonly rare: ReadonlySet<string>,
    /** Whether training rows had categories that weren't kept. */
    readonly hasRare: boolean,
    readonly hasMissing: boolean,
  ) {
    this.placeOf = new Map(kept.map((category, i) => [category, i]))
  }

  static fit(
    counts: ReadonlyMap<string, number>,
    missing: number,
    options: VocabularyOptions,
    /** Whether there were more categories than could be counted. */
    untracked = false,
  ): Vocabulary {
    const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    const keep = frequentOnes(
      ordered.map(([, count]) => count),
      { minCount: options.minCount, maxKept: options.maxCategories, ties: 'first' },
    )
    const kept = ordered.filter((_, i) => keep[i] === 1).map(([category]) => category)
    const rare = ordered.filter((_, i) => keep[i] === 0).map(([category]) => category)
    return new Vocabulary(
      kept,
      new Set(rare.slice(0, rareNamesKept)),
      untracked || rare.length > 0,
      missing > 0,
    )
  }

  get rareCount(): number {
    return this.rare.size
  }

  /** The place of each of a column's categories: one look-up a category, not a row. */
  places({ categories }: CodeColumn): Int32Array {
    return this.cache.for(categories, () => this.placesOf(categories))
  }

  private placesOf(categories: readonly string[]): Int32Array {
    return Int32Array.from(
      categories,
      category => this.placeOf.get(category) ?? (this.rare.has(category) ? rarePlace : unseenPlace),
    )
  }

  toJSON() {
    return {
      kept: [...this.kept],
      rare: [...this.rare],
      hasRare: this.hasRare,
      hasMissing: this.hasMissing,
    }
  }

  static fromJSON(json: JsonReader): Vocabulary {
    json.only('kept', 'rare', 'hasRare', 'hasMissing')
    return new Vocabulary(
      json.get('kept').distinctStrings(0, 100_000),
      new Set(json.get('rare').distinctStrings(0, rareNamesKept)),
      json.get('hasRare').boolean(),
      json.get('hasMissing').boolean(),
    )
  }
}

/** Beyond this many, rare categories are told from unseen ones no more (both go one way anyway). */
const rareNamesKept = 10_000
