// What a finished run is to the code that asked for it.

import type { LearningCurve } from './board/board.js'
import type { LeaderboardRow } from './board/leaderboard.js'
import type { FamilyName } from './model-families.js'
import type { MetricValues } from './report/report-data.js'
import type { SpeechMetrics } from './speech/measure-speech.js'
import type { SpeechPart } from './speech/prepare-speech.js'
import type { SpeechBaseline } from './speech/speech-baseline.js'
import type { SpeechFinding } from './speech/speech-findings.js'
import type { LanguageMeasures } from './text/language-manifest.js'
import type { PictureModelName } from './train-options.js'

/** A finished run on a table, on pictures, or on texts that were told apart. */
export interface Run {
  readonly kind: 'table' | 'pictures' | 'text'
  readonly name: string
  /** Its folder; `loadModel(run.path)` loads the model. */
  readonly path: string
  readonly task: 'classification' | 'regression'
  readonly target: string
  /** The family of the model; what `auto` chose. */
  readonly model: FamilyName | PictureModelName
  readonly metrics: Readonly<Record<'train' | 'validation' | 'test', MetricValues>>
  readonly baseline: Readonly<Record<'dummy' | 'linear', MetricValues>>
  /** null for models that are not trained in epochs. */
  readonly epochs: number | null
  readonly seconds: number
  readonly executor: string
  /** What was compared, the best first, the dummy last; empty where nothing was. */
  readonly leaderboard: readonly LeaderboardRow[]
  readonly learningCurve: LearningCurve | null
}

/** A finished run of a language model. */
export interface LanguageModelRun {
  readonly kind: 'languageModel'
  readonly name: string
  /** Its folder; `loadModel(run.path)` loads the model. */
  readonly path: string
  readonly measures: LanguageMeasures
  readonly epochs: number
  readonly seconds: number
  readonly executor: string
}

/** A finished run that learned speech. */
export interface SpeechRun {
  readonly kind: 'speech'
  readonly name: string
  /** Its folder; `loadModel(run.path)` loads the model. */
  readonly path: string
  readonly metrics: Readonly<Record<SpeechPart, SpeechMetrics>>
  /** The same text for every test recording, the one that errs least on the training recordings. */
  readonly baseline: SpeechBaseline
  readonly rows: Readonly<Record<SpeechPart, number>>
  /** Rows of the lists that could not be used. */
  readonly leftOut: number
  /** Why not, and what else is to be known of the recordings. */
  readonly findings: readonly SpeechFinding[]
  readonly epochs: number
  readonly seconds: number
  readonly executor: string
}

/** A finished run of any kind; `kind` says which. */
export type AnyRun = Run | LanguageModelRun | SpeechRun
