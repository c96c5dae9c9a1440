// Excel workbooks (.xlsx): the first row names the columns, a cell's own type is kept.

import { AthanorError } from '../../base/errors.js'
import { uniqueNames } from '../csv-dialect.js'
import type { DataFinding } from '../finding.js'
import { columnFromValues } from '../infer.js'
import { joinTables } from '../join.js'
import { Table } from '../table.js'
import { messageOf } from './duckdb.js'
import { chooseTable, type OpenOptions, type TableWithSources } from './options.js'

export async function readExcel(
  files: readonly string[],
  options: OpenOptions,
): Promise<TableWithSources> {
  const { default: readWorkbook } = await import('read-excel-file/node')
  const sources = new Map<string, string>()
  const unreadable = new Map<string, number>()
  const findings: DataFinding[] = []
  const tables: Table[] = []
  for (const file of files) {
    let sheets: { sheet: string; data: unknown[][] }[]
    try {
      sheets = (await readWorkbook(file)) as typeof sheets
    } catch (cause) {
      throw new AthanorError('FORMAT', {
        operation: `reading '${file}'`,
        expected: 'an Excel workbook (.xlsx)',
        received: messageOf(cause).split('\n')[0],
        cause,
      })
    }
    const filled = sheets.filter(({ data }) => data.length > 0)
    const chosen = chooseTable(
      file,
      (filled.length === 1 && options.table === undefined ? filled : sheets).map(s => s.sheet),
      options.table,
    )
    const { data } = sheets.find(({ sheet }) => sheet === chosen)!
    const [header = [], ...rows] = data
    const { names, renamed } = uniqueNames(header.map(cell => (cell === null ? '' : String(cell))))
    for (const { from, to } of renamed)
      findings.push({
        code: 'renamed-column',
        severity: 'warning',
        column: to,
        details: { from, to },
      })
    const ragged = rows.findIndex(row => row.slice(names.length).some(cell => cell !== null))
    if (ragged >= 0)
      throw new AthanorError('DATA', {
        operation: `reading '${file}'`,
        expected: `${names.length} cells in every row, as in the header`,
        received: `${rows[ragged].length} in row ${ragged + 2}`,
      })
    const columns = names.map((name, i) => {
      const wanted = options.types?.[name]
      const inferred = columnFromValues(
        name,
        rows.map(row => row[i] ?? null),
        wanted,
      )
      sources.set(name, inferred.source)
      unreadable.set(name, inferred.unreadable + (unreadable.get(name) ?? 0))
      return inferred.column
    })
    tables.push(new Table(columns, rows.length))
  }
  return { table: joinTables(tables), sources, unreadable, findings }
}
