// RMSprop (Hinton 2012, lecture 6e), as in Keras: v ← ρ · v + (1 − ρ) · g²; w ← w − rate · g / √(v + ε).
// `centered` subtracts the squared mean gradient from v (Graves 2013). PyTorch adds ε outside the root,
// keeps the rate outside the momentum, and has ρ = 0.99.

import { OptionTable } from '../base/options.js'
import { numberIn, trueOrFalse } from '../base/value-kinds.js'
import { add, mul, rsqrt, square, sub } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import { bindable, Optimizer, type OptimizerOptions, optimizerOptions } from './optimizer.js'
import type { Slot } from './slots.js'

/** Options of `optim.rmsprop`. */
export interface RmspropOptions extends OptimizerOptions {
  /** Share of the mean squared gradient that is kept. Default: 0.9. */
  readonly rho?: number
  /** Default: 0. */
  readonly momentum?: number
  /** Default: 1e-7. */
  readonly epsilon?: number
  /** Divide by the variance instead of the mean square. Default: false. */
  readonly centered?: boolean
}

const rmspropOptions = new OptionTable<RmspropOptions>({
  ...optimizerOptions.rows,
  rho: numberIn({ min: 0, max: 1 }),
  momentum: numberIn({ min: 0, max: 1 }),
  epsilon: numberIn({ above: 0 }),
  centered: trueOrFalse,
})

/** The optimizer that `optim.rmsprop` makes. */
export class Rmsprop extends Optimizer {
  readonly name = 'rmsprop'
  readonly rho: number
  readonly momentum: number
  readonly epsilon: number
  readonly centered: boolean

  constructor(options: RmspropOptions = {}) {
    const { learningRate = 0.001, ...rest } = rmspropOptions.check('optim.rmsprop', options)
    super({ ...rest, learningRate })
    const { rho = 0.9, momentum = 0, epsilon = 1e-7, centered = false } = rest
    this.rho = rho
    this.momentum = momentum
    this.epsilon = epsilon
    this.centered = centered
  }

  protected slotsOfEach(): readonly Slot[] {
    const names = ['velocity']
    if (this.centered) names.push('meanGradient')
    if (this.momentum > 0) names.push('momentum')
    return names.map(name => ({ name, initial: 0 }))
  }

  protected formulaKey(): string {
    return `${this.rho},${this.momentum},${this.epsilon},${this.centered}`
  }

  protected stepNumbers(_step: number, rate: number): readonly number[] {
    return [rate]
  }

  protected formula(gradient: Tensor, slots: readonly Tensor[], [rate]: readonly Tensor[]) {
    const { rho, momentum, epsilon } = this
    const [v, ...others] = slots
    const meanSquare = add(mul(v, rho), mul(square(gradient), 1 - rho))
    const next = [meanSquare]
    let denominator = meanSquare
    if (this.centered) {
      const mean = add(mul(others.shift()!, rho), mul(gradient, 1 - rho))
      next.push(mean)
      denominator = sub(meanSquare, square(mean))
    }
    let change = mul(mul(gradient, rate), rsqrt(add(denominator, epsilon)))
    if (momentum > 0) {
      change = add(mul(others[0], momentum), change)
      next.push(change)
    }
    return { change, slots: next }
  }
}

/**
 * RMSprop with Keras's defaults: learningRate 0.001, rho 0.9, momentum 0, epsilon 1e-7.
 *
 * @example
 * ```ts
 * const optimizer = optim.rmsprop(model.parameters(), { learningRate: 0.001, momentum: 0.9 })
 * ```
 */
export const rmsprop = bindable('rmsprop', (options: RmspropOptions) => new Rmsprop(options))
