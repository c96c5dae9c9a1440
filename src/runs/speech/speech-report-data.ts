// What a speech run's report is drawn from (report.json).

import type { Language } from '../messages/language.js'
import type { TrainedLayer } from '../trained.js'
import type { SpeechMetrics } from './measure-speech.js'
import type { SpeechPart } from './prepare-speech.js'
import type { SpeechBaseline } from './speech-baseline.js'
import type { SpeechFinding } from './speech-findings.js'

/** A test recording whose sound and text are drawn above each other. */
export interface HeardPicture {
  readonly file: string
  readonly said: string
  readonly heard: string
  readonly seconds: number
  readonly frames: number
  readonly bands: number
  /** 0 to 9 for each frame and band: digits, frame by frame, low bands first. */
  readonly levels: string
  /** Of each character of what was said: from and to, in frames; null where it could not be placed. */
  readonly spans: readonly (readonly [from: number, to: number])[] | null
}

/** Older runs kept the first file alone. */
export type ReportedFinding = Omit<SpeechFinding, 'files'> & Partial<Pick<SpeechFinding, 'files'>>

export interface SpeechReportData {
  readonly format: 1
  readonly kind: 'speech'
  readonly language: Language
  readonly version: string
  readonly run: {
    readonly name: string
    /** ISO 8601. */
    readonly created: string
    readonly seconds: number
    readonly epochs: number
    /** 1-based. */
    readonly bestEpoch: number
    readonly executor: string
  }
  readonly columns: { readonly audio: string; readonly transcript: string }
  readonly rows: Readonly<Record<SpeechPart, number>>
  readonly minutes: number
  readonly sampleRate: number
  readonly characters: number
  readonly languageWeight: number
  readonly layers: readonly TrainedLayer[]
  readonly parameters: number
  readonly metrics: Readonly<Record<SpeechPart, SpeechMetrics>>
  /** Absent in reports of older runs. */
  readonly baseline?: SpeechBaseline
  /** Edits of the test part, by kind. */
  readonly edits: Readonly<Record<'substitutions' | 'insertions' | 'deletions' | 'length', number>>
  readonly history: {
    readonly train: readonly (number | null)[]
    readonly validation: readonly (number | null)[]
  }
  readonly pictures: readonly HeardPicture[]
  readonly worst: readonly {
    readonly file: string
    readonly said: string
    readonly heard: string
    readonly edits: number
  }[]
  readonly findings: readonly ReportedFinding[]
  readonly manifest: Readonly<Record<string, unknown>>
}
