// A run that learns speech: from a list of recordings and transcripts to a folder with a model that
// transcribes, its transcripts of the test recordings and a report.

import { ctcSpeechModel } from '../../applications/speech/ctc-speech-model.js'
import { SpeechBatches } from '../../applications/speech/speech-batches.js'
import { SpeechModel } from '../../applications/speech/speech-model.js'
import { diagnose } from '../../execute/select.js'
import { adam, schedules } from '../../optim/index.js'
import { random } from '../../tensor/index.js'
import { earlyStopping } from '../../train/callbacks.js'
import type { Model } from '../../train/model.js'
import { earlierRun, requireSameData } from '../earlier-run.js'
import { fitInRun } from '../fit-in-run.js'
import { executorName } from '../manifest.js'
import { chooseLanguage } from '../messages/language.js'
import { countParameters } from '../net.js'
import type { DataSource } from '../read-data.js'
import { runError } from '../run-error.js'
import { runPath } from '../run-folder.js'
import { RunSession } from '../run-session.js'
import { readSplit, writeSplit } from '../split-file.js'
import { checkTrainOptions, type TrainOptions } from '../train-options.js'
import { concludeSpeech } from './conclude-speech.js'
import type { SpeechMetrics } from './measure-speech.js'
import { type PreparedSpeech, prepareSpeech, type SpeechPart } from './prepare-speech.js'
import { readSpeech } from './read-speech.js'
import { firstSpeechManifest, type SpeechManifest, sizesOf } from './speech-manifest.js'
import {
  type FilledSpeechSettings,
  fillSpeechSettings,
  type SpeechSettings,
  speechSettings,
} from './speech-settings.js'

/** A finished run that learned speech. */
export interface SpeechRun {
  readonly kind: 'speech'
  readonly name: string
  /** Its folder; `loadModel(run.path)` loads the model. */
  readonly path: string
  readonly metrics: Readonly<Record<SpeechPart, SpeechMetrics>>
  readonly rows: Readonly<Record<SpeechPart, number>>
  readonly epochs: number
  readonly seconds: number
  readonly executor: string
}

/**
 * Trains a model that transcribes recordings. `data` is a list (CSV or any other table) with a column of
 * WAV files, `options.audio`, and one of what is said in them, `options.transcript`.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong;
 * NOT_FINITE when training diverges; INTERRUPTED after `signal`, with everything saved for `resume`.
 * @example
 * ```ts no-run
 * const run = await trainSpeech('words.csv', { audio: 'file', transcript: 'text' })
 * console.log(run.metrics.test.characterErrorRate)
 * ```
 */
export async function trainSpeech(
  data: DataSource | undefined,
  options: TrainOptions,
): Promise<SpeechRun> {
  checkTrainOptions(options)
  const began = performance.now()
  const session = new RunSession<SpeechManifest>(options)
  try {
    return options.resume === undefined
      ? await begin(data, options, session, began)
      : await resume(options.resume, data, options, session, began)
  } catch (error) {
    throw await session.fail(error, () => 'interrupted')
  } finally {
    session.close()
  }
}

type Session = RunSession<SpeechManifest>

async function begin(
  data: DataSource | undefined,
  options: TrainOptions,
  session: Session,
  began: number,
): Promise<SpeechRun> {
  if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
  const settings = speechSettings(options)
  const prepared = await prepare(data, settings, options, session)
  const name = await session.open(settings.transcript)
  const { list, split, splitMethod } = prepared
  const { fingerprint, rows } = list
  const written = { split, splitMethod, fingerprint, store: { rows } }
  await writeSplit(runPath(session.folder, 'split'), written, settings.seed ?? 0)
  await session.keep(firstSpeechManifest(name, data, prepared, settings, diagnose()))
  session.tell({ type: 'started', run: name, path: session.folder })
  tellRecordings(prepared, session)
  return work(prepared, options, session, began)
}

