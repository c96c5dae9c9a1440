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

export function joinColumns(parts: readonly Column[]): Column {
  const [first] = parts
  if (parts.length === 1) return first
  if (parts.some(part => part.type !== first.type)) {
    const numbers = parts.every(part => part.kind === 'number' && part.type !== 'datetime')
    const type = numbers ? 'numeric' : 'category'
    return joinColumns(parts.map(part => convertColumn(part, type).column))
  }
  return first.kind === 'number'
    ? joinNumbers(parts as readonly NumberColumn[])
    : joinCodes(parts as readonly CodeColumn[])
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

function joinCodes(parts: readonly CodeColumn[]): CodeColumn {
  const [first] = parts
  const codes = new Int32Array(parts.reduce((sum, part) => sum + part.codes.length, 0))
  const shared = parts.every(part => part.categories === first.categories)
  const builder = new CodeBuilder()
  let at = 0
  for (const part of parts) {
    if (shared) codes.set(part.codes, at)
    else {
      const recoded = part.categories.map(text => builder.code(text))
      for (let i = 0; i < part.codes.length; i++)
        codes[at + i] = part.codes[i] < 0 ? -1 : recoded[part.codes[i]]
    }
    at += part.codes.length
  }
  return { ...first, codes, categories: shared ? first.categories : builder.categories }
}
