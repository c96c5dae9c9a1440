// How well a speech model hears: its transcripts of each part, their error rates, and the weight of the
// language model that suits the validation part best.

import {
  characterErrorRate,
  type ErrorRate,
  wordErrorRate,
} from '../../applications/speech/error-rates.js'
import type { StepLogits } from '../../applications/speech/logits.js'
import type { SpeechModel } from '../../applications/speech/speech-model.js'
import type { PreparedRecording } from './prepare-speech.js'

/** Error rates of a part. */
export interface SpeechMetrics {
  readonly characterErrorRate: number
  readonly wordErrorRate: number
  /** Share of transcripts without a single error. */
  readonly exact: number
}

/** A part of the recordings, heard. */
export interface HeardPart {
  readonly recordings: readonly PreparedRecording[]
  readonly logits: readonly StepLogits[]
  readonly heard: readonly string[]
  readonly metrics: SpeechMetrics
  readonly characters: ErrorRate
  readonly words: ErrorRate
}

/** Weights that are tried on the validation part. */
const weights = [0, 0.2, 0.4, 0.7, 1] as const

export function logitsOf(
  model: SpeechModel,
  recordings: readonly PreparedRecording[],
): Promise<StepLogits[]> {
  return model.logits(recordings.map(({ features }) => features))
}

export function heardPart(
  model: SpeechModel,
  recordings: readonly PreparedRecording[],
  logits: readonly StepLogits[],
  languageWeight: number,
): HeardPart {
  const heard = model.decode(logits, { languageWeight })
  const said = recordings.map(({ transcript }) => transcript)
  return { recordings, logits, heard, ...speechMetrics(said, heard) }
}

/** What was heard, against what was said. */
export function speechMetrics(said: readonly string[], heard: readonly string[]) {
  const [characters, words] = [characterErrorRate(said, heard), wordErrorRate(said, heard)]
  const right = heard.filter((text, i) => text === said[i]).length
  const metrics = {
    characterErrorRate: characters.rate,
    wordErrorRate: words.rate,
    exact: right / Math.max(1, said.length),
  }
  return { metrics, characters, words }
}

/** The smallest of the weights with the fewest character errors. */
export function bestLanguageWeight(
  model: SpeechModel,
  recordings: readonly PreparedRecording[],
  logits: readonly StepLogits[],
): number {
  let best = { weight: 0, rate: Number.POSITIVE_INFINITY }
  for (const weight of weights) {
    const { metrics } = heardPart(model, recordings, logits, weight)
    if (metrics.characterErrorRate < best.rate) best = { weight, rate: metrics.characterErrorRate }
  }
  return best.weight
}
