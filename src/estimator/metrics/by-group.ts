// The same metric for every group of rows: does the model serve all of them alike?

import { argumentError, shapeError } from '../../base/errors.js'

/** A metric's value over the rows of one group. */
export interface GroupMetric {
  /** The group's number, as given. */
  readonly group: number
  readonly rows: number
  /** NaN where the metric isn't defined for the group (a single class, one row). */
  readonly value: number
}

/**
 * Calls `metric` with the rows of each group; groups below 0 (missing) are left out. Groups ascend.
 *
 * @example
 * ```ts
 * byGroup(groups, rows => accuracy(pick(yTrue, rows), pick(yPred, rows)))
 * ```
 */
export function byGroup(
  groups: ArrayLike<number>,
  metric: (rows: Uint32Array) => number,
): GroupMetric[] {
  if (groups.length === 0) throw shapeError('byGroup', 'at least one row', 'none')
  const rowsOf = new Map<number, number[]>()
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row]
    if (!Number.isInteger(group))
      throw argumentError('byGroup', 'whole numbers as groups', `${group} at row ${row}`)
    if (group < 0) continue
    const rows = rowsOf.get(group)
    if (rows === undefined) rowsOf.set(group, [row])
    else rows.push(row)
  }
  return [...rowsOf]
    .sort(([a], [b]) => a - b)
    .map(([group, rows]) => ({ group, rows: rows.length, value: metric(Uint32Array.from(rows)) }))
}
