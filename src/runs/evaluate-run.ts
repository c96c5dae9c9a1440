// A run's model on other data, measured as the run measured it: what `athanor evaluate` does.

import type { TextMeasures } from '../applications/text/index.js'
import type { DataFinding } from '../data/finding.js'
import { readTextFile } from '../data/text/read-text.node.js'
import { openModel, type RunModel } from './open-model.js'
import { PictureModel } from './pictures/picture-model.js'
import { evaluatePictures, openForPictureModel } from './pictures/use-pictures.js'
import type { MetricValues } from './report/report-data.js'
import { runError } from './run-error.js'
import { readManifest, shownPath } from './run-folder.js'
import type { SpeechEvaluation } from './speech/evaluate-speech.js'
import type { SpeechMetrics } from './speech/measure-speech.js'
import type { SpeechManifest } from './speech/speech-manifest.js'
import { TableModel } from './table-model.js'
import type { LanguageManifest } from './text/language-manifest.js'
import { TextGenerator } from './text/text-generator.js'
import { type Evaluation, evaluateModel, openForModel } from './use-model.js'

export interface EvaluateOptions {
  /** Folder for runs; `runs` by default. */
  readonly out?: string
  readonly query?: string
  readonly encoding?: string
  /** Columns of a list of recordings; by default those of the run. */
  readonly audio?: string
  readonly transcript?: string
  readonly signal?: AbortSignal
  readonly onReading?: (source: string, rows?: number) => void
}

/** What was measured; `before` is what the run measured on its own test part, where that is known. */
export type RunEvaluation = { readonly run: string } & (
  | ({
      readonly kind: 'table' | 'pictures'
      readonly task: 'classification' | 'regression'
      /** undefined for pictures. */
      readonly target: string | undefined
      readonly before: MetricValues
      readonly findings: readonly DataFinding[]
    } & Evaluation)
  | {
      readonly kind: 'languageModel'
      readonly measures: TextMeasures
      readonly before?: TextMeasures
    }
  | ({ readonly kind: 'speech'; readonly before?: SpeechMetrics } & SpeechEvaluation)
)

/** Errors: those of `openModel` and of the reader of the data; DATA where nothing can be measured; INTERRUPTED. */
export async function evaluateRun(
  run: string,
  data: string,
  options: EvaluateOptions = {},
): Promise<RunEvaluation> {
  const { model, path } = await openModel(run, options.out)
  options.onReading?.(data)
  return { run: path, ...(await evaluated(model, path, data, options)) }
}

type WithoutRun<One> = One extends unknown ? Omit<One, 'run'> : never
type Evaluated = WithoutRun<RunEvaluation>

async function evaluated(
  model: RunModel,
  path: string,
  data: string,
  options: EvaluateOptions,
): Promise<Evaluated> {
  const { signal } = options
  if (model instanceof TableModel) {
    const dataset = await openForModel(model, data, options)
    try {
      const found = await evaluateModel(model, dataset, signal)
      const { task, target, metrics } = model
      return { kind: 'table', task, target, before: metrics.test ?? {}, findings: [], ...found }
    } finally {
      await dataset.close()
    }
  }
  if (model instanceof PictureModel) {
    const pictures = await openForPictureModel(model, [data], path, { signal })
    const findings = pictures.findings.filter(({ code }) => code === 'broken-pictures')
    const before = model.metrics.test ?? {}
    const found = await evaluatePictures(model, pictures)
    return { kind: 'pictures', task: model.task, target: undefined, before, findings, ...found }
  }
  // A model file alone has no manifest.
  const manifest: unknown = await readManifest(path).catch(() => undefined)
  if (model instanceof TextGenerator) {
    const { encoding } = options
    const { text } = await readTextFile(data, encoding === undefined ? {} : { encoding })
    if (model.tokenizer.encode(text).length < 2)
      throw runError('DATA', 'textToMeasureTooShort', {
        source: shownPath(data),
        characters: [...text].length,
      })
    const before = (manifest as LanguageManifest | undefined)?.measures?.model.test
    return { kind: 'languageModel', measures: await model.measure(text), before }
  }
  const { settings, metrics } = (manifest ?? {}) as Partial<SpeechManifest>
  const columns = {
    audio: options.audio ?? settings?.audio,
    transcript: options.transcript ?? settings?.transcript,
  }
  const { audio, transcript } = columns
  if (audio === undefined || transcript === undefined)
    throw runError('ARGUMENT', 'speechColumnMissing', {
      option: audio === undefined ? '--audio' : '--transcript',
    })
  const { evaluateSpeech } = await import('./speech/evaluate-speech.js')
  const found = await evaluateSpeech(model, data, { audio, transcript }, options)
  return { kind: 'speech', before: metrics?.test, ...found }
}
