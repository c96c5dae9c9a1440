// Buffers: Variables of a module that are saved with it but never learned, such as running statistics.

import type { TensorLike } from '../tensor/tensor.js'
import { type Variable, type VariableOptions, variable } from '../tensor/variable.js'

const known = new WeakSet<Variable>()

/**
 * A Variable that belongs to a module's state but is no parameter: `stateDict()` has it,
 * `parameters()` has not, and `unfreeze()` leaves it alone.
 *
 * @example
 * ```ts
 * class Centre extends Module {
 *   mean = buffer([0, 0])
 *   forward(x: Tensor) { return x.sub(this.mean) }
 * }
 * ```
 */
export function buffer(
  values: TensorLike,
  options: Omit<VariableOptions, 'trainable'> = {},
): Variable {
  const made = variable(values, { ...options, trainable: false })
  known.add(made)
  return made
}

export function isBuffer(value: Variable): boolean {
  return known.has(value)
}
