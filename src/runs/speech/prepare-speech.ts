// From a list of recordings to what a net learns from: the split, the alphabet, features computed once,
// and what did not fit left out and counted.

import { stepsNeeded } from '../../applications/speech/align.js'
import { Alphabet } from '../../applications/speech/alphabet.js'
import { stepsOf } from '../../applications/speech/ctc-speech-model.js'
import { LabelNgrams } from '../../applications/speech/label-ngrams.js'
import type { Utterance } from '../../applications/speech/speech-batches.js'
import { AthanorError } from '../../base/errors.js'
import { secondsOf } from '../../data/sound/sound.js'
import { type Split, splitRows } from '../../data/split.js'
import type { Frames } from '../../features/sound/frames.js'
import { type FeatureScaling, normalized, scalingFor } from '../../features/sound/normalization.js'
import { perturbSound } from '../../features/sound/perturb.js'
import { SoundFeatures } from '../../features/sound/sound-features.js'
import type { Say } from '../messages/messages.js'
import { runError } from '../run-error.js'
import type { Recording, RecordingList } from './read-recordings.js'
import { faultyRecordings } from './speech-findings.js'
import type { SpeechSettings } from './speech-settings.js'

const parts = ['train', 'validation', 'test'] as const
export type SpeechPart = (typeof parts)[number]

/** A recording with what is computed from it. */
export interface PreparedRecording extends Omit<Recording, 'sound'> {
  readonly seconds: number
  /** Normalised. */
  readonly features: Frames
  /** null where the transcript has characters that no training transcript has. */
  readonly labels: readonly number[] | null
}

export interface PreparedSpeech {
  readonly list: RecordingList
  readonly splitMethod: string
  /** Rows of the list. */
  readonly split: Split
  readonly parts: Readonly<Record<SpeechPart, readonly PreparedRecording[]>>
  /** Training recordings with their other versions. */
  readonly utterances: readonly Utterance[]
  readonly alphabet: Alphabet
  readonly language: LabelNgrams
  readonly features: SoundFeatures
  /** Null: each recording by its own. */
  readonly scaling: FeatureScaling | null
  /** Frames of a step of the net. */
  readonly stack: number
  readonly hours: number
}

/** Other versions of each training recording: faster or slower, louder or softer, noisier. */
const versions = 2

/** Recordings that pass through the engine at once. */
const batch = 32

/** Fewer recordings cannot be divided into three parts. */
const fewest = 10

export interface PreparingOptions {
  /** The parts of an earlier run. */
  readonly split?: Split
  readonly signal?: AbortSignal
  /** Recordings done, of all. */
  readonly onFeatures?: (done: number, of: number) => void
}

export async function prepareSpeech(
  list: RecordingList,
  settings: SpeechSettings,
  options: PreparingOptions = {},
): Promise<PreparedSpeech> {
  const { recordings } = list
  if (recordings.length < fewest)
    throw tooFew(list, say => say('fewRecordings', { count: recordings.length, least: fewest }))
  const seed = settings.seed ?? 0
  const split = options.split ?? splitOf(list, settings, seed)
  const byRow = new Map(recordings.map(recording => [recording.row, recording]))
  const rowsOf = (part: SpeechPart) => [...split[part]].flatMap(row => byRow.get(row) ?? [])
  const given = { train: rowsOf('train'), validation: rowsOf('validation'), test: rowsOf('test') }
  const alphabet = Alphabet.of(given.train.map(({ transcript }) => transcript))
  const features = new SoundFeatures({ sampleRate: commonRate(recordings) })
  const stack = stackFor(given.train, alphabet, features)

  const total = given.train.length * versions + recordings.length
  let done = 0
  const compute = async (sounds: readonly Recording['sound'][]) => {
    const out: Frames[] = []
    for (let from = 0; from < sounds.length; from += batch) {
      if (options.signal?.aborted) throw new AthanorError('INTERRUPTED', { operation: 'features' })
      out.push(...(await features.of(sounds.slice(from, from + batch))))
      done += Math.min(batch, sounds.length - from)
      options.onFeatures?.(done, total)
    }
    return out
  }
  const plain = await compute(given.train.map(({ sound }) => sound))
  const scaling = scalingFor(settings.soundScaling ?? 'training', plain)
  const scaled = (frames: Frames) => normalized(frames, scaling)
  const fits = ({ file }: Recording, { frames }: Frames, labels: readonly number[] | null) => {
    const isFitting = labels === null || stepsNeeded(labels) <= stepsOf(frames, stack)
    if (!isFitting) list.findings.add('longTranscript', file)
    return isFitting
  }
  const prepared = (recording: Recording, frames: Frames): PreparedRecording[] => {
    const labels = alphabet.encode(recording.transcript)
    if (!fits(recording, frames, labels)) return []
    if (labels === null) list.findings.add('unknownCharacters', recording.file)
    const { sound, ...rest } = recording
    return [{ ...rest, seconds: secondsOf(sound), features: scaled(frames), labels }]
  }
  const train = given.train.map((recording, i) => prepared(recording, plain[i]))
  const others: Frames[][] = []
  for (let v = 0; v < versions; v++)
    others.push(
      await compute(
        given.train.map(({ sound, row }) => perturbSound(sound, { seed, row, epoch: v + 1 })),
      ),
    )
  const utterances = train.flatMap((kept, i): Utterance[] =>
    kept.map(({ features: own, labels }) => {
      const needed = stack * stepsNeeded(labels ?? [])
      const variants = others.map(version => version[i]).filter(({ frames }) => frames >= needed)
      return { variants: [own, ...variants.map(scaled)], labels: labels ?? [] }
    }),
  )
  const later = async (part: 'validation' | 'test') => {
    const frames = await compute(given[part].map(({ sound }) => sound))
    return given[part].flatMap((recording, i) => prepared(recording, frames[i]))
  }
  const kept = {
    train: train.flat(),
    validation: await later('validation'),
    test: await later('test'),
  }
  for (const part of parts)
    if (kept[part].length === 0) throw tooFew(list, say => say('emptySpeechPart', { part }))
  const transcripts = kept.train.map(({ labels }) => labels ?? [])
  const language = LabelNgrams.fit(transcripts, alphabet.classes - 1, {
    order: languageOrder(transcripts),
  })
  const seconds = kept.train.reduce((sum, recording) => sum + recording.seconds, 0)
  return {
    list,
    splitMethod: methodOf(list),
    split,
    parts: kept,
    utterances,
    alphabet,
    language,
    features,
    scaling,
    stack,
    hours: seconds / 3600,
  }
}

