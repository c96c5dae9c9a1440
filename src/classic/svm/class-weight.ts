// Weights of classes, as a parameter and for the rows of a fit.

import { AthanorError } from '../../base/errors.js'
import type { Label } from '../../base/label.js'
import type { Parameter } from '../../base/parameters.js'

/** 'balanced', or pairs of a label and its weight; other classes have weight 1. */
export type ClassWeight = 'balanced' | readonly (readonly [label: Label, weight: number])[]

const isPair = (pair: unknown): boolean =>
  Array.isArray(pair) &&
  pair.length === 2 &&
  ['number', 'string', 'boolean'].includes(typeof pair[0]) &&
  typeof pair[1] === 'number' &&
  Number.isFinite(pair[1]) &&
  pair[1] > 0

/** None by default. */
export function classWeightParameter(): Parameter<ClassWeight | undefined> {
  return {
    kind: 'optional',
    doc: "Weights of classes: 'balanced' (in inverse proportion to their rows), or pairs [label, weight].",
    expected: "'balanced', or a list of [label, weight above 0]",
    accepts: (value): value is ClassWeight | undefined =>
      value === undefined ||
      value === null ||
      value === 'balanced' ||
      (Array.isArray(value) && value.every(isPair)),
    bad: ['even', 1, [['a']], [['a', 0]], [[null, 1]]],
    parse: text => (text === '' ? undefined : text),
  }
}

/**
 * What each class's rows count; balanced ones by how often they come, or by their weights' sums.
 *
 * @throws AthanorError ARGUMENT for a label that no class has.
 */
export function classWeights(
  operation: string,
  classWeight: ClassWeight | undefined,
  labels: readonly Label[],
  codes: Int32Array,
  sampleWeight?: Float64Array,
): Float64Array {
  const weights = new Float64Array(labels.length).fill(1)
  if (classWeight === undefined) return weights
  if (classWeight === 'balanced') {
    const sums = new Float64Array(labels.length)
    for (let i = 0; i < codes.length; i++) sums[codes[i]] += sampleWeight?.[i] ?? 1
    const total = sums.reduce((a, b) => a + b)
    return sums.map(sum => total / (labels.length * sum))
  }
  for (const [label, weight] of classWeight) {
    const place = labels.indexOf(label)
    if (place < 0)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: `weights of the classes ${labels.join(', ')}`,
        received: `one of ${label}`,
      })
    weights[place] = weight
  }
  return weights
}
