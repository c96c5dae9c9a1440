import { expect, test } from 'vitest'
import type { Instruction } from '../compile/program.js'
import { isSmall } from './limits.js'
import { fused } from './program-builder.conformance.js'

const matrix = { buffer: 0, batchStride: 0, rowStride: 1, columnStride: 1 }
const product = (rows: number, depth: number, columns: number): Instruction => ({
  ...{ kind: 'matmul', dtype: 'float32', batch: 1, rows, depth, columns },
  ...{ left: matrix, right: matrix, out: 0, activation: 'copy' },
})
const sum = (length: number): Instruction =>
  fused({ shape: [length], inputs: [0, 1], lines: [['add', 0, 0, 1]], outputs: [[2, 2]] })

test('products of ten milliseconds stay on the thread, a pass over many elements does not', () => {
  const small = (...instructions: Instruction[]) => isSmall({ flops: 0, instructions })
  expect(small(product(128, 784, 512))).toBe(true)
  expect(small(product(1024, 1024, 1024))).toBe(false)
  expect(small(sum(1e6))).toBe(true)
  expect(small(sum(5e7))).toBe(false)
  expect(isSmall({ flops: 1e12, instructions: [] })).toBe(false)
})
