// A speech model on other recordings: its error rates on a list of them with their transcripts.

import type { SpeechModel } from '../../applications/speech/speech-model.js'
import { AthanorError } from '../../base/errors.js'
import type { DataSource } from '../read-data.js'
import { type SpeechMetrics, speechMetrics } from './measure-speech.js'
import {
  type ListColumns,
  type ReadingOptions,
  readRecordings,
  type SpeechFinding,
} from './read-recordings.js'

export interface SpeechEvaluation {
  readonly rows: number
  readonly metrics: SpeechMetrics
  /** Rows that could not be used. */
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
  const { recordings, findings } = await readRecordings(data, columns, options)
  const heard: string[] = []
  for (let start = 0; start < recordings.length; start += chunk) {
    if (options.signal?.aborted) throw new AthanorError('INTERRUPTED', { operation: 'listening' })
    const sounds = recordings.slice(start, start + chunk).map(({ sound }) => sound)
    heard.push(...(await model.transcribe(sounds)))
  }
  const said = recordings.map(({ transcript }) => transcript)
  const { metrics } = speechMetrics(said, heard)
  return { rows: said.length, metrics, findings: findings.list }
}
