// Checks a finished Program: buffers lie inside their slots, arena values are written before they are
// read, and no two values that are alive at once share bytes.

import { dtypes } from '../base/dtype.js'
import { AthanorError } from '../base/errors.js'
import { readsOf, writesOf } from './instructions.js'
import type { Program } from './program.js'

function fail(expected: string, received: string): never {
  throw new AthanorError('INTERNAL', { operation: 'verifyProgram', expected, received })
}

export function verifyProgram(program: Program): void {
  const { buffers, slots, instructions, arenaBytes } = program
  const bytes = buffers.map(b => b.length * dtypes[b.dtype].bytes)
  buffers.forEach((buffer, id) => {
    const slot = slots[buffer.slot - 1]
    const room =
      buffer.slot === 0
        ? arenaBytes
        : slot === undefined
          ? -1
          : slot.kind === 'scalars' || slot.kind === 'outputs'
            ? slot.length
            : slot.length * dtypes[slot.dtype].bytes
    if (buffer.byteOffset + bytes[id] > room)
      fail(
        `buffer ${id} inside slot ${buffer.slot} (${room} bytes)`,
        `${buffer.byteOffset} + ${bytes[id]}`,
      )
  })

  const lastUse = new Map<number, number>()
  instructions.forEach((instruction, i) => {
    for (const id of [...readsOf(instruction), ...writesOf(instruction)]) lastUse.set(id, i)
  })
  const alive = new Set<number>()
  instructions.forEach((instruction, i) => {
    for (const id of readsOf(instruction))
      if (buffers[id].slot === 0 && bytes[id] > 0 && !alive.has(id))
        fail(`buffer ${id} written before instruction ${i} reads it`, instruction.kind)
    const reads = new Set(readsOf(instruction))
    for (const id of writesOf(instruction)) {
      if (buffers[id].slot !== 0 || alive.has(id) || bytes[id] === 0) continue
      for (const other of alive) {
        const replaced =
          instruction.kind === 'fused' &&
          reads.has(other) &&
          lastUse.get(other) === i &&
          buffers[other].byteOffset === buffers[id].byteOffset &&
          bytes[other] === bytes[id]
        const apart =
          buffers[other].byteOffset >= buffers[id].byteOffset + bytes[id] ||
          buffers[id].byteOffset >= buffers[other].byteOffset + bytes[other]
        if (!apart && !replaced)
          fail(`buffers ${other} and ${id} apart at instruction ${i}`, 'shared bytes')
      }
      alive.add(id)
    }
    for (const id of [...alive]) if (lastUse.get(id) === i) alive.delete(id)
  })
}
