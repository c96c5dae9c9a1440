// What a module computes: one tensor, or several in a list or an object by name.

import { Tensor } from '../tensor/tensor.js'

/** A tensor, a list of tensors, or tensors by name. */
export type ModuleOutput = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>

/** The tensors of an output, in order. */
export function partsOfOutput(output: ModuleOutput): readonly Tensor[] {
  if (output instanceof Tensor) return [output]
  return Array.isArray(output) ? output : Object.values(output)
}

/** How several values belong together: alone, in a list, or by these names. */
export type Arrangement = 'one' | 'list' | readonly string[]

export function arranged<T>(parts: readonly T[], arrangement: Arrangement): unknown {
  if (arrangement === 'one') return parts[0]
  if (arrangement === 'list') return [...parts]
  return Object.fromEntries(arrangement.map((name, i) => [name, parts[i]]))
}
