// The target: rows without it, classes that are too few, too many or too uneven, splits too small.

import { type Column, cellText, countMissing } from '../column.js'
import type { DataFinding } from '../finding.js'
import { unevenClasses } from '../uneven-classes.js'
import type { CheckContext } from './context.js'
import { countValues, distinctAmong } from './value-counts.js'

const parts = ['train', 'validation', 'test'] as const
const fewRows = 100

export function checkTarget(context: CheckContext): DataFinding[] {
  const { table, targetColumn, task, split } = context
  const column = targetColumn.name
  const findings: DataFinding[] = []
  const absent = countMissing(targetColumn)
  if (absent > 0)
    findings.push({
      code: 'rows-without-target',
      severity: 'warning',
      column,
      count: absent,
      details: {},
    })
  if (table.rows - absent < fewRows)
    findings.push({
      code: 'few-rows',
      severity: 'warning',
      count: table.rows - absent,
      details: {},
    })
  for (const part of parts)
    if (split[part].length === 0)
      findings.push({
        code: 'empty-split',
        severity: part === 'train' ? 'error' : 'warning',
        details: { split: part },
      })
  return [...findings, ...(task === 'classification' ? classes(context) : numbers(context))]
}

function numbers({ targetColumn, table }: CheckContext): DataFinding[] {
  const distinct = distinctAmong(targetColumn, undefined, 11)
  if (distinct > 10 || table.rows < 5 * distinct || targetColumn.type === 'numeric') return []
  return [
    {
      code: 'numeric-target-few-values',
      severity: 'info',
      column: targetColumn.name,
      count: distinct,
      details: {},
    },
  ]
}

function classes({ targetColumn, split, table }: CheckContext): DataFinding[] {
  const column = targetColumn.name
  const total = countClasses(targetColumn)
  const findings: DataFinding[] = []
  if (total.size <= 1) {
    const [only = ''] = total.keys()
    return [{ code: 'one-class', severity: 'error', column, details: { class: only } }]
  }
  const present = [...total.values()].reduce((sum, count) => sum + count, 0)
  if (total.size > 20 && total.size > present / 2)
    findings.push({
      code: 'many-classes',
      severity: 'warning',
      column,
      count: total.size,
      details: {},
    })
  const single = [...total].filter(([, count]) => count === 1).map(([name]) => name)
  if (single.length > 0)
    findings.push({
      code: 'single-member-class',
      severity: 'warning',
      column,
      count: single.length,
      details: { classes: listed(single) },
    })
  const uneven = unevenClasses(total)
  if (uneven !== undefined)
    findings.push({
      code: 'class-imbalance',
      severity: 'warning',
      column,
      details: { ...uneven, rows: table.rows },
    })
  const missing = new Set<string>()
  for (const part of parts) {
    if (split[part].length === 0) continue
    const here = countClasses(targetColumn, split[part])
    for (const name of total.keys()) if (!here.has(name)) missing.add(name)
  }
  if (missing.size > 0)
    findings.push({
      code: 'class-missing-in-split',
      severity: 'warning',
      column,
      count: missing.size,
      details: { classes: listed([...missing]) },
    })
  return findings
}

function countClasses(column: Column, rowIds?: Uint32Array): Map<string, number> {
  return new Map(
    countValues(column, rowIds).map(({ row, count }) => [cellText(column, row), count]),
  )
}

function listed(names: readonly string[]): string {
  return names.length <= 10 ? names.join(', ') : `${names.slice(0, 10).join(', ')}, …`
}
