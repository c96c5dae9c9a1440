import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BucketedSequences, bucketOptions } from './bucketed-sequences.js'
import { ShuffledWindows, StreamWindows, streamOptions, windowOptions } from './language-windows.js'
import { paddingOptions, padSequences } from './padding.js'
import type { SequenceOrder, SequenceSource } from './sequence-batches.js'

const order = (given: Partial<SequenceOrder> = {}): SequenceOrder => ({
  epoch: 0,
  batchSize: 4,
  shuffle: true,
  seed: 7,
  from: 0,
  ...given,
})
const range = (count: number) => Int32Array.from({ length: count }, (_, i) => i)
const all = (source: SequenceSource, given: Partial<SequenceOrder> = {}) => [
  ...source.batches(order(given)),
]

describe('padSequences', () => {
  const sequences = [[1, 2, 3, 4], [5], []]

  test.each([
    ['post', 'post', [1, 2, 3, 5, 0, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0, 0]],
    ['pre', 'pre', [2, 3, 4, 0, 0, 5, 0, 0, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0]],
    ['post', 'pre', [2, 3, 4, 5, 0, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0, 0]],
    ['pre', 'post', [1, 2, 3, 0, 0, 5, 0, 0, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0]],
  ] as const)('pads %s and cuts %s', (padding, truncating, ids, mask) => {
    const padded = padSequences(sequences, { length: 3, padding, truncating })
    expect([...padded.ids]).toEqual(ids)
    expect([...padded.mask]).toEqual(mask)
    expect([...padded.lengths]).toEqual([3, 1, 0])
  })

  test('is as long as the longest, and at least one token', () => {
    expect(padSequences(sequences).length).toBe(4)
    expect(padSequences([[]])).toMatchObject({ rows: 1, length: 1 })
    expect(padSequences([])).toMatchObject({ rows: 0 })
  })

  test('takes whole numbers only', () => {
    expect(() =>
      padSequences([
        [1, 2],
        [3, Number.NaN],
      ]),
    ).toThrow(/NaN in sequence 1, at 1/)
    expect(() => padSequences([[1.5]])).toThrow(/padSequences.*whole numbers.*1\.5/)
  })

  test('refuses what is no list', () => {
    expect(() => padSequences('ab' as never)).toThrow(/list of sequences/)
    expect(() => padSequences([3 as never])).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
  })
})

describe('BucketedSequences', () => {
  const sequences = Array.from({ length: 57 }, (_, i) => range(1 + ((i * 13) % 90)))
  const source = new BucketedSequences(sequences, range(57), { buckets: 4, maximumLength: 64 })

  test('gives every row once, padded to its bucket', () => {
    for (const shuffle of [true, false]) {
      const batches = all(source, { shuffle })
      expect(batches.flatMap(({ y }) => [...y]).sort((a, b) => a - b)).toEqual([...range(57)])
      for (const { x, y, rows, xShape } of batches) {
        const [length] = xShape as readonly number[]
        expect(x.length).toBe(rows * length)
        y.forEach((row, i) => {
          const kept = sequences[row].subarray(0, 64)
          expect([...x.subarray(i * length, i * length + kept.length)]).toEqual([...kept])
          expect(x.subarray(i * length + kept.length, (i + 1) * length).every(id => id === 0)).toBe(
            true,
          )
        })
      }
    }
  })

  test('has few lengths, multiples of 8, the longest as asked', () => {
    expect(source.lengths.length).toBeLessThanOrEqual(4)
    expect(source.lengths.at(-1)).toBe(64)
    expect(source.lengths.every(length => length % 8 === 0)).toBe(true)
    expect(source.x.shape).toEqual([64])
  })

  test('comes in the same order for the same seed and epoch, in another for others', () => {
    const labels = (given: Partial<SequenceOrder>) => all(source, given).map(({ y }) => y.join())
    expect(labels({ epoch: 3 })).toEqual(labels({ epoch: 3 }))
    expect(labels({ epoch: 3 })).not.toEqual(labels({ epoch: 4 }))
    expect(labels({ seed: 1 })).not.toEqual(labels({ seed: 2 }))
    expect(labels({ epoch: 3, from: 5 })).toEqual(labels({ epoch: 3 }).slice(5))
  })

  test('takes empty sequences, and none at all', () => {
    const empty = new BucketedSequences([new Int32Array()], range(1))
    expect(all(empty)[0]).toMatchObject({ rows: 1, xShape: [8] })
    expect(all(new BucketedSequences([], range(0)))).toEqual([])
  })

  test('wants a label for each', () => {
    expect(() => new BucketedSequences(sequences, range(3))).toThrow(/57 sequences, received 3/)
  })
})

