import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Random } from '../base/philox.js'
import type { Column, ColumnType } from '../data/column.js'
import { Table } from '../data/table.js'
import { NumericKernel } from './numeric-kernel.js'
import { sourceHash } from './numeric-kernel-wasm.js'
import { TablePreprocessor } from './table-preprocessor.js'

const random = new Random(7)

function numbers(name: string, values: ArrayLike<number>, type: ColumnType = 'numeric'): Column {
  return { kind: 'number', name, type: type as 'numeric', values: Float64Array.from(values) }
}

/** What preprocessing has to cope with: missing and infinite cells, far ones, ties, signed zeros. */
function mixed(rows: number, spread: (u: number) => number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    const kind = random.integer(40)
    if (kind === 0) return Number.NaN
    if (kind === 1) return Number.POSITIVE_INFINITY
    if (kind === 2) return -1e9
    if (kind === 3) return 1e12
    if (kind === 4) return i % 2 === 0 ? 0 : -0
    return spread(random.uniform())
  })
}

function table(rows: number): Table {
  const codes = Int32Array.from({ length: rows }, () => random.integer(4) - 1)
  return new Table([
    numbers(
      'whole',
      mixed(rows, u => Math.floor(u * 7)),
      'integer',
    ),
    numbers(
      'flat',
      mixed(rows, u => u),
    ),
    { kind: 'code', name: 'kind', type: 'category', codes, categories: ['a', 'b', 'c'] },
    numbers(
      'skewed',
      mixed(rows, u => Math.exp(8 * u)),
    ),
    numbers(
      'two values',
      Float64Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : 5)),
    ),
    numbers(
      'huge',
      mixed(rows, u => u * 1e300),
    ),
    numbers(
      'date',
      mixed(rows, u => 1.4e12 + u * 1e11),
      'datetime',
    ),
  ])
}

/** Few rows at a time go through the plain code. */
function plainly(preprocessor: TablePreprocessor, data: Table, ids: Uint32Array) {
  const parts: number[] = []
  const tallies: Record<string, number[]> = {}
  for (let from = 0; from < ids.length; from += 16) {
    const part = preprocessor.transform(data, ids.subarray(from, from + 16))
    for (const value of part.x) parts.push(value)
    for (const [name, { missing, clipped, unseen }] of part.tallies) {
      tallies[name] ??= [0, 0, 0]
      ;[missing, clipped, unseen].forEach((count, k) => {
        tallies[name][k] += count
      })
    }
  }
  return { x: Float32Array.from(parts), tallies }
}

/** The first place where the bits differ, or -1. (Vitest takes seconds to compare long arrays.) */
function difference(a: Float32Array, b: Float32Array): number {
  const [p, q] = [a, b].map(x => new Uint32Array(x.slice().buffer))
  return p.length === q.length ? p.findIndex((word, i) => word !== q[i]) : 0
}

describe('the kernel for numeric columns', () => {
  it('is there', () => {
    expect(NumericKernel.get()).toBeDefined()
  })

  it('was made from the C file beside it', () => {
    const source = readFileSync(new URL('numeric-kernel.c', import.meta.url))
    expect(createHash('sha256').update(source).digest('hex')).toBe(sourceHash)
  })

  it.each([
    ['no bins', { numericEncoding: 'standard' }],
    ['ranks', { numericEncoding: 'quantile' }],
    ...[2, 3, 4, 7, 8, 12, 15, 16, 17].map(
      bins => [`${bins} bins`, { numericEncoding: 'piecewiseLinear', bins }] as const,
    ),
  ] as const)('gives the bits of the plain code: %s', (_, options) => {
    const data = table(1500)
    const preprocessor = TablePreprocessor.fit(data, undefined, options)
    // Edges themselves, and their neighbours.
    const edges: number[] = []
    const sorted = (data.column('flat') as { values: Float64Array }).values.filter(Number.isFinite)
    for (const value of sorted.sort())
      edges.push(value, value * (1 + 2 ** -52), value * (1 - 2e-16))
    const rows = Math.min(edges.length, 1500)
    const shuffled = data.take(Uint32Array.from({ length: rows }, () => random.integer(1500)))
    const near = new Table(
      shuffled.columns.map(c => (c.name === 'flat' ? numbers('flat', edges.slice(0, rows)) : c)),
    )
    for (const tested of [data, near]) {
      const ids = Uint32Array.from({ length: 700 }, () => random.integer(tested.rows))
      const { x, tallies } = preprocessor.transform(tested, ids)
      const plain = plainly(preprocessor, tested, ids)
      expect(difference(x, plain.x)).toBe(-1)
      for (const [name, { missing, clipped, unseen }] of tallies)
        expect([name, missing, clipped, unseen]).toEqual([name, ...plain.tallies[name]])
      const all = Uint32Array.from({ length: tested.rows }, (_, i) => i)
      const plainAll = plainly(preprocessor, tested, all).x
      const used = new Float32Array(tested.rows * preprocessor.width + 5).fill(7)
      for (const into of [used, preprocessor.matrix(tested.rows + 3).fill(7)]) {
        const whole = preprocessor.transform(tested, undefined, into).x
        expect(whole.buffer).toBe(into.buffer)
        expect(difference(whole, plainAll)).toBe(-1)
      }
    }
  })
})
