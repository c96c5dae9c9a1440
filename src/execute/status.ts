// What a kernel library reports after a run, as an error that names the layer and the operation.

import { AthanorError } from '../base/errors.js'
import type { Program } from '../compile/program.js'
import { statusCode } from '../graph/opcodes.js'
import { indexOutOfRange, notFinite, outOfMemory } from './faults.js'

/** Throws unless `status` (code in the low 4 bits, instruction above) is 0. */
export function checkStatus(status: number, program: Program): void {
  if (status !== 0) throw statusError(status, program)
}

function statusError(status: number, program: Program): AthanorError {
  const label = program.labels[status >>> 4] ?? 'run'
  switch (status & 15) {
    case statusCode.indexOutOfRange:
      return indexOutOfRange(label)
    case statusCode.notFinite:
      return notFinite(label)
    case statusCode.outOfMemory:
      return outOfMemory(label)
    default:
      return new AthanorError('INTERNAL', {
        operation: label,
        received: 'bindings that do not fit the program',
      })
  }
}
