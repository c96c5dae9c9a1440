// Every encoder there is, by the kind that stands in a saved model, with the column types it takes.

import type { JsonReader } from '../base/json-reader.js'
import type { CodeType, ColumnType, NumberType } from '../data/column.js'
import { BooleanFeature } from './boolean.js'
import type { ColumnEncoder } from './column-encoder.js'
import { DatetimeFeatures } from './datetime.js'
import { NumericFeatures } from './numeric.js'
import { OneHot } from './one-hot.js'
import { Ordinal } from './ordinal.js'
import { TextFeatures } from './text.js'

interface Kind {
  readonly types: readonly ColumnType[]
  fromJSON(name: string, type: never, json: JsonReader): ColumnEncoder
}

const codeTypes: readonly CodeType[] = ['category', 'boolean', 'text', 'identifier']
const numberTypes: readonly NumberType[] = ['numeric', 'integer']

const kinds = {
  numeric: { types: numberTypes, fromJSON: NumericFeatures.fromJSON },
  datetime: {
    types: ['datetime'],
    fromJSON: (name: string, _: never, json: JsonReader) => DatetimeFeatures.fromJSON(name, json),
  },
  oneHot: { types: codeTypes, fromJSON: OneHot.fromJSON },
  ordinal: { types: codeTypes, fromJSON: Ordinal.fromJSON },
  boolean: { types: codeTypes, fromJSON: BooleanFeature.fromJSON },
  text: { types: codeTypes, fromJSON: TextFeatures.fromJSON },
} as const satisfies Record<string, Kind>

export function encoderFromJSON(name: string, type: ColumnType, json: JsonReader): ColumnEncoder {
  const kind: Kind = kinds[json.get('kind').oneOf(Object.keys(kinds) as (keyof typeof kinds)[])]
  if (!kind.types.includes(type))
    json.get('kind').fail(`an encoder of ${type} columns`, String(json.get('kind').value))
  return kind.fromJSON(name, type as never, json)
}
