// Adagrad (Duchi, Hazan, Singer 2011), as in Keras: a ← a + g²; w ← w − rate · g / √(a + ε). PyTorch adds
// ε (1e-10) outside the root and starts a at 0.

import { OptionTable } from '../base/options.js'
import { numberIn } from '../base/value-kinds.js'
import { add, mul, rsqrt, square } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import { bindable, Optimizer, type OptimizerOptions, optimizerOptions } from './optimizer.js'
import type { Slot } from './slots.js'

/** Options of `optim.adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
  /** What the sum of squares starts at. Default: 0.1. */
  readonly initialAccumulatorValue?: number
  /** Default: 1e-7. */
  readonly epsilon?: number
}

const adagradOptions = new OptionTable<AdagradOptions>({
  ...optimizerOptions.rows,
  initialAccumulatorValue: numberIn({ min: 0 }),
  epsilon: numberIn({ above: 0 }),
})

/** The optimizer that `optim.adagrad` makes. */
export class Adagrad extends Optimizer {
  readonly name = 'adagrad'
  readonly initialAccumulatorValue: number
  readonly epsilon: number

  constructor(options: AdagradOptions = {}) {
    const { learningRate = 0.001, ...rest } = adagradOptions.check('optim.adagrad', options)
    super({ ...rest, learningRate })
    const { initialAccumulatorValue = 0.1, epsilon = 1e-7 } = rest
    this.initialAccumulatorValue = initialAccumulatorValue
    this.epsilon = epsilon
  }

  protected slotsOfEach(): readonly Slot[] {
    return [{ name: 'accumulator', initial: this.initialAccumulatorValue }]
  }

  protected formulaKey(): string {
    return String(this.epsilon)
  }

  protected stepNumbers(_step: number, rate: number): readonly number[] {
    return [rate]
  }

  protected formula(gradient: Tensor, [before]: readonly Tensor[], [rate]: readonly Tensor[]) {
    const accumulator = add(before, square(gradient))
    const change = mul(mul(gradient, rate), rsqrt(add(accumulator, this.epsilon)))
    return { change, slots: [accumulator] }
  }
}

/**
 * Adagrad with Keras's defaults: learningRate 0.001, initialAccumulatorValue 0.1, epsilon 1e-7.
 *
 * @example
 * ```ts
 * const optimizer = optim.adagrad(model.parameters(), { learningRate: 0.1 })
 * ```
 */
export const adagrad = bindable('adagrad', (options: AdagradOptions) => new Adagrad(options))
