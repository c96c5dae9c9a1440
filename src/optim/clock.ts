// The numbers of an optimizer's step, worked out in float64 just before it runs: rates, bias
// corrections, decays. They are runtime inputs, so that changing them compiles nothing.

import type { BoundGroup } from './parameter-groups.js'
import { checkRate, type LearningRate } from './schedule.js'

export interface Ema {
  readonly momentum: number
  /** 0: never. */
  readonly overwriteFrequency: number
}

export class Clock {
  readonly values: Float64Array
  private readonly perGroup: number

  /**
   * @param width how many numbers the formula takes
   * @param numbers the formula's numbers for a step (1 for the first) at a rate
   */
  constructor(
    private readonly groups: readonly BoundGroup[],
    private readonly ema: Ema | null,
    private readonly width: number,
    private readonly numbers: (step: number, rate: number) => readonly number[],
  ) {
    this.perGroup = width + 1
    this.values = new Float64Array(groups.length * this.perGroup + 2)
  }

  /** Where the k-th number of a group stands. */
  numberAt(group: number, k: number): number {
    return group * this.perGroup + k
  }

  /** Where the share stands that weight decay takes off. */
  decayAt(group: number): number {
    return group * this.perGroup + this.width
  }

  get emaMomentumAt(): number {
    return this.values.length - 2
  }

  get emaOverwriteAt(): number {
    return this.values.length - 1
  }

  /** Sets the numbers of step `step`, 1 for the first. */
  set(step: number, rate: LearningRate): void {
    const { values, groups, width, ema } = this
    for (let i = 0; i < groups.length; i++) {
      const now = rateAt(groups[i].learningRate ?? rate, step - 1)
      const numbers = this.numbers(step, now)
      for (let k = 0; k < width; k++) values[this.numberAt(i, k)] = numbers[k]
      values[this.decayAt(i)] = now * groups[i].weightDecay
    }
    if (ema === null) return
    const { momentum, overwriteFrequency } = ema
    values[this.emaMomentumAt] = step === 1 ? 0 : momentum
    values[this.emaOverwriteAt] = overwriteFrequency > 0 && step % overwriteFrequency === 0 ? 1 : 0
  }
}

/** The rate of step `iteration`, 0 for the first. */
export function rateAt(rate: LearningRate, iteration: number): number {
  return typeof rate === 'number' ? rate : checkRate('learning-rate schedule', rate(iteration))
}
