// Factors for what transformers give, by their names.

import type { Parameter } from '../../base/parameters.js'

export const transformerWeightsParameter: Parameter<Readonly<Record<string, number>>> = {
  kind: 'object',
  doc: 'Factors that the results of transformers are multiplied by, by name; null: none.',
  expected: 'an object of names and finite numbers',
  accepts: (value): value is Readonly<Record<string, number>> =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(weight => typeof weight === 'number' && Number.isFinite(weight)),
  bad: [0, 'x', [], { a: Number.NaN }, { a: '1' }],
  parse: () => undefined,
}
