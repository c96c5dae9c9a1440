// The kernels have the optimizers' register programs compiled whole and find them by their lines: what
// the compiler makes of a formula must be what stands there.

import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import type { FusedInstruction, Program } from '../compile/program.js'
import { executor } from '../tensor/engine.js'
import { tensor, type Variable, variable } from '../tensor/index.js'
import * as optim from './index.js'

type Wiring = { op: string; operands: number[] }[]

/** Results are counted from −1 down, operands from outside from 0 up in the order of their first use. */
function wiringOf(instruction: FusedInstruction): Wiring {
  const first = instruction.inputs.length + instruction.constants.length
  const writer = new Map<number, number>()
  const outside: number[] = []
  return instruction.lines.map(({ op, into, operands }, line) => {
    const wired = operands.map(operand => {
      if (operand >= first) return -1 - (writer.get(operand - first) ?? Number.NaN)
      if (!outside.includes(operand)) outside.push(operand)
      return outside.indexOf(operand)
    })
    writer.set(into, line)
    return { op, operands: wired }
  })
}

function chainsInKernels(): Record<string, Wiring> {
  const text = readFileSync(new URL('../../kernels/fused-chains.cpp', import.meta.url), 'utf8')
  const chains = text.matchAll(/struct (\w+) \{\n.*\n.*lines\[\] = \{\n([\s\S]*?)\n {2}\};/g)
  return Object.fromEntries(
    [...chains].map(([, name, lines]) => [
      name,
      [...lines.matchAll(/\{RegisterOp::(\w+), \{(.*)\}\}/g)].map(([, op, operands]) => ({
        op,
        operands: operands
          .split(', ')
          .map(o => (o.startsWith('result(') ? -1 - Number(o.slice(7, -1)) : Number(o))),
      })),
    ]),
  )
}

const original = executor().load
afterEach(() => {
  executor().load = original
})

test.each([
  ['Adam', (weights: Variable[]) => optim.adam(weights)],
  ['AdamW', (weights: Variable[]) => optim.adamW(weights)],
  ['Momentum', (weights: Variable[]) => optim.sgd(weights, { momentum: 0.9 })],
] as const)('the compiler writes %s as the kernels have it', (name, make) => {
  const weight = variable([
    [1, 2, 3],
    [4, 5, 6],
  ])
  const optimizer = make([weight])
  const programs: Program[] = []
  executor().load = program => {
    programs.push(program)
    return original.call(executor(), program)
  }
  // The gradient of a product is stored, so that the update stands alone.
  weight
    .matmul(tensor([[3], [4], [5]]))
    .square()
    .sum()
    .backward()
  optimizer.step()
  const updates = programs
    .flatMap(program => program.instructions)
    .filter(instruction => instruction.kind === 'fused')
    .map(wiringOf)
  expect(updates).toContainEqual(chainsInKernels()[name])
})