async function resume(
  run: string,
  data: DataSource | undefined,
  options: TrainOptions,
  session: Session,
  began: number,
): Promise<SpeechRun> {
  const { out } = options
  const { path, manifest } = await earlierRun<SpeechManifest>(run, out, 'speech', 'resume')
  const source = data ?? manifest.data.files?.[0]
  if (source === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
  const split = await readSplit(runPath(path, 'split'))
  const prepared = await prepare(source, manifest.settings, options, session, split)
  const { fingerprint, source: list } = prepared.list
  requireSameData(fingerprint, list, manifest.data.fingerprint)
  const epoch = await session.goOn(path, manifest)
  return work(prepared, options, session, began, epoch)
}

async function prepare(
  data: DataSource,
  settings: SpeechSettings,
  { signal }: TrainOptions,
  session: Session,
  split?: PreparedSpeech['split'],
): Promise<PreparedSpeech> {
  const list = await readSpeech(data, settings, {
    signal,
    onReading: (source, rows) =>
      session.tell({ type: 'reading', source, ...(rows === undefined ? {} : { rows }) }),
  })
  return prepareSpeech(list, settings, {
    split,
    signal,
    onFeatures: (done, of) => session.tell({ type: 'listening', done, of }),
  })
}

function tellRecordings(
  { list, parts, features, alphabet, splitMethod }: PreparedSpeech,
  session: Session,
) {
  const all = Object.values(parts).flat()
  session.tell({
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

/** Training, measuring, report. */
async function work(
  prepared: PreparedSpeech,
  options: TrainOptions,
  session: Session,
  began: number,
  resumedAt?: number,
): Promise<SpeechRun> {
  const { folder, tell } = session
  const { parts } = prepared
  const settings = fillSpeechSettings(session.manifest.settings, parts.train.length, prepared.hours)
  const { source, validation } = sourcesOf(prepared)
  const net = buildNet(prepared, settings, Math.ceil(source.rows / settings.batchSize))
  if (resumedAt === undefined)
    tell({
      type: 'model',
      model: 'neural',
      shape: shapeText(prepared, settings),
      parameters: countParameters(net),
      batchSize: settings.batchSize,
      epochs: settings.epochs,
      learningRate: settings.learningRate,
      executor: executorName(diagnose()),
      passedOver: diagnose().passedOver,
    })
  const patience = settings.patience === 0 ? Number.MAX_SAFE_INTEGER : settings.patience
  const history = await fitInRun(net, source, {
    folder,
    tell,
    signal: options.signal,
    resumedAt,
    validation,
    rows: { train: source.rows, validation: validation.rows },
    settings,
    callbacks: [earlyStopping({ patience })],
  })
  session.set({ ...session.manifest, settings })
  const { features, scaling, alphabet, language } = prepared
  const model = new SpeechModel({ net, features, scaling, alphabet, language })
  const reportLanguage = chooseLanguage(options.lang, process.env)
  const manifest = await concludeSpeech(prepared, model, {
    folder,
    manifest: session.manifest,
    history,
    shape: shapeText(prepared, settings),
    language: reportLanguage,
    began,
    tell,
  })
  const seconds = (performance.now() - began) / 1000
  tell({ type: 'finished', seconds, epochs: history.epochs })
  await session.keep(manifest)
  return {
    kind: 'speech',
    name: manifest.name,
    path: folder,
    metrics: manifest.metrics as SpeechRun['metrics'],
    rows: sizesOf(parts),
    epochs: history.epochs,
    seconds,
    executor: diagnose().chosen,
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
  { hidden, dropout, epochs, learningRate, seed }: FilledSpeechSettings,
  steps: number,
): Model {
  random.seed(seed)
  const net = ctcSpeechModel({
    features: features.size,
    classes: alphabet.classes,
    units: hidden,
    stack,
    dropout,
  })
  const rate = schedules.cosine({
    initialLearningRate: learningRate,
    decaySteps: epochs * steps,
    alpha: 0.01,
  })
  net.compile({ optimizer: adam({ learningRate: rate, globalClipNorm: 1 }), loss: 'ctc' })
  return net
}

/** `3 × 40 → 2 × 96 → 2 × 96 → 28` */
function shapeText(prepared: PreparedSpeech, { hidden }: FilledSpeechSettings): string {
  const { stack, features, alphabet } = prepared
  return [`${stack} × ${features.size}`, ...hidden.map(n => `2 × ${n}`), alphabet.classes].join(
    ' → ',
  )
}
