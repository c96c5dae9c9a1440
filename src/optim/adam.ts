// Adam (Kingma and Ba 2014) in the form at the end of its section 2, as in Keras:
//   m ← m + (g − m)(1 − β₁);  v ← v + (g² − v)(1 − β₂)
//   w ← w − rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)
// PyTorch adds ε after the correction of v, and its default is 1e-8.

import { OptionTable } from '../base/options.js'
import { aFunction, either, numberIn, trueOrFalse } from '../base/value-kinds.js'
import { add, div, maximum, mul, sqrt, square, sub } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import { bindable, Optimizer, type OptimizerOptions, optimizerOptions } from './optimizer.js'
import { type KeptShare, type Schedule, shareAt } from './schedule.js'
import type { Slot } from './slots.js'

/** Options of `optim.adam` and `optim.adamW`. */
export interface AdamOptions extends OptimizerOptions {
  /** Share of the mean gradient that is kept, or a schedule of it. Default: 0.9. */
  readonly beta1?: KeptShare
  /** Share of the mean squared gradient that is kept. Default: 0.999. */
  readonly beta2?: number
  /** Default: 1e-7. */
  readonly epsilon?: number
  /** Divide by the largest mean square so far (Reddi et al. 2018). Default: false. */
  readonly amsgrad?: boolean
}

const share = numberIn({ min: 0, below: 1 })

const adamOptions = new OptionTable<AdamOptions>({
  ...optimizerOptions.rows,
  beta1: either(share, aFunction<Schedule>('a schedule')),
  beta2: share,
  epsilon: numberIn({ above: 0 }),
  amsgrad: trueOrFalse,
})

/** The optimizer that `optim.adam` makes. */
export class Adam extends Optimizer {
  readonly name: string = 'adam'
  readonly beta1: KeptShare
  readonly beta2: number
  readonly epsilon: number
  readonly amsgrad: boolean

  constructor(options: AdamOptions = {}) {
    const { learningRate = 0.001, ...rest } = adamOptions.check('optim.adam', options)
    super({ ...rest, learningRate })
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false } = rest
    this.beta1 = beta1
    this.beta2 = beta2
    this.epsilon = epsilon
    this.amsgrad = amsgrad
  }

  protected slotsOfEach(): readonly Slot[] {
    const names = ['momentum', 'velocity', ...(this.amsgrad ? ['velocityMaximum'] : [])]
    return names.map(name => ({ name, initial: 0 }))
  }

  protected formulaKey(): string {
    const beta1 = typeof this.beta1 === 'number' ? this.beta1 : 'schedule'
    return `${beta1},${this.beta2},${this.epsilon},${this.amsgrad}`
  }

  protected stepNumbers(step: number, rate: number): readonly number[] {
    const corrected = (beta1: number) =>
      (rate * Math.sqrt(1 - this.beta2 ** step)) / (1 - beta1 ** step)
    if (typeof this.beta1 === 'number') return [corrected(this.beta1)]
    const beta1 = shareAt(`optim.${this.name} (beta1)`, share, this.beta1, Math.max(0, step - 1))
    return [corrected(beta1), 1 - beta1]
  }

  protected formula(gradient: Tensor, slots: readonly Tensor[], numbers: readonly Tensor[]) {
    const [m, v, largest] = slots
    const [rate, scheduled] = numbers
    const mean = add(m, mul(sub(gradient, m), scheduled ?? 1 - (this.beta1 as number)))
    const variance = add(v, mul(sub(square(gradient), v), 1 - this.beta2))
    const divisor = this.amsgrad ? maximum(largest, variance) : variance
    const change = div(mul(mean, rate), add(sqrt(divisor), this.epsilon))
    return { change, slots: this.amsgrad ? [mean, variance, divisor] : [mean, variance] }
  }
}

/**
 * Adam with Keras's defaults: learningRate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-7.
 *
 * @example
 * ```ts
 * const optimizer = optim.adam(model.parameters(), { learningRate: 0.003, globalClipNorm: 1 })
 * ```
 */
export const adam = bindable('adam', (options: AdamOptions) => new Adam(options))

/** Adam with decoupled weight decay (Loshchilov and Hutter 2017). */
export class AdamW extends Adam {
  override readonly name = 'adamW'

  constructor(options: AdamOptions = {}) {
    const { weightDecay = 0.004, ...rest } = adamOptions.check('optim.adamW', options)
    super({ ...rest, weightDecay })
  }
}

/**
 * AdamW: Adam with weightDecay 0.004 (PyTorch's default is 0.01), taken off the weights before the
 * update.
 *
 * @example
 * ```ts
 * model.compile({ optimizer: optim.adamW({ weightDecay: 0.01 }), loss: 'meanSquaredError' })
 * ```
 */
export const adamW = bindable('adamW', (options: AdamOptions) => new AdamW(options))
