// Rows that stand more than once, above all in the training split and another: the model then is
// tested on what it has seen. Rows are compared by a 53-bit hash of all their cells.

import type { Column } from '../column.js'
import type { DataFinding } from '../finding.js'
import { percent } from './columns.js'
import type { CheckContext } from './context.js'

export function checkDuplicates({ table, split, exclude }: CheckContext): DataFinding[] {
  const left = new Set(exclude)
  const columns = table.columns.filter(
    column => !left.has(column.name) && column.type !== 'identifier',
  )
  if (columns.length === 0 || table.rows < 2) return []
  const hashes = rowHashes(columns, table.rows)
  const findings: DataFinding[] = []
  const sorted = hashes.slice().sort()
  let repeated = 0
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) repeated++
  if (repeated === 0) return []
  findings.push({
    code: 'duplicate-rows',
    severity: 'info',
    count: repeated,
    details: { share: percent(repeated / table.rows) },
  })
  const seen = Float64Array.from(split.train, row => hashes[row]).sort()
  const others = split.validation.length + split.test.length
  let across = 0
  for (const part of [split.validation, split.test])
    for (const row of part) if (contains(seen, hashes[row])) across++
  if (across > 0)
    findings.push({
      code: 'duplicate-rows-across-split',
      severity: across > 0.01 * others ? 'warning' : 'info',
      count: across,
      details: { share: percent(across / others) },
    })
  return findings
}

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

function rowHashes(columns: readonly Column[], rows: number): Float64Array {
  const low = new Uint32Array(rows).fill(0x9e3779b9)
  const high = new Uint32Array(rows).fill(0x85ebca6b)
  for (const column of columns)
    for (let row = 0; row < rows; row++) {
      if (column.kind === 'number') double[0] = column.values[row]
      else double[0] = column.codes[row]
      low[row] = mix(low[row], words[0], 0xcc9e2d51) ^ high[row]
      high[row] = mix(high[row], words[1] ^ words[0], 0x1b873593) + low[row]
    }
  return Float64Array.from(low, (word, row) => word * 2 ** 21 + (high[row] >>> 11))
}

function mix(hash: number, word: number, factor: number): number {
  const scrambled = Math.imul((word << 15) | (word >>> 17), factor)
  const turned = hash ^ scrambled
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) >>> 0
}

function contains(sorted: Float64Array, value: number): boolean {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] < value) low = middle + 1
    else high = middle
  }
  return sorted[low] === value
}
