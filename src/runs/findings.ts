// What was noticed about the data of a run: by the reader, and by the checks.

import { checkData } from '../data/checks/check-data.js'
import type { DataFinding } from '../data/finding.js'
import type { PreparedData } from './prepare-data.js'

/** Reading first, then the checks, gravest first. */
export function findingsOf(data: PreparedData): readonly DataFinding[] {
  const { table, target, task, split, excluded, schema } = data
  return [...data.findings, ...checkData(table, { target, task, split, exclude: excluded, schema })]
}
