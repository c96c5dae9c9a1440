// The learning rate `auto` of a run becomes a number, once and for good.

import { type NetToRate, type RateTest, testRates } from './rate-test.js'
import type { ManifestHead, RunSession } from './run-session.js'

/**
 * Tests the net and keeps what was found in the manifest. The net that is tested is thrown away; the one trained is
 * built anew from its seed, and is the same that it would be with the number given.
 */
export async function settleRate<M extends ManifestHead>(
  session: RunSession<M>,
  rated: NetToRate,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { manifest, tell } = session
  const { standard } = rated
  const found = await testRates(rated, { tell, signal })
  const { learningRates, smoothedLosses, suggestion, suggestedBy } = found
  const rate = suggestion ?? standard
  const rateTest: RateTest = { rate, suggestedBy, standard, learningRates, smoothedLosses }
  tell({ type: 'learning-rate', ...rateTest })
  const settings = { ...manifest.settings, learningRate: rate }
  await session.keep({ ...manifest, settings, rateTest })
}
