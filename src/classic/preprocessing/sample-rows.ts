// A uniform sample of rows, without repeats: what subsampling transformers learn from.

import { Random } from '../../base/philox.js'

/** Ascending row numbers; undefined where all rows are kept. The seed decides. */
export function sampleRows(
  rows: number,
  limit: number | undefined,
  seed: number,
): Int32Array | undefined {
  if (limit === undefined || rows <= limit) return undefined
  const random = new Random(seed)
  const order = Int32Array.from({ length: rows }, (_, i) => i)
  for (let i = 0; i < limit; i++) {
    const j = i + random.integer(rows - i)
    const held = order[i]
    order[i] = order[j]
    order[j] = held
  }
  return order.slice(0, limit).sort()
}
