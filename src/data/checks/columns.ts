// Columns taken one by one: what is missing, what says nothing, what cannot be used as it stands.

import { type Column, countMissing } from '../column.js'
import type { DataFinding } from '../finding.js'
import type { CheckContext } from './context.js'
import { distinctAmong } from './value-counts.js'

export function checkColumns(context: CheckContext): DataFinding[] {
  const { table, features, split, schema } = context
  const findings: DataFinding[] = []
  const schemaOf = new Map(schema?.map(column => [column.name, column]))
  for (const column of features) {
    const { name } = column
    const missing = countMissing(column)
    const empty = missing + countBlank(column)
    const note = (
      code: DataFinding['code'],
      severity: DataFinding['severity'],
      count?: number,
      details: DataFinding['details'] = {},
    ) => findings.push({ code, severity, column: name, count, details })

    const infinite =
      (column.kind === 'number' ? column.infinite : undefined) ?? schemaOf.get(name)?.infinite ?? 0
    const unreadable = schemaOf.get(name)?.unreadable ?? 0
    if (infinite > 0) note('infinite-cells', 'warning', infinite)
    if (unreadable > 0) note('unreadable-cells', 'warning', unreadable)
    if (missing === table.rows) {
      note('empty-column', 'info')
      continue
    }
    const distinct = distinctAmong(column, split.train, manyCategories + 1)
    if (distinct === 1 && empty === 0) note('constant-column', 'info')
    else if (empty > 0) {
      const share = empty / table.rows
      const code = column.type === 'text' ? 'empty-texts' : 'missing-values'
      note(code, share > 0.5 ? 'warning' : 'info', empty, { share: percent(share) })
    }
    if (column.type === 'identifier') note('identifier-column', 'info')
    else if (column.type === 'text') note('text-column', 'info')
    else if (column.type === 'category' && column.kind === 'code') {
      const limit = Math.min(manyCategories, Math.max(20, split.train.length / 10))
      if (distinct > limit) note('many-categories', 'info', column.categories.length)
    }
  }
  if (features.length > split.train.length)
    findings.push({
      code: 'many-columns',
      severity: 'warning',
      count: features.length,
      details: { rows: split.train.length },
    })
  return findings
}

/** Texts of white space alone. */
function countBlank(column: Column): number {
  if (column.type !== 'text' || column.kind !== 'code') return 0
  const blank = new Set<number>()
  column.categories.forEach((text, code) => {
    if (text.trim() === '') blank.add(code)
  })
  return blank.size === 0
    ? 0
    : column.codes.reduce((sum, code) => sum + (blank.has(code) ? 1 : 0), 0)
}

/** Categories that cannot each have a column of their own. */
const manyCategories = 1000

export function percent(share: number): string {
  const value = share * 100
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)}%`
}
