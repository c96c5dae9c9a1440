// How a table is preprocessed, and the defaults.

import { argumentError } from '../base/errors.js'
import { suggestName } from '../base/nearest-name.js'
import type { ImputingRule } from './imputing.js'
import type { NumericEncoding } from './numeric.js'
import type { UnseenRule } from './one-hot.js'
import type { ScalingKind } from './scaling.js'

export interface PreprocessorOptions {
  /** Columns that are no input: the target, and what the user leaves out. */
  readonly exclude?: readonly string[]
  /**
   * `standard`: the scaled value. `quantile`: mapped by rank onto a normal distribution.
   * `piecewiseLinear`: the scaled value and piecewise-linear bins beside it.
   */
  readonly numericEncoding?: NumericEncoding
  /** Piecewise-linear bins a column; by default 4 to 16 by the number of rows, fewer in wide tables. */
  readonly bins?: number
  readonly scaling?: ScalingKind
  readonly imputing?: ImputingRule
  /** Categories with a feature of their own, a column. */
  readonly maxCategories?: number
  /** Rows that a category needs for one; by default 2, more from 20,000 rows on. */
  readonly minCategoryCount?: number
  readonly unseen?: UnseenRule
  /** Columns whose categories have an order, lowest first. */
  readonly ordinal?: Readonly<Record<string, readonly string[]>>
  /** Hashed features of a text column; fewer where there are several. */
  readonly textFeatures?: number
  /** Features that all one-hot columns, all bins, or all texts may have together. */
  readonly maxWidth?: number
}

export type FilledOptions = Required<Omit<PreprocessorOptions, 'bins' | 'minCategoryCount'>> & {
  readonly bins: number | undefined
  readonly minCategoryCount: number | undefined
}

const defaults: FilledOptions = {
  exclude: [],
  numericEncoding: 'piecewiseLinear',
  bins: undefined,
  scaling: 'standard',
  imputing: 'median',
  maxCategories: 256,
  minCategoryCount: undefined,
  unseen: 'rare',
  ordinal: {},
  textFeatures: 1024,
  maxWidth: 4096,
}

const wholeNumbers = {
  bins: [2, 1024],
  maxCategories: [1, 100_000],
  minCategoryCount: [1, 1e9],
  textFeatures: [16, 65_536],
  maxWidth: [1, 1_000_000],
} as const

const choices = {
  numericEncoding: ['standard', 'quantile', 'piecewiseLinear'],
  scaling: ['standard', 'robust'],
  unseen: ['rare', 'zeros'],
} as const

export function fillOptions(given: PreprocessorOptions): FilledOptions {
  const operation = 'TablePreprocessor'
  for (const name of Object.keys(given))
    if (!Object.hasOwn(defaults, name))
      throw argumentError(
        operation,
        'a known option',
        `'${name}'`,
        suggestName(name, Object.keys(defaults)),
      )
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  const options = { ...defaults, ...Object.fromEntries(set) } as FilledOptions
  for (const [name, [low, high]] of Object.entries(wholeNumbers)) {
    const value = options[name as keyof typeof wholeNumbers]
    if (value !== undefined && !(Number.isInteger(value) && value >= low && value <= high))
      throw argumentError(operation, `${name} from ${low} to ${high}`, String(value))
  }
  for (const [name, allowed] of Object.entries(choices)) {
    const value = options[name as keyof typeof choices]
    if (!(allowed as readonly string[]).includes(value))
      throw argumentError(operation, `${name} ${allowed.join(', ')}`, `'${value}'`)
  }
  const { imputing } = options
  const known =
    typeof imputing === 'object'
      ? imputing !== null && Number.isFinite(imputing.constant)
      : ['median', 'mean', 'mostFrequent'].includes(imputing)
  if (!known)
    throw argumentError(
      operation,
      "imputing 'median', 'mean', 'mostFrequent' or { constant: number }",
      JSON.stringify(imputing),
    )
  return options
}
