// Which columns a transformer gets: by name, by place, or by type.

import { AthanorError, argumentError } from '../../base/errors.js'
import { suggestName } from '../../base/nearest-name.js'
import type { ColumnType } from '../../data/column.js'
import type { Features } from '../../estimator/matrix.js'
import { RawColumns } from '../../estimator/raw-columns.js'

const groups = {
  number: ['numeric', 'integer'],
  numeric: ['numeric'],
  integer: ['integer'],
  category: ['category'],
  boolean: ['boolean'],
  datetime: ['datetime'],
  text: ['text'],
  identifier: ['identifier'],
} as const satisfies Record<string, readonly ColumnType[]>

/** 'number' is any column of numbers; the others are the types of columns. */
export type ColumnGroup = keyof typeof groups

/** Columns of some types, chosen when `fit` sees them. */
export interface ColumnsOfType {
  readonly columnsOfType: readonly ColumnGroup[]
}

/** Columns by name, by place (negative: from the end), or by type. */
export type ColumnChoice = string | number | readonly string[] | readonly number[] | ColumnsOfType

/**
 * Columns of these types, for a ColumnTransformer. Columns of tables and datasets have the type that they were
 * read with; in rows and objects numbers are 'number', texts 'category', truth values 'boolean' and Dates
 * 'datetime'. Errors: ARGUMENT for a type that there isn't.
 *
 * @example
 * ```ts
 * new ColumnTransformer({
 *   transformers: [['scale', new StandardScaler(), columnsOfType('number')]],
 * })
 * ```
 */
export function columnsOfType(...types: readonly ColumnGroup[]): ColumnsOfType {
  for (const type of types)
    if (!Object.hasOwn(groups, type))
      throw argumentError(
        'columnsOfType',
        'types of columns',
        `'${type}'`,
        suggestName(type, Object.keys(groups)),
      )
  if (types.length === 0) throw argumentError('columnsOfType', 'one type or more', 'none')
  return Object.freeze({ columnsOfType: Object.freeze([...types]) })
}

export function isColumnChoice(value: unknown): value is ColumnChoice {
  if (typeof value === 'string') return value !== ''
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (Array.isArray(value))
    return (
      value.every(name => typeof name === 'string') ||
      value.every(place => Number.isSafeInteger(place))
    )
  const types = (value as Partial<ColumnsOfType> | null)?.columnsOfType
  return (
    Array.isArray(types) &&
    types.length > 0 &&
    Object.keys(value as object).length === 1 &&
    types.every(type => typeof type === 'string' && Object.hasOwn(groups, type))
  )
}

/** The places of the columns chosen, in their order. Errors: ARGUMENT, DATA. */
export function placesOf(operation: string, x: Features, choice: ColumnChoice): number[] {
  if (typeof choice === 'object' && 'columnsOfType' in choice) {
    const types = new Set<string>(choice.columnsOfType.flatMap(type => groups[type]))
    return Array.from({ length: x.width }, (_, j) => j).filter(j => types.has(typeOf(x, j)))
  }
  const list: readonly (string | number)[] = Array.isArray(choice)
    ? choice
    : [choice as string | number]
  const places = list.map(column =>
    typeof column === 'string' ? placeOfName(operation, x, column) : placeOf(operation, x, column),
  )
  if (new Set(places).size !== places.length)
    throw argumentError(operation, 'each column once for a transformer', `[${list.join(', ')}]`)
  return places
}

function typeOf(x: Features, place: number): ColumnType {
  return x instanceof RawColumns ? x.columns[place].type : 'numeric'
}

function placeOfName(operation: string, { names }: Features, name: string): number {
  const place = names?.indexOf(name) ?? -1
  if (place >= 0) return place
  throw new AthanorError('DATA', {
    operation,
    expected: `a column '${name}'`,
    received: names === undefined ? 'columns without names' : names.join(', '),
    fix: names === undefined ? 'Choose columns by place' : suggestName(name, names),
  })
}

function placeOf(operation: string, { width }: Features, column: number): number {
  const place = column < 0 ? width + column : column
  if (place >= 0 && place < width) return place
  throw argumentError(operation, `a place among ${width} columns`, String(column))
}
