// A recording that a speech model can be given: a WAV file of a rate that speech is recorded at.

import { AthanorError } from '../../base/errors.js'
import { readWavFile } from '../../data/sound/read-wav.node.js'
import type { WavSound } from '../../data/sound/wav.js'

/** Samples a second. Others come from damaged headers, or would take gigabytes to bring to a model's rate. */
const rates = { least: 1_000, most: 384_000 } as const

/** Errors: FILE and FORMAT as `readWavFile` has them, FORMAT for a rate at which nobody records speech. */
export async function readRecording(path: string): Promise<WavSound> {
  const sound = await readWavFile(path)
  const { sampleRate } = sound
  if (sampleRate < rates.least || sampleRate > rates.most)
    throw new AthanorError('FORMAT', {
      operation: path,
      expected: `a recording of ${rates.least} to ${rates.most} samples a second`,
      received: String(sampleRate),
    })
  return sound
}
