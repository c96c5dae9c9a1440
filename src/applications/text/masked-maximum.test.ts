// Steps that a mask leaves out take no part, neither forward nor backward.

import { expect, test } from 'vitest'
import { withMask } from '../../nn/mask.js'
import { grad, sum, type Tensor, tensor } from '../../tensor/index.js'
import { MaskedMaximum } from './masked-maximum.js'

const x = tensor([
  [
    [-3, 1],
    [-2, 5],
    [9, 9],
  ],
  [
    [4, 4],
    [5, 5],
    [6, 6],
  ],
])
const mask = tensor(
  [
    [true, true, false],
    [false, false, false],
  ],
  { dtype: 'bool' },
)

test('the largest of the steps that count; zeros where none does', () => {
  const layer = new MaskedMaximum()
  expect(layer.forward(withMask(x, mask)).arraySync()).toEqual([
    [-2, 5],
    [0, 0],
  ])
  expect(layer.forward(x).arraySync()).toEqual([
    [9, 9],
    [6, 6],
  ])
})

test('its gradient goes to that step alone', () => {
  const slope = grad((v: Tensor) => sum(new MaskedMaximum().forward(withMask(v, mask))))(x)
  expect(slope.arraySync()).toEqual([
    [
      [0, 0],
      [1, 1],
      [0, 0],
    ],
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  ])
})
