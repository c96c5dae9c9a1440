// Labels of classes and clusters: numbers, texts or booleans, one kind a column; checked, and turned
// into places 0, 1, 2, … of the distinct labels, so that counting never looks at a text again.

import { AthanorError, argumentError, dtypeError } from '../../base/errors.js'
import { compareLabels, type Label, type Labels } from '../../base/label.js'
import { tested, type ValueKind, valueWords } from '../../base/value-kinds.js'

/** What `typeof` says of a label. */
export type LabelType = 'number' | 'string' | 'boolean'

const words: Record<LabelType, string> = {
  number: 'numbers',
  string: 'texts',
  boolean: 'booleans',
}

const isLabel = (value: unknown) =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)

/** For options that name one class. */
export const oneLabel: ValueKind<Label> = tested(
  'a label: a number, a text or a boolean',
  isLabel,
  [Number.NaN, Infinity, null, {}],
)

/** For options that list classes. */
export const labelList: ValueKind<readonly Label[]> = tested(
  'a list of labels',
  value => Array.isArray(value) && value.every(isLabel),
  [0, 'a', null, [Number.NaN], [null]],
)

/** What the labels of a column are. */
export interface LabelKind {
  readonly type: LabelType
  /** Numbers without fractions: then a prediction with one is a score and no label. */
  readonly isWhole: boolean
}

/**
 * Checks that a column holds labels, all of one kind: that of the labels beside it, where it is known.
 *
 * @throws AthanorError DATA for what is no label, DTYPE for labels of another kind than those beside.
 */
export function checkLabels(
  operation: string,
  name: string,
  values: Labels,
  beside?: LabelKind,
): LabelKind {
  const type = beside?.type ?? (typeof values[0] as LabelType)
  if (values.length > 0 && beside !== undefined && typeof values[0] !== type && isLabel(values[0]))
    throw dtypeError(
      operation,
      `${words[type]} in ${name}, as in the labels beside it`,
      valueWords(values[0]),
    )
  const mustBeWhole = beside?.isWhole === true
  let isWhole = type === 'number'
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (type === 'number') {
      if (Number.isInteger(value)) continue
      if (Number.isFinite(value) && !mustBeWhole) {
        isWhole = false
        continue
      }
    } else if (typeof value === type && type in words) continue
    throw new AthanorError('DATA', {
      operation,
      expected: mustBeWhole
        ? `whole numbers in ${name}, as in the labels beside it`
        : `labels of one kind in ${name}: finite numbers, texts or booleans`,
      received: `${valueWords(value)} at row ${i}`,
      fix: Number.isFinite(value)
        ? 'Choose classes first (by a threshold, or the highest probability)'
        : 'Leave such rows out, or look for what made them',
    })
  }
  return { type, isWhole }
}

/** The distinct labels of the columns, ascending. The columns are checked. */
export function distinctLabels(...columns: Labels[]): Label[] {
  return [...encodeLabels(columns).labels]
}

export interface EncodedLabels {
  /** The distinct labels, ascending, or those that were given. */
  readonly labels: readonly Label[]
  /** For each column and row the place of its label; -1 where it is not among those given. */
  readonly codes: readonly Int32Array[]
}

/** Widest range of whole numbers that are looked up in an array. */
const widestTable = 1 << 20

/** Places of the labels of columns that are checked and of one kind. */
export function encodeLabels(columns: readonly Labels[], given?: readonly Label[]): EncodedLabels {
  const range = rangeOf(given === undefined ? columns : [...columns, given])
  return range === undefined
    ? encodeByMap(columns, given)
    : encodeByTable(columns as readonly ArrayLike<number>[], range, given as readonly number[])
}

/** The range of whole numbers, where an array of that length is worth having. */
function rangeOf(columns: readonly Labels[]): { low: number; high: number } | undefined {
  let low = Infinity
  let high = -Infinity
  let rows = 0
  for (const column of columns) {
    rows += column.length
    if (column.length > 0 && typeof column[0] !== 'number') return undefined
    const numbers = column as ArrayLike<number>
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i]
      if (value < low) low = value
      if (value > high) high = value
      if (!Number.isInteger(value)) return undefined
    }
  }
  const width = high - low + 1
  return width <= Math.min(widestTable, 64 + 4 * rows) ? { low, high } : undefined
}

function encodeByTable(
  columns: readonly ArrayLike<number>[],
  { low, high }: { low: number; high: number },
  given: readonly number[] | undefined,
): EncodedLabels {
  const places = new Int32Array(high - low + 1).fill(-1)
  let labels = given
  if (labels === undefined) {
    for (const column of columns)
      for (let i = 0; i < column.length; i++) places[column[i] - low] = 1
    const found: number[] = []
    for (let i = 0; i < places.length; i++) if (places[i] === 1) found.push(low + i)
    labels = found
  }
  labels.forEach((label, place) => {
    places[label - low] = place
  })
  const codes = columns.map(column => {
    const code = new Int32Array(column.length)
    for (let i = 0; i < code.length; i++) code[i] = places[column[i] - low]
    return code
  })
  return { labels, codes }
}

function encodeByMap(
  columns: readonly Labels[],
  given: readonly Label[] | undefined,
): EncodedLabels {
  const places = new Map<Label, number>(given?.map((label, place) => [label, place]))
  // Places in the order of appearance first, so that each row is looked up once.
  const found: Label[] = []
  const codes = columns.map(column => {
    const code = new Int32Array(column.length)
    for (let i = 0; i < code.length; i++) {
      let place = places.get(column[i])
      if (place === undefined) {
        place = given === undefined ? found.push(column[i]) - 1 : -1
        places.set(column[i], place)
      }
      code[i] = place
    }
    return code
  })
  if (given !== undefined) return { labels: given, codes }
  const labels = [...found].sort(compareLabels)
  const rank = new Map(labels.map((label, place) => [label, place]))
  const placeOf = Int32Array.from(found, label => rank.get(label)!)
  for (const code of codes) for (let i = 0; i < code.length; i++) code[i] = placeOf[code[i]]
  return { labels, codes }
}

/** Checks labels given as an option: each once, of the column's kind, at least one. */
export function checkLabelList(
  operation: string,
  labels: readonly Label[],
  { type }: LabelKind,
): readonly Label[] {
  if (labels.length === 0 || new Set(labels).size !== labels.length)
    throw argumentError(operation, 'each label once', `[${labels.join(', ')}]`)
  const other = labels.find(label => typeof label !== type)
  if (other !== undefined)
    throw dtypeError(
      operation,
      `labels that are ${words[type]}, as the column's`,
      valueWords(other),
    )
  return labels
}

/**
 * The label that scores speak for: the one given; else the second of two `labels`; else 1 or true. For
 * texts one has to be given.
 */
export function positiveLabel(
  operation: string,
  { type }: LabelKind,
  positive: Label | undefined,
  labels?: readonly Label[],
): Label {
  if (positive !== undefined) {
    if (typeof positive !== type)
      throw dtypeError(operation, `a positive label among ${words[type]}`, valueWords(positive))
    return positive
  }
  if (labels?.length === 2) return labels[1]
  if (type === 'string')
    throw argumentError(
      operation,
      'positive, the label of the positive class, where labels are texts',
      'nothing',
      "Say which one, as in { positive: 'yes' }",
    )
  return type === 'number' ? 1 : true
}
