// Parameters of estimators within estimators under names such as `svc__C`, as scikit-learn's get_params and
// set_params have them: what searches vary.

import { refuseName } from '../base/options.js'
import { givenAgain, type ParameterTable } from '../base/parameters.js'
import type { EstimatorCore } from './contract.js'
import { isEstimator } from './estimator-parameter.js'

/** An item of a list such as a pipeline's steps: its name, its estimator, whatever else. */
type NamedItem = readonly [name: string, value: unknown, ...rest: unknown[]]

function isNamedItem(item: unknown): item is NamedItem {
  return Array.isArray(item) && item.length >= 2 && typeof item[0] === 'string'
}

/** Estimators by name within an estimator's own parameters. */
function parts(params: object): Map<string, { value: unknown; parameter: string; place: number }> {
  const found = new Map<string, { value: unknown; parameter: string; place: number }>()
  for (const [parameter, value] of Object.entries(params)) {
    if (isEstimator(value)) found.set(parameter, { value, parameter, place: -1 })
    if (!Array.isArray(value)) continue
    value.forEach((item: unknown, place) => {
      if (isNamedItem(item) && (isEstimator(item[1]) || typeof item[1] === 'string'))
        found.set(item[0], { value: item[1], parameter, place })
    })
  }
  return found
}

/**
 * All parameters, those of estimators within under `name__parameter`.
 *
 * @example
 * ```ts
 * nestedParams(new Pipeline({ steps: [['ridge', new Ridge()]] })) // { steps: …, ridge: …, ridge__alpha: 1, … }
 * ```
 */
export function nestedParams(estimator: EstimatorCore): Record<string, unknown> {
  const all: Record<string, unknown> = { ...estimator.params }
  for (const [name, { value }] of parts(estimator.params)) {
    all[name] = value
    if (!isEstimator(value)) continue
    for (const [inner, innerValue] of Object.entries(nestedParams(value)))
      all[`${name}__${inner}`] = innerValue
  }
  return all
}

interface Constructed extends EstimatorCore {
  readonly definition?: { readonly name: string; readonly parameters: ParameterTable }
}

/**
 * An unfitted copy of any estimator whose constructor takes its parameters, some of them changed.
 *
 * @throws AthanorError ARGUMENT for a name that is not there (the nearest one is suggested), or a value
 * not taken.
 *
 * @example
 * ```ts
 * withParams(new Ridge(), { alpha: 2 }).params.alpha // 2
 * ```
 */
export function withParams<T extends EstimatorCore>(
  estimator: T,
  given: Readonly<Record<string, unknown>>,
): T {
  const { definition } = estimator as Constructed
  const operation = `${definition?.name ?? estimator.constructor.name}.withParams`
  const clone = estimator.clone() as T
  const own = Object.keys(clone.params)
  const changed: Record<string, unknown> =
    definition === undefined
      ? { ...clone.params }
      : givenAgain(definition.parameters, clone.params as Readonly<Record<string, unknown>>)
  const inner = new Map<string, Record<string, unknown>>()
  const found = parts(clone.params)
  const refuse = (name: string) =>
    refuseName(operation, 'parameter', name, Object.keys(nestedParams(clone)))

  // Own parameters first, so that names below reach into new steps and estimators.
  for (const [name, value] of Object.entries(given)) if (own.includes(name)) changed[name] = value
  const after = parts(changed)
  for (const [name, value] of Object.entries(given)) {
    if (own.includes(name)) continue
    const cut = name.indexOf('__')
    if (cut < 0) {
      if (!after.has(name)) refuse(name)
      replacePart(changed, after, name, value)
      continue
    }
    const head = name.slice(0, cut)
    if (!after.has(head) && !found.has(head)) refuse(name)
    inner.set(head, { ...inner.get(head), [name.slice(cut + 2)]: value })
  }
  for (const [name, values] of inner) {
    const part = parts(changed).get(name)?.value
    if (!isEstimator(part)) return refuse(`${name}__${Object.keys(values)[0]}`)
    for (const key of Object.keys(values))
      if (!(key in nestedParams(part)) && !key.includes('__')) refuse(`${name}__${key}`)
    replacePart(changed, parts(changed), name, withParams(part, values))
  }
  return new (estimator.constructor as new (params: object) => T)(changed)
}

function replacePart(
  params: Record<string, unknown>,
  found: ReturnType<typeof parts>,
  name: string,
  value: unknown,
): void {
  const { parameter, place } = found.get(name)!
  if (place < 0) {
    params[parameter] = value
    return
  }
  params[parameter] = (params[parameter] as NamedItem[]).map((item, i) =>
    i === place ? [item[0], value, ...item.slice(2)] : item,
  )
}
