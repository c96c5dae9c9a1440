// Values of parameters as JSON, estimators among them included: grids of searches, and what they found.

import { estimatorFromJSON, isEstimator } from './estimator-parameter.js'
import type { Codec } from './state.js'

/** Lists and objects of numbers, texts, booleans, null and estimators; undefined becomes null. */
export function writeValue(value: unknown): unknown {
  if (value === undefined) return null
  if (isEstimator(value)) return value.toJSON()
  if (Array.isArray(value)) return value.map(writeValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, writeValue(item)]))
}

/** The other way; an object with a field `estimator` is read as one. Errors: FORMAT. */
export function readValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readValue)
  if (typeof value !== 'object' || value === null) return value
  if (Object.hasOwn(value, 'estimator') && Object.hasOwn(value, 'params'))
    return estimatorFromJSON(value)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readValue(item)]))
}

/** Parameters by name. */
export const paramValues: Codec<Readonly<Record<string, unknown>>> = {
  write: value => writeValue(value),
  read: json => {
    const { value } = json
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return json.fail('an object of parameters')
    return readValue(value) as Record<string, unknown>
  },
}