/** DATA, with what was wrong with the recordings that were left out. */
function tooFew({ findings }: RecordingList, text: (say: Say) => string) {
  return faultyRecordings(findings, (say, reasons) =>
    reasons === '' ? text(say) : text(say) + say('recordingFaults', { reasons }),
  )
}

/**
 * Characters of a run of the language model. Six say much more than four (1.8 against 2.0 bits a character on prompts),
 * but their counts grow with the texts, and the model's file with them.
 */
function languageOrder(transcripts: readonly (readonly number[])[]): number {
  const characters = transcripts.reduce((sum, { length }) => sum + length, 0)
  return characters < 300_000 ? 6 : 4
}

/** Rows of the list, by part: a part with a list of its own has all of that, the others share the rest. */
function splitOf(list: RecordingList, settings: SpeechSettings, seed: number): Split {
  const { groups, partRows = {}, recordings } = list
  const given = Object.values(partRows)
  const rows = recordings
    .map(({ row }) => row)
    .filter(row => !given.some(([from, to]) => row >= from && row < to))
  const share = (part: 'validation' | 'test') => {
    const value = settings[part] ?? 0.15
    return typeof value === 'string' ? 0 : value
  }
  const fractions = { validation: share('validation'), test: share('test') }
  const rest = 1 - fractions.validation - fractions.test
  if (rest <= 1e-9) throw runError('ARGUMENT', 'fractionsTooLarge')
  const numbers = new Map<string, number>()
  const groupOf = (text: string) => {
    if (!numbers.has(text)) numbers.set(text, numbers.size)
    return numbers.get(text) ?? 0
  }
  const found = splitRows({
    rows: rows.length,
    method: groups === undefined ? 'random' : 'group',
    fractions: { train: rest, ...fractions },
    seed,
    ...(groups === undefined ? {} : { groups: Int32Array.from(rows, row => groupOf(groups[row])) }),
  })
  const ofList = (places: Uint32Array) => Uint32Array.from(places, place => rows[place])
  const own = (part: 'validation' | 'test') => {
    const [from, to] = partRows[part] ?? [0, 0]
    const inside = recordings.map(({ row }) => row).filter(row => row >= from && row < to)
    return from === to ? ofList(found[part]) : Uint32Array.from(inside)
  }
  return { ...found, train: ofList(found.train), validation: own('validation'), test: own('test') }
}

/** As tables name it. */
function methodOf({ groups, partRows }: RecordingList): string {
  if (partRows?.validation !== undefined && partRows.test !== undefined) return 'files'
  return groups === undefined ? 'random' : 'group'
}

/** The rate that most recordings have, 16 kHz at most. */
function commonRate(recordings: readonly Recording[]): number {
  const counts = new Map<number, number>()
  for (const { sound } of recordings)
    counts.set(sound.sampleRate, (counts.get(sound.sampleRate) ?? 0) + 1)
  const [[rate]] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])
  return Math.min(16_000, Math.max(8000, rate))
}

/** Three frames a step, or as many as leave room for nearly every transcript. */
function stackFor(
  train: readonly Recording[],
  alphabet: Alphabet,
  features: SoundFeatures,
): number {
  const { sampleRate } = features.options
  for (const stack of [3, 2]) {
    const short = train.filter(({ sound, transcript }) => {
      const samples = Math.floor((sound.samples.length * sampleRate) / sound.sampleRate)
      const steps = stepsOf(features.framesOf(samples), stack)
      // Half a step to spare for each label: blanks have room too.
      return 1.5 * stepsNeeded(alphabet.encode(transcript) ?? []) > steps
    })
    if (short.length <= 0.02 * train.length) return stack
  }
  return 1
}
