// Random numbers as the Program defines them (see RandomInstruction), for the reference executor.

import { philox4x32 } from '../base/philox.js'
import type { RandomInstruction } from '../compile/program.js'

function block(k: RandomInstruction, counter: number, index: number): ArrayLike<number> {
  return philox4x32(
    [index >>> 0, counter >>> 0, Math.floor(counter / 2 ** 32) >>> 0, k.stream >>> 0],
    [k.seedLow >>> 0, k.seedHigh >>> 0],
  )
}

export function philoxBits(target: Int32Array, k: RandomInstruction, counter: number): void {
  for (let i = 0; i < k.length; i += 4) {
    const words = block(k, counter, i / 4)
    for (let w = 0; w < 4 && i + w < k.length; w++) target[i + w] = words[w]
  }
}

export function philoxUniform(
  target: Float32Array | Float64Array,
  k: RandomInstruction,
  counter: number,
): void {
  if (target instanceof Float32Array) {
    for (let i = 0; i < k.length; i += 4) {
      const words = block(k, counter, i / 4)
      for (let w = 0; w < 4 && i + w < k.length; w++) target[i + w] = (words[w] >>> 8) * 2 ** -24
    }
    return
  }
  for (let i = 0; i < k.length; i += 2) {
    const words = block(k, counter, i / 2)
    for (let w = 0; w < 2 && i + w < k.length; w++)
      target[i + w] = ((words[2 * w] >>> 5) * 2 ** 26 + (words[2 * w + 1] >>> 6)) * 2 ** -53
  }
}
