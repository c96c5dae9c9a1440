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

type Check = (context: CheckContext) => DataFinding[]

const countingChecks: readonly Check[] = [checkTarget, checkColumns, checkDuplicates]
/** These compare distributions, for which a sample of the rows is as good. */
const comparingChecks: readonly Check[] = [checkLeaks, checkDrift]

/** Rows of each part that the comparing checks look at. */
const sampleRows = 100_000

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
  const sampled: CheckContext = {
    ...context,
    split: {
      train: thinned(options.split.train),
      validation: thinned(options.split.validation),
      test: thinned(options.split.test),
    },
  }
  const findings = [
    ...countingChecks.flatMap(check => check(context)),
    ...comparingChecks.flatMap(check => check(sampled)),
  ]
  return findings.sort((a, b) => order[a.severity] - order[b.severity])
}

/** Rows at equal distances. */
function thinned(rows: Uint32Array): Uint32Array {
  if (rows.length <= sampleRows) return rows
  const step = rows.length / sampleRows
  return Uint32Array.from({ length: sampleRows }, (_, i) => rows[Math.floor(i * step)])
}
