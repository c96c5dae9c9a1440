// What a speech model is held against: the same text for every recording.

import { characterErrorRate } from '../../applications/speech/error-rates.js'
import { type SpeechMetrics, speechMetrics } from './measure-speech.js'
import type { PreparedRecording } from './prepare-speech.js'

/** Transcripts that are tried, and training recordings that they are tried on, at most. */
const mostTried = 50
const mostRows = 500

export interface SpeechBaseline {
  /** What is answered. */
  readonly text: string
  /** On the test recordings. */
  readonly metrics: SpeechMetrics
}

/**
 * The one of the most frequent training transcripts, or of nothing at all, with the fewest character errors on the
 * training recordings; of equals the more frequent.
 */
export function constantBaseline(
  train: readonly PreparedRecording[],
  test: readonly PreparedRecording[],
): SpeechBaseline {
  const counts = new Map<string, number>()
  for (const { transcript } of train) counts.set(transcript, (counts.get(transcript) ?? 0) + 1)
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).slice(0, mostTried)
  const said = textsOf(train.slice(0, mostRows))
  let best = { text: '', rate: Number.POSITIVE_INFINITY }
  for (const text of [...frequent.map(([transcript]) => transcript), '']) {
    const { rate } = characterErrorRate(
      said,
      said.map(() => text),
    )
    if (rate < best.rate) best = { text, rate }
  }
  const { text } = best
  const tested = textsOf(test)
  return {
    text,
    metrics: speechMetrics(
      tested,
      tested.map(() => text),
    ).metrics,
  }
}

function textsOf(recordings: readonly PreparedRecording[]): string[] {
  return recordings.map(({ transcript }) => transcript)
}
