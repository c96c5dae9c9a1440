// Convolutions and pooling: derivatives of any order against finite differences, and what is refused.

import { describe, expect, it } from 'vitest'
import { openExecutor } from '../execute/select.js'
import { zeros } from './creation.js'
import { useExecutor } from './engine.js'
import { grad, random, type Tensor, tensor } from './index.js'
import { averagePool, convolution, maxPool, transposedConvolution } from './windows.js'

useExecutor(openExecutor({ name: 'reference' }))

function values(shape: readonly number[], seed: number): Tensor {
  return new random.Generator(seed).normal(shape, { dtype: 'float64' })
}

/** d f / d x against central differences. */
function expectDerivative(f: (x: Tensor) => Tensor, shape: readonly number[]): void {
  const x = values(shape, 5)
  const given = x.dataSync()
  const exact = grad(f)(x).dataSync()
  for (let i = 0; i < given.length; i++) {
    const at = (delta: number) => {
      const moved = given.slice()
      moved[i] += delta
      return f(tensor(moved, { shape, dtype: 'float64' })).itemSync()
    }
    const numeric = (at(1e-5) - at(-1e-5)) / 2e-5
    expect(Math.abs(numeric - exact[i])).toBeLessThan(1e-6 * (1 + Math.abs(exact[i])))
  }
}

const filter = values([3, 2, 2, 4], 1)
const picture = values([2, 5, 6, 4], 2)
const options = { strides: [2, 1], padding: 'same', dilation: [1, 2], groups: 2 } as const

const functions: readonly (readonly [string, readonly number[], (x: Tensor) => Tensor])[] = [
  ['a convolution by its picture', [2, 5, 6, 4], x => convolution(x, filter, options)],
  ['a convolution by its filter', [3, 2, 2, 4], f => convolution(picture, f, options)],
  ['a transposed convolution', [2, 5, 6, 4], x => transposedConvolution(x, filter, options)],
  ['its filter', [3, 2, 2, 4], f => transposedConvolution(picture, f, options)],
  ['maxima', [2, 5, 6, 3], x => maxPool(x, { size: 3, strides: 2, padding: 'same' })],
  ['means', [2, 5, 6, 3], x => averagePool(x, { size: [2, 3], strides: 2, padding: 'same' })],
]

describe('derivatives', () => {
  it.each(functions)('of %s agree with finite differences, twice', (_, shape, f) => {
    const bent = (x: Tensor) => f(x).tanh().mul(f(x)).mean()
    expectDerivative(bent, shape)
    expectDerivative(x => grad(bent)(x).square().sum(), shape)
  })

  it('of the second order pass through both operands', () => {
    const f = (w: Tensor) =>
      grad((x: Tensor) => convolution(x, w, options).square().sum())(picture)
        .square()
        .mean()
    expectDerivative(f, [3, 2, 2, 4])
  })
})

describe('refusals', () => {
  const x = zeros([2, 6, 6, 4])
  it.each([
    [
      'a window larger than the picture',
      () => convolution(x, zeros([7, 3, 4, 2])),
      /height.*7.*6.*padding/s,
    ],
    [
      'dilation beyond the picture',
      () => convolution(x, zeros([3, 3, 4, 2]), { dilation: [1, 3] }),
      /width.*7.*dilation 3.*6/s,
    ],
    [
      'too little padding',
      () =>
        convolution(x, zeros([9, 1, 4, 2]), {
          padding: [
            [1, 1],
            [0, 0],
          ],
        }),
      /6, padded to 8/,
    ],
    ['other channels', () => convolution(x, zeros([3, 3, 3, 2])), /4 channels/],
    [
      'groups that do not divide',
      () => convolution(x, zeros([3, 3, 1, 6]), { groups: 3 }),
      /groups divide.*3 groups/s,
    ],
    [
      'outputs that groups do not divide',
      () => convolution(x, zeros([3, 3, 2, 3]), { groups: 2 }),
      /groups divide/,
    ],
    ['a filter of rank 3', () => convolution(x, zeros([3, 3, 4])), /filter \[height, width/],
    [
      'a tensor of rank 3',
      () => maxPool(zeros([6, 6, 4]), { size: 2 }),
      /\[batch, height, width, channels\]/,
    ],
    [
      'padding as large as the window',
      () =>
        maxPool(x, {
          size: 2,
          padding: [
            [2, 0],
            [0, 0],
          ],
        }),
      /padding smaller than the window/,
    ],
    [
      'a window larger than the picture, pooled',
      () => averagePool(x, { size: 8 }),
      /averagePool: .*height of at least 8/,
    ],
    [
      'a size of another plane',
      () => transposedConvolution(x, zeros([3, 3, 2, 4]), { size: 5 }),
      /transposedConvolution: .*upstream/,
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message)
    expect(call).toThrow(expect.objectContaining({ code: 'SHAPE' }))
  })

  it('options', () => {
    expect(() => convolution(x, zeros([3, 3, 4, 2]), { stride: 2 } as never)).toThrow(/strides/)
    expect(() => convolution(x, zeros([3, 3, 4, 2]), { groups: 0 })).toThrow(/groups/)
    expect(() => maxPool(x, {} as never)).toThrow(/size/)
    expect(() => maxPool(x, { size: 2, padding: 'full' as never })).toThrow(/'same'/)
  })
})

it('whole numbers meet a float64 filter without a way through float32', () => {
  const x = tensor([[[[2 ** 24 + 1]]]], { dtype: 'int32' })
  const filter = tensor([[[[1]]]], { dtype: 'float64' })
  expect(convolution(x, filter).dataSync()).toEqual(new Float64Array([2 ** 24 + 1]))
})
