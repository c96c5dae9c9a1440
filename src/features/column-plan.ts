// From what was learned about the columns to what is done with each: an encoder, or a reason to
// leave it out. One row a column type.

import type { CodeType, ColumnType } from '../data/column.js'
import { BooleanFeature } from './boolean.js'
import type { ColumnEncoder } from './column-encoder.js'
import type { CodeStatistics, NumberStatistics } from './column-statistics.js'
import { DatetimeFeatures } from './datetime.js'
import { NumericFeatures, type NumericOptions } from './numeric.js'
import { OneHot } from './one-hot.js'
import { Ordinal } from './ordinal.js'
import type { FilledOptions } from './preprocessor-options.js'
import { TextFeatures } from './text.js'
import type { Omission } from './treatment.js'
import { Vocabulary } from './vocabulary.js'

export type Statistics = NumberStatistics | CodeStatistics

/** A column that is no input, and why. */
export interface Dropped {
  readonly name: string
  readonly type: ColumnType
  readonly treatment: Omission
}

export type Plan = ColumnEncoder | Dropped

export function isEncoder(plan: Plan): plan is ColumnEncoder {
  return 'bind' in plan
}

interface Context {
  readonly options: FilledOptions
  readonly rows: number
  readonly numeric: NumericOptions
  readonly minCount: number
  readonly maxCategories: number
}

/** The plan of every column, in their order. */
export function planColumns(
  columns: readonly Statistics[],
  rows: number,
  options: FilledOptions,
): Plan[] {
  const numbers = columns.filter(column => column.kind === 'number').length
  const bins = Math.min(
    options.bins ?? binsFor(rows),
    Math.floor(options.maxWidth / Math.max(1, numbers)),
  )
  const minCount = options.minCategoryCount ?? Math.max(2, Math.ceil(rows / 10_000))
  const context: Context = {
    options,
    rows,
    minCount,
    maxCategories: sharedCategories(columns, options, minCount),
    numeric: {
      encoding:
        options.numericEncoding === 'piecewiseLinear' && bins < 2
          ? 'standard'
          : options.numericEncoding,
      bins: Math.max(2, bins),
      scaling: options.scaling,
      imputing: options.imputing,
    },
  }
  return columns.map(column => planOf[column.type](column as never, context))
}

/** Few rows fill few bins: 4 below 1,000 training rows, 16 from 2,000 on. */
function binsFor(rows: number): number {
  return rows < 1000 ? 4 : rows < 2000 ? 8 : 16
}

type Rule<S> = (column: S, context: Context) => Plan

const planOf: { readonly [T in ColumnType]: Rule<never> } = {
  numeric: planNumber as Rule<never>,
  integer: planNumber as Rule<never>,
  datetime: planNumber as Rule<never>,
  category: planCategory as Rule<never>,
  boolean: planCategory as Rule<never>,
  text: planText as Rule<never>,
  identifier: planIdentifier as Rule<never>,
}

function planNumber(column: NumberStatistics, { numeric }: Context): Plan {
  const { name, type, missing } = column
  const sorted = column.sorted()
  if (sorted.length === 0) return dropped(name, type, { code: 'empty' })
  const constant = sorted[0] === sorted[sorted.length - 1]
  if (constant && missing === 0)
    return dropped(name, type, { code: 'constant', value: String(sorted[0]) })
  return type === 'datetime'
    ? DatetimeFeatures.fit(name, sorted, missing, numeric)
    : NumericFeatures.fit(name, type, sorted, missing, numeric)
}

function planCategory(column: CodeStatistics, context: Context): Plan {
  const { name, type, missing, counts, untracked } = column
  const { options, minCount, maxCategories } = context
  if (Object.hasOwn(options.ordinal, name)) return new Ordinal(name, type, options.ordinal[name])
  const constant = noVariation(column)
  if (constant !== undefined) return constant
  if (type === 'boolean' && counts.size === 2)
    return BooleanFeature.fit(name, type, [...counts.keys()] as [string, string], missing)
  const vocabulary = Vocabulary.fit(counts, missing, { maxCategories, minCount }, untracked > 0)
  if (vocabulary.kept.length === 0 && missing === 0)
    return dropped(name, type, { code: 'rareOnly', categories: counts.size, minimum: minCount })
  return new OneHot(name, type, vocabulary, options.unseen)
}

function planText(column: CodeStatistics): Plan {
  const constant = noVariation(column)
  return constant ?? new TextFeatures(column.name, column.type, column.texts!.weights())
}

function planIdentifier(column: CodeStatistics): Plan {
  return dropped(column.name, column.type, { code: 'identifier' })
}

function noVariation({ name, type, counts, missing }: CodeStatistics): Dropped | undefined {
  if (counts.size === 0) return dropped(name, type, { code: 'empty' })
  if (counts.size > 1 || missing > 0) return undefined
  const [only] = counts.keys()
  const shown = only.length > 40 ? `${only.slice(0, 40)}…` : only
  return dropped(name, type, { code: 'constant', value: `'${shown}'` })
}

function dropped(name: string, type: ColumnType, treatment: Omission): Dropped {
  return { name, type, treatment }
}

/** Categories a column, halved until all one-hot columns together fit into the width allowed. */
function sharedCategories(
  columns: readonly Statistics[],
  options: FilledOptions,
  minCount: number,
): number {
  const oneHot: CodeType[] = ['category', 'boolean']
  const sizes = columns
    .filter((c): c is CodeStatistics => c.kind === 'code' && oneHot.includes(c.type))
    .map(c => [...c.counts.values()].filter(count => count >= minCount).length)
  let cap = options.maxCategories
  const width = () => sizes.reduce((sum, size) => sum + Math.min(size, cap), 0)
  while (cap > 1 && width() > options.maxWidth) cap = Math.ceil(cap / 2)
  return cap
}
