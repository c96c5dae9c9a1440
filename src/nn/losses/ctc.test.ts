// The loss over batches: padding, lengths, reductions. Its values are tested in tensor/ctc.test.ts.

import { expect, test } from 'vitest'
import { ReferenceExecutor } from '../../execute/reference.js'
import { useExecutor } from '../../tensor/engine.js'
import { ctcLoss, tensor } from '../../tensor/index.js'
import { ctc } from './ctc.js'
import { getLoss } from './index.js'

useExecutor(new ReferenceExecutor())

const int32 = { dtype: 'int32' } as const
const logits = tensor(
  Array.from({ length: 2 * 5 * 4 }, (_, i) => Math.sin(i * 7)),
  { shape: [2, 5, 4], dtype: 'float64' },
)

test('−1 pads labels; lengths of steps are an option; the mean is over rows', () => {
  const labels = [
    [1, 2, 2],
    [3, -1, -1],
  ]
  const each = ctcLoss(
    logits,
    tensor(
      [
        [1, 2, 2],
        [3, 0, 0],
      ],
      int32,
    ),
    tensor([5, 3], int32),
    tensor([3, 1], int32),
  ).dataSync()
  const inputLengths = [5, 3]
  const none = ctc(labels, logits, { inputLengths, reduction: 'none' }).dataSync()
  expect([...none]).toEqual([...each])
  expect(ctc(labels, logits, { inputLengths }).itemSync()).toBeCloseTo((each[0] + each[1]) / 2)
  const weighted = { inputLengths, reduction: 'sum', sampleWeight: [2, 0] } as const
  expect(ctc(labels, logits, weighted).itemSync()).toBeCloseTo(2 * each[0])
  expect(getLoss('ctc')(labels, logits).itemSync()).toBeGreaterThan(0)
})

test('a row that cannot be loses Infinity, or 0 when asked', () => {
  const labels = [[1, 1, 1, 1]]
  const one = logits.slice([0, 1])
  expect(ctc(labels, one).itemSync()).toBe(Number.POSITIVE_INFINITY)
  expect(ctc(labels, one, { zeroInfinity: true }).itemSync()).toBe(0)
})

test('refuses what does not fit', () => {
  // A −1 between labels is no padding, whatever stands for the blank.
  for (const blank of [0, 3])
    expect(() =>
      ctc(
        [
          [1, -1, 2],
          [1, 2, -1],
        ],
        logits,
        { blank },
      ).itemSync(),
    ).toThrow(expect.objectContaining({ code: 'INDEX' }))
  expect(() => ctc([1, 2], logits)).toThrow(/losses\.ctc.*padded with −1/)
  expect(() => ctc([[1], [2]], logits, { blank: 4 })).toThrow(/blank from 0 to 3/)
  expect(() => ctc([[1], [2]], logits, { inputLengths: [6, 5] }).itemSync()).toThrow(
    expect.objectContaining({ code: 'INDEX' }),
  )
})
