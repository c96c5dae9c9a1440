// WAV files to text by the model of a run.

import { SpeechModel, type TranscribeOptions } from '../../applications/speech/speech-model.js'
import { openModel } from '../open-model.js'
import { runError } from '../run-error.js'
import { shownPath } from '../run-folder.js'
import { readRecording } from './read-recording.js'

/** `run`: a run's folder, its name below `runs`, or a model file. */
export async function transcribeFiles(
  run: string,
  files: readonly string[],
  options: TranscribeOptions = {},
): Promise<{ path: string; texts: string[] }> {
  const { model, path } = await openModel(run)
  if (!(model instanceof SpeechModel))
    throw runError('FORMAT', 'notASpeechRun', { run: shownPath(path) })
  const sounds = []
  for (const name of files) sounds.push(await readRecording(name))
  return { path, texts: await model.transcribe(sounds, options) }
}
