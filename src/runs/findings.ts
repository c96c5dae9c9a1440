// What was noticed about the data of a run: by the reader, and by the checks.

import { checkData } from '../data/checks/check-data.js'
import { percent } from '../data/checks/columns.js'
import { checkTarget } from '../data/checks/target.js'
import type { DataFinding } from '../data/finding.js'
import type { ColumnSchema } from '../data/schema.js'
import { Table } from '../data/table.js'
import type { PreparedData } from './prepare-data.js'

/** Reading first, then the checks, gravest first. */
export function findingsOf(data: PreparedData): readonly DataFinding[] {
  const { target, task, excluded, schema, sample } = data
  const checks = checkData(sample.table, {
    target,
    task,
    split: sample.split,
    exclude: excluded,
    schema,
  })
  return [...data.findings, ...(data.store.table === undefined ? ofAllRows(checks, data) : checks)]
}

const gravity = { error: 0, warning: 1, info: 2 } as const

/** Findings on a sample, with the target looked at in all rows, and cells counted in all rows. */
function ofAllRows(checks: readonly DataFinding[], data: PreparedData): DataFinding[] {
  const { keys, target, task, split, store, sample } = data
  const targetColumn = keys.column(target)
  const schemaOf = new Map(data.schema.map(column => [column.name, column]))
  const targets = checkTarget({
    target,
    task,
    split,
    table: new Table([targetColumn], store.rows),
    targetColumn,
    features: [],
  })
  const targetCodes = new Set(targets.map(finding => finding.code))
  const others = checks.flatMap(finding => {
    if (finding.column === target || targetCodes.has(finding.code)) return []
    const schema = finding.column === undefined ? undefined : schemaOf.get(finding.column)
    return schema === undefined ? [finding] : recounted(finding, schema, store.rows)
  })
  const missing = data.preprocessor.inputs
    .flatMap(input => schemaOf.get(input.name) ?? [])
    .filter(column => column.missing > 0 && column.missing < store.rows)
    .map((column): DataFinding => {
      const share = column.missing / store.rows
      return {
        code: column.type === 'text' ? 'empty-texts' : 'missing-values',
        severity: share > 0.5 ? 'warning' : 'info',
        column: column.name,
        count: column.missing,
        details: { share: percent(share) },
      }
    })
  const note: DataFinding[] =
    sample.table.rows === store.rows
      ? []
      : [
          {
            code: 'sampled-checks',
            severity: 'info',
            count: sample.table.rows,
            details: { rows: store.rows },
          },
        ]
  return [...note, ...targets, ...others, ...missing].sort(
    (a, b) => gravity[a.severity] - gravity[b.severity],
  )
}

function recounted(finding: DataFinding, schema: ColumnSchema, rows: number): DataFinding[] {
  switch (finding.code) {
    case 'missing-values':
    case 'empty-texts':
      return []
    case 'constant-column':
      return schema.distinct > 1 ? [] : [finding]
    case 'empty-column':
      return schema.missing < rows ? [] : [finding]
    case 'many-categories':
      return [{ ...finding, count: schema.distinct }]
    default:
      return [finding]
  }
}
