// What an initialiser is: a rule for a weight's first values, with JSON for saved models.

import { OptionTable } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { wholeNumber } from '../../base/value-kinds.js'
import type { TensorLike } from '../../tensor/tensor.js'

/** The first values of a weight of the given shape, row-major. */
export interface Initializer {
  (shape: Shape): TensorLike
  /** Name and options in saved models; absent from plain functions. */
  readonly config?: InitializerConfig
}

/** An initialiser as JSON, as it stands in a model file. */
export interface InitializerConfig {
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
}

/** The option that gives an initialiser random numbers of its own. */
export interface SeedOption {
  /** Numbers of its own, the same at every call. Default: the shared generator, `random.seed(n)`. */
  readonly seed?: number
}

export const seedOption = new OptionTable<SeedOption>({ seed: wholeNumber({ min: 0 }) })

export function withConfig(
  name: string,
  options: object,
  draw: (shape: Shape) => TensorLike,
): Initializer {
  return Object.assign((shape: Shape) => draw(shape), { config: { name, options: { ...options } } })
}

/** Inputs and outputs of one unit: the last two axes, times what lies before them. */
export function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 1) return { fanIn: 1, fanOut: 1 }
  if (shape.length === 1) return { fanIn: shape[0], fanOut: shape[0] }
  const field = shape.slice(0, -2).reduce((a, b) => a * b, 1)
  return { fanIn: shape[shape.length - 2] * field, fanOut: shape[shape.length - 1] * field }
}
