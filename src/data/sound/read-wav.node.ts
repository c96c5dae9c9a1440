// WAV files from disk.

import { readFile } from 'node:fs/promises'
import { AthanorError } from '../../base/errors.js'
import { whyUnreadable } from '../node/unreadable.js'
import { readWav, type WavSound } from './wav.js'

/**
 * Reads a WAV file from disk; see `readWav`.
 *
 * @throws AthanorError FILE if it cannot be read; FORMAT as `readWav` does, with the path.
 * @example
 * ```ts no-run
 * const { samples, sampleRate } = await readWavFile('word.wav')
 * ```
 */
export async function readWavFile(path: string): Promise<WavSound> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (cause) {
    throw new AthanorError('FILE', {
      operation: path,
      expected: 'a WAV file that can be read',
      received: whyUnreadable(cause) ?? String(cause),
      cause,
    })
  }
  return readWav(bytes, path)
}
