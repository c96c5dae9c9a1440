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
  const firsts = firstAlike(rowHashes(columns, table.rows))
  const findings: DataFinding[] = []
  let repeated = 0
  for (let row = 0; row < firsts.length; row++) if (firsts[row] !== row) repeated++
  if (repeated === 0) return []
  findings.push({
    code: 'duplicate-rows',
    severity: 'info',
    count: repeated,
    details: { share: percent(repeated / table.rows) },
  })
  const seen = new Uint8Array(table.rows)
  const { train, validation, test } = split
  for (let i = 0; i < train.length; i++) seen[firsts[train[i]]] = 1
  const others = validation.length + test.length
  let across = 0
  for (const part of [validation, test])
    for (let i = 0; i < part.length; i++) across += seen[firsts[part[i]]]
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

interface Hashes {
  readonly low: Uint32Array
  readonly high: Uint32Array
}

function rowHashes(columns: readonly Column[], rows: number): Hashes {
  const low = new Uint32Array(rows).fill(0x9e3779b9)
  const high = new Uint32Array(rows).fill(0x85ebca6b)
  for (const column of columns)
    if (column.kind === 'number') addNumbers(low, high, column.values)
    else addNumbers(low, high, new Float64Array(column.codes))
  // 53 bits in all.
  for (let row = 0; row < rows; row++) high[row] >>>= 11
  return { low, high }
}

function addNumbers(low: Uint32Array, high: Uint32Array, values: Float64Array): void {
  for (let row = 0; row < values.length; row++) {
    double[0] = values[row]
    low[row] = mix(low[row], words[0], 0xcc9e2d51) ^ high[row]
    high[row] = mix(high[row], words[1] ^ words[0], 0x1b873593) + low[row]
  }
}

/** For each row the first one with its hash; found in a table with open addressing. */
function firstAlike({ low, high }: Hashes): Uint32Array {
  const rows = low.length
  let slots = 1024
  while (slots < 1.5 * rows) slots *= 2
  const mask = slots - 1
  // One more than the row, so that 0 is a free slot.
  const table = new Uint32Array(slots)
  const firsts = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) {
    let slot = (low[row] ^ (high[row] << 11)) & mask
    for (;;) {
      const held = table[slot]
      if (held === 0) {
        table[slot] = row + 1
        firsts[row] = row
        break
      }
      if (low[held - 1] === low[row] && high[held - 1] === high[row]) {
        firsts[row] = held - 1
        break
      }
      slot = (slot + 1) & mask
    }
  }
  return firsts
}

function mix(hash: number, word: number, factor: number): number {
  const scrambled = Math.imul((word << 15) | (word >>> 17), factor)
  const turned = hash ^ scrambled
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) >>> 0
}
