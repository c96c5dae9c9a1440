// Rows that early stopping holds out, drawn by the seed; of each class its share.

import { AthanorError } from '../../base/errors.js'
import { Random } from '../../base/philox.js'

/** Random stream: no other use of the same seed sees these numbers. */
const stream = 0x68656c64

/** Row numbers of both parts, ascending. */
export interface HeldOut {
  readonly train: Int32Array
  readonly heldOut: Int32Array
}

/**
 * `wanted` rows below 1 are a share, rounded up.
 *
 * @throws AthanorError DATA where no training row would be left.
 */
export function heldOutRows(
  operation: string,
  rows: number,
  wanted: number,
  seed: number,
  codes?: Int32Array,
): HeldOut {
  const count = wanted < 1 ? Math.ceil(wanted * rows) : Math.round(wanted)
  if (count >= rows)
    throw new AthanorError('DATA', {
      operation,
      expected: 'more rows than early stopping holds out',
      received: `${rows} rows, of which ${count} would be held out`,
      fix: 'Set earlyStopping to false, lower validationFraction, or give more rows',
    })
  let order = new Random(seed, stream).shuffle(Uint32Array.from({ length: rows }, (_, i) => i))
  if (codes !== undefined) order = byClass(order, codes)
  // Evenly spaced in the order of the classes, within each class at random.
  const isHeldOut = new Uint8Array(rows)
  for (let i = 0; i < count; i++) isHeldOut[order[Math.floor(((i + 0.5) * rows) / count)]] = 1
  const train = new Int32Array(rows - count)
  const heldOut = new Int32Array(count)
  let nextTrain = 0
  let nextHeldOut = 0
  for (let row = 0; row < rows; row++) {
    if (isHeldOut[row] === 1) heldOut[nextHeldOut++] = row
    else train[nextTrain++] = row
  }
  return { train, heldOut }
}

/** The same order, class after class. */
function byClass(order: Uint32Array, codes: Int32Array): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(codes.reduce((a, b) => Math.max(a, b), 0) + 2)
  for (const code of codes) next[code + 1]++
  for (let k = 1; k < next.length; k++) next[k] += next[k - 1]
  const sorted = new Uint32Array(order.length)
  for (const row of order) sorted[next[codes[row]]++] = row
  return sorted
}
