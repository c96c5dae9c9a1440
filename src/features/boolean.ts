// A column of two texts (true/false, yes/no, 0/1): one feature, -1 or 1; 0 where missing or unseen.
// Where one of the two means yes and the other no, any other way of writing yes or no stands for it too:
// the `true` of a raw row for the 1 of a file.

import type { JsonReader } from '../base/json-reader.js'
import type { CodeColumn, CodeType, Column } from '../data/column.js'
import type { ColumnEncoder, ColumnTally, FeatureWriter } from './column-encoder.js'
import { type RawColumn, rawCodes } from './raw-columns.js'

const affirmative = new Set(['true', 'yes', 'y', 't', '1', 'on', '是'])
const negative = new Set(['false', 'no', 'n', 'f', '0', 'off', '否'])

export class BooleanFeature implements ColumnEncoder {
  readonly outputs: readonly string[]

  private constructor(
    readonly name: string,
    readonly type: CodeType,
    private readonly low: string,
    private readonly high: string,
    private readonly indicator: boolean,
  ) {
    this.outputs = [`${name} = ${high}`, ...(indicator ? [`${name} missing`] : [])]
  }

  /** From the two texts seen; the affirmative one, or else the later in order, becomes 1. */
  static fit(
    name: string,
    type: CodeType,
    texts: readonly [string, string],
    missing: number,
  ): BooleanFeature {
    const [a, b] = texts[0] < texts[1] ? texts : [texts[1], texts[0]]
    const swap = affirmative.has(a.toLowerCase()) && !affirmative.has(b.toLowerCase())
    return new BooleanFeature(name, type, swap ? b : a, swap ? a : b, missing > 0)
  }

  get treatment() {
    const { low, high, indicator } = this
    return { code: 'boolean', low, high, indicator } as const
  }

  /** 1 and 0. */
  raw(): RawColumn {
    const { low, high } = this
    const numbers = ({ categories }: CodeColumn) =>
      Float64Array.from(categories, category => {
        const sign = this.signOf(category)
        return sign === 0 ? Number.NaN : (sign + 1) / 2
      })
    return rawCodes(this, `${this.name} = ${high}`, { code: 'flag', low, high }, numbers)
  }

  bind(column: Column, tally: ColumnTally): FeatureWriter {
    const { codes, categories } = column as CodeColumn
    const { indicator } = this
    const signs = Int8Array.from(categories, category => this.signOf(category))
    return (rowIds, from, to, out, at, width) => {
      let start = at
      for (let i = from; i < to; i++, start += width) {
        const code = codes[rowIds === undefined ? i : rowIds[i]]
        if (code >= 0) {
          out[start] = signs[code]
          if (signs[code] === 0) tally.unseen++
          continue
        }
        tally.missing++
        if (indicator) out[start + 1] = 1
      }
    }
  }

  private signOf(text: string): number {
    if (text === this.high) return 1
    if (text === this.low) return -1
    const isTruth = affirmative.has(this.high.toLowerCase()) && negative.has(this.low.toLowerCase())
    const lower = text.toLowerCase()
    if (isTruth && affirmative.has(lower)) return 1
    return isTruth && negative.has(lower) ? -1 : 0
  }

  toJSON() {
    return {
      kind: 'boolean' as const,
      low: this.low,
      high: this.high,
      indicator: this.indicator,
    }
  }

  static fromJSON(name: string, type: CodeType, json: JsonReader): BooleanFeature {
    json.only('kind', 'low', 'high', 'indicator')
    const low = json.get('low').string()
    const high = json.get('high').string()
    if (low === high) json.fail('two different texts', `'${low}' twice`)
    return new BooleanFeature(name, type, low, high, json.get('indicator').boolean())
  }
}
