// Resampling against torchaudio (scripts/oracles/sound.py).

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { resample } from './resample.js'

interface Case {
  readonly from: number
  readonly to: number
  readonly options: { crossings?: number; rolloff?: number }
  readonly x: number[]
  readonly y: number[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/resample.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

test.each(cases)('$from to $to $options', ({ from, to, options, x, y }) => {
  const out = resample({ samples: Float32Array.from(x), sampleRate: from }, to, options)
  expect(out.sampleRate).toBe(to)
  expect(out.samples.length).toBe(y.length)
  y.forEach((value, i) => {
    expect(Math.abs(out.samples[i] - value)).toBeLessThan(1e-6)
  })
})

test('a tone keeps its height, and one above half the new rate goes', () => {
  const tone = (hertz: number) =>
    Float32Array.from({ length: 4800 }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / 48000))
  const at8000 = (hertz: number) =>
    resample({ samples: tone(hertz), sampleRate: 48000 }, 8000).samples.subarray(50, 750)
  at8000(440).forEach((x, i) => {
    expect(x).toBeCloseTo(Math.sin((2 * Math.PI * 440 * (i + 50)) / 8000), 2)
  })
  for (const x of at8000(5500)) expect(Math.abs(x)).toBeLessThan(0.01)
})

test('the same rate is the same sound; nothing stays nothing', () => {
  const sound = { samples: Float32Array.of(1, 2), sampleRate: 8000 }
  expect(resample(sound, 8000)).toBe(sound)
  expect(resample({ samples: new Float32Array(0), sampleRate: 44100 }, 8000).samples.length).toBe(0)
})

test('refuses rates that are none', () => {
  const sound = { samples: new Float32Array(3), sampleRate: 44100 }
  for (const rate of [0, -1, 0.5, Number.NaN, 2 ** 25])
    expect(() => resample(sound, rate)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
  expect(() => resample(sound, 40009)).toThrow(/20,000 phases/)
  const slow = { samples: new Float32Array(60_000), sampleRate: 1 }
  expect(() => resample(slow, 20_000)).toThrow(/at most 1073741824 samples/)
  expect(() => resample(sound, 8000, { crossings: 0 })).toThrow(/crossings/)
})
