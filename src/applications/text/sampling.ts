// From logits to the next token. In this order: tokens that must not come, the penalty of repetition (Keskar et al.
// 2019, CTRL), temperature, the k likeliest, the nucleus (Holtzman et al. 2020), a draw.

import { AthanorError } from '../../base/errors.js'
import { type OptionRows, OptionTable } from '../../base/options.js'
import type { Random } from '../../base/philox.js'
import { listOf, numberIn, wholeNumber } from '../../base/value-kinds.js'

/** How the next token is drawn. */
export interface SamplingOptions {
  /** Logits are divided by it: below 1 safer, above 1 bolder; 0 takes the likeliest each time. Default: 1. */
  readonly temperature?: number
  /** Only the k likeliest tokens. Default: all. */
  readonly topK?: number
  /** Only the likeliest tokens that together have this probability; at least one. Default: 1, all. */
  readonly topP?: number
  /** Logits of tokens that stand in the context are divided by it, negative ones multiplied. Default: 1. */
  readonly repetitionPenalty?: number
  /** Tokens that must not come. Default: none. */
  readonly avoid?: readonly number[]
}

export const samplingRows: OptionRows<SamplingOptions> = {
  temperature: numberIn({ min: 0 }),
  topK: wholeNumber({ min: 1 }),
  topP: numberIn({ above: 0, max: 1 }),
  repetitionPenalty: numberIn({ above: 0 }),
  avoid: listOf(wholeNumber({ min: 0 })),
}

const samplingOptions = new OptionTable<SamplingOptions>(samplingRows)

/**
 * The probabilities by which the next token is drawn: 0 for tokens left out, 1 for the likeliest at temperature 0
 * (of equals the one with the smaller id).
 *
 * @param context the tokens before, for the penalty of repetition
 * @throws AthanorError DATA when no token is left, or a logit is not a number.
 * @example
 * ```ts
 * nextProbabilities([0, Math.log(3), -9], [], { topK: 2 }) // Float64Array [0.25, 0.75, 0]
 * ```
 */
export function nextProbabilities(
  logits: ArrayLike<number>,
  context: ArrayLike<number> = [],
  options?: SamplingOptions,
): Float64Array {
  const checked = samplingOptions.check('nextProbabilities', options)
  const scores = adjusted(logits, context, checked)
  const { temperature = 1, topK = scores.length, topP = 1 } = checked
  const best = likeliest(scores)
  if (temperature === 0) {
    const certain = new Float64Array(scores.length)
    certain[best] = 1
    return certain
  }
  const high = scores[best]
  const weights = scores.map(score => Math.exp((score - high) / temperature))
  if (topK < scores.length || topP < 1) keepLikeliest(weights, topK, topP)
  let total = 0
  for (const weight of weights) total += weight
  return weights.map(weight => weight / total)
}

/** Draws one of the tokens; the same random numbers give the same token. */
export function draw(probabilities: Float64Array, random: Random): number {
  let left = random.uniform()
  let last = 0
  for (let id = 0; id < probabilities.length; id++) {
    if (probabilities[id] === 0) continue
    last = id
    left -= probabilities[id]
    if (left < 0) return id
  }
  return last
}

/** Logits after what must not come and the penalty of repetition. */
export function adjusted(
  logits: ArrayLike<number>,
  context: ArrayLike<number>,
  { avoid = [], repetitionPenalty = 1 }: SamplingOptions,
): Float64Array {
  const scores = Float64Array.from(logits)
  if (repetitionPenalty !== 1)
    for (const id of new Set(Array.from(context)))
      if (id < scores.length)
        scores[id] =
          scores[id] > 0 ? scores[id] / repetitionPenalty : scores[id] * repetitionPenalty
  for (const id of avoid) if (id < scores.length) scores[id] = Number.NEGATIVE_INFINITY
  return scores
}

function likeliest(scores: Float64Array): number {
  checkScores(scores)
  let best = -1
  for (let id = 0; id < scores.length; id++)
    if (scores[id] > (best < 0 ? Number.NEGATIVE_INFINITY : scores[best])) best = id
  if (best < 0) refuse('no token that may come')
  return best
}

/** @throws AthanorError DATA for a score that is NaN or +Infinity. */
export function checkScores(scores: Float64Array): void {
  const at = scores.findIndex(score => Number.isNaN(score) || score === Infinity)
  if (at >= 0) refuse(`${scores[at]} for token ${at}`)
}

function refuse(received: string): never {
  throw new AthanorError('DATA', {
    operation: 'generating',
    expected: 'finite logits for some token',
    received,
  })
}

function keepLikeliest(weights: Float64Array, topK: number, topP: number): void {
  const order = Array.from(weights.keys())
    .filter(id => weights[id] > 0)
    .sort((a, b) => weights[b] - weights[a] || a - b)
  const kept = order.slice(0, topK)
  const total = kept.reduce((sum, id) => sum + weights[id], 0)
  let sum = 0
  let count = 0
  while (count < kept.length && sum < topP * total) sum += weights[kept[count++]]
  const stay = new Set(kept.slice(0, Math.max(1, count)))
  for (const id of order) if (!stay.has(id)) weights[id] = 0
}
