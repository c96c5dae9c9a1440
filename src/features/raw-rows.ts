// Rows as objects at prediction time into a table of the columns learned from: absent fields and
// values that cannot be read are named, fields not known are counted.

import { AthanorError } from '../base/errors.js'
import { nearestName } from '../base/nearest-name.js'
import type { ColumnType } from '../data/column.js'
import { columnFromValues } from '../data/infer.js'
import { Table } from '../data/table.js'

export type RawRow = Readonly<Record<string, unknown>>

/** A column of the training table. */
export interface Field {
  readonly name: string
  readonly type: ColumnType
  /** Whether the model uses it; others may be absent. */
  readonly used: boolean
}

export interface FieldCheck {
  /** Fields that the model uses and some row lacks, with the number of such rows. */
  readonly missing: readonly { readonly name: string; readonly rows: number }[]
  /** Fields that the training table didn't have, with the name probably meant. */
  readonly unknown: readonly {
    readonly name: string
    readonly rows: number
    readonly meant?: string
  }[]
}

export interface RawRowOptions {
  /**
   * A used field that a row lacks (null and '' are values that are missing, not fields): `error`
   * names it (default); `impute` treats it as a missing value.
   */
  readonly missingFields?: 'error' | 'impute'
  /** Called with the fields that the training table didn't have; they are not used. */
  readonly onUnknownFields?: (fields: FieldCheck['unknown']) => void
}

export function checkFields(rows: readonly RawRow[], fields: readonly Field[]): FieldCheck {
  const known = new Set(fields.map(field => field.name))
  const unknown = new Map<string, number>()
  const present = new Map(fields.filter(f => f.used).map(field => [field.name, 0]))
  rows.forEach((row, i) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw new AthanorError('DATA', {
        operation: 'rows for a prediction',
        expected: 'objects of field names and values',
        received: `${row === null ? 'null' : Array.isArray(row) ? 'an array' : typeof row} at index ${i}`,
      })
    for (const name of Object.keys(row)) {
      if (!known.has(name)) unknown.set(name, (unknown.get(name) ?? 0) + 1)
      else if (row[name] !== undefined && present.has(name))
        present.set(name, present.get(name)! + 1)
    }
  })
  const missing = [...present]
    .filter(([, count]) => count < rows.length)
    .map(([name, count]) => ({ name, rows: rows.length - count }))
  return {
    missing,
    unknown: [...unknown].map(([name, count]) => ({
      name,
      rows: count,
      meant: nearestName(name, missing.length > 0 ? missing.map(m => m.name) : known),
    })),
  }
}

export function tableFromRawRows(
  rows: readonly RawRow[],
  fields: readonly Field[],
  options: RawRowOptions = {},
): Table {
  const { missing, unknown } = checkFields(rows, fields)
  if (missing.length > 0 && options.missingFields !== 'impute') {
    const names = missing.map(m =>
      m.rows === rows.length ? `'${m.name}'` : `'${m.name}' in ${m.rows} of ${rows.length} rows`,
    )
    const meant = unknown.find(u => u.meant !== undefined)
    throw new AthanorError('DATA', {
      operation: 'rows for a prediction',
      expected: 'every field that the model uses',
      received: `no ${names.join(', ')}`,
      fix:
        meant === undefined
          ? "Give null where a value isn't known, or allow it with missingFields: 'impute'"
          : `Is '${meant.name}' meant to be '${meant.meant}'?`,
    })
  }
  if (unknown.length > 0) options.onUnknownFields?.(unknown)
  const columns = fields
    .filter(field => field.used)
    .map(({ name, type }) => {
      const values = rows.map(row => (Object.hasOwn(row, name) ? row[name] : null))
      const { column, unreadable } = columnFromValues(name, values, type)
      if (unreadable > 0) refuseUnreadable(name, type, values)
      return column
    })
  return new Table(columns, rows.length)
}

const wanted: { readonly [T in ColumnType]: string } = {
  numeric: 'a number',
  integer: 'a whole number',
  datetime: 'a Date, an ISO 8601 text or milliseconds since 1970',
  category: 'a text',
  boolean: 'true or false',
  text: 'a text',
  identifier: 'a text',
}

function refuseUnreadable(name: string, type: ColumnType, values: readonly unknown[]): never {
  const row = values.findIndex(value => columnFromValues(name, [value], type).unreadable > 0)
  throw new AthanorError('DATA', {
    operation: 'rows for a prediction',
    expected: `${wanted[type]} in field '${name}'`,
    received: `${JSON.stringify(values[row]) ?? String(values[row])} in row ${row + 1}`,
    fix: 'Give null where the value is not known',
  })
}
