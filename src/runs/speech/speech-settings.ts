// What a speech run is told, and what suits so many recordings where nothing is said.

import { type FrontEnd, frontEnds } from '../../applications/speech/front-ends.js'
import { type SoundScaling, soundScalings } from '../../features/sound/normalization.js'
import { optionName } from '../option-name.js'
import { runError } from '../run-error.js'
import {
  type FilledOptimizer,
  fillOptimizer,
  type OptimizerSettings,
  optimizerParameters,
} from '../sequence-optimizer.js'
import {
  type RowsOf,
  type RunPlace,
  type TrainSettings,
  trainParameters,
} from '../train-options.js'

/** Settings that speech shares with tables. */
type Shared =
  | 'hidden'
  | 'epochs'
  | 'batchSize'
  | 'learningRate'
  | 'dropout'
  | 'patience'
  | 'validation'
  | 'test'
  | 'group'
  | 'query'
  | 'encoding'
  | 'seed'

/** What decides the result of a speech run. */
export interface SpeechSettings extends Pick<TrainSettings, Shared>, OptimizerSettings {
  /** The column of WAV files, found from the folder of the list. */
  readonly audio: string
  /** The column of what is said in them. */
  readonly transcript: string
  /** How frames become steps of the net; default stack. */
  readonly frontEnd?: FrontEnd
  /** Whose numbers features are scaled by; default training. */
  readonly soundScaling?: SoundScaling
}

/** Options of a speech run: its settings and where it goes. */
export interface SpeechOptions extends Partial<SpeechSettings>, RunPlace {}

const table = trainParameters

/** Every setting: its kind, its range, and what it is for. */
export const speechParameters: RowsOf<SpeechSettings> = {
  audio: { kind: 'text', help: 'helpAudio' },
  transcript: { kind: 'text', help: 'helpTranscript' },
  frontEnd: { kind: 'choice', choices: frontEnds, help: 'helpFrontEnd' },
  soundScaling: { kind: 'choice', choices: soundScalings, help: 'helpSoundScaling' },
  hidden: table.hidden,
  epochs: table.epochs,
  batchSize: table.batchSize,
  ...optimizerParameters,
  learningRate: table.learningRate,
  dropout: table.dropout,
  patience: table.patience,
  validation: table.validation,
  test: table.test,
  group: table.group,
  query: table.query,
  encoding: table.encoding,
  seed: table.seed,
}

/** Errors: ARGUMENT where a column is not named. */
export function checkSpeechSettings(settings: Partial<SpeechSettings>): SpeechSettings {
  for (const name of ['audio', 'transcript'] as const)
    if (settings[name] === undefined)
      throw runError('ARGUMENT', 'speechColumnMissing', { option: optionName(name) })
  return settings as SpeechSettings
}

/** The settings of the net and its training, complete. */
export interface FilledSpeechSettings
  extends Omit<SpeechSettings, keyof FilledOptimizer>,
    FilledOptimizer {
  readonly frontEnd: FrontEnd
  readonly hidden: readonly number[]
  readonly epochs: number
  readonly batchSize: number
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
    frontEnd: given.frontEnd ?? 'stack',
    hidden: given.hidden ?? [size, size],
    epochs,
    batchSize: Math.min(given.batchSize ?? (trainRows < 2000 ? 8 : 16), trainRows),
    ...fillOptimizer(given, { learningRate: 3e-3, schedule: 'cosine' }),
    dropout: given.dropout ?? 0.2,
    patience: given.patience ?? Math.max(20, Math.round(epochs / 3)),
    seed: given.seed ?? 0,
  }
}
