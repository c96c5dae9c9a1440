// What a trained speech model is worth, and what the run leaves: the model, its transcripts of the test
// recordings, the report, the finished manifest.

import { SpeechModel } from '../../applications/speech/speech-model.js'
import { diagnose } from '../../execute/select.js'
import type { Model } from '../../train/model.js'
import { removeCheckpoints } from '../checkpoints.js'
import type { RunEventBody } from '../events.js'
import { executorName } from '../manifest.js'
import type { Language } from '../messages/language.js'
import { countParameters } from '../net.js'
import { layersOf } from '../net-layers.js'
import { line } from '../predictions-csv.js'
import { runPath } from '../run-folder.js'
import { writeDurably } from '../storage.js'
import { keptLosses, type TrainingHistory } from '../trained.js'
import { packageVersion } from '../version.js'
import { editCount, heardPictures } from './heard-pictures.js'
import { bestLanguageWeight, type HeardPart, heardPart, logitsOf } from './measure-speech.js'
import type { PreparedSpeech } from './prepare-speech.js'
import { constantBaseline } from './speech-baseline.js'
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
  const baseline = constantBaseline(parts.train, parts.test)
  tell({ type: 'transcripts', metrics, baseline })
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
    baseline,
  }
  const report = reportOf(prepared, net, heard.test, finished, options, seconds)
  await writeDurably(runPath(folder, 'reportData'), JSON.stringify(report))
  await writeDurably(runPath(folder, 'report'), renderSpeechReport(report))
  await removeCheckpoints(folder)
  return finished
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
    layers: layersOf(net, net.inputShape ?? []),
    parameters: countParameters(net),
    metrics: manifest.metrics as SpeechReportData['metrics'],
    baseline: manifest.baseline,
    edits: { substitutions, insertions, deletions, length },
    history: {
      train: keptLosses(history.trainLoss),
      validation: keptLosses(history.validationLoss),
    },
    pictures: heardPictures(test, stack),
    worst,
    findings: list.findings.list,
    manifest: manifest as unknown as Record<string, unknown>,
  }
}
