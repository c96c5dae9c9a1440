// Stochastic gradient descent, with momentum as in Keras: v ← momentum · v − rate · g; w ← w + v.
// Nesterov: w ← w + momentum · v − rate · g (Sutskever et al. 2013). PyTorch keeps the rate outside the
// velocity, which differs once the rate changes, and adds weight decay to the gradient.

import { OptionTable } from '../base/options.js'
import { aFunction, either, numberIn, trueOrFalse } from '../base/value-kinds.js'
import { mul, sub } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import { bindable, Optimizer, type OptimizerOptions, optimizerOptions } from './optimizer.js'
import { type KeptShare, type Schedule, shareAt } from './schedule.js'
import type { Slot } from './slots.js'

/** Options of `optim.sgd`. */
export interface SgdOptions extends OptimizerOptions {
  /** Share of the velocity that is kept, 0 to 1, or a schedule of it. Default: 0. */
  readonly momentum?: KeptShare
  /** Default: false. */
  readonly nesterov?: boolean
}

const share = numberIn({ min: 0, max: 1 })

const sgdOptions = new OptionTable<SgdOptions>({
  ...optimizerOptions.rows,
  momentum: either(share, aFunction<Schedule>('a schedule')),
  nesterov: trueOrFalse,
})

/** The optimizer that `optim.sgd` makes. */
export class Sgd extends Optimizer {
  readonly name: string = 'sgd'
  readonly momentum: KeptShare
  readonly nesterov: boolean

  constructor(options: SgdOptions = {}) {
    const { learningRate = 0.01, ...rest } = sgdOptions.check('optim.sgd', options)
    super({ ...rest, learningRate })
    this.momentum = rest.momentum ?? 0
    this.nesterov = rest.nesterov ?? false
  }

  protected slotsOfEach(): readonly Slot[] {
    return this.keepsVelocity ? [{ name: 'momentum', initial: 0 }] : []
  }

  private get keepsVelocity(): boolean {
    return typeof this.momentum === 'function' || this.momentum > 0
  }

  protected formulaKey(): string {
    const { momentum, nesterov } = this
    return `${typeof momentum === 'number' ? momentum : 'schedule'},${nesterov}`
  }

  protected stepNumbers(step: number, rate: number): readonly number[] {
    const { momentum } = this
    if (typeof momentum === 'number') return [rate]
    return [rate, shareAt('optim.sgd (momentum)', share, momentum, Math.max(0, step - 1))]
  }

  protected formula(
    gradient: Tensor,
    [before]: readonly Tensor[],
    [rate, scheduled]: readonly Tensor[],
  ) {
    const move = mul(gradient, rate)
    if (!this.keepsVelocity) return { change: move, slots: [] }
    const momentum = scheduled ?? (this.momentum as number)
    const velocity = sub(mul(before, momentum), move)
    const change = this.nesterov ? sub(move, mul(velocity, momentum)) : mul(velocity, -1)
    return { change, slots: [velocity] }
  }
}

/**
 * Stochastic gradient descent: w ← w − learningRate · g (0.01), optionally with momentum, Nesterov's
 * correction and decoupled weight decay.
 *
 * @example
 * ```ts
 * const optimizer = optim.sgd(model.parameters(), { learningRate: 0.1, momentum: 0.9 })
 * model.compile({ optimizer: optim.sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' })
 * ```
 */
export const sgd = bindable('sgd', (options: SgdOptions) => new Sgd(options))

/** Plain gradient descent over all samples at once. */
export class GradientDescent extends Sgd {
  override readonly name = 'gradientDescent'

  constructor(options: OptimizerOptions = {}) {
    super(optimizerOptions.check('optim.gradientDescent', options))
  }

  override get fullBatch(): boolean {
    return true
  }
}

/**
 * Gradient descent: as `sgd` without momentum, but `fit` gives it all samples in every step.
 *
 * @example
 * ```ts
 * model.compile({ optimizer: optim.gradientDescent({ learningRate: 0.1 }), loss: 'meanSquaredError' })
 * ```
 */
export const gradientDescent = bindable(
  'gradientDescent',
  (options: OptimizerOptions) => new GradientDescent(options),
)
