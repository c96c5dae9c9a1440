// A recording that a speech model can be given: a WAV file of a rate that speech is recorded at.

import { AthanorError } from '../../base/errors.js'
import { readWavFile } from '../../data/sound/read-wav.node.js'
import type { WavSound } from '../../data/sound/wav.js'
import type { SpeechFault } from './speech-findings.js'

/** Samples a second. Others come from damaged headers, or would take gigabytes to bring to a model's rate. */
const rates = { least: 1_000, most: 384_000 } as const

/**
 * Errors: FILE and FORMAT as `readWavFile` has them, FORMAT for a rate at which nobody records speech and for
 * samples none of which is a number.
 */
export async function readRecording(path: string): Promise<WavSound> {
  const sound = await readWavFile(path)
  const { sampleRate, samples, channels, notFinite } = sound
  if (sampleRate < rates.least || sampleRate > rates.most)
    throw new AthanorError('FORMAT', {
      operation: path,
      expected: `a recording of ${rates.least} to ${rates.most} samples a second`,
      received: String(sampleRate),
    })
  if (notFinite > 0 && notFinite === samples.length * channels)
    throw new AthanorError('FORMAT', {
      operation: path,
      expected: 'samples that are numbers up to ±10⁶',
      received: `${notFinite} that are NaN, infinite or beyond`,
      fix: 'Write the file again from where it came from',
    })
  return sound
}

/** What is to be known of a recording that could be read. */
export function soundFaults({ samples, notFinite, isTruncated }: WavSound): SpeechFault[] {
  if (samples.length === 0) return ['silentFile']
  return [
    ...(isTruncated ? (['truncatedFile'] as const) : []),
    ...(notFinite > 0 ? (['damagedSamples'] as const) : []),
  ]
}
