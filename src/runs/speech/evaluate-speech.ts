// A speech model on other recordings: its error rates on a list of them with their transcripts, by the rules that
// hold for the parts of a run.

import { stepsNeeded } from '../../applications/speech/align.js'
import type { SpeechModel } from '../../applications/speech/speech-model.js'
import { AthanorError } from '../../base/errors.js'
import type { DataSource } from '../read-data.js'
import { type SpeechMetrics, speechMetrics } from './measure-speech.js'
import {
  type ListColumns,
  noRecordings,
  type ReadingOptions,
  readRecordings,
} from './read-recordings.js'
import type { SpeechFinding } from './speech-findings.js'

export interface SpeechEvaluation {
  readonly rows: number
  readonly metrics: SpeechMetrics
  /** Rows that could not be used, and what else is to be known of them. */
  readonly findings: readonly SpeechFinding[]
}

/** Recordings that are heard at a time. */
const chunk = 64

/** Errors: as in reading a list for training; INTERRUPTED after `signal`. */
export async function evaluateSpeech(
  model: SpeechModel,
  data: DataSource,
  columns: Pick<ListColumns, 'audio' | 'transcript'>,
  options: ReadingOptions,
): Promise<SpeechEvaluation> {
  const { recordings, findings, source, folder } = await readRecordings(data, columns, options)
  const { alphabet } = model.parts
  const said: string[] = []
  const heard: string[] = []
  for (let start = 0; start < recordings.length; start += chunk) {
    if (options.signal?.aborted) throw new AthanorError('INTERRUPTED', { operation: 'listening' })
    const some = recordings.slice(start, start + chunk)
    const features = await model.featuresOf(some.map(({ sound }) => sound))
    const logits = await model.logits(features)
    const fitting = some.map(({ file, transcript }, i) => {
      const labels = alphabet.encode(transcript)
      if (labels === null) findings.add('unknownCharacters', file)
      else if (stepsNeeded(labels) > logits[i].steps) {
        findings.add('longTranscript', file)
        return false
      }
      return true
    })
    said.push(...some.filter((_, i) => fitting[i]).map(({ transcript }) => transcript))
    heard.push(...model.decode(logits.filter((_, i) => fitting[i])))
  }
  if (said.length === 0) throw noRecordings(source, folder, findings)
  const { metrics } = speechMetrics(said, heard)
  return { rows: said.length, metrics, findings: findings.list }
}
