// What deserves to be said about a table before and after it is split: everything that could make a
// model's figures worse, or better than they will be in use. Nothing here changes the data.

import type { DataFinding } from '../finding.js'
import type { Table } from '../table.js'
import { checkColumns } from './columns.js'
import type { CheckContext, CheckOptions } from './context.js'
import { checkDrift } from './drift.js'
import { checkDuplicates } from './duplicates.js'
import { checkLeaks } from './leaks.js'
import { checkTarget } from './target.js'

const checks: readonly ((context: CheckContext) => DataFinding[])[] = [
  checkTarget,
  checkColumns,
  checkDuplicates,
  checkLeaks,
  checkDrift,
]

const order = { error: 0, warning: 1, info: 2 } as const

/**
 * Findings about the table, gravest first; each code is explained in `findingMeanings`.
 *
 * @throws AthanorError DATA when the target is not a column of the table.
 * @example
 * ```ts
 * const split = splitRows({ rows: table.rows })
 * for (const finding of checkData(table, { target: 'churn', task: 'classification', split }))
 *   console.log(finding.severity, finding.code, finding.column, finding.count)
 * ```
 */
export function checkData(table: Table, options: CheckOptions): DataFinding[] {
  const targetColumn = table.column(options.target)
  const left = new Set([options.target, ...(options.exclude ?? [])])
  const features = table.columns.filter(column => !left.has(column.name))
  const context: CheckContext = { ...options, table, targetColumn, features }
  const findings = checks.flatMap(check => check(context))
  return findings.sort((a, b) => order[a.severity] - order[b.severity])
}
