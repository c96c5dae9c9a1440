// What is done with a column, read from a saved model.

import type { JsonReader } from '../base/json-reader.js'
import { columnTypes } from '../data/column.js'
import { encoderFromJSON } from './column-kinds.js'
import type { Plan } from './column-plan.js'
import type { Omission } from './treatment.js'

export function planFromJSON(item: JsonReader): Plan {
  item.only('name', 'type', 'encoder', 'omitted')
  const name = item.get('name').string()
  const type = item.get('type').oneOf(columnTypes)
  if (item.has('omitted')) {
    if (item.has('encoder')) item.fail('either an encoder or what is omitted', 'both')
    return { name, type, treatment: omissionFromJSON(item.get('omitted')) }
  }
  return encoderFromJSON(name, type, item.get('encoder'))
}

function omissionFromJSON(json: JsonReader): Omission {
  const code = json.get('code').oneOf(['identifier', 'empty', 'constant', 'rareOnly'])
  if (code === 'constant') return { code, value: json.only('code', 'value').get('value').string() }
  if (code === 'rareOnly') {
    json.only('code', 'categories', 'minimum')
    return {
      code,
      categories: json.get('categories').integer(0),
      minimum: json.get('minimum').integer(0),
    }
  }
  json.only('code')
  return { code }
}
