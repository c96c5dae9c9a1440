// Recorded words of the course: reading them, and drawing them as waves, spectrograms and letters.

import { dirname } from 'node:path'
import * as Plot from '@observablehq/plot'
import { sound } from 'athanor'
import { readWavFile, type Sound } from 'athanor/data'
import { colours, halo, picture } from './picture.js'
import { rowsOf } from './rows.js'

export interface Recording extends Sound {
  /** The word that is said. */
  transcript: string
  /** Who says it. */
  voice: string
}

const list = 'spoken-digits/digits.csv'

/** The words zero to nine by all voices. */
export async function recordings(): Promise<Recording[]> {
  const rows = await rowsOf(list)
  return Promise.all(
    rows.map(async ({ file, transcript, voice }) => ({
      ...(await readWavFile(`examples/data/${dirname(list)}/${file}`)),
      ...{ transcript: String(transcript), voice: String(voice) },
    })),
  )
}

/** Hertz in the middle of each band, and where a frequency lies among the bands. */
export function bandsOf({ options, size }: sound.SoundFeatures) {
  const [low, high] = [options.low, options.high].map(hertz => sound.melsOf(hertz, options.scale))
  const step = (high - low) / (size + 1)
  return {
    middles: Array.from({ length: size }, (_, band) =>
      sound.hertzOf(low + (band + 1) * step, options.scale),
    ),
    placeOf: (hertz: number) => (sound.melsOf(hertz, options.scale) - low) / step - 0.5,
  }
}

/** Where a mark lies: the time at which it begins, and its height. */
export interface Place {
  start: number
  bottom: number
  top: number
}

/** Samples as a line of a width, the loudest of them at the edge. */
export function wave(
  samples: Float32Array,
  { start, width, bottom, top }: Place & { width: number },
): Plot.Markish {
  const loudest = Math.max(...samples.map(Math.abs))
  const [middle, reach] = [(bottom + top) / 2, (top - bottom) / 2]
  return Plot.line(samples, {
    x: (_, n) => start + (width * n) / samples.length,
    y: sample => middle + (reach * sample) / loudest,
    strokeWidth: 1,
  })
}

/** A stretch of a wave, magnified in a box of its own, and a box of the same colour around its place in `area`. */
export function magnified(
  { samples, sampleRate }: Sound,
  { from, count, name, colour }: { from: number; count: number; name: string; colour: number },
  { start, width, bottom, top, area }: Place & { width: number; area: number },
): Plot.Markish {
  const box = (x: number, length: number, y1: number, y2: number) =>
    Plot.rect([0], {
      ...{ x1: [x], x2: [x + length], y1: [y1], y2: [y2] },
      ...{ stroke: colours[colour], strokeWidth: 2 },
    })
  const within = { start, width, bottom: bottom + 2, top: top - 2 }
  return [
    wave(samples.subarray(from, from + count), within),
    box(start, width, bottom, top),
    box(from / sampleRate, count / sampleRate, 0, area),
    Plot.text([name], {
      ...{ x: [start], y: [top], textAnchor: 'start', lineAnchor: 'bottom', dy: -6 },
      ...{ ...halo, fill: colours[colour] },
    }),
  ]
}

const levels = 12

/** Frames as columns, `hop` seconds each, and bands as rows; the louder, the darker. */
export function spectrogram(
  { frames, size, values }: sound.Frames,
  { start, hop, bottom, top }: Place & { hop: number },
): Plot.Markish {
  const sorted = values.slice().sort()
  const [low, high] = [0.05, 0.99].map(share => sorted[Math.floor(share * sorted.length)])
  const levelAt = (frame: number, band: number) => {
    const share = (values[frame * size + band] - low) / (high - low)
    return Math.round(levels * Math.min(Math.max(share, 0), 1))
  }
  // Neighbours of the same colour are one rectangle.
  const runs: { band: number; from: number; to: number; level: number }[] = []
  for (let band = 0; band < size; band++)
    for (let from = 0, to = 1; from < frames; from = to++) {
      const level = levelAt(from, band)
      while (to < frames && levelAt(to, band) === level) to++
      runs.push({ band, from, to, level })
    }
  const height = (top - bottom) / size
  return Plot.rect(runs, {
    ...{ x1: d => start + hop * d.from, x2: d => start + hop * d.to },
    ...{ y1: d => bottom + height * d.band, y2: d => bottom + height * (d.band + 1) },
    ...{ fill: d => inkAt(d.level / levels), shapeRendering: 'crispEdges' },
  })
}

