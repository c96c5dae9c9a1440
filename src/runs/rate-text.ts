// What is said of a learning rate that was found.

import type { Say } from './messages/messages.js'
import type { RateTest } from './rate-test.js'

export function rateText(
  { rate, suggestedBy, standard }: Pick<RateTest, 'rate' | 'suggestedBy' | 'standard'>,
  say: Say,
): string {
  const texts = { rate: shortRate(rate), standard: shortRate(standard) }
  if (suggestedBy === null) return say('rateNone', texts)
  return say(suggestedBy === 'steepest' ? 'rateSteepest' : 'rateTenth', texts)
}

/** Two digits say all that such a curve knows. */
export function shortRate(rate: number): string {
  return String(Number(rate.toPrecision(2)))
}
