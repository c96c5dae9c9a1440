// Arrow IPC files and streams (also Feather version 2, uncompressed), by the library Flechette.

import { readFile } from 'node:fs/promises'
import { AthanorError } from '../../base/errors.js'
import type { ColumnType } from '../column.js'
import { columnFromValues } from '../infer.js'
import { joinTables } from '../join.js'
import { Table } from '../table.js'
import { messageOf } from './duckdb.js'
import { fileError } from './files.js'
import type { TableWithSources } from './options.js'

/** Arrow's type numbers (Schema.fbs) that decide how a column is read. */
const arrowTypes: Readonly<Record<number, { source: string; type?: ColumnType }>> = {
  2: { source: 'Int' },
  3: { source: 'Float' },
  4: { source: 'Binary', type: 'text' },
  5: { source: 'Utf8', type: 'category' },
  6: { source: 'Bool', type: 'boolean' },
  7: { source: 'Decimal' },
  8: { source: 'Date', type: 'datetime' },
  9: { source: 'Time' },
  10: { source: 'Timestamp', type: 'datetime' },
  20: { source: 'LargeUtf8', type: 'category' },
  24: { source: 'Utf8View', type: 'category' },
}
const dictionaryType = -1

export async function readArrow(files: readonly string[]): Promise<TableWithSources> {
  const { tableFromIPC } = await import('@uwdata/flechette')
  const sources = new Map<string, string>()
  const tables: Table[] = []
  for (const file of files) {
    let bytes: Uint8Array
    try {
      bytes = await readFile(file)
    } catch (cause) {
      throw fileError(file, cause)
    }
    try {
      const arrow = tableFromIPC(bytes, { useBigInt: true })
      const columns = arrow.names.map((name, i) => {
        const column = arrow.getChildAt(i)
        const described = column.type as { typeId: number; dictionary?: { typeId: number } }
        const typeId =
          described.typeId === dictionaryType ? described.dictionary!.typeId : described.typeId
        const { source, type } = arrowTypes[typeId] ?? { source: 'nested', type: 'text' as const }
        sources.set(String(name), source)
        return columnFromValues(String(name), column.toArray() as ArrayLike<unknown>, type).column
      })
      tables.push(new Table(columns, arrow.numRows))
    } catch (cause) {
      if (cause instanceof AthanorError) throw cause
      throw new AthanorError('FORMAT', {
        operation: `reading '${file}'`,
        expected: 'an Arrow IPC file or stream, uncompressed',
        received: messageOf(cause).split('\n')[0],
        cause,
      })
    }
  }
  return { table: joinTables(tables), sources }
}
