// What is special about a group of rows: columns whose values differ most from those of all rows.

import { type Column, isMissing } from '../../data/column.js'
import type { Table } from '../../data/table.js'

/** A column as it is in a group, beside all rows. */
export type Trait =
  | {
      readonly column: string
      readonly kind: 'number' | 'date'
      /** Means. */
      readonly here: number
      readonly overall: number
      /** Standard deviations between them; of a category, of its share. */
      readonly effect: number
    }
  | {
      readonly column: string
      readonly kind: 'category'
      readonly value: string
      /** Shares. */
      readonly here: number
      readonly overall: number
      readonly effect: number
    }

/** A difference of fewer standard deviations is not worth a word. */
const least = 0.4

/** Of each group, its traits, the most striking first; at most `most`. `labels`: a group a row, −1 for none. */
export function traitsOf(
  table: Table,
  columns: readonly string[],
  labels: Int32Array,
  groups: number,
  most: number,
): Trait[][] {
  const found: Trait[][] = Array.from({ length: groups }, () => [])
  for (const name of columns) {
    const column = table.column(name)
    const traits =
      column.kind === 'number' ? ofNumbers(column, labels, groups) : ofCodes(column, labels, groups)
    traits.forEach((trait, group) => {
      if (trait !== undefined && Math.abs(trait.effect) >= least) found[group].push(trait)
    })
  }
  return found.map(traits =>
    traits.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).slice(0, most),
  )
}

function ofNumbers(
  column: Extract<Column, { kind: 'number' }>,
  labels: Int32Array,
  groups: number,
): (Trait | undefined)[] {
  const { values, name, type } = column
  const sums = new Float64Array(groups)
  const counts = new Float64Array(groups)
  let mean = 0
  let squares = 0
  let seen = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    if (!Number.isFinite(value)) continue
    seen++
    const change = value - mean
    mean += change / seen
    squares += change * (value - mean)
    if (labels[row] < 0) continue
    sums[labels[row]] += value
    counts[labels[row]]++
  }
  const deviation = Math.sqrt(squares / Math.max(1, seen))
  if (!(deviation > 0)) return []
  return Array.from(sums, (sum, group) => {
    if (counts[group] === 0) return undefined
    const here = sum / counts[group]
    return {
      column: name,
      kind: type === 'datetime' ? 'date' : 'number',
      here,
      overall: mean,
      effect: (here - mean) / deviation,
    } as const
  })
}

/** The category whose share differs most. */
function ofCodes(
  column: Extract<Column, { kind: 'code' }>,
  labels: Int32Array,
  groups: number,
): (Trait | undefined)[] {
  const { codes, categories, name } = column
  const kinds = categories.length
  if (kinds === 0 || kinds * groups > 1e6) return []
  const counts = new Float64Array(groups * kinds)
  const all = new Float64Array(kinds)
  const sizes = new Float64Array(groups)
  let seen = 0
  for (let row = 0; row < codes.length; row++) {
    if (isMissing(column, row)) continue
    seen++
    all[codes[row]]++
    if (labels[row] < 0) continue
    counts[labels[row] * kinds + codes[row]]++
    sizes[labels[row]]++
  }
  return Array.from(sizes, (size, group) => {
    let best: Trait | undefined
    for (let code = 0; size > 0 && code < kinds; code++) {
      const overall = all[code] / seen
      const here = counts[group * kinds + code] / size
      const effect = (here - overall) / Math.sqrt(Math.max(1e-12, overall * (1 - overall)))
      if (!(here > overall) || (best !== undefined && effect <= best.effect)) continue
      best = { column: name, kind: 'category', value: categories[code], here, overall, effect }
    }
    return best
  })
}
