// Utterances as batches: padding, buckets, orders that depend on seed and epoch alone.

import { expect, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import type { Batch } from '../../train/batches.js'
import { SpeechBatches } from './speech-batches.js'

const framesOf = (frames: number, value: number) => ({
  frames,
  size: 2,
  values: new Float32Array(frames * 2).fill(value),
})

const utterances = Array.from({ length: 23 }, (_, i) => ({
  variants: [framesOf(5 + ((i * 7) % 60), i + 1), framesOf(5 + ((i * 7) % 60), -i - 1)],
  labels: Array.from({ length: 1 + (i % 3) }, () => i + 1),
}))

const order = { epoch: 0, batchSize: 4, shuffle: true, seed: 3, from: 0 }

/** Which row each line of a batch is: its first label says so. */
const rowsOf = (batch: Batch, labels: number) =>
  Array.from({ length: batch.rows }, (_, i) => batch.y[i * labels] - 1)

test('each utterance comes once an epoch, padded to the length of its bucket', () => {
  const source = new SpeechBatches(utterances, { buckets: 3 })
  const batches = [...source.batches(order)]
  const rows = batches.flatMap(batch => rowsOf(batch, 3))
  expect(rows.toSorted((a, b) => a - b)).toEqual([...utterances.keys()])
  expect(new Set(batches.map(({ xShape }) => xShape?.[0])).size).toBe(3)
  for (const batch of batches) {
    const [frames, width] = batch.xShape as [number, number]
    expect(batch.x.length).toBe(batch.rows * frames * width)
    rowsOf(batch, 3).forEach((row, i) => {
      const { variants, labels } = utterances[row]
      expect([...batch.y.slice(i * 3, i * 3 + 3)]).toEqual([...labels, -1, -1].slice(0, 3))
      const own = variants[0].frames
      for (let t = 0; t < frames; t++) {
        const [a, b, isThere] = batch.x.slice((i * frames + t) * 3, (i * frames + t + 1) * 3)
        expect(isThere).toBe(t < own ? 1 : 0)
        expect(Math.abs(a)).toBe(t < own ? row + 1 : 0)
        expect(b).toBe(a)
      }
    })
  }
})

test('order, variants and masks depend on seed and epoch, and a resumed epoch goes on', () => {
  const source = new SpeechBatches(utterances, { augment: { timeMasks: 1 } })
  const all = [...source.batches(order)]
  expect([...source.batches(order)]).toEqual(all)
  expect([...source.batches({ ...order, from: 3 })]).toEqual(all.slice(3))
  expect([...source.batches({ ...order, epoch: 1 })]).not.toEqual(all)
  expect([...source.batches({ ...order, seed: 4 })]).not.toEqual(all)
  const plain = new SpeechBatches(utterances)
  const signs = (epoch: number) => {
    const batches = [...plain.batches({ ...order, epoch, batchSize: 1 })]
    return new Map(batches.map(batch => [batch.y[0], Math.sign(batch.x[0])]))
  }
  for (const [row, sign] of signs(0)) expect(signs(1).get(row)).toBe(-sign)
  const still = [...plain.batches({ ...order, shuffle: false, epoch: 1 })]
  expect(still.every(({ x }) => x[0] > 0)).toBe(true)
})

test('refuses nothing, mixed sizes and too little room', () => {
  const odd = { variants: [{ frames: 1, size: 1, values: new Float32Array(1) }], labels: [] }
  expect(() => new SpeechBatches([])).toThrow(/utterances, received none/)
  expect(() => new SpeechBatches([utterances[0], odd])).toThrow(/2 features/)
  expect(() => new SpeechBatches(utterances, { mostLabels: 2 })).toThrow(/room for 3/)
  expect(() => new SpeechBatches(utterances, { buckets: 0 })).toThrow(/buckets/)
  expect(() => new SpeechBatches(utterances, { augment: { timeShare: 2 } })).toThrow(/timeShare/)
})

test.each([
  ['one utterance alone', utterances[0], /utterances, a list, received an object/],
  [
    'a recording',
    [{ variants: [{ samples: new Float32Array(4), sampleRate: 8 }], labels: [] }],
    /features of a recording/,
  ],
  [
    'frames with too few values',
    [{ ...utterances[0], variants: [{ ...framesOf(5, 1), frames: 6 }] }],
    /frames · size/,
  ],
  ['no variants', [{ labels: [1] }], /variants of utterance 0, a list, received undefined/],
  [
    'no transcript',
    [utterances[0], { ...utterances[1], labels: null }],
    /labels of utterance 1.*received null.*unknown/,
  ],
  ['half a label', [{ ...utterances[0], labels: [1.5] }], /received \[1\.5\]/],
])('refuses %s', (_, given, message) => {
  expect(() => new SpeechBatches(given as never)).toThrow(message)
  expect(() => new SpeechBatches(given as never)).toThrow(AthanorError)
})
