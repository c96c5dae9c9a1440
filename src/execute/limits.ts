// Two questions before a run: is there memory for it, and is it worth leaving the calling thread.

import { AthanorError } from '../base/errors.js'
import { formatBytes } from '../base/format-bytes.js'
import type { Program } from '../compile/program.js'

/** Below this the machine is not asked: reading the limits costs more than the doubt. */
const askFrom = 64 * 2 ** 20

/** About half a millisecond of arithmetic on one core. */
const smallFlops = 2e7

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

/** Whether a run is over before another thread would have begun. */
export function isSmall(program: Program): boolean {
  return program.flops < smallFlops
}
