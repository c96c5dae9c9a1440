// Tables of the same columns, one below the other.

import { AthanorError } from '../base/errors.js'
import { CodeBuilder, type CodeColumn, type Column, type NumberColumn } from './column.js'
import { convertColumn } from './infer.js'
import { Table } from './table.js'

/**
 * One table from parts with the same column names. Where types differ (whole numbers in one part,
 * texts in another) the column becomes numeric if all are numbers, otherwise category.
 */
export function joinTables(parts: readonly Table[]): Table {
  if (parts.length === 1) return parts[0]
  if (parts.length === 0) return new Table([], 0)
  for (const part of parts)
    if (part.names.join('\0') !== parts[0].names.join('\0'))
      throw new AthanorError('DATA', {
        operation: 'joining tables',
        expected: `the columns ${parts[0].names.join(', ')}`,
        received: part.names.join(', '),
      })
  return new Table(
    parts[0].names.map((_, i) => joinColumns(parts.map(part => part.columns[i]))),
    parts.reduce((rows, part) => rows + part.rows, 0),
  )
}

/** With `distinct` false, the texts of the parts may repeat in the whole's categories. */
export function joinColumns(parts: readonly Column[], distinct = true): Column {
  const [first] = parts
  if (parts.length === 1) return first
  const sameType = parts.every(part => part.type === first.type)
  if (!sameType || parts.some(part => part.kind !== first.kind)) {
    const numbers = parts.every(part => part.kind === 'number' && part.type !== 'datetime')
    const alike = parts.map(part => convertColumn(part, numbers ? 'numeric' : 'category').column)
    const joined = joinColumns(alike, distinct)
    // Identifiers may be numbers in one part and texts in another.
    return sameType ? ({ ...joined, type: first.type } as Column) : joined
  }
  return first.kind === 'number'
    ? joinNumbers(parts as readonly NumberColumn[])
    : joinCodes(parts as readonly CodeColumn[], distinct)
}

function joinNumbers(parts: readonly NumberColumn[]): NumberColumn {
  const rows = parts.reduce((sum, part) => sum + part.values.length, 0)
  const values = new Float64Array(rows)
  const exact = parts.some(part => part.exact !== undefined) ? new BigInt64Array(rows) : undefined
  let at = 0
  let infinite = 0
  for (const part of parts) {
    values.set(part.values, at)
    infinite += part.infinite ?? 0
    if (part.exact !== undefined) exact!.set(part.exact, at)
    else if (exact !== undefined)
      part.values.forEach((value, i) => {
        if (!Number.isNaN(value)) exact[at + i] = BigInt(value)
      })
    at += part.values.length
  }
  const { kind, name, type } = parts[0]
  return {
    kind,
    name,
    type,
    values,
    ...(exact === undefined ? {} : { exact }),
    ...(infinite === 0 ? {} : { infinite }),
  }
}

function joinCodes(parts: readonly CodeColumn[], distinct: boolean): CodeColumn {
  const [first] = parts
  const codes = new Int32Array(parts.reduce((sum, part) => sum + part.codes.length, 0))
  const { categories, recode } = distinct ? distinctTexts(parts) : textsInTurn(parts)
  let at = 0
  for (const part of parts) {
    const own = recode.get(part.categories)
    if (own === undefined) codes.set(part.codes, at)
    else
      for (let i = 0; i < part.codes.length; i++)
        codes[at + i] = part.codes[i] < 0 ? -1 : own[part.codes[i]]
    at += part.codes.length
  }
  return { ...first, codes, categories }
}

interface JoinedTexts {
  readonly categories: readonly string[]
  /** New codes for the codes of each list of categories; absent where they stay. */
  readonly recode: ReadonlyMap<readonly string[], Int32Array>
}

function distinctTexts(parts: readonly CodeColumn[]): JoinedTexts {
  const [{ categories }] = parts
  if (parts.every(part => part.categories === categories)) return { categories, recode: new Map() }
  const builder = new CodeBuilder()
  const recode = new Map<readonly string[], Int32Array>()
  for (const { categories: own } of parts)
    if (!recode.has(own))
      recode.set(
        own,
        Int32Array.from(own, text => builder.code(text)),
      )
  return { categories: builder.categories, recode }
}

function textsInTurn(parts: readonly CodeColumn[]): JoinedTexts {
  const lists = [...new Set(parts.map(part => part.categories))]
  if (lists.length === 1) return { categories: lists[0], recode: new Map() }
  const recode = new Map<readonly string[], Int32Array>()
  let start = 0
  for (const own of lists) {
    const first = start
    recode.set(
      own,
      Int32Array.from({ length: own.length }, (_, i) => first + i),
    )
    start += own.length
  }
  return { categories: lists.flat(), recode }
}
