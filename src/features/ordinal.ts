// A category as its place in a fixed order: one feature, scaled to [-1, 1]. For categories that have
// an order (small, medium, large); anything else is better off one-hot.

import { argumentError } from '../base/errors.js'
import type { JsonReader } from '../base/json-reader.js'
import type { CodeColumn, CodeType, Column } from '../data/column.js'
import type { ColumnEncoder, ColumnTally, FeatureWriter } from './column-encoder.js'
import { type RawColumn, rawCodes } from './raw-columns.js'

export class Ordinal implements ColumnEncoder {
  readonly outputs: readonly string[]

  /** `order` from lowest to highest; missing and unseen cells become 0, with an indicator. */
  constructor(
    readonly name: string,
    readonly type: CodeType,
    private readonly order: readonly string[],
  ) {
    if (order.length < 2 || new Set(order).size !== order.length)
      throw argumentError(
        `ordinal encoding of '${name}'`,
        'an order of two or more distinct categories',
        `[${order.join(', ')}]`,
      )
    this.outputs = [name, `${name} missing or unseen`]
  }

  get treatment() {
    return { code: 'ordinal', order: this.order } as const
  }

  /** The place in the order, from 0. */
  raw(): RawColumn {
    const placeOf = new Map(this.order.map((category, i) => [category, i]))
    const numbers = ({ categories }: CodeColumn) =>
      Float64Array.from(categories, category => placeOf.get(category) ?? Number.NaN)
    return rawCodes(this, this.name, { code: 'ordered', order: this.order }, numbers)
  }

  bind(column: Column, tally: ColumnTally): FeatureWriter {
    const { codes, categories } = column as CodeColumn
    const last = this.order.length - 1
    const placeOf = new Map(this.order.map((category, i) => [category, (2 * i) / last - 1]))
    const places = Float64Array.from(categories, c => placeOf.get(c) ?? Number.NaN)
    return (rowIds, from, to, out, at, width) => {
      let start = at
      for (let i = from; i < to; i++, start += width) {
        const code = codes[rowIds === undefined ? i : rowIds[i]]
        const place = code < 0 ? Number.NaN : places[code]
        if (!Number.isNaN(place)) out[start] = place
        else {
          out[start + 1] = 1
          if (code < 0) tally.missing++
          else tally.unseen++
        }
      }
    }
  }

  toJSON() {
    return { kind: 'ordinal' as const, order: [...this.order] }
  }

  static fromJSON(name: string, type: CodeType, json: JsonReader): Ordinal {
    return new Ordinal(
      name,
      type,
      json.only('kind', 'order').get('order').distinctStrings(2, 100_000),
    )
  }
}
