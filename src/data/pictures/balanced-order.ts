// The order of an epoch in which every class comes equally often, whatever its share of the rows.

import { AthanorError } from '../../base/errors.js'
import { Random } from '../../base/philox.js'
import { shuffleRows } from '../epoch-order.js'

/** Random stream of balanced orders. */
const stream = 0x62616c00

/**
 * As many rows as given, of each class that has any equally many: rows of small classes come several times,
 * of large ones each epoch shows others. A function of (rows, labels, seed, epoch) alone.
 *
 * @throws AthanorError DATA without a row of a known class.
 * @example
 * ```ts
 * const labels = Int32Array.of(0, 0, 0, 0, 0, 1)
 * const order = balancedOrder(labels, Uint32Array.of(0, 1, 2, 3, 4, 5), 0, 0)
 * order.filter(row => row === 5).length // 3
 * ```
 */
export function balancedOrder(
  labels: Int32Array,
  rows: Uint32Array,
  seed: number,
  epoch: number,
): Uint32Array {
  const members = new Map<number, number[]>()
  for (const row of rows) {
    if (labels[row] < 0) continue
    const list = members.get(labels[row])
    if (list === undefined) members.set(labels[row], [row])
    else list.push(row)
  }
  if (members.size === 0)
    throw new AthanorError('DATA', {
      operation: 'balancedOrder',
      expected: 'rows of known classes',
      received: 'none',
    })
  const classes = [...members.keys()].sort((a, b) => a - b)
  const order = new Uint32Array(rows.length)
  // Which classes get one more, where the rows do not divide evenly, changes from epoch to epoch.
  let at = 0
  classes.forEach((label, place) => {
    const extra = (place + epoch) % classes.length < rows.length % classes.length ? 1 : 0
    const wanted = Math.floor(rows.length / classes.length) + extra
    const own = Uint32Array.from(members.get(label)!)
    const random = new Random(seed, (stream + Math.imul(epoch + 1, 0x9e3779b1) + label) >>> 0)
    for (let taken = 0; taken < wanted; ) {
      shuffleRows(own, random)
      const some = own.subarray(0, Math.min(own.length, wanted - taken))
      order.set(some, at)
      at += some.length
      taken += some.length
    }
  })
  shuffleRows(order, new Random(seed, (stream ^ Math.imul(epoch + 1, 0x85ebca6b)) >>> 0))
  return order
}
