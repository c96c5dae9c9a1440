// WAV files to text by the model of a run.

import { existsSync } from 'node:fs'
import { SpeechModel, type TranscribeOptions } from '../../applications/speech/speech-model.js'
import { loadModel } from '../load-model.js'
import { runError } from '../run-error.js'
import { findRun, readManifest, runPath, shownPath } from '../run-folder.js'
import { readRecording } from './read-recording.js'

/** `run`: a run's folder, its name below `runs`, or a model file. */
export async function transcribeFiles(
  run: string,
  files: readonly string[],
  options: TranscribeOptions = {},
): Promise<{ path: string; texts: string[] }> {
  const isFile = run.endsWith('.athanor') && existsSync(run)
  const path = isFile ? run : await findRun(run)
  const file = isFile ? run : runPath(path, 'model')
  if (!existsSync(file)) {
    await readManifest(path)
    throw runError('DATA', 'runUnfinished', { run: shownPath(path) })
  }
  const model: unknown = await loadModel(file)
  if (!(model instanceof SpeechModel))
    throw runError('FORMAT', 'notASpeechRun', { run: shownPath(path) })
  const sounds = []
  for (const name of files) sounds.push(await readRecording(name))
  return { path, texts: await model.transcribe(sounds, options) }
}
