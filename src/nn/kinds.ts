// What layers and models take by name, as an object or as a function of one's own. Names are looked up
// where they are used, whose error suggests the nearest.

import { tested, type ValueKind } from '../base/value-kinds.js'
import type { Activation } from './activations.js'
import type { InitializerLike } from './initializers/index.js'
import type { BatchMetric, MetricLike } from './metrics.js'
import type { RegularizerLike } from './regularizers.js'

const isNamed = (value: unknown) =>
  (typeof value === 'string' && value !== '') || typeof value === 'function'

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The name of one of a kind, or a function. */
export function nameOrFunction<T>(what: string): ValueKind<T> {
  return tested(`the name of ${what} or a function`, isNamed, [1, null, {}, ''])
}

export const someActivation = nameOrFunction<Activation>('an activation')

export const someInitializer: ValueKind<InitializerLike> = tested(
  'the name of an initializer, an object { name, options } or a function',
  value => isNamed(value) || (isObject(value) && 'name' in value),
  [1, null, {}, []],
)

export const someRegularizer: ValueKind<RegularizerLike> = tested(
  'the name of a regularizer, an object { l1, l2 } or a function',
  value => isNamed(value) || isObject(value),
  [1, null, []],
)

export const someMetric: ValueKind<MetricLike> = tested(
  'the name of a metric, one of batchMetrics.* or a function',
  value =>
    isNamed(value) ||
    (isObject(value) &&
      'name' in value &&
      typeof (value as Partial<BatchMetric>).compute === 'function'),
  [1, null, {}],
)
