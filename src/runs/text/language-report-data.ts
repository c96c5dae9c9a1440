// What the report of a language model shows; it is kept as JSON beside the page.

import type { Language } from '../messages/language.js'
import type { AttentionFigure } from '../report/report-data.js'
import type { TrainedLayer } from '../trained.js'
import type { LanguageManifest, LanguageMeasures } from './language-manifest.js'

export interface LanguageReport {
  readonly format: 1
  readonly kind: 'languageModel'
  readonly language: Language
  readonly version: string
  readonly run: {
    readonly name: string
    readonly created: string
    readonly seconds: number
    readonly epochs: number
    readonly bestEpoch: number
    readonly executor: string
  }
  readonly source: string
  readonly tokenizer: string
  readonly measures: LanguageMeasures
  /** Bits per character after each epoch. */
  readonly history: {
    readonly train: readonly (number | null)[]
    readonly validation: readonly (number | null)[]
  }
  readonly layers: readonly TrainedLayer[]
  readonly samples: readonly Sample[]
  readonly surprises: readonly Surprise[]
  /** In the beginning of the test part; absent for nets without attention. */
  readonly attention?: AttentionFigure
  readonly manifest: LanguageManifest
}

/** A text that was generated. */
export interface Sample {
  readonly by: 'model' | 'ngram'
  readonly temperature: number
  readonly prompt: string
  readonly text: string
}

/** A token of the test part that was hardly expected. */
export interface Surprise {
  readonly before: string
  readonly token: string
  readonly after: string
  readonly bits: number
  /** The token that the model thought likeliest. */
  readonly expected: string
}
