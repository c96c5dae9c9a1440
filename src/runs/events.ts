// What a run tells while it happens: one JSON line each in events.jsonl, and each to `onProgress`.

import type { DataFinding } from '../data/finding.js'
import type { Board, BoardEntry } from './board/board.js'
import type { FamilyName } from './model-families.js'
import type { RateTest } from './rate-test.js'
import type { MetricName, MetricValues } from './report/report-data.js'
import type { SpeechMetrics } from './speech/measure-speech.js'
import type { SpeechBaseline } from './speech/speech-baseline.js'
import type { SpeechFinding } from './speech/speech-findings.js'
import type { LanguageMeasures } from './text/language-manifest.js'
import type { PictureModelName } from './train-options.js'

export type RunEvent = { readonly time: string } & RunEventBody

export type RunEventBody =
  | { readonly type: 'started'; readonly run: string; readonly path: string }
  | {
      readonly type: 'reading'
      readonly source: string
      readonly rows?: number
      readonly of?: number
    }
  | {
      readonly type: 'data'
      readonly rows: number
      readonly columns: number
      readonly inputs: number
      readonly target: string
      readonly task: 'classification' | 'regression'
      readonly classes?: readonly string[]
      /** Height, width, channels, where pictures are learned from. */
      readonly pictures?: readonly number[]
      readonly split: {
        readonly method: string
        readonly train: number
        readonly validation: number
        readonly test: number
      }
      readonly findings: readonly DataFinding[]
    }
  | {
      /** The table is larger than memory: rows are read from disk in every epoch. */
      readonly type: 'on-disk'
      readonly rows: number
      /** What the rows would take in memory, about, and what they may take. */
      readonly bytes: number
      readonly limit: number
      /** Rows that data checks, doubtful labels, importances and the linear baseline see. */
      readonly sample: number
    }
  | {
      /** The text of a language model was read, split and tokenized. */
      readonly type: 'text'
      readonly source: string
      readonly encoding: string
      readonly tokenizer: string
      readonly vocabulary: number
      readonly characters: Readonly<Record<'train' | 'validation' | 'test', number>>
      readonly tokens: Readonly<Record<'train' | 'validation' | 'test', number>>
    }
  | { readonly type: 'text-measures'; readonly measures: LanguageMeasures }
  | {
      readonly type: 'model'
      readonly model: 'neural' | PictureModelName
      readonly shape: string
      readonly parameters: number
      readonly batchSize: number
      readonly epochs: number
      readonly learningRate: number
      readonly executor: string
      /** Faster executors that could not be used. */
      readonly passedOver: readonly { readonly name: string; readonly reason: string }[]
    }
  | {
      /** Where the comparison stands. */
      readonly type: 'comparing'
      readonly model: FamilyName | 'dummy'
      readonly estimator: string
      /** 1-based. */
      readonly fold: number
      readonly folds: number
      /** Of the fit in hand, from 0 to 1. */
      readonly fraction: number
      /** Candidates done. */
      readonly measured: number
      /** At most. */
      readonly secondsLeft: number
    }
  | {
      /** A candidate was measured, or left out. */
      readonly type: 'candidate'
      readonly metric: MetricName
      readonly entry: BoardEntry
    }
  | {
      /** The winner is learned from parts of the rows. */
      readonly type: 'curve'
      readonly rows: number
      readonly done: number
      readonly of: number
    }
  | { readonly type: 'board'; readonly board: Board }
  | {
      /** An estimator is fitted. */
      readonly type: 'fitting'
      readonly model: FamilyName
      /** Its class. */
      readonly estimator: string
      /** Those that were asked for or found. */
      readonly parameters: Readonly<Record<string, unknown>>
      readonly features: number
      /** Rows that it learns from, and how many there are. */
      readonly rows: number
      readonly of: number
      readonly executor: string
      readonly passedOver: readonly { readonly name: string; readonly reason: string }[]
    }
  | {
      readonly type: 'fit-progress'
      /** From 0 to 1. */
      readonly fraction: number
      readonly secondsLeft?: number
    }
  | {
      /** The range test of learning rates. */
      readonly type: 'rating'
      readonly step: number
      /** At most. */
      readonly steps: number
    }
  | ({ readonly type: 'learning-rate' } & RateTest)
  | { readonly type: 'resumed'; readonly epoch: number }
  /** A model without checkpoints is fitted again from its beginning. */
  | { readonly type: 'restarted'; readonly model: FamilyName }
  | {
      readonly type: 'progress'
      /** 1-based. */
      readonly epoch: number
      readonly epochs: number
      readonly batch: number
      readonly batches: number
      readonly rowsPerSecond: number
      /** Absent while nothing but the compiling of the first step is known. */
      readonly secondsLeft?: number
    }
  | {
      readonly type: 'epoch'
      /** 1-based. */
      readonly epoch: number
      readonly epochs: number
      readonly loss: number
      readonly validationLoss?: number
      readonly learningRate: number
      readonly rowsPerSecond: number
      /** Absent while nothing but the compiling of the first step is known. */
      readonly secondsLeft?: number
      readonly best: boolean
    }
  | { readonly type: 'stopped-early'; readonly best: number; readonly patience: number }
  | { readonly type: 'evaluating' }
  | {
      readonly type: 'metrics'
      readonly metrics: Readonly<Record<'train' | 'validation' | 'test', MetricValues>>
      readonly baseline: Readonly<Record<'dummy' | 'linear', MetricValues>>
    }
  | {
      /** Features of recordings are computed. */
      readonly type: 'listening'
      readonly done: number
      readonly of: number
    }
  | {
      /** What a run that learns speech has to learn from. */
      readonly type: 'recordings'
      readonly source: string
      readonly recordings: number
      readonly seconds: number
      readonly sampleRate: number
      readonly characters: number
      readonly split: {
        readonly method: string
        readonly train: number
        readonly validation: number
        readonly test: number
      }
      readonly findings: readonly SpeechFinding[]
    }
  | {
      readonly type: 'transcripts'
      readonly baseline: SpeechBaseline
      readonly metrics: Readonly<Record<'train' | 'validation' | 'test', SpeechMetrics>>
    }
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'interrupted'; readonly epoch: number | null }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'finished'; readonly seconds: number; readonly epochs: number | null }
