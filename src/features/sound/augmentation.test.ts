// SpecAugment, perturbed recordings and normalisation: what they change, and that it depends on seed,
// row and epoch alone.

import { describe, expect, test } from 'vitest'
import { normalized, scalingFor, scalingOf } from './normalization.js'
import { perturbSound } from './perturb.js'
import { specAugment } from './spec-augment.js'

const draw = { seed: 7, row: 3, epoch: 2 }
const ones = { frames: 50, size: 20, values: new Float32Array(1000).fill(1) }

describe('specAugment', () => {
  test('blanks bands and stretches no wider than allowed, in a copy', () => {
    let blanked = 0
    for (let row = 0; row < 100; row++) {
      const { values } = specAugment(ones, { ...draw, row }, { featureMasks: 1, timeMasks: 1 })
      const bands = Array.from({ length: 20 }, (_, f) =>
        Array.from({ length: 50 }, (_, t) => values[t * 20 + f]).every(x => x === 0),
      ).filter(Boolean).length
      const stretches = Array.from({ length: 50 }, (_, t) =>
        values.subarray(t * 20, t * 20 + 20).every(x => x === 0),
      ).filter(Boolean).length
      expect(bands).toBeLessThanOrEqual(4)
      expect(stretches).toBeLessThanOrEqual(5)
      blanked += bands + stretches
    }
    expect(blanked).toBeGreaterThan(300)
    expect(ones.values.every(x => x === 1)).toBe(true)
  })

  test('is a function of seed, row and epoch', () => {
    const first = specAugment(ones, draw).values
    expect(specAugment(ones, draw).values).toEqual(first)
    for (const change of [{ seed: 8 }, { row: 4 }, { epoch: 3 }])
      expect(specAugment(ones, { ...draw, ...change }).values).not.toEqual(first)
  })

  test('takes nothing and refuses shares above 1', () => {
    const none = { frames: 0, size: 20, values: new Float32Array(0) }
    expect(specAugment(none, draw).values.length).toBe(0)
    expect(() => specAugment(ones, draw, { timeShare: 2 })).toThrow(/timeShare/)
  })
})

describe('perturbSound', () => {
  const sound = {
    samples: Float32Array.from({ length: 8000 }, (_, i) => Math.sin(i / 5) / 4),
    sampleRate: 8000,
  }

  test('changes length, loudness and noise within their bounds', () => {
    const lengths = new Set<number>()
    for (let row = 0; row < 20; row++) {
      const { samples } = perturbSound(sound, { ...draw, row })
      lengths.add(samples.length)
      expect(samples.length).toBeGreaterThanOrEqual(Math.floor(8000 / 1.1))
      expect(samples.length).toBeLessThanOrEqual(Math.ceil(8000 / 0.9))
      expect(Math.max(...samples.map(Math.abs))).toBeLessThan(0.25 * 2 * 1.5 * 1.5)
    }
    expect(lengths.size).toBeGreaterThan(5)
  })

  test('with nothing to change gives the recording; otherwise the same for the same draw', () => {
    expect(perturbSound(sound, draw, { speed: 0, gain: 0, colour: 0, noise: 0 }).samples).toEqual(
      sound.samples,
    )
    expect(perturbSound(sound, draw)).toEqual(perturbSound(sound, draw))
    expect(perturbSound(sound, draw)).not.toEqual(perturbSound(sound, { ...draw, epoch: 3 }))
    expect(() => perturbSound(sound, draw, { speed: 0.9 })).toThrow(/speed/)
  })
})

describe('normalisation', () => {
  const recordings = [
    { frames: 2, size: 2, values: Float32Array.of(1, 5, 3, 5) },
    { frames: 1, size: 2, values: Float32Array.of(8, 5) },
  ]

  test('by a recording’s own numbers or by those of all', () => {
    expect([...normalized(recordings[0]).values]).toEqual([-1, 0, 1, 0])
    const scaling = scalingOf(recordings)
    expect(scaling.mean).toEqual([4, 5])
    expect(scaling.deviation[0]).toBeCloseTo(Math.sqrt(26 / 3), 12)
    expect(scaling.deviation[1]).toBe(1)
    expect(normalized(recordings[1], scaling).values[0]).toBeCloseTo(4 / Math.sqrt(26 / 3), 6)
    expect(scalingFor('training', recordings)).toEqual(scaling)
    expect(scalingFor('recording', recordings)).toBeNull()
  })

  test('by a recording’s own mean and the deviations of all around theirs', () => {
    const scaling = scalingFor('mean', recordings)
    expect(scaling?.mean).toBeNull()
    expect(scaling?.deviation[0]).toBeCloseTo(Math.sqrt(2 / 3), 6)
    const [low, , high] = normalized(recordings[0], scaling).values
    expect([low, high].map(x => x * Math.sqrt(2 / 3))).toEqual([
      expect.closeTo(-1, 6),
      expect.closeTo(1, 6),
    ])
  })
})
