// Weights of classes: what a classifier's rows count for, beside the weights of the rows themselves.

import { argumentError } from '../base/errors.js'
import type { Label } from '../base/label.js'
import { suggestName } from '../base/nearest-name.js'
import { optionalParameter, type Parameter } from '../base/parameters.js'

/**
 * 'balanced': classes weigh the same, rows · / (classes · rows of the class); or a weight for each label,
 * `{ yes: 5, no: 1 }`; labels that are not named weigh 1.
 */
export type ClassWeight = 'balanced' | Readonly<Record<string, number>>

function isClassWeight(value: unknown): value is ClassWeight {
  if (value === 'balanced') return true
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  const weights = Object.values(value)
  return (
    (prototype === Object.prototype || prototype === null) &&
    weights.length > 0 &&
    weights.every(weight => typeof weight === 'number' && Number.isFinite(weight) && weight >= 0)
  )
}

const classWeightKind: Parameter<ClassWeight> = {
  kind: 'object',
  doc: 'What rows of each class count for: balanced (all classes the same), or a weight for each label.',
  search: { choices: [undefined, 'balanced'] },
  expected: "'balanced', or an object with a weight of 0 or more for each label",
  choices: ['balanced'],
  accepts: isClassWeight,
  bad: ['even', 1, [], [1, 2], {}, { a: -1 }, { a: Number.NaN }, { a: 'x' }],
  parse: text => {
    if (text === 'balanced') return text
    const pairs = text.split(',').map(pair => pair.split('='))
    if (pairs.some(pair => pair.length !== 2 || pair[1].trim() === '')) return undefined
    return Object.fromEntries(pairs.map(([label, weight]) => [label.trim(), Number(weight)]))
  },
}

/** The parameter `classWeight`; none by default. */
export const classWeightParameter = optionalParameter(classWeightKind)

/**
 * The weight of each class, `labels` in their order.
 * Errors: ARGUMENT for a label that is not among the classes.
 */
export function weightsOfClasses(
  operation: string,
  classWeight: ClassWeight,
  labels: readonly Label[],
  codes: ArrayLike<number>,
  sampleWeight: ArrayLike<number> | undefined,
): Float64Array {
  if (classWeight !== 'balanced') {
    const names = labels.map(String)
    for (const name of Object.keys(classWeight))
      if (!names.includes(name))
        throw argumentError(
          operation,
          `classWeight for labels among ${names.join(', ')}`,
          `'${name}'`,
          suggestName(name, names),
        )
    return Float64Array.from(names, name =>
      Object.hasOwn(classWeight, name) ? classWeight[name] : 1,
    )
  }
  const counts = new Float64Array(labels.length)
  for (let i = 0; i < codes.length; i++) counts[codes[i]] += sampleWeight?.[i] ?? 1
  const total = counts.reduce((a, b) => a + b)
  return counts.map(count => (count === 0 ? 0 : total / (labels.length * count)))
}

/** Each row's weight: its own times its class's; undefined where neither was given. Errors: ARGUMENT. */
export function weightsOfRows(
  classWeight: ClassWeight | undefined,
  training: {
    readonly operation: string
    readonly codes: ArrayLike<number>
    readonly labels: readonly Label[]
    readonly sampleWeight: Float64Array | undefined
  },
): Float64Array | undefined {
  const { operation, codes, labels, sampleWeight } = training
  if (classWeight === undefined) return sampleWeight
  const weights = weightsOfClasses(operation, classWeight, labels, codes, sampleWeight)
  const out = new Float64Array(codes.length)
  for (let i = 0; i < out.length; i++) out[i] = weights[codes[i]] * (sampleWeight?.[i] ?? 1)
  if (!out.some(weight => weight > 0))
    throw argumentError(operation, 'a row with a weight above 0', 'none, after classWeight')
  return out
}
