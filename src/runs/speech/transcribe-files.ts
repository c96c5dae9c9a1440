// WAV files to text by the model of a run.

import { SpeechModel, type TranscribeOptions } from '../../applications/speech/speech-model.js'
import { openModel } from '../open-model.js'
import { runError } from '../run-error.js'
import { shownPath } from '../run-folder.js'
import { readRecording, soundFaults } from './read-recording.js'
import { type SpeechFault, type SpeechFinding, SpeechFindings } from './speech-findings.js'

export interface TranscribedFiles {
  /** Of the run. */
  readonly path: string
  readonly texts: readonly string[]
  /** What is wrong with each file. */
  readonly faults: readonly (readonly SpeechFault[])[]
  /** The same, by fault. */
  readonly findings: readonly SpeechFinding[]
}

/**
 * `run`: a run's folder, its name below `runs`, or a model file. A file cut short is heard as far as it goes, samples
 * that are no numbers are silence, and both are told; errors as `readRecording` has them for files that training
 * leaves out.
 */
export async function transcribeFiles(
  run: string,
  files: readonly string[],
  options: TranscribeOptions = {},
): Promise<TranscribedFiles> {
  const { model, path } = await openModel(run)
  if (!(model instanceof SpeechModel))
    throw runError('FORMAT', 'notASpeechRun', { run: shownPath(path) })
  const sounds = []
  for (const name of files) sounds.push(await readRecording(name))
  const faults = sounds.map(soundFaults)
  const findings = new SpeechFindings()
  for (const [i, own] of faults.entries()) for (const fault of own) findings.add(fault, files[i])
  const texts = await model.transcribe(sounds, options)
  return { path, texts, faults, findings: findings.list }
}
