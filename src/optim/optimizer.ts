// What all optimizers share: parameter groups, learning rates, clipping, weight decay, averaged
// weights and state. An optimizer itself is one formula, in a file of its own.

import { AthanorError, argumentError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import {
  either,
  numberIn,
  orNull,
  tested,
  trueOrFalse,
  valueWords,
  wholeNumber,
} from '../base/value-kinds.js'
import { assume, context, everyRun } from '../tensor/context.js'
import { runtimeScalar } from '../tensor/creation.js'
import { applyUpdates, type UpdateStep } from '../tensor/flush.js'
import { add, greater, mul, sub, where } from '../tensor/operations.js'
import { overwrite } from '../tensor/overwrite.js'
import { Tensor } from '../tensor/tensor.js'
import type { Variable } from '../tensor/variable.js'
import { type Clipping, type ClippingOptions, clipping, clippingOptions } from './clipping.js'
import { Clock, type Ema, rateAt } from './clock.js'
import { type Bound, boundTo, type Parameters } from './parameter-groups.js'
import { checkRate, type LearningRate, rateOrSchedule } from './schedule.js'
import { type Slot, Slots } from './slots.js'

/** Options of the moving average of the weights. */
export interface EmaOptions {
  /** Share of the old average kept at each step, 0 to 1. Default: 0.99. */
  readonly momentum?: number
  /** The weights themselves become their averages after every so many steps. Default: never. */
  readonly overwriteFrequency?: number
}

/** Options that every optimizer has. */
export interface OptimizerOptions extends ClippingOptions {
  /** A number or a schedule. */
  readonly learningRate?: LearningRate
  /** Decoupled: w −= rate · weightDecay · w before the update. Default: none. */
  readonly weightDecay?: number | null
  /** Keeps a moving average of the weights; see `withAverages`. Default: none. */
  readonly ema?: EmaOptions | boolean
}

const emaOptions = new OptionTable<EmaOptions>({
  momentum: numberIn({ min: 0, max: 1 }),
  overwriteFrequency: wholeNumber({ min: 0 }),
})

export const optimizerOptions = new OptionTable<OptimizerOptions>({
  ...clippingOptions.rows,
  learningRate: rateOrSchedule,
  weightDecay: orNull(numberIn({ min: 0 })),
  ema: either(
    trueOrFalse,
    tested<EmaOptions>('an object { momentum, overwriteFrequency }', isObject, [1, null]),
  ),
})

/** An optimizer's state: enough to go on bit for bit. */
export interface OptimizerState {
  readonly name: string
  readonly iterations: number
  /** Absent where a schedule gives the rate. */
  readonly learningRate?: number
  /** Rates of groups that have a number of their own; null for other groups, absent where all are. */
  readonly groupRates?: readonly (number | null)[]
  readonly slots: Readonly<Record<string, Tensor>>
}

interface Plan {
  /** Which parameters were trainable when it was made. */
  readonly trainable: readonly boolean[]
  readonly update: UpdateStep
  readonly clock: Clock
}

/**
 * The base of optimizers. `step()` runs forward, backward and update as one program, applies the
 * gradients and clears them. Updates are withheld when the loss or a gradient is not finite.
 */
export abstract class Optimizer {
  /** What `getOptimizer` calls it. */
  abstract readonly name: string
  private rate: LearningRate
  private readonly decay: number
  private readonly clip: Clipping | null
  private readonly ema: Ema | null
  private readonly shared: string
  private bound: Bound | null = null
  private slots: Slots | null = null
  private steps = 0
  private plan: Plan | null = null
  private waiting: OptimizerState | null = null

  constructor(options: OptimizerOptions & { readonly learningRate: LearningRate }) {
    const { learningRate, ema } = options
    this.rate = learningRate
    this.decay = options.weightDecay ?? 0
    this.clip = clipping(options)
    this.ema = averaging(ema)
    const { clipValue, clipNorm, globalClipNorm } = options
    this.shared = JSON.stringify([clipValue, clipNorm, globalClipNorm, this.ema])
  }

  /** Slots that the formula needs for each parameter. */
  protected abstract slotsOfEach(): readonly Slot[]

  /** The formula's fixed options: programs differ by them. */
  protected abstract formulaKey(): string

  /** Numbers that one step's formula needs, from the count of steps (1 for the first) and the rate. */
  protected abstract stepNumbers(step: number, rate: number): readonly number[]

  /**
   * The formula: what is subtracted from the weight, and the slots' new values. `numbers` are those of
   * `stepNumbers`, as scalars in the parameter's type.
   */
  protected abstract formula(
    gradient: Tensor,
    slots: readonly Tensor[],
    numbers: readonly Tensor[],
  ): { readonly change: Tensor; readonly slots: readonly Tensor[] }

  /** Whether the trainer should give it all samples in every step. */
  get fullBatch(): boolean {
    return false
  }

  /** Steps taken so far. */
  get iterations(): number {
    return this.steps
  }

  /** The rate of the next step. Setting a number replaces a schedule. */
  get learningRate(): number {
    return rateAt(this.rate, this.steps)
  }

  set learningRate(rate: LearningRate) {
    if (typeof rate !== 'function') checkRate('optimizer.learningRate', rate)
    this.rate = rate
  }

  /** The schedule, or null where the rate is a number. */
  get schedule(): LearningRate | null {
    return typeof this.rate === 'function' ? this.rate : null
  }

  /** Whether some weight learns at `learningRate`: those of groups with a rate of their own do not. */
  get usesLearningRate(): boolean {
    const { parameters, groupOf, groups } = this.needBound()
    return parameters.some(
      ({ cell }, i) => cell.trainable && groups[groupOf[i]].learningRate === undefined,
    )
  }

  /**
   * Multiplies every rate with `factor`, those of groups as well; none falls below `least`. Numbers take the place of
   * schedules.
   */
  reduceLearningRates(factor: number, least = 0): void {
    const reduced = (rate: LearningRate) => {
      const now = rateAt(rate, this.steps)
      return Math.min(now, Math.max(now * factor, least))
    }
    this.rate = reduced(this.rate)
    for (const group of this.bound?.groups ?? [])
      if (group.learningRate !== undefined) group.learningRate = reduced(group.learningRate)
  }

  get isBound(): boolean {
    return this.bound !== null
  }

  /**
   * Says which parameters it updates. Constructors call this where parameters are given;
   * `model.compile` does it otherwise.
   *
   * @throws AthanorError ARGUMENT for things that are no Variables, or one given twice; STATE if it
   * has parameters already.
   */
  bind(parameters: Parameters): this {
    if (this.bound !== null)
      throw new AthanorError('STATE', {
        operation: `optim.${this.name}`,
        expected: 'an optimizer without parameters',
        received: 'one that has some',
        fix: 'Make an optimizer for each model',
      })
    this.bound = boundTo(`optim.${this.name}`, parameters, this.decay)
    const kinds = [...this.slotsOfEach(), ...(this.ema === null ? [] : [averageSlot])]
    this.slots = new Slots(this.name, this.bound.parameters, kinds)
    if (this.waiting !== null) {
      const state = this.waiting
      this.waiting = null
      this.loadState(state)
    }
    return this
  }

  /** The parameters, in order. */
  get parameters(): readonly Variable[] {
    return this.needBound().parameters
  }

  /**
   * Applies the gradients of all `backward()` calls since the last step, and clears them.
   *
   * @throws AthanorError STATE without gradients; NOT_FINITE, with nothing changed and the gradients
   * (and new values that `assign` had recorded) dropped, if the loss or a gradient is NaN or infinite.
   */
  step(): void {
    const bound = this.needBound()
    if (context().trace !== null) {
      // A traced step keeps numbers of its own: a function may take several.
      const plan = this.makePlan(bound)
      everyRun(
        () => plan.clock.set(++this.steps, this.rate),
        () => {
          this.steps--
        },
      )
      assume(() => upToDate(plan, bound))
      this.apply(plan)
      return
    }
    if (this.plan === null || !upToDate(this.plan, bound)) this.plan = this.makePlan(bound)
    this.plan.clock.set(++this.steps, this.rate)
    this.apply(this.plan)
  }

  private apply({ update }: Plan): void {
    try {
      applyUpdates(update)
    } catch (error) {
      this.steps--
      if (context().backwards.length > 0) this.discard()
      throw error
    }
  }

  /** A step that failed leaves nothing behind: the loop may go on with the next batch. */
  private discard(): void {
    const now = context()
    now.backwards.length = 0
    now.results.length = 0
    now.assigns.clear()
    for (const { cell } of this.needBound().parameters) cell.gradient = null
  }

  /** Forgets gradients that have accumulated. `step()` does it by itself. */
  zeroGrad(): void {
    for (const parameter of this.needBound().parameters) parameter.zeroGrad()
  }

  private needBound(): Bound {
    if (this.bound === null)
      throw new AthanorError('STATE', {
        operation: `optim.${this.name}`,
        expected: 'parameters',
        received: 'none',
        fix: 'Pass model.parameters() when making it, or give it to model.compile',
      })
    return this.bound
  }

  private makePlan(bound: Bound): Plan {
    const trainable = bound.parameters.map(parameter => parameter.trainable)
    const active = bound.parameters.map((_, i) => i).filter(i => trainable[i])
    if (active.length === 0)
      throw new AthanorError('STATE', {
        operation: `step of optim.${this.name}`,
        expected: 'at least one trainable parameter',
        received: bound.parameters.length === 0 ? 'no parameters' : 'frozen ones only',
      })
    const kinds = this.slotsOfEach()
    const slots = this.slots!
    const width = this.stepNumbers(1, 0).length
    const clock = new Clock(bound.groups, this.ema, width, (step, rate) =>
      this.stepNumbers(step, rate),
    )
    const scalars: Tensor[] = []
    const scalarOf = new Map<string, Tensor>()
    const scalar = (position: number, dtype: Variable['dtype']): Tensor => {
      const key = `${position}:${dtype}`
      let made = scalarOf.get(key)
      if (made === undefined) {
        made = runtimeScalar(() => clock.values[position], { dtype })
        scalarOf.set(key, made)
        scalars.push(made)
      }
      return made
    }
    const parts = active.map(i => {
      const parameter = bound.parameters[i]
      const { dtype } = parameter
      const group = bound.groupOf[i]
      const { ema } = this
      return {
        parameter,
        slots: kinds.map(kind => slots.of(kind, i)),
        numbers: Array.from({ length: width }, (_, k) => scalar(clock.numberAt(group, k), dtype)),
        decay: bound.groups[group].weightDecay > 0 ? scalar(clock.decayAt(group), dtype) : null,
        average: ema === null ? null : slots.of(averageSlot, i),
        momentum: ema === null ? null : scalar(clock.emaMomentumAt, dtype),
        overwrite: ema?.overwriteFrequency ? scalar(clock.emaOverwriteAt, dtype) : null,
      }
    })
    const state = parts.flatMap(({ slots, average }) =>
      (average === null ? slots : [...slots, average]).map(slot => slot.cell),
    )
    const update: UpdateStep = {
      key: [
        this.name,
        this.formulaKey(),
        this.shared,
        bound.groups.map(group => (group.weightDecay > 0 ? 'd' : '-')).join(''),
        active.map(i => bound.groupOf[i]).join(),
      ].join('|'),
      variables: parts.map(({ parameter }) => parameter.cell),
      state,
      scalars: scalars.map(s => s.node),
      build: nodes => {
        if (nodes.every(node => node === null)) throw this.unrelated()
        const raw = nodes.map(node => (node === null ? null : new Tensor(node)))
        const gradients = this.clip === null ? raw : this.clip(raw)
        parts.forEach((part, i) => {
          const gradient = gradients[i]
          if (gradient === null) return
          const { parameter, slots, numbers, decay, average } = part
          const { change, slots: next } = this.formula(gradient, slots, numbers)
          const base = decay === null ? parameter : sub(parameter, mul(parameter, decay))
          let weight = sub(base, change)
          next.forEach((value, k) => {
            slots[k].assign(value)
          })
          if (average !== null) {
            const momentum = part.momentum!
            const averaged = add(mul(average, momentum), mul(weight, sub(1, momentum)))
            average.assign(averaged)
            if (part.overwrite !== null)
              weight = where(greater(part.overwrite, 0), averaged, weight)
          }
          parameter.assign(weight)
        })
      },
    }
    return { trainable, update, clock }
  }

  private unrelated(): AthanorError {
    return new AthanorError('STATE', {
      operation: `step of optim.${this.name}`,
      expected: 'a loss that depends on its parameters',
      received: 'one that depends on none of them',
      fix: 'Make the optimizer with the parameters of the model whose loss it is',
    })
  }

  /**
   * Runs `body` with the averaged weights in place of the present ones, which come back afterwards.
   *
   * @throws AthanorError STATE unless the optimizer was made with `ema`.
   * @example
   * ```ts
   * const scores = await optimizer.withAverages(() => model.evaluate(x, y))
   * ```
   */
  withAverages<T>(body: () => T): T {
    this.swapAverages()
    let result: T
    try {
      result = body()
    } catch (error) {
      this.swapAverages()
      throw error
    }
    if (result instanceof Promise) return result.finally(() => this.swapAverages()) as T
    this.swapAverages()
    return result
  }

  /** Exchanges weights and their averages; a second call brings them back. */
  swapAverages(): void {
    if (this.ema === null)
      throw new AthanorError('STATE', {
        operation: 'averaged weights',
        expected: 'an optimizer with ema',
        received: 'one without',
        fix: 'Make it with { ema: { momentum: 0.99 } }',
      })
    this.parameters.forEach((parameter, i) => {
      const average = this.slots!.find(averageSlot, i)
      if (average === undefined) return
      const weights = parameter.dataSync()
      overwrite(parameter, average.dataSync())
      overwrite(average, weights)
    })
  }

  /** A copy of everything that the next step depends on besides the parameters. */
  state(): OptimizerState {
    if (this.waiting !== null) return this.waiting
    const slots = this.slots?.values() ?? {}
    const { name, steps: iterations, rate, bound } = this
    const ofGroups = bound?.groups.map(({ learningRate }) => numberOr(learningRate)) ?? []
    return {
      name,
      iterations,
      ...(typeof rate === 'number' ? { learningRate: rate } : {}),
      ...(ofGroups.some(own => own !== null) ? { groupRates: ofGroups } : {}),
      slots,
    }
  }

  /**
   * Goes on from a state that `state()` gave; before `bind` it waits for the parameters.
   *
   * @throws AthanorError ARGUMENT for another optimizer's state; SHAPE for slots of other sizes.
   */
  loadState(state: OptimizerState): void {
    const operation = `loadState of optim.${this.name}`
    if (state.name !== this.name)
      throw argumentError(operation, `a state of ${this.name}`, String(state.name))
    if (!Number.isSafeInteger(state.iterations) || state.iterations < 0)
      throw argumentError(operation, 'a whole count of iterations', String(state.iterations))
    if (this.bound === null) {
      this.waiting = state
      return
    }
    const { groups } = this.bound
    const { groupRates = groups.map(() => null) } = state
    if (groupRates.length !== groups.length)
      throw argumentError(
        operation,
        `a state of ${groups.length} parameter groups`,
        String(groupRates.length),
      )
    this.slots!.load(operation, state.slots)
    groupRates.forEach((rate, i) => {
      if (rate !== null) groups[i].learningRate = checkRate(operation, rate)
    })
    this.steps = state.iterations
    // A number in the place of this optimizer's schedule was set in training, by a plateau for example.
    if (state.learningRate !== undefined) this.rate = checkRate(operation, state.learningRate)
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function numberOr(rate: LearningRate | undefined): number | null {
  return typeof rate === 'number' ? rate : null
}

const averageSlot: Slot = { name: 'average', initial: 'parameter' }

function averaging(ema: OptimizerOptions['ema']): Ema | null {
  if (ema === undefined || ema === false) return null
  const given = emaOptions.check('optimizer (ema)', ema === true ? {} : ema)
  const { momentum = 0.99, overwriteFrequency = 0 } = given
  return { momentum, overwriteFrequency }
}

function upToDate(plan: Plan, bound: Bound): boolean {
  const { parameters } = bound
  for (let i = 0; i < parameters.length; i++)
    if (parameters[i].cell.trainable !== plan.trainable[i]) return false
  return true
}

/** `make(parameters, options)` or, with parameters to come, `make(options)`. */
export function bindable<O extends object, T extends Optimizer>(
  name: string,
  make: (options: O) => T,
): { (parameters: Parameters, options?: O): T; (options?: O): T } {
  const operation = `optim.${name}`
  return (first?: Parameters | O, second?: O): T => {
    if (!Array.isArray(first)) {
      if (second !== undefined)
        throw argumentError(operation, 'a list of parameters before the options', valueWords(first))
      return make((first === undefined ? {} : first) as O)
    }
    if (first.length === 0)
      throw argumentError(
        operation,
        'at least one parameter',
        'an empty list',
        'Pass model.parameters(), or options alone for model.compile',
      )
    return make((second === undefined ? {} : second) as O).bind(first as Parameters)
  }
}
