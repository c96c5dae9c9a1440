// Parameters whose values are estimators (a pipeline's steps, a bagging's base), and the classes by
// name that a saved one is read with.

import { AthanorError } from '../base/errors.js'
import { suggestName } from '../base/nearest-name.js'
import type { Parameter, SearchRange } from '../base/parameters.js'
import type { EstimatorClass, EstimatorCore } from './contract.js'

const classes = new Map<string, EstimatorClass>()

/**
 * Makes a class known, so that a pipeline or a search which holds one of its estimators can be read
 * from JSON. Our own are known once 'athanor/classic' is imported.
 *
 * @example
 * ```ts
 * registerEstimator(MyClassifier) // a class with a static `definition` and `fromJSON`
 * ```
 */
export function registerEstimator(...added: readonly EstimatorClass[]): void {
  for (const Class of added) classes.set(Class.definition.name, Class)
}

/**
 * An estimator of any known class from what its `toJSON` gave.
 *
 * @throws AthanorError FORMAT for a class that is not known, and for what its `fromJSON` refuses.
 */
export function estimatorFromJSON(json: unknown): EstimatorCore {
  const name = (json as { estimator?: unknown } | null)?.estimator
  const Class = typeof name === 'string' ? classes.get(name) : undefined
  if (Class === undefined)
    throw new AthanorError('FORMAT', {
      operation: 'estimatorFromJSON',
      expected: 'an estimator of a known class',
      received: typeof name === 'string' ? `'${name}'` : 'something else',
      fix:
        typeof name === 'string'
          ? `${suggestName(name, [...classes.keys()]) ?? ''} Classes of your own are made known by registerEstimator`
          : undefined,
    })
  if (depth >= deepest)
    throw new AthanorError('FORMAT', {
      operation: 'estimatorFromJSON',
      expected: `estimators nested at most ${deepest} deep`,
      received: 'more',
    })
  depth++
  try {
    return Class.fromJSON(json)
  } finally {
    depth--
  }
}

/** How deep estimators may lie in each other; a hostile file must not exhaust the stack. */
const deepest = 100
let depth = 0

/** Whether a value can be used as an estimator. */
export function isEstimator(value: unknown): value is EstimatorCore {
  const candidate = value as Partial<EstimatorCore & { fit: unknown }> | null
  return (
    typeof candidate === 'object' &&
    candidate !== null &&
    typeof candidate.fit === 'function' &&
    typeof candidate.clone === 'function' &&
    typeof candidate.toJSON === 'function'
  )
}

/** An estimator; `as` narrows to a kind ("a classifier") and a test for it. */
export function estimatorParameter<T extends EstimatorCore>(options: {
  readonly doc: string
  readonly default?: T
  readonly search?: SearchRange
  readonly as?: { readonly expected: string; readonly accepts: (value: EstimatorCore) => boolean }
}): Parameter<T> {
  const { as } = options
  return {
    kind: 'object',
    default: options.default,
    doc: options.doc,
    search: options.search,
    expected: as?.expected ?? 'an estimator',
    accepts: (value): value is T => isEstimator(value) && (as === undefined || as.accepts(value)),
    bad: [0, 'Ridge', null, {}],
    parse: () => undefined,
    json: { write: value => value.toJSON(), read: value => estimatorFromJSON(value) as T },
  }
}

/** A list of pairs of a name and an estimator, each name once. */
export function namedEstimatorsParameter<T extends EstimatorCore | string>(options: {
  readonly doc: string
  /** Texts that may stand in an estimator's place, such as 'passthrough'. */
  readonly words?: readonly string[]
  readonly as?: { readonly expected: string; readonly accepts: (value: EstimatorCore) => boolean }
}): Parameter<readonly (readonly [name: string, estimator: T])[]> {
  const { as, words = [] } = options
  const isPair = (pair: unknown): boolean =>
    Array.isArray(pair) &&
    pair.length === 2 &&
    typeof pair[0] === 'string' &&
    pair[0] !== '' &&
    (words.includes(pair[1]) || (isEstimator(pair[1]) && (as === undefined || as.accepts(pair[1]))))
  return {
    kind: 'list',
    doc: options.doc,
    expected: `a list of [name, ${as?.expected ?? 'estimator'}], each name once`,
    accepts: (value): value is readonly (readonly [string, T])[] =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every(isPair) &&
      new Set(value.map(([name]) => name)).size === value.length,
    bad: [0, 'x', null, [], [['a']], [['a', 1]]],
    parse: () => undefined,
    json: {
      write: pairs =>
        pairs.map(([name, value]) => [name, isEstimator(value) ? value.toJSON() : value]),
      read: value =>
        Array.isArray(value)
          ? value.map(pair =>
              Array.isArray(pair) && typeof pair[1] === 'object'
                ? [pair[0], estimatorFromJSON(pair[1])]
                : pair,
            )
          : value,
    } as Parameter<readonly (readonly [string, T])[]>['json'],
  }
}
