// The range test of learning rates (Smith 2017, "Cyclical learning rates for training neural networks",
// section 3.3), with fastai's smoothing and its two readings of the curve: the rate grows from step to step,
// and where the loss falls fastest is a good one.

import { yieldToEvents } from '#platform'
import { AthanorError, argumentError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { abortSignal, aFunction, numberIn, valueWords, wholeNumber } from '../base/value-kinds.js'
import { withFreshStates } from '../nn/carried.js'
import { inMode } from '../nn/mode.js'
import type { ModuleOutput } from '../nn/module-output.js'
import { defaultGenerator, restoreDefaultGenerator } from '../tensor/random.js'
import type { Tensor } from '../tensor/tensor.js'
import { type AnySource, isBatchSource, type Tables } from './batches.js'
import { learningRateCurve } from './learning-rate-curve.js'
import type { Model } from './model.js'
import { culpritOf } from './not-finite.js'
import type { AnyBatch, Training } from './training.js'

/** Options of `findLearningRate`. */
export interface FindLearningRateOptions {
  /** First rate. Default: 1e-7. */
  readonly minLearningRate?: number
  /** Last rate, if the loss does not explode before. Default: 10. */
  readonly maxLearningRate?: number
  /** Steps from the first rate to the last. Default: 100. */
  readonly steps?: number
  /** Rows a step. Default: 32. */
  readonly batchSize?: number
  /** Share of the smoothed loss that is kept at each step. Default: 0.9. */
  readonly smoothing?: number
  /** The sweep ends where the smoothed loss is this many times the lowest. Default: 4. */
  readonly explodesAt?: number
  /** Seed of the order of the rows. Default: 0. */
  readonly seed?: number
  /** Stops before the next step with INTERRUPTED; everything is put back. */
  readonly signal?: AbortSignal
  /** Hears the number of each step that is done, and how many there are at most. */
  readonly onStep?: (step: number, steps: number) => void
}

const findOptions = new OptionTable<FindLearningRateOptions>({
  minLearningRate: numberIn({ above: 0 }),
  maxLearningRate: numberIn({ above: 0 }),
  steps: wholeNumber({ min: 10 }),
  batchSize: wholeNumber({ min: 1 }),
  smoothing: numberIn({ min: 0, below: 1 }),
  explodesAt: numberIn({ above: 1 }),
  seed: wholeNumber({ min: 0 }),
  signal: abortSignal,
  onStep: aFunction<(step: number, steps: number) => void>(),
})

/** What `findLearningRate` found. */
export interface LearningRateRange {
  /** The rate of each step. */
  readonly learningRates: readonly number[]
  readonly losses: readonly number[]
  /** Their moving average, without the bias of its start. */
  readonly smoothedLosses: readonly number[]
  /** Where the smoothed loss falls fastest (per factor of the rate); null where it never falls. */
  readonly steepest: number | null
  /** A tenth of the rate at which the smoothed loss is lowest; null where it never falls. */
  readonly tenthOfMinimum: number | null
  /** The smaller of the two; null where the loss never falls. */
  readonly suggestion: number | null
  readonly suggestedBy: 'steepest' | 'tenthOfMinimum' | null
  /** Why the sweep ended. */
  readonly stopped: 'finished' | 'exploded'
  /** The curve as a picture: losses over rates, logarithmic, with the suggestion marked. */
  svg(): string
}

/**
 * Trains for some steps at rates that grow from the smallest to the largest, and finds a good one.
 * Afterwards weights, the optimizer's state, carried states and random generators are as they were, bit for bit.
 * Parameter groups with a rate of their own keep it, which the curve then shows with the rest.
 *
 * @param data a pair [x, y], each as `fit` takes it, or a source of batches
 * @throws AthanorError STATE where the model is not compiled, or every parameter has a rate of its group's own; ARGUMENT
 * for rates that do not grow; NOT_FINITE where the data, or the loss at the first rate, are not finite; INTERRUPTED
 * after `signal`.
 * @example
 * ```ts
 * const net = sequential([layers.dense({ units: 1, inputShape: [1] })])
 * net.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
 * const { suggestion } = await findLearningRate(net, [[1, 2, 3, 4], [0, -1, -2, -3]])
 * if (suggestion !== null) net.optimizer.learningRate = suggestion
 * ```
 */
export async function findLearningRate<Output extends ModuleOutput = Tensor>(
  model: Model<Output>,
  data: readonly [x: Tables, y: Tables] | AnySource,
  given?: FindLearningRateOptions,
): Promise<LearningRateRange> {
  const operation = 'findLearningRate'
  const options = findOptions.check(operation, given)
  if (typeof model?.trainingOn !== 'function')
    throw argumentError(operation, 'a model, as `sequential` makes it', valueWords(model))
  if (!isBatchSource(data) && !(Array.isArray(data) && data.length === 2))
    throw argumentError(operation, 'data as a pair [x, y] or a BatchSource', valueWords(data))
  const { minLearningRate = 1e-7, maxLearningRate = 10, steps = 100 } = options
  if (minLearningRate >= maxLearningRate)
    throw argumentError(
      operation,
      'minLearningRate below maxLearningRate',
      `${minLearningRate} and ${maxLearningRate}`,
    )
  const training = isBatchSource(data)
    ? await model.trainingOn(operation, data)
    : await model.trainingOn(operation, data[0], data[1])
  if (training.rows === 0) throw argumentError(operation, 'at least one row', 'none')
  if (!model.optimizer.usesLearningRate)
    throw new AthanorError('STATE', {
      operation,
      expected: "parameters that learn at the optimizer's rate",
      received: 'groups that all have a learningRate of their own, which no sweep changes',
      fix: 'Test with the group in question as { parameters } alone; others may keep their rates',
    })
  const rates = Array.from(
    { length: steps },
    (_, i) => minLearningRate * (maxLearningRate / minLearningRate) ** (i / (steps - 1)),
  )
  const { module } = model
  const restore = remembered(model)
  try {
    const { losses, smoothed, exploded } = await inMode(module, true, () =>
      withFreshStates(module, () => sweep(model, training, rates, options)),
    )
    return reading(rates.slice(0, losses.length), losses, smoothed, exploded)
  } finally {
    restore()
  }
}

/** Everything that training changes, to be put back. */
function remembered<Output extends ModuleOutput>(model: Model<Output>): () => void {
  const { optimizer } = model
  const weights = model.snapshot()
  const state = optimizer.state()
  const rate = optimizer.schedule ?? optimizer.learningRate
  const shared = defaultGenerator().state
  const own = model.randomStates()
  const { stopTraining } = model
  return () => {
    model.restoreSnapshot(weights)
    optimizer.loadState(state)
    optimizer.learningRate = rate
    restoreDefaultGenerator(shared)
    model.restoreRandomStates(own)
    model.stopTraining = stopTraining
  }
}

async function sweep<Output extends ModuleOutput>(
  model: Model<Output>,
  training: Training,
  rates: readonly number[],
  options: FindLearningRateOptions,
) {
  const { batchSize = 32, smoothing = 0.9, explodesAt = 4, seed = 0, signal, onStep } = options
  const losses: number[] = []
  const smoothed: number[] = []
  let average = 0
  let lowest = Infinity
  for (let epoch = 0; ; epoch++) {
    const before = losses.length
    model.module.resetStates()
    const size = model.optimizer.fullBatch ? training.rows : batchSize
    const order = { epoch, batchSize: size, shuffle: true, seed, from: 0 }
    for await (const batch of training.batches(order)) {
      if (signal?.aborted) throw new AthanorError('INTERRUPTED', { operation: 'findLearningRate' })
      model.optimizer.learningRate = rates[losses.length]
      const loss = await lossOf(model, training, batch, losses.length === 0)
      if (loss === null) return { losses, smoothed, exploded: true }
      losses.push(loss)
      onStep?.(losses.length, rates.length)
      average = smoothing * average + (1 - smoothing) * loss
      const now = average / (1 - smoothing ** losses.length)
      smoothed.push(now)
      lowest = Math.min(lowest, now)
      // Losses may be below 0: from there, "times the lowest" has no meaning.
      if (losses.length > 1 && lowest > 0 && now > explodesAt * lowest)
        return { losses, smoothed, exploded: true }
      if (losses.length === rates.length) return { losses, smoothed, exploded: false }
    }
    if (losses.length === before)
      throw argumentError('findLearningRate', 'a source with batches', 'one without')
    await yieldToEvents()
  }
}

/**
 * The loss of a step; null where it, or a gradient, is no longer finite.
 * Errors: NOT_FINITE where no rate is to blame: in data, or before the first update.
 */
async function lossOf<Output extends ModuleOutput>(
  model: Model<Output>,
  training: Training,
  batch: AnyBatch,
  isFirst: boolean,
): Promise<number | null> {
  try {
    return (await training.train(batch)).loss
  } catch (error) {
    if (!(error instanceof AthanorError) || error.code !== 'NOT_FINITE') throw error
    const culprit = culpritOf(model, training, batch)
    const ofData = culprit?.what === 'an input'
    if (!ofData && !isFirst) return null
    throw new AthanorError('NOT_FINITE', {
      operation: 'findLearningRate',
      expected: ofData ? 'finite numbers in x and y' : 'a finite loss at the smallest rate',
      received: `NaN or infinity first in ${culprit === null ? 'the update' : `${culprit.what} (${culprit.where})`}`,
      fix: ofData
        ? 'Remove or impute NaN and infinite values'
        : 'Scale the inputs, or start from weights that are finite',
    })
  }
}

function reading(
  learningRates: readonly number[],
  losses: readonly number[],
  smoothedLosses: readonly number[],
  exploded: boolean,
): LearningRateRange {
  const lowest = smoothedLosses.indexOf(Math.min(...smoothedLosses))
  const at = steepestAt(learningRates, smoothedLosses, lowest)
  const steepest = at === null ? null : learningRates[at]
  const tenthOfMinimum = at === null ? null : learningRates[lowest] / 10
  const byMinimum = steepest !== null && tenthOfMinimum !== null && tenthOfMinimum < steepest
  const found = {
    learningRates,
    losses,
    smoothedLosses,
    steepest,
    tenthOfMinimum,
    suggestion: byMinimum ? tenthOfMinimum : steepest,
    suggestedBy: at === null ? null : byMinimum ? 'tenthOfMinimum' : 'steepest',
    stopped: exploded ? 'exploded' : 'finished',
  } as const
  return { ...found, svg: () => learningRateCurve(found) }
}

/** Steps at the start whose average holds too few batches to say anything; fastai leaves out ten as well. */
const burnIn = 10

/**
 * Where the curve falls fastest before its minimum: the slope of a line through the points around, over the
 * logarithm of the rate, since single batches make two neighbours differ by chance.
 */
function steepestAt(
  rates: readonly number[],
  losses: readonly number[],
  lowest: number,
): number | null {
  const around = Math.max(1, Math.round(rates.length / 20))
  let best: number | null = null
  let least = 0
  for (let i = Math.min(burnIn, rates.length >> 2); i <= lowest; i++) {
    const slope = slopeAround(rates, losses, i, around)
    if (slope < least) {
      least = slope
      best = i
    }
  }
  return best
}

/** Least squares over the steps from `i - around` to `i + around`. */
function slopeAround(
  rates: readonly number[],
  losses: readonly number[],
  i: number,
  around: number,
): number {
  const from = Math.max(0, i - around)
  const to = Math.min(losses.length - 1, i + around)
  let [x, y] = [0, 0]
  for (let j = from; j <= to; j++) {
    x += Math.log(rates[j])
    y += losses[j]
  }
  x /= to - from + 1
  y /= to - from + 1
  let [above, below] = [0, 0]
  for (let j = from; j <= to; j++) {
    const dx = Math.log(rates[j]) - x
    above += dx * (losses[j] - y)
    below += dx * dx
  }
  return below === 0 ? 0 : above / below
}
