// Lists where functions take them: one item alone, a text or null is refused by name.

import { argumentError } from '../../base/errors.js'
import { valueWords } from '../../base/value-kinds.js'
import type { Sound } from '../../data/sound/sound.js'
import type { Frames } from '../../features/sound/frames.js'

/** @throws AthanorError ARGUMENT for what is no array. */
export function checkList(operation: string, name: string, given: unknown, fix?: string): void {
  if (!Array.isArray(given))
    throw argumentError(operation, `${name}, a list`, valueWords(given), fix)
}

/** @throws AthanorError ARGUMENT for what is no array of recordings in memory. */
export function checkSounds(operation: string, given: unknown): void {
  checkList(operation, 'recordings', given, 'One recording goes in a list of its own: [sound]')
  const at = (given as (Partial<Sound> | null)[]).findIndex(
    sound => !(sound?.samples instanceof Float32Array && sound.sampleRate! > 0),
  )
  if (at >= 0)
    throw argumentError(
      operation,
      'recordings, each { samples: Float32Array, sampleRate }',
      `${valueWords((given as unknown[])[at])} at place ${at}`,
      'readWavFile gives them',
    )
}

/** @throws AthanorError ARGUMENT for what is no features of one recording. */
export function checkFrames(operation: string, given: unknown): void {
  const { frames, size, values } = (given ?? {}) as Partial<Frames>
  const fits = (n: number | undefined): n is number => Number.isInteger(n) && n! >= 0
  if (
    fits(frames) &&
    fits(size) &&
    values instanceof Float32Array &&
    values.length === frames * size
  )
    return
  throw argumentError(
    operation,
    'features of a recording, { frames, size, values: Float32Array of frames · size }',
    valueWords(given),
    'SoundFeatures.of(sounds) gives them',
  )
}

/** @throws AthanorError ARGUMENT for what is no array of texts. */
export function checkTexts(operation: string, name: string, given: unknown): void {
  checkList(operation, name, given, 'One text goes in a list of its own: [text]')
  const at = (given as unknown[]).findIndex(text => typeof text !== 'string')
  if (at >= 0)
    throw argumentError(
      operation,
      `texts in ${name}`,
      `${valueWords((given as unknown[])[at])} at place ${at}`,
    )
}
