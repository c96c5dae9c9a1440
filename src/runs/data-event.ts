// What a run tells of the table that it read.

import type { DataFinding } from '../data/finding.js'
import type { RunEventBody } from './events.js'
import { sizesOf } from './first-manifest.js'
import type { PreparedData } from './prepare-data.js'

export function dataEvent(
  prepared: PreparedData,
  findings: readonly DataFinding[],
): Extract<RunEventBody, { type: 'data' }> {
  const { target, task, encoder, split } = prepared
  return {
    type: 'data',
    rows: prepared.store.rows,
    columns: prepared.schema.length,
    inputs: prepared.preprocessor.inputs.filter(input => input.used).length,
    target,
    task,
    ...(task === 'classification' ? { classes: encoder.classes } : {}),
    split: { method: prepared.splitMethod, ...sizesOf(split) },
    findings,
  }
}
