// A run that learns speech: from a list of recordings and transcripts to a folder with a model that
// transcribes, its transcripts of the test recordings and a report.

import { ctcSpeechModel } from '../../applications/speech/ctc-speech-model.js'
import { SpeechBatches } from '../../applications/speech/speech-batches.js'
import { SpeechModel } from '../../applications/speech/speech-model.js'
import { diagnose } from '../../execute/select.js'
import type { Model } from '../../train/model.js'
import { settingsOf } from '../first-manifest.js'
import { fitInRun } from '../fit-in-run.js'
import { watchingSchedule } from '../fit-net.js'
import { chooseLanguage } from '../messages/language.js'
import { makeOptimizer } from '../net-optimizers.js'
import type { NetToRate } from '../rate-test.js'
import type { DataSource } from '../read-data.js'
import { type DataFacts, type Earlier, RunCourse, type Start } from '../run-course.js'
import type { SpeechRun } from '../run-results.js'
import { seededNet } from '../seeded-net.js'
import { concludeSpeech } from './conclude-speech.js'
import { type PreparedSpeech, prepareSpeech } from './prepare-speech.js'
import { readSpeech } from './read-speech.js'
import { firstSpeechManifest, type SpeechManifest, sizesOf } from './speech-manifest.js'
import {
  checkSpeechSettings,
  type FilledSpeechSettings,
  fillSpeechSettings,
  type SpeechOptions,
  type SpeechSettings,
} from './speech-settings.js'

export class SpeechCourse extends RunCourse<DataSource, PreparedSpeech, SpeechManifest, SpeechRun> {
  constructor(private readonly asked: SpeechOptions) {
    super('speech', asked)
  }

  protected settings(): SpeechSettings {
    return checkSpeechSettings(settingsOf(this.asked))
  }

  protected async prepare(
    data: DataSource,
    settings: SpeechSettings,
    earlier?: Earlier<SpeechManifest>,
  ): Promise<PreparedSpeech> {
    const { signal } = this.options
    const { onReading } = this
    const list = await readSpeech(data, settings, { signal, onReading })
    return prepareSpeech(list, settings, {
      split: earlier?.split,
      signal,
      onFeatures: (done, of) => this.session.tell({ type: 'listening', done, of }),
    })
  }

  protected facts(
    { list, split, splitMethod }: PreparedSpeech,
    { transcript: title }: SpeechSettings,
  ): DataFacts {
    const { source, fingerprint, rows } = list
    return { source, fingerprint, title, divided: { split, splitMethod, rows } }
  }

  protected firstManifest(
    name: string,
    source: DataSource,
    prepared: PreparedSpeech,
    settings: SpeechSettings,
  ): SpeechManifest {
    return firstSpeechManifest(name, source, prepared, settings, diagnose())
  }

  protected tellData({ list, parts, features, alphabet, splitMethod }: PreparedSpeech): void {
    const all = Object.values(parts).flat()
    this.session.tell({
      type: 'recordings',
      source: list.source,
      recordings: all.length,
      seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
      sampleRate: features.options.sampleRate,
      characters: alphabet.classes - 1,
      split: { method: splitMethod, ...sizesOf(parts) },
      findings: list.findings.list,
    })
  }

  protected netToRate(prepared: PreparedSpeech, given: SpeechSettings): NetToRate {
    const settings = fillSpeechSettings(given, prepared.parts.train.length, prepared.hours)
    const { source } = sourcesOf(prepared)
    const { batchSize, seed, learningRate: standard } = settings
    const net = buildNet(prepared, settings, Math.ceil(source.rows / batchSize))
    return { net, source, batchSize, seed, standard }
  }

  protected async work(
    prepared: PreparedSpeech,
    { resumed }: Start<SpeechManifest>,
  ): Promise<SpeechRun> {
    const { session, options, began } = this
    const { folder, tell } = session
    const { parts } = prepared
    const given = session.manifest.settings
    const settings = fillSpeechSettings(given, parts.train.length, prepared.hours)
    const { source, validation } = sourcesOf(prepared)
    const net = buildNet(prepared, settings, Math.ceil(source.rows / settings.batchSize))
    const shape = shapeText(prepared, settings)
    const history = await fitInRun(net, source, {
      folder,
      tell,
      signal: options.signal,
      resumed,
      model: 'neural',
      shape,
      validation,
      rows: { train: source.rows, validation: validation.rows },
      callbacks: watchingSchedule(settings),
      settings,
    })
    session.set({ ...session.manifest, settings })
    const { features, scaling, alphabet, language } = prepared
    const model = new SpeechModel({ net, features, scaling, alphabet, language })
    const manifest = await concludeSpeech(prepared, model, {
      folder,
      manifest: session.manifest,
      history,
      shape,
      language: chooseLanguage(options.lang, process.env),
      began,
      tell,
    })
    const rows = sizesOf(parts)
    const { list } = prepared
    const seconds = (performance.now() - began) / 1000
    tell({ type: 'finished', seconds, epochs: history.epochs })
    await session.keep(manifest)
    return {
      kind: 'speech',
      name: manifest.name,
      path: folder,
      metrics: manifest.metrics as SpeechRun['metrics'],
      baseline: manifest.baseline as SpeechRun['baseline'],
      rows,
      leftOut: list.rows - rows.train - rows.validation - rows.test,
      findings: list.findings.list,
      epochs: history.epochs,
      seconds,
      executor: diagnose().chosen,
    }
  }
}

/** Masks and other versions for training; validation recordings as they are. */
function sourcesOf({ utterances, parts }: PreparedSpeech) {
  const validation = parts.validation.flatMap(({ features, labels }) =>
    labels === null ? [] : [{ variants: [features], labels }],
  )
  const mostLabels = [...utterances, ...validation].reduce(
    (most, { labels }) => Math.max(most, labels.length),
    1,
  )
  return {
    source: new SpeechBatches(utterances, { augment: {}, mostLabels }),
    validation: new SpeechBatches(validation, { buckets: 3, mostLabels }),
  }
}

function buildNet(
  { features, alphabet, stack }: PreparedSpeech,
  settings: FilledSpeechSettings,
  steps: number,
): Model {
  const { frontEnd, hidden, dropout } = settings
  const net = seededNet(settings, () =>
    ctcSpeechModel({
      features: features.size,
      classes: alphabet.classes,
      units: hidden,
      stack,
      frontEnd,
      dropout,
    }),
  )
  net.compile({ optimizer: makeOptimizer(settings, steps, { globalClipNorm: 1 }), loss: 'ctc' })
  return net
}

/** `3 × 40 → 2 × 96 → 2 × 96 → 28`, with convolutions `3 × 40 → convolution → …` */
function shapeText(prepared: PreparedSpeech, settings: FilledSpeechSettings): string {
  const { stack, features, alphabet } = prepared
  const { frontEnd, hidden } = settings
  const front = [`${stack} × ${features.size}`, ...(frontEnd === 'stack' ? [] : [frontEnd])]
  return [...front, ...hidden.map(n => `2 × ${n}`), alphabet.classes].join(' → ')
}
