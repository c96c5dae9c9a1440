// One feature a category: 1 in the row's own, 0 elsewhere. Rare and unseen categories share a
// feature; a missing value has its own where training rows had any.

import type { JsonReader } from '../base/json-reader.js'
import type { CodeColumn, CodeType, Column } from '../data/column.js'
import type { ColumnEncoder, ColumnTally, FeatureWriter } from './column-encoder.js'
import { type RawColumn, type RawOptions, rawCodes, sameFeatures } from './raw-columns.js'
import { missingPlace, unseenPlace, Vocabulary } from './vocabulary.js'

/** An unseen category: the bucket of rare ones (all zeros where there is none), or always zeros. */
export type UnseenRule = 'rare' | 'zeros'

export class OneHot implements ColumnEncoder {
  readonly outputs: readonly string[]

  constructor(
    readonly name: string,
    readonly type: CodeType,
    private readonly vocabulary: Vocabulary,
    private readonly unseen: UnseenRule = 'rare',
  ) {
    const { kept, hasRare, hasMissing } = vocabulary
    this.outputs = [
      ...kept.map(category => `${name} = ${category}`),
      ...(hasRare ? [`${name} rare`] : []),
      ...(hasMissing ? [`${name} missing`] : []),
    ]
  }

  get treatment() {
    const { kept, rareCount } = this.vocabulary
    const { unseen } = this
    return { code: 'oneHot', categories: kept.length, rare: rareCount, unseen } as const
  }

  /** Codes from the most frequent category on; rare and unseen ones share the last. */
  raw({ oneHotUpTo, maxCodes }: RawOptions): RawColumn {
    const { kept, hasRare } = this.vocabulary
    if (kept.length <= oneHotUpTo) return sameFeatures(this)
    const own = kept.slice(0, maxCodes - 1)
    const shared = hasRare || own.length < kept.length
    const treatment = {
      code: 'codes',
      categories: own.length,
      rare: this.vocabulary.rareCount + kept.length - own.length,
    } as const
    const numbers = (column: CodeColumn) =>
      Float64Array.from(this.vocabulary.places(column), place =>
        place >= 0 && place < own.length ? place : shared ? own.length : Number.NaN,
      )
    return rawCodes(this, this.name, treatment, numbers, shared ? [...own, '…'] : own)
  }

  bind(column: Column, tally: ColumnTally): FeatureWriter {
    const { codes } = column as CodeColumn
    const { hasRare, hasMissing, kept } = this.vocabulary
    const places = this.vocabulary.places(column as CodeColumn)
    const rareAt = hasRare ? kept.length : -1
    const missingAt = hasMissing ? this.outputs.length - 1 : -1
    const unseenAt = this.unseen === 'rare' ? rareAt : -1
    return (rowIds, from, to, out, at, width) => {
      let start = at
      for (let i = from; i < to; i++, start += width) {
        const code = codes[rowIds === undefined ? i : rowIds[i]]
        let place = code < 0 ? missingPlace : places[code]
        if (place < 0) {
          if (place === missingPlace) {
            tally.missing++
            place = missingAt
          } else if (place === unseenPlace) {
            tally.unseen++
            place = unseenAt
          } else place = rareAt
          if (place < 0) continue
        }
        out[start + place] = 1
      }
    }
  }

  toJSON() {
    return { kind: 'oneHot' as const, vocabulary: this.vocabulary.toJSON(), unseen: this.unseen }
  }

  static fromJSON(name: string, type: CodeType, json: JsonReader): OneHot {
    json.only('kind', 'vocabulary', 'unseen')
    const unseen = json.get('unseen').oneOf(['rare', 'zeros'])
    return new OneHot(name, type, Vocabulary.fromJSON(json.get('vocabulary')), unseen)
  }
}
