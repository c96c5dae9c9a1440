// The candidates of a search: every combination of a grid, or draws from ranges.

import { argumentError } from '../../base/errors.js'
import type { Parameter, ParameterTable, SearchRange } from '../../base/parameters.js'
import { Random } from '../../base/philox.js'
import type { EstimatorCore } from '../../estimator/contract.js'
import { isEstimator } from '../../estimator/estimator-parameter.js'
import { readValue, writeValue } from '../../estimator/value-json.js'

/** Parameters and the values to try; `step__name` reaches into a pipeline. */
export type ParamGrid = Readonly<Record<string, readonly unknown[]>>

/** Parameters and where to draw their values: a list, or a range. */
export type ParamDistributions = Readonly<Record<string, readonly unknown[] | SearchRange>>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isGrid = (value: unknown): value is ParamGrid =>
  isObject(value) && Object.values(value).every(list => Array.isArray(list) && list.length > 0)

const isRange = (value: unknown): value is SearchRange => {
  if (!isObject(value)) return false
  if ('choices' in value) return Array.isArray(value.choices) && value.choices.length > 0
  const { scale, low, high } = value
  return (
    (scale === 'linear' || scale === 'log') &&
    typeof low === 'number' &&
    typeof high === 'number' &&
    low < high &&
    (scale === 'linear' || low > 0)
  )
}

const json = { write: writeValue, read: (value: unknown) => readValue(value) as never }

/** A grid, or several, as a parameter. */
export const gridParameter = (doc: string): Parameter<ParamGrid | readonly ParamGrid[]> => ({
  kind: 'object',
  doc,
  expected: 'an object of lists of values by parameter, or a list of such objects',
  accepts: (value): value is ParamGrid | readonly ParamGrid[] =>
    isGrid(value) || (Array.isArray(value) && value.length > 0 && value.every(isGrid)),
  bad: [0, null, [], { alpha: 1 }, { alpha: [] }],
  parse: () => undefined,
  json,
})

/** Ranges as a parameter. */
export const distributionsParameter = (doc: string): Parameter<ParamDistributions> => ({
  kind: 'object',
  doc,
  expected: 'an object of lists or ranges { scale, low, high } by parameter',
  accepts: (value): value is ParamDistributions =>
    isObject(value) &&
    Object.values(value).every(item => isRange(item) || (Array.isArray(item) && item.length > 0)),
  bad: [0, null, [], { alpha: 1 }, { alpha: [] }, { alpha: { scale: 'log', low: 0, high: 1 } }],
  parse: () => undefined,
  json,
})

/** Every combination, the last parameter changing fastest, names in alphabetical order as in scikit-learn. */
export function combinationsOf(grid: ParamGrid | readonly ParamGrid[]): Record<string, unknown>[] {
  return (Array.isArray(grid) ? grid : [grid]).flatMap((one: ParamGrid) =>
    Object.keys(one)
      .sort()
      .reduce<Record<string, unknown>[]>(
        (found, name) =>
          found.flatMap(partial => one[name].map(value => ({ ...partial, [name]: value }))),
        [{}],
      ),
  )
}

/** Draws by the seed; without repeats where all are lists and there are enough combinations. */
export function drawsFrom(
  operation: string,
  distributions: ParamDistributions,
  count: number,
  seed: number,
): Record<string, unknown>[] {
  const names = Object.keys(distributions).sort()
  if (names.length === 0)
    throw argumentError(
      operation,
      'parameters to search over',
      'none',
      'Name them in paramDistributions',
    )
  const random = new Random(seed, 0x736561)
  const lists = names.map(name => listOf(distributions[name]))
  if (lists.every(list => list !== undefined)) {
    const grid = Object.fromEntries(names.map((name, i) => [name, lists[i] as unknown[]]))
    const size = lists.reduce((product, list) => product * (list as unknown[]).length, 1)
    if (size <= Math.max(count, 10_000)) {
      const all = combinationsOf(grid)
      return size <= count ? all : random.shuffle(all).slice(0, count)
    }
  }
  return Array.from({ length: count }, () =>
    Object.fromEntries(names.map(name => [name, draw(distributions[name], random)])),
  )
}

function listOf(from: readonly unknown[] | SearchRange): readonly unknown[] | undefined {
  if (Array.isArray(from)) return from
  return 'choices' in from ? (from.choices as readonly unknown[]) : undefined
}

/** One value of a list or range. */
export function draw(from: readonly unknown[] | SearchRange, random: Random): unknown {
  const list = listOf(from)
  if (list !== undefined) return list[random.integer(list.length)]
  const { scale, low, high, whole } = from as Extract<SearchRange, { scale: string }>
  const part = random.uniform()
  const value =
    scale === 'log'
      ? Math.exp(Math.log(low) + part * (Math.log(high) - Math.log(low)))
      : low + part * (high - low)
  return whole === true ? Math.round(value) : value
}

/** The ranges that an estimator's own parameter tables name, those of estimators within included. */
export function searchRangesOf(estimator: EstimatorCore, prefix = ''): ParamDistributions {
  const found: Record<string, SearchRange> = {}
  const { definition } = estimator as { definition?: { parameters: ParameterTable } }
  for (const [name, { search }] of Object.entries(definition?.parameters ?? {}))
    if (search !== undefined) found[`${prefix}${name}`] = search
  for (const [name, value] of Object.entries(estimator.params)) {
    if (isEstimator(value)) Object.assign(found, searchRangesOf(value, `${prefix}${name}__`))
    if (!Array.isArray(value)) continue
    for (const item of value)
      if (Array.isArray(item) && typeof item[0] === 'string' && isEstimator(item[1]))
        Object.assign(found, searchRangesOf(item[1], `${prefix}${item[0]}__`))
  }
  return found
}
