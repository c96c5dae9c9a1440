// The numbers in kernels/opcodes.h are those of src/graph/opcodes.ts and src/base/dtype.ts.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { dtypes } from '../base/dtype.js'
import {
  cellCode,
  instructionCode,
  reduceCode,
  registerCode,
  statusCode,
} from '../graph/opcodes.js'

const header = readFileSync(new URL('../../kernels/opcodes.h', import.meta.url), 'utf8')

function enumeration(name: string): Record<string, number> {
  const body = new RegExp(`enum class ${name} : int32_t \\{([^}]*)\\}`).exec(header)?.[1] ?? ''
  const entries = [...body.matchAll(/(\w+) = (\d+)/g)]
  return Object.fromEntries(entries.map(([, key, value]) => [key.replace(/_$/, ''), Number(value)]))
}

test.each([
  ['InstructionCode', instructionCode],
  ['RegisterOp', registerCode],
  ['ReduceKind', reduceCode],
  ['CellCode', cellCode],
  ['Status', statusCode],
  ['DType', Object.fromEntries(Object.entries(dtypes).map(([name, row]) => [name, row.code]))],
])('%s', (name, codes) => {
  expect(enumeration(name)).toEqual(codes)
})

test('operand counts follow the same ranges', () => {
  for (const code of Object.values(registerCode)) {
    const operands = code < 32 ? 1 : code < 64 ? 2 : 3
    expect(code <= [0, 25, 47, 65][operands]).toBe(true)
  }
})
