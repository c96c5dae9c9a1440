// What a speech run is told, and what suits so many recordings where nothing is said.

import { runError } from '../run-error.js'
import type { TrainOptions, TrainSettings } from '../train-options.js'

/** Options of `train` that have a meaning for speech. */
const known = [
  'audio',
  'transcript',
  'hidden',
  'epochs',
  'batchSize',
  'learningRate',
  'dropout',
  'patience',
  'validation',
  'test',
  'group',
  'query',
  'encoding',
  'seed',
] as const satisfies readonly (keyof TrainSettings)[]

const ofEveryRun: ReadonlySet<string> = new Set([
  ...['out', 'name', 'resume', 'lang', 'signal', 'onProgress'],
])

/** What decides the result of a speech run. */
export type SpeechSettings = Pick<TrainSettings, (typeof known)[number]> & {
  readonly audio: string
  readonly transcript: string
}

/** The settings among the options; throws ARGUMENT for one that speech does not know. */
export function speechSettings(options: TrainOptions): SpeechSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const names: readonly string[] = known
  const others = given.map(([name]) => name).filter(n => !names.includes(n) && !ofEveryRun.has(n))
  if (others.length > 0)
    throw runError('ARGUMENT', 'notForSpeech', {
      options: others
        .map(name => `--${name.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}`)
        .join(', '),
    })
  const settings = Object.fromEntries(given.filter(([name]) => names.includes(name)))
  for (const name of ['audio', 'transcript'])
    if (settings[name] === undefined)
      throw runError('ARGUMENT', 'speechColumnMissing', { option: `--${name}` })
  return settings as unknown as SpeechSettings
}

/** The settings of the net and its training, complete. */
export interface FilledSpeechSettings extends SpeechSettings {
  readonly hidden: readonly number[]
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  readonly dropout: number
  readonly patience: number
  readonly seed: number
}

/** So many recordings are visited in all; small sets are visited more often. */
const visits = 24_000

/** `hours` of training recordings decide the size of the net. */
export function fillSpeechSettings(
  given: SpeechSettings,
  trainRows: number,
  hours: number,
): FilledSpeechSettings {
  const size = hours < 0.1 ? 96 : hours < 2 ? 160 : 256
  const epochs = given.epochs ?? Math.max(20, Math.min(120, Math.round(visits / trainRows)))
  return {
    ...given,
    hidden: given.hidden ?? [size, size],
    epochs,
    batchSize: Math.min(given.batchSize ?? (trainRows < 2000 ? 8 : 16), trainRows),
    learningRate: given.learningRate ?? 3e-3,
    dropout: given.dropout ?? 0.2,
    patience: given.patience ?? Math.max(20, Math.round(epochs / 3)),
    seed: given.seed ?? 0,
  }
}