/** From nearly white to nearly black. */
const inkAt = (share: number) =>
  `rgb(${[28, 25, 23].map(end => Math.round(250 + share * (end - 250)))})`

/** Of the blank, which is written _, of the letters of a word, and of all others. */
function inkOf(letter: string, word: string): string {
  if (letter === '_') return '#78716c'
  return colours[[...new Set(word)].indexOf(letter)] ?? '#d6d3d1'
}

/** Letters as a row of tiles, `width` each. */
function tiles(
  letters: readonly string[],
  { word, start, width, bottom, top }: Place & { word: string; width: number },
): Plot.Markish {
  const left = (i: number) => start + width * i
  const each = (value: number) => letters.map(() => value)
  return [
    Plot.rect(letters, {
      ...{ x1: (_, i) => left(i), x2: (_, i) => left(i + 1), y1: each(bottom), y2: each(top) },
      ...{ fill: letter => inkOf(letter, word), inset: 1.5, rx: 4 },
    }),
    Plot.text(letters, {
      ...{ x: (_, i) => left(i + 0.5), y: each((bottom + top) / 2), text: letter => letter },
      ...{ fill: 'white', fontSize: 17, fontWeight: 'bold' },
    }),
  ]
}

/** Ways to say a word, the likeliest first, each with its probability as a bar. */
export function drawAlignments(
  name: string,
  word: string,
  ways: readonly { letters: string[]; probability: number }[],
): void {
  const sorted = [...ways].sort((a, b) => b.probability - a.probability)
  const steps = sorted[0].letters.length
  const [start, most] = [steps + 0.5, sorted[0].probability]
  const bars = sorted.map(({ probability }, i) => ({
    ...{ probability, y: -i, end: start + (steps * probability) / most },
  }))
  picture(name, {
    ...{ height: 60 + 40 * ways.length, x: { axis: null }, y: { axis: null } },
    ...{ marginTop: 16, marginRight: 60, marginBottom: 8, marginLeft: 16 },
    marks: [
      sorted.map(({ letters }, i) =>
        tiles(letters, { word, start: 0, width: 1, bottom: -i - 0.5, top: -i + 0.5 }),
      ),
      Plot.rect(bars, {
        ...{ x1: bars.map(() => start), x2: 'end', y1: d => d.y - 0.25, y2: d => d.y + 0.25 },
        fill: '#a8a29e',
      }),
      Plot.text(bars, {
        ...{ x: 'end', y: 'y', text: d => d.probability.toFixed(4), textAnchor: 'start', dx: 6 },
      }),
      Plot.text(['probability'], { x: [start], y: [0.8], textAnchor: 'start' }),
      Plot.text(sorted[0].letters, {
        ...{ x: (_, i) => i + 0.5, y: sorted[0].letters.map(() => 0.8) },
        text: (_, i) => `step ${i + 1}`,
      }),
    ],
  })
}

/** A recording as a net hears it: frames, the likeliest letter of each step, and how likely all are. */
export function drawHeard(
  name: string,
  word: string,
  heard: { frames: sound.Frames; letters: string[]; path: string[]; probabilities: number[][] },
): void {
  const { frames, letters, path, probabilities } = heard
  const width = 0.03
  // From the bottom: the letters of the word, all others, the blank.
  const named = [...new Set(word)]
  const order = [...named, ...letters.filter(letter => !named.includes(letter) && letter !== '_')]
  const parts = probabilities.flatMap((row, step) => {
    let sum = 0
    return [...order, '_'].map(letter => {
      const from = sum
      sum += row[letters.indexOf(letter)]
      return { step, letter, from, to: sum }
    })
  })
  const seen = parts.filter(({ from, to }) => to - from > 0.002)
  picture(name, {
    ...{ height: 440, marginTop: 24, x: { label: 'time, s' }, y: { axis: null } },
    marks: [
      spectrogram(frames, { start: 0.0075, hop: 0.01, bottom: 1.45, top: 2.6 }),
      tiles(path, { word, start: 0, width, bottom: 1.12, top: 1.34 }),
      Plot.rect(seen, {
        ...{ x1: d => width * d.step, x2: d => width * (d.step + 1), y1: 'from', y2: 'to' },
        ...{ fill: d => inkOf(d.letter, word), insetLeft: 1.5, insetRight: 1.5 },
      }),
      Plot.axisY([0, 0.5, 1], { label: null }),
      Plot.text(['spectrogram', 'likeliest', 'probability'], {
        ...{ x: [0, 0, 0], y: [2.025, 1.23, 0.5], rotate: -90, dx: -44 },
      }),
    ],
  })
}
