// Modules in one mode for a while, and calls of them that are never computed.

import { unrecorded } from '../tensor/context.js'
import { noGrad } from '../tensor/differentiate.js'
import type { AnyModule } from './module.js'

/**
 * Runs `body`, or waits for it, with a module and all below it in training or in inference; afterwards each is
 * in the mode that it was in. Layers that are built meanwhile get the mode of the module.
 */
export function inMode<T>(module: AnyModule, training: boolean, body: () => T): T {
  const modes = new Map(module.modules().map(part => [part, part.training]))
  const whole = module.training
  const restore = () => {
    for (const part of module.modules()) part.training = modes.get(part) ?? whole
  }
  module.train(training)
  let result: T
  try {
    result = body()
  } catch (error) {
    restore()
    throw error
  }
  if (result instanceof Promise) return result.finally(restore) as T
  restore()
  return result
}

/**
 * Records a call in inference and throws the record away: layers are built by it, and what it gives has shapes and
 * types; nothing is computed, and no state that is carried from batch to batch changes.
 */
export function probe<T>(module: AnyModule, body: () => T): T {
  return inMode(module, false, () => unrecorded(() => noGrad(body)))
}
