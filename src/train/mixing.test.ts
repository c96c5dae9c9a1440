// Mixed class numbers: shares of classes, weights, and what is refused.

import { describe, expect, it } from 'vitest'
import { AthanorError } from '../base/errors.js'
import { zeros } from '../tensor/index.js'
import type { Batch, BatchSource } from './batches.js'
import { cutMix, mixUp } from './index.js'

const rows = 6
const labels = [0, 1, 2, 2, 1, 0]
const weightOf = [1, 4, 0]

/** Each picture is its own number everywhere. */
const source = (more: object = {}): BatchSource => ({
  rows,
  x: { shape: [4, 4, 1], dtype: 'float32' },
  y: { shape: [], dtype: 'int32' },
  *batches() {
    const x = Float32Array.from({ length: rows * 16 }, (_, i) => Math.floor(i / 16))
    yield { x, y: Int32Array.from(labels), rows, ...more }
  },
})

const order = { epoch: 2, batchSize: rows, shuffle: false, seed: 0, from: 0 }

async function only(of: BatchSource): Promise<Batch> {
  for await (const batch of of.batches(order)) return batch
  throw new Error('no batch')
}

const mixers = [
  ['mixUp', mixUp],
  ['cutMix', cutMix],
] as const

describe.each(mixers)('%s of class numbers', (_, mix) => {
  it('gives shares of the classes of both, by the option or by what the source says', async () => {
    for (const seed of [1, 2, 3]) {
      const asked = mix(source(), { classes: 3, alpha: 1, seed })
      expect(asked.y).toEqual({ shape: [3], dtype: 'float32' })
      const { y, weights } = await only(asked)
      const oneHot = Float32Array.from(labels.flatMap(label => [0, 1, 2].map(c => +(c === label))))
      const floats = { ...source({ y: oneHot }), y: { shape: [3], dtype: 'float32' as const } }
      expect(y).toEqual((await only(mix(floats, { alpha: 1, seed }))).y)
      expect(weights).toBeUndefined()
      const known = mix({ ...source(), classes: 3 }, { alpha: 1, seed })
      expect((await only(known)).y).toEqual(y)
      expect(known.classes).toBe(3)
    }
  })

  it('weighs the loss of each sample by its own weight', async () => {
    const weights = Float32Array.from(labels, label => weightOf[label])
    const options = { classes: 3, alpha: 1, seed: 4 }
    const plain = await only(mix(source(), options))
    const weighted = await only(mix(source({ weights }), options))
    for (let i = 0; i < rows; i++)
      for (let c = 0; c < 3; c++)
        expect(weighted.weights![i] * weighted.y[3 * i + c]).toBeCloseTo(
          weightOf[c] * plain.y[3 * i + c],
          5,
        )
  })

  it('refuses what cannot be mixed, by its name', async () => {
    const type = (shape: number[], dtype: 'int32' | 'float32') => ({ shape, dtype })
    const wrong: (readonly [RegExp, () => unknown])[] = [
      [
        /source of batches, such as PictureBatches, received an object/,
        () => mix(zeros([2, 2]) as never),
      ],
      [/source of batches.*received undefined/, () => mix(undefined as never)],
      [/one input and one target/, () => mix({ ...source(), x: [] } as never)],
      [/one input and one target/, () => mix({ rows, batches: () => [] } as never)],
      [
        /inputs that are floats, received int32/,
        () => mix({ ...source(), x: type([4, 4, 1], 'int32') }),
      ],
      [/number of classes, received int32.*classes: 10.*one-hot/, () => mix(source())],
      [
        /one class number a row, received \[4\]/,
        () => mix({ ...source(), y: type([4], 'int32') }, { classes: 3 }),
      ],
      [
        /targets of 3 classes.*received \[2\]/,
        () => mix({ ...source(), y: type([2], 'float32') }, { classes: 3 }),
      ],
      [/classes to be a whole number/, () => mix(source(), { classes: 0 })],
    ]
    for (const [says, act] of wrong) {
      expect(act).toThrow(says)
      expect(act).toThrow(AthanorError)
    }
    await expect(only(mix(source(), { classes: 2 }))).rejects.toThrow(/from 0 to 1, received 2/)
  })
})
