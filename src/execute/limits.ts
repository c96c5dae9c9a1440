// Two questions before a run: is there memory for it, and is it worth leaving the calling thread.

import { AthanorError } from '../base/errors.js'
import { formatBytes } from '../base/format-bytes.js'
import { workOf } from '../compile/instructions.js'
import type { Instruction, Program } from '../compile/program.js'

/** Below this the machine is not asked: reading the limits costs more than the doubt. */
const askFrom = 64 * 2 ** 20

/** In operations of a matrix product: about ten milliseconds of two cores. To leave the thread and come back costs one. */
const smallWork = 2e9
/** What an operation on one element costs, memory included, measured in those of a matrix product. */
const elementWork = 40
const products: ReadonlySet<Instruction['kind']> = new Set([
  'matmul',
  'convolution',
  'convolutionInput',
  'convolutionFilter',
  'recurrent',
  'recurrentGradient',
] as const)

/** Throws MEMORY when the planned arena cannot fit into what is available. */
export function checkPlannedMemory(program: Program, available: () => number): void {
  if (program.arenaBytes < askFrom) return
  const room = available()
  if (program.arenaBytes <= room) return
  throw new AthanorError('MEMORY', {
    operation: 'load',
    expected: `at most ${formatBytes(room)} of memory, which is what is left`,
    received: `a program that needs ${formatBytes(program.arenaBytes)}`,
    fix: 'Use a smaller batch or a smaller model, or free memory',
  })
}

/** Whether a run may stay on the calling thread, which gives the event loop turns between runs. */
export function isSmall({ flops, instructions }: Pick<Program, 'flops' | 'instructions'>): boolean {
  if (flops >= smallWork) return false
  let work = 0
  for (const instruction of instructions)
    work += workOf(instruction) * (products.has(instruction.kind) ? 1 : elementWork)
  return work < smallWork
}