describe('StreamWindows', () => {
  test('rows go on where they ended, targets are one further on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 7 }),
        fc.nat(60),
        (batchSize, length, more) => {
          const ids = range(batchSize * length + 1 + more)
          const source = new StreamWindows(ids, { length, batchSize })
          const batches = all(source, { batchSize })
          expect(batches.length * batchSize).toBe(source.rows)
          batches.forEach(({ x, y }, i) => {
            expect(y).toEqual(x.map(id => id + 1))
            for (let row = 0; row < batchSize && i > 0; row++)
              expect(x[row * length]).toBe(batches[i - 1].y[row * length + length - 1])
          })
        },
      ),
    )
  })

  test('goes on in the middle, in any epoch alike', () => {
    const source = new StreamWindows(range(200), { length: 5, batchSize: 4 })
    expect(all(source, { from: 3, epoch: 2 })).toEqual(all(source).slice(3))
  })

  test('says what is wrong', () => {
    expect(() => new StreamWindows(range(20), { length: 5, batchSize: 4 })).toThrow(
      /at least 21 tokens, received one of 20/,
    )
    expect(() =>
      all(new StreamWindows(range(21), { length: 5, batchSize: 4 }), { batchSize: 8 }),
    ).toThrow(/made for, 4/)
  })
})

describe('ShuffledWindows', () => {
  const ids = range(48)

  test('gives every window once, each one token ahead', () => {
    const source = new ShuffledWindows(ids, { length: 5 })
    const starts = all(source).flatMap(({ x, rows }) =>
      Array.from({ length: rows }, (_, i) => x[5 * i]),
    )
    expect(starts.sort((a, b) => a - b)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40])
    for (const { x, y } of all(source)) expect(y).toEqual(x.map(id => id + 1))
  })

  test('shifts by epoch, never past the end, and not when unshuffled', () => {
    const source = new ShuffledWindows(ids, { length: 5, shift: true })
    const offsets = new Set<number>()
    for (let epoch = 0; epoch < 20; epoch++) {
      const batches = all(source, { epoch })
      expect(batches.reduce((total, { rows }) => total + rows, 0)).toBe(source.rows)
      offsets.add(batches[0].x[0] % 5)
      for (const { y } of batches) expect(Math.max(...y)).toBeLessThan(48)
    }
    expect(offsets.size).toBe(5)
    expect(all(source, { shuffle: false })[0].x[0]).toBe(0)
    expect(new ShuffledWindows(range(6), { length: 5, shift: true }).rows).toBe(1)
  })

  test('is a function of seed and epoch, and resumes', () => {
    const source = new ShuffledWindows(ids, { length: 5, shift: true })
    expect(all(source, { epoch: 1 })).toEqual(all(source, { epoch: 1 }))
    expect(all(source, { epoch: 1 })).not.toEqual(all(source, { epoch: 2 }))
    expect(all(source, { epoch: 1, from: 1 })).toEqual(all(source, { epoch: 1 }).slice(1))
  })

  test('needs a window and the token after it', () => {
    expect(() => new ShuffledWindows(range(5), { length: 5 })).toThrow(
      expect.objectContaining({ code: 'DATA' }),
    )
    expect(() => new ShuffledWindows(range(0), { length: 5 })).toThrow(/received one of 0/)
  })
})

test('options that are wrong are refused', () => {
  for (const [table, use] of [
    [paddingOptions, (o: object) => padSequences([[1]], o)],
    [bucketOptions, (o: object) => new BucketedSequences([], range(0), o)],
    [streamOptions, (o: object) => new StreamWindows(range(9000), o)],
    [windowOptions, (o: object) => new ShuffledWindows(range(9000), o)],
  ] as const) {
    expect(() => use({ nonsense: 1 })).toThrow(/known option/)
    for (const [name, row] of Object.entries(table.rows))
      for (const bad of row.bad)
        expect(() => use({ [name]: bad })).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
  }
})
