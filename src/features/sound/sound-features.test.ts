// Features of sound against torchaudio and PyTorch (scripts/oracles/sound.py).

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { JsonReader } from '../../base/json-reader.js'
import { melFilters } from './mel.js'
import { type SoundFeatureOptions, SoundFeatures } from './sound-features.js'

interface Case {
  readonly note: string
  readonly rate: number
  readonly window: number
  readonly hop: number
  readonly fft: number
  readonly mels: number
  readonly scale: 'htk' | 'slaney'
  readonly norm: 'slaney' | null
  readonly low: number
  readonly high: number
  readonly x: number[]
  readonly power: number[]
  readonly bank: number[]
  readonly logMel: number[]
  readonly mfcc: number[]
  readonly deltas: number[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/features.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

function optionsOf(c: Case): SoundFeatureOptions {
  const { rate: sampleRate, fft, mels, scale, low, high } = c
  const common = { sampleRate, fft, mels, scale, low, high, norm: c.norm ?? ('none' as const) }
  return { ...common, window: c.window / sampleRate, hop: c.hop / sampleRate }
}

function near(actual: ArrayLike<number>, expected: readonly number[], within: number) {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThan(within * (1 + Math.abs(value)))
  })
}

const tone = (samples: number, hertz = 440, sampleRate = 8000) => ({
  samples: Float32Array.from({ length: samples }, (_, i) =>
    Math.sin((2 * Math.PI * hertz * i) / sampleRate),
  ),
  sampleRate,
})

describe.each(cases)('$note', c => {
  const sound = { samples: Float32Array.from(c.x), sampleRate: c.rate }
  const given = optionsOf(c)
  const of = async (options: SoundFeatureOptions) =>
    (await new SoundFeatures({ ...given, ...options }).of([sound]))[0]

  test('filters', () => {
    const {
      sampleRate = 0,
      fft = 0,
      mels = 0,
      scale = 'htk',
      norm = 'none',
      low = 0,
      high = 0,
    } = given
    near(melFilters({ sampleRate, fft, mels, scale, norm, low, high }), c.bank, 1e-8)
  })

  test('power', async () => {
    const { values, size } = await of({ kind: 'power' })
    near(values.subarray(0, 2 * size), c.power, 2e-5)
    const magnitude = await of({ kind: 'magnitude' })
    near(
      magnitude.values.subarray(0, 2 * size).map(x => x * x),
      c.power,
      2e-5,
    )
    const { values: parts } = await of({ kind: 'stft' })
    const powers = Array.from({ length: size }, (_, k) => parts[k] ** 2 + parts[size + k] ** 2)
    near(powers, c.power.slice(0, size), 2e-5)
  })

  test('mel bands, their logarithms, cepstra, slopes', async () => {
    const logMel = await of({ kind: 'logMel' })
    near(logMel.values, c.logMel, 2e-5)
    const mel = await of({ kind: 'mel' })
    near(
      mel.values.map(x => Math.log(Math.max(x, 1e-10))),
      c.logMel,
      2e-5,
    )
    near((await of({ kind: 'mfcc' })).values, c.mfcc, 1e-4)
    const { frames, size, values } = await of({ kind: 'mfcc', deltas: 1 })
    expect(size).toBe(26)
    const slopes = Array.from({ length: frames }, (_, t) => [
      ...values.slice(t * 26 + 13, t * 26 + 26),
    ])
    near(slopes.flat(), c.deltas, 1e-4)
  })
})

describe('SoundFeatures', () => {
  const features = new SoundFeatures({ sampleRate: 8000, mels: 20, deltas: 2 })

  test('gives the same bits for a recording alone and among others', async () => {
    const recordings = [tone(8000), tone(150), tone(0), tone(24001, 900), tone(200, 3000)]
    const together = await features.of(recordings)
    for (const [i, recording] of recordings.entries()) {
      const [alone] = await features.of([recording])
      expect(alone).toEqual(together[i])
    }
    expect(together.map(({ frames }) => frames)).toEqual([98, 1, 0, 298, 1])
    expect(together[0].size).toBe(60)
  })

  test('resamples what has another rate', async () => {
    const [own] = await features.of([tone(8000)])
    const [other] = await features.of([tone(16000, 440, 16000)])
    expect(other.frames).toBe(own.frames)
    const strongest = (t: number, { values }: { values: Float32Array }) => {
      const row = [...values.subarray(t * 60, t * 60 + 20)]
      return row.indexOf(Math.max(...row))
    }
    for (let t = 5; t < 90; t += 10) expect(strongest(t, other)).toBe(strongest(t, own))
  })

  test('emphasises high tones where asked', async () => {
    const plain = new SoundFeatures({ sampleRate: 8000, kind: 'power' })
    const raised = new SoundFeatures({ sampleRate: 8000, kind: 'power', preEmphasis: 0.97 })
    const bin = Math.round((1000 * 256) / 8000)
    const [a] = await plain.of([tone(2000, 1000)])
    const [b] = await raised.of([tone(2000, 1000)])
    const gain = 1 + 0.97 ** 2 - 2 * 0.97 * Math.cos((2 * Math.PI * 1000) / 8000)
    const at = 4 * a.size + bin
    expect(b.values[at] / a.values[at]).toBeCloseTo(gain, 3)
  })

  test('survives JSON', () => {
    const reader = new JsonReader('features', JSON.parse(JSON.stringify(features)))
    expect(SoundFeatures.fromJson(reader).options).toEqual(features.options)
    expect(() => SoundFeatures.fromJson(new JsonReader('features', { mels: 0 }))).toThrow(
      expect.objectContaining({ code: 'FORMAT' }),
    )
  })

  test.each([
    [{ mels: 0 }, /mels/],
    [{ sampleRate: 8000, high: 5000 }, /high ≤ 4000/],
    [{ low: 9000 }, /low < high/],
    [{ sampleRate: 8000, fft: 128 }, /window's 200/],
    [{ fft: 1025 }, /even/],
    [{ mels: 10, coefficients: 11 }, /at most 10/],
    [{ window: 0 }, /window/],
    [{ sampleRate: 2 ** 24, window: 10 }, /shorter window/],
    [{ mel: 3 } as never, /mel/],
  ])('refuses %o', (options: SoundFeatureOptions, message) => {
    expect(() => new SoundFeatures(options)).toThrow(message)
    expect(() => new SoundFeatures(options)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
  })
})
