// Categories of raw columns: distinct values, ascending, a missing value last; and each row's place among them.

import { AthanorError, argumentError } from '../../base/errors.js'
import { compareLabels, type Label } from '../../base/label.js'
import {
  choiceParameter,
  eitherParameter,
  listParameter,
  type Parameter,
} from '../../base/parameters.js'
import type { Column } from '../../data/column.js'
import type { RawColumns } from '../../estimator/raw-columns.js'
import { type Codec, list } from '../../estimator/state.js'

/** A value that a column may have; null is a missing one. */
export type Category = Label | null

export function isCategory(value: unknown): value is Category {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}

const categoryParameter: Parameter<Category> = {
  kind: 'object',
  doc: 'A category; null stands for a missing value.',
  expected: 'a category: a number, a text, true, false or null',
  accepts: isCategory,
  bad: [{}, [], Number.NaN],
  parse: text => text,
}

/** A category for each column. */
export const categoryListParameter = (doc: string) =>
  listParameter(categoryParameter, { min: 1, doc })

/** 'auto', or the categories of each column. */
export const categoriesParameter = eitherParameter(
  choiceParameter(['auto'], { doc: 'As found in fit.' }),
  listParameter(listParameter(categoryParameter, { min: 1, doc: 'Those of one column.' }), {
    min: 1,
    doc: 'Those of each column.',
  }),
  {
    default: 'auto',
    doc: 'The categories of each column in their order, or those found in fit, ascending; a missing value (null) comes last.',
  },
)

/** Categories of each column in a saved state. */
export const categoriesCodec: Codec<readonly (readonly Category[])[]> = list({
  write: categories => categories,
  read: json => {
    const found = json
      .items(1)
      .map(({ value, fail }, i, all) =>
        isCategory(value) ? value : fail.call(all[i], 'a category'),
      )
    if (new Set(found).size !== found.length) json.fail('each category once', 'one twice')
    return found
  },
})

/** A column's distinct values and each row's place among them; -1 where it has none. */
export interface CodedColumn {
  readonly codes: Int32Array
  readonly values: readonly Label[]
}

/** Errors: DATA for dates. */
export function codedColumn(operation: string, column: Column): CodedColumn {
  if (column.kind === 'code') {
    const { codes, categories, type } = column
    const truth =
      type === 'boolean' && categories.every(text => text === 'true' || text === 'false')
    return { codes, values: truth ? categories.map(text => text === 'true') : categories }
  }
  if (column.type === 'datetime')
    throw new AthanorError('DATA', {
      operation,
      expected: 'categories: texts, numbers or truth values',
      received: `dates in column '${column.name}'`,
      fix: 'Take the year, the month or the weekday of it',
    })
  const places = new Map<number, number>()
  const values: number[] = []
  const codes = new Int32Array(column.values.length)
  for (let row = 0; row < codes.length; row++) {
    const value = column.values[row]
    let place = Number.isNaN(value) ? -1 : places.get(value)
    if (place === undefined) {
      place = values.length
      values.push(value)
      places.set(value, place)
    }
    codes[row] = place
  }
  return { codes, values }
}

export interface LearnedCategories {
  readonly categories: readonly (readonly Category[])[]
  /** Rows (or their weights) of each category. */
  readonly counts: readonly Float64Array[]
  /** Each row's place among its column's categories, -1 where it is none of them. */
  readonly places: readonly Int32Array[]
}

/**
 * The categories of each column: those given, or those found.
 *
 * Errors: ARGUMENT for given categories of another number of columns, for one twice, for null before the
 * last; DATA for a value that isn't among them where `strict`.
 */
export function learnCategories(
  operation: string,
  frame: RawColumns,
  given: 'auto' | readonly (readonly Category[])[],
  strict: boolean,
): LearnedCategories {
  if (given !== 'auto' && given.length !== frame.width)
    throw argumentError(operation, `categories of ${frame.width} columns`, `${given.length}`)
  const learned = frame.columns.map((column, j) => {
    const coded = codedColumn(operation, column)
    const categories = given === 'auto' ? foundIn(coded) : checkedList(operation, given[j], column)
    const places = placesAmong(operation, column, coded, categories, strict)
    const counts = new Float64Array(categories.length)
    for (let row = 0; row < places.length; row++) if (places[row] >= 0) counts[places[row]]++
    return { categories, counts, places }
  })
  return {
    categories: learned.map(one => one.categories),
    counts: learned.map(one => one.counts),
    places: learned.map(one => one.places),
  }
}

/** Values that rows have, ascending; null at the end where some row has none. */
function foundIn({ codes, values }: CodedColumn): Category[] {
  const seen = new Uint8Array(values.length)
  let missing = false
  for (let row = 0; row < codes.length; row++)
    if (codes[row] < 0) missing = true
    else seen[codes[row]] = 1
  const found: Category[] = values.filter((_, code) => seen[code] === 1).sort(compareLabels)
  return missing ? [...found, null] : found
}

function checkedList(operation: string, list: readonly Category[], { name }: Column) {
  if (new Set(list).size !== list.length)
    throw argumentError(operation, `each category of '${name}' once`, 'one twice')
  if (list.slice(0, -1).includes(null))
    throw argumentError(operation, `null as the last category of '${name}'`, 'null before others')
  return list
}

/** Each row's place among the categories; -1 where it is none of them, which `strict` refuses. */
export function placesAmong(
  operation: string,
  column: Column,
  { codes, values }: CodedColumn,
  categories: readonly Category[],
  strict: boolean,
): Int32Array {
  requireSameKind(operation, column.name, values, categories)
  const placeOf = new Map(categories.map((category, place) => [category, place]))
  const missing = placeOf.get(null) ?? -1
  const places = Int32Array.from(values, value => placeOf.get(value) ?? -1)
  const out = new Int32Array(codes.length)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]
    const place = code < 0 ? missing : places[code]
    if (place < 0 && strict)
      throw new AthanorError('DATA', {
        operation,
        expected: `categories of column '${column.name}' that are known from fit`,
        received: `${code < 0 ? 'a missing value' : show(values[code])} in row ${row}`,
        fix: "Set handleUnknown, for instance to 'ignore', or name all categories",
      })
    out[row] = place
  }
  return out
}

/** The text '1' is not the number 1: where all that is known is of one kind, another kind is a mistake. */
function requireSameKind(
  operation: string,
  name: string,
  values: readonly Label[],
  categories: readonly Category[],
): void {
  const known = categories.find(category => category !== null)
  if (known === undefined || values.length === 0 || typeof values[0] === typeof known) return
  throw new AthanorError('DATA', {
    operation,
    expected: `${typeof known}s in column '${name}', such as ${show(known)}`,
    received: `${typeof values[0]}s, such as ${show(values[0])}`,
  })
}

export function show(category: Category): string {
  return typeof category === 'string' ? `'${category}'` : String(category)
}

/** As a part of a feature's name. */
export function categoryName(category: Category): string {
  return category === null ? 'missing' : String(category)
}
