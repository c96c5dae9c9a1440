// The loss over batches: padding, lengths, reductions. Its values are tested in tensor/ctc.test.ts.

import { describe, expect, test } from 'vitest'
import { ReferenceExecutor } from '../../execute/reference.js'
import { useExecutor } from '../../tensor/engine.js'
import { compile, ctcLoss, grad, type Tensor, tensor } from '../../tensor/index.js'
import { withMask } from '../mask.js'
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

describe('a mask', () => {
  const labels = [
    [1, 2, 2],
    [3, -1, -1],
  ] // prettier-ignore
  const masks = {
    'padding in front': [
      [0, 0, 1, 1, 1],
      [0, 1, 1, 1, 1],
    ],
    holes: [
      [1, 0, 1, 0, 1],
      [1, 1, 0, 1, 0],
    ],
    'padding behind': [
      [1, 1, 1, 1, 0],
      [1, 1, 0, 0, 0],
    ],
    'nothing left out': [
      [1, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ],
    'nothing left of a row': [
      [1, 1, 1, 1, 1],
      [0, 0, 0, 0, 0],
    ],
  } // prettier-ignore

  test.each(Object.entries(masks))('%s: only the steps that count are heard', (_, mask) => {
    const loss = (x: Tensor) => ctc(labels, withMask(x, mask), { zeroInfinity: true })
    const alone = (x: Tensor) =>
      mask.map((row, b) => {
        const kept = row.flatMap((isKept, t) => (isKept ? [t] : []))
        const own = x.slice([b, b + 1]).gather(tensor(kept, int32), { axis: 1 })
        return ctc([labels[b]], own, { zeroInfinity: true })
      })
    const [first, second] = alone(logits)
    const expected = (first.itemSync() + second.itemSync()) / 2
    expect(loss(logits).itemSync()).toBeCloseTo(expected, 12)
    expect(compile(loss)(logits).itemSync()).toBeCloseTo(expected, 12)
    const slope = grad(loss)(logits).dataSync()
    const wanted = grad((x: Tensor) => alone(x)[0].add(alone(x)[1]).mul(0.5))(logits).dataSync()
    slope.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i], 12)
      if (mask.flat()[Math.floor(i / 4)] === 0) expect(value).toBe(0)
    })
  })

  test('may leave out what is not a number', () => {
    const values = logits.dataSync()
    values.fill(NaN, 0, 4)
    const broken = tensor(values, { shape: [2, 5, 4] })
    const mask = [
      [0, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ] // prettier-ignore
    expect(ctc([[1], [2]], withMask(broken, mask)).itemSync()).toBeGreaterThan(0)
  })

  test('does not count beside inputLengths', () => {
    const masked = withMask(logits, masks.holes)
    const inputLengths = [5, 5]
    expect(ctc(labels, masked, { inputLengths }).itemSync()).toBe(ctc(labels, logits).itemSync())
  })
})

describe('labels that are none', () => {
  test.each([
    [
      [
        [1, 0],
        [2, 3],
      ],
      {},
      /losses\.ctc.*none of them the blank 0.*received 0, the blank, at row 0, place 1.*Pad rows with −1/,
    ],
    [
      [
        [1, 2],
        [3, 3],
      ],
      { blank: 3 },
      /blank 3.*received 3, the blank, at row 1, place 0/,
    ],
    [
      [
        [1, 2],
        [4, 3],
      ],
      {},
      /labels below 4.*received 4 at row 1, place 0/,
    ],
    [
      [
        [1, 2],
        [-1, 3],
      ],
      {},
      /received 3 behind a −1 at row 1, place 1/,
    ],
    [
      [
        [1.5, 2],
        [1, 3],
      ],
      {},
      /received 1\.5 at row 0, place 0/,
    ],
  ])('%j: are refused at once, with their place', (labels, options, message) => {
    expect(() => ctc(labels, logits, options)).toThrow(message)
    expect(() => ctc(tensor(labels, int32IfWhole(labels)), logits, options)).toThrow(
      expect.objectContaining({ code: 'INDEX' }),
    )
  })

  test('are refused when it runs, where they are traced: also fractions', () => {
    const step = compile((y: Tensor, x: Tensor) => ctc(y, x))
    for (const labels of [
      [
        [1, 0],
        [2, -1],
      ],
      [
        [1.5, -1],
        [2, -1],
      ],
      [
        [NaN, 1],
        [2, -1],
      ],
    ]) // prettier-ignore
      expect(() => step(tensor(labels), logits)).toThrow(
        expect.objectContaining({
          code: 'INDEX',
          message: expect.stringMatching(/ctcLoss.*other than the blank.*−1/),
        }),
      )
  })
})

function int32IfWhole(labels: number[][]) {
  return labels.flat().every(Number.isInteger) ? int32 : {}
}
