// What a trained speech model is worth, and what the run leaves: the model, its transcripts of the test
// recordings, the report, the finished manifest.

import { SpeechModel } from '../../applications/speech/speech-model.js'
import { diagnose } from '../../execute/select.js'
import { Layer } from '../../nn/layer.js'
import type { Model } from '../../train/model.js'
import { removeCheckpoints } from '../checkpoints.js'
import type { RunEventBody } from '../events.js'
import { executorName } from '../manifest.js'
import type { Language } from '../messages/language.js'
import { countParameters } from '../net.js'
import { line } from '../predictions-csv.js'
import { runPath } from '../run-folder.js'
import { writeDurably } from '../storage.js'
import type { TrainedLayer, TrainingHistory } from '../trained.js'
import { packageVersion } from '../version.js'
import { editCount, heardPictures } from './heard-pictures.js'
import { bestLanguageWeight, type HeardPart, heardPart, logitsOf } from './measure-speech.js'
import type { PreparedSpeech } from './prepare-speech.js'
import { type SpeechManifest, sizesOf } from './speech-manifest.js'
import { renderSpeechReport } from './speech-report.js'
import type { SpeechReportData } from './speech-report-data.js'

export interface ConcludeOptions {
  readonly folder: string
  readonly manifest: SpeechManifest
  readonly history: TrainingHistory
  readonly shape: string
  readonly language: Language
  readonly began: number
  readonly tell: (event: RunEventBody) => void
}

/** Training recordings that are heard for their error rates: a sample is enough. */
const mostTrainRows = 200

const mostWorst = 12

export async function concludeSpeech(
  prepared: PreparedSpeech,
  draft: SpeechModel,
  options: ConcludeOptions,
): Promise<SpeechManifest> {
  const { folder, history, tell } = options
  tell({ type: 'evaluating' })
  const { parts } = prepared
  const validation = await logitsOf(draft, parts.validation)
  const languageWeight = bestLanguageWeight(draft, parts.validation, validation)
  const some = parts.train.slice(0, mostTrainRows)
  const heard = {
    train: heardPart(draft, some, await logitsOf(draft, some), languageWeight),
    validation: heardPart(draft, parts.validation, validation, languageWeight),
    test: heardPart(draft, parts.test, await logitsOf(draft, parts.test), languageWeight),
  }
  const metrics = {
    train: heard.train.metrics,
    validation: heard.validation.metrics,
    test: heard.test.metrics,
  }
  tell({ type: 'transcripts', metrics })
  const model = new SpeechModel({
    ...draft.parts,
    languageWeight,
    metrics: metrics as unknown as SpeechModel['parts']['metrics'],
  })
  const { net } = model.parts
  await writeDurably(runPath(folder, 'model'), net.toBytes({ extra: model.toExtra() }))
  await writeDurably(runPath(folder, 'predictions'), testTranscripts(heard.test))
  const seconds = (performance.now() - options.began) / 1000
  const finished: SpeechManifest = {
    ...options.manifest,
    status: 'finished',
    finished: new Date().toISOString(),
    model: { kind: 'neural', layers: options.shape, parameters: countParameters(net) },
    epochs: history.epochs,
    bestEpoch: history.bestEpoch,
    seconds: Number(seconds.toFixed(3)),
    languageWeight,
    metrics,
  }
  await writeSpeechReport(folder, reportOf(prepared, net, heard.test, finished, options, seconds))
  await removeCheckpoints(folder)
  return finished
}

/** The report's data and its page. */
export async function writeSpeechReport(
  folder: string,
  report: SpeechReportData,
  path = runPath(folder, 'report'),
  language: Language = report.language,
): Promise<void> {
  await writeDurably(runPath(folder, 'reportData'), JSON.stringify(report))
  await writeDurably(path, renderSpeechReport(report, language))
}

function* testTranscripts({ recordings, heard }: HeardPart): Generator<string> {
  yield line(['row', 'file', 'transcript', 'heard', 'edits'])
  for (const [i, { row, file, transcript }] of recordings.entries()) {
    const edits = editCount(transcript, heard[i])
    yield line([`${row + 1}`, file, transcript, heard[i], `${edits}`])
  }
}

function reportOf(
  prepared: PreparedSpeech,
  net: Model,
  test: HeardPart,
  manifest: SpeechManifest,
  { history, language }: ConcludeOptions,
  seconds: number,
): SpeechReportData {
  const { parts, features, alphabet, list, stack } = prepared
  const { substitutions, insertions, deletions, length } = test.characters
  const worst = test.recordings
    .map(({ file, transcript }, i) => ({
      ...{ file, said: transcript, heard: test.heard[i] },
      edits: editCount(transcript, test.heard[i]),
    }))
    .filter(({ edits }) => edits > 0)
    .sort((a, b) => b.edits - a.edits)
    .slice(0, mostWorst)
  const { audio, transcript } = manifest.settings
  return {
    format: 1,
    kind: 'speech',
    language,
    version: packageVersion(),
    run: {
      name: manifest.name,
      created: manifest.created,
      seconds,
      epochs: history.epochs,
      bestEpoch: history.bestEpoch,
      executor: executorName(diagnose()),
    },
    columns: { audio, transcript },
    rows: sizesOf(parts),
    minutes: prepared.hours * 60,
    sampleRate: features.options.sampleRate,
    characters: alphabet.classes - 1,
    languageWeight: manifest.languageWeight ?? 0,
    layers: layersOf(net),
    parameters: countParameters(net),
    metrics: manifest.metrics as SpeechReportData['metrics'],
    edits: { substitutions, insertions, deletions, length },
    history: { train: finite(history.trainLoss), validation: finite(history.validationLoss) },
    pictures: heardPictures(test, stack),
    worst,
    findings: list.findings.list,
    manifest: manifest as unknown as Record<string, unknown>,
  }
}

function layersOf(net: Model): TrainedLayer[] {
  let shape = net.inputShape ?? []
  return net.layers.flatMap(layer => {
    if (!(layer instanceof Layer)) return []
    shape = layer.outputShape(shape)
    return {
      name: layer.className,
      output: String(shape.at(-1)),
      parameters: layer.parameters().reduce((sum, parameter) => sum + parameter.size, 0),
    }
  })
}

function finite(values: readonly number[]): (number | null)[] {
  return values.map(value => (Number.isFinite(value) ? Number(value.toPrecision(6)) : null))
}
