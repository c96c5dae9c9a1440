// Test recordings for the report: what the net sees of them, and where it hears each character.

import { alignLabels } from '../../applications/speech/align.js'
import { editsOf } from '../../applications/speech/error-rates.js'
import type { HeardPart } from './measure-speech.js'
import type { HeardPicture } from './speech-report-data.js'

/** Longer recordings are not drawn. */
const mostFrames = 400

export function editCount(said: string, heard: string): number {
  const { substitutions, insertions, deletions } = editsOf([...said], [...heard])
  return substitutions + insertions + deletions
}

/** The best heard, the middle one and the worst, among those short enough to draw. */
export function heardPictures({ recordings, logits, heard }: HeardPart, stack: number) {
  const places = [...recordings.keys()].filter(i => recordings[i].features.frames <= mostFrames)
  const share = (i: number) =>
    editCount(recordings[i].transcript, heard[i]) / [...recordings[i].transcript].length
  // Of equally many errors, the longer text shows more.
  places.sort(
    (a, b) =>
      share(a) - share(b) || recordings[b].transcript.length - recordings[a].transcript.length,
  )
  const last = places.length - 1
  const chosen = [...new Set([0, Math.floor(last / 2), last])].filter(k => k >= 0 && k <= last)
  return chosen.map((k): HeardPicture => {
    const { file, transcript, seconds, features, labels } = recordings[places[k]]
    const aligned = labels === null ? null : alignLabels(logits[places[k]], labels)
    const { frames, size } = features
    return {
      file,
      said: transcript,
      heard: heard[places[k]],
      seconds,
      frames,
      bands: size,
      levels: levelsOf(features.values.subarray(0, frames * size)),
      spans:
        aligned?.spans.map(([from, to]) => [from * stack, Math.min(frames, to * stack)]) ?? null,
    }
  })
}

/** Ten levels between the darkest and the brightest 2 %. */
function levelsOf(values: Float32Array): string {
  const sorted = values.slice().sort()
  const low = sorted[Math.floor(sorted.length * 0.02)]
  const high = sorted[Math.floor(sorted.length * 0.98)]
  const scale = high > low ? 10 / (high - low) : 0
  let text = ''
  for (const x of values) text += Math.max(0, Math.min(9, Math.floor((x - low) * scale)))
  return text
}
