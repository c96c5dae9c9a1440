// Lowers the rate when a measured value stops improving. Unlike the other schedules it looks at what
// training achieves, so it has a state and is asked once an epoch.

import { OptionTable } from '../../base/options.js'
import { numberIn, oneOf } from '../../base/value-kinds.js'

/** Options of `schedules.reduceOnPlateau`. */
export interface PlateauOptions {
  /** The rate is multiplied by this, below 1. Default: 0.1. */
  readonly factor?: number
  /** Epochs without improvement before it is lowered. Default: 10. */
  readonly patience?: number
  /** 'min': lower values are better; 'max': higher ones. Default: min. */
  readonly mode?: 'min' | 'max'
  /** A change up to this is no improvement. Default: 0.0001. */
  readonly minDelta?: number
  /** Epochs to wait after lowering. Default: 0. */
  readonly cooldown?: number
  /** Default: 0. */
  readonly minLearningRate?: number
}

export const plateauOptions = new OptionTable<PlateauOptions>({
  factor: numberIn({ min: 0, below: 1 }),
  patience: numberIn({ min: 0 }),
  mode: oneOf(['min', 'max']),
  minDelta: numberIn({ min: 0 }),
  cooldown: numberIn({ min: 0 }),
  minLearningRate: numberIn({ min: 0 }),
})

/** What `schedules.reduceOnPlateau` has to remember. */
export interface PlateauState {
  /** null before the first value. */
  readonly best: number | null
  readonly wait: number
  readonly cooldown: number
}

/**
 * Keras's ReduceLROnPlateau without the callback.
 *
 * @example
 * ```ts
 * const plateau = new optim.schedules.ReduceOnPlateau({ patience: 3, factor: 0.5 })
 * for (let epoch = 0; epoch < 50; epoch++) {
 *   const loss = trainOneEpoch()
 *   optimizer.learningRate = plateau.next(optimizer.learningRate, loss)
 * }
 * ```
 */
export class ReduceOnPlateau {
  private readonly options: Required<PlateauOptions>
  private best: number | null = null
  private wait = 0
  private cooldown = 0

  constructor(options: PlateauOptions = {}) {
    const given = plateauOptions.check('schedules.reduceOnPlateau', options)
    const { factor = 0.1, patience = 10, mode = 'min', minDelta = 0.0001 } = given
    const { cooldown = 0, minLearningRate = 0 } = given
    this.options = { factor, patience, mode, minDelta, cooldown, minLearningRate }
  }

  /** The rate to go on with after an epoch that ended at `value`; NaN never counts as better. */
  next(learningRate: number, value: number): number {
    const { factor, patience, cooldown, minLearningRate } = this.options
    if (this.cooldown > 0) {
      this.cooldown--
      this.wait = 0
    }
    if (this.improves(value)) {
      this.best = value
      this.wait = 0
      return learningRate
    }
    if (this.cooldown > 0) return learningRate
    this.wait++
    if (this.wait < patience || learningRate <= minLearningRate) return learningRate
    this.cooldown = cooldown
    this.wait = 0
    return Math.max(learningRate * factor, minLearningRate)
  }

  private improves(value: number): boolean {
    if (Number.isNaN(value)) return false
    const { mode, minDelta } = this.options
    if (this.best === null) return true
    return mode === 'min' ? value < this.best - minDelta : value > this.best + minDelta
  }

  get state(): PlateauState {
    return { best: this.best, wait: this.wait, cooldown: this.cooldown }
  }

  set state(state: PlateauState) {
    this.best = state.best
    this.wait = state.wait
    this.cooldown = state.cooldown
  }
}

/**
 * A ReduceOnPlateau.
 *
 * @example
 * ```ts
 * optim.schedules.reduceOnPlateau({ patience: 3 }).next(0.1, 0.5) // 0.1
 * ```
 */
export function reduceOnPlateau(options: PlateauOptions = {}): ReduceOnPlateau {
  return new ReduceOnPlateau(options)
}
