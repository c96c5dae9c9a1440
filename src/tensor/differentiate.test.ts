// grad, valueAndGrad, stopGradient and noGrad, and what a compiled function sees of the world around it.

import { expect, test } from 'vitest'
import {
  compile,
  grad,
  noGrad,
  stopGradient,
  type Tensor,
  tensor,
  valueAndGrad,
  variable,
} from './index.js'

test('nested objects of tensors go in and gradients of the same shape come out', () => {
  const parameters = {
    scale: tensor([2, 3]),
    more: [tensor(5), { shift: tensor([1, -1]) }] as const,
  }
  const { value, gradient } = valueAndGrad(
    ({ scale, more: [factor, { shift }] }: typeof parameters) =>
      scale.square().mul(factor).add(shift.mul(7)).sum(),
  )(parameters)
  expect(value.itemSync()).toBe(5 * (4 + 9))
  expect([...gradient.scale.dataSync()]).toEqual([20, 30])
  expect(gradient.more[0].itemSync()).toBe(13)
  expect([...gradient.more[1].shift.dataSync()]).toEqual([7, 7])
})

test('stopGradient keeps the value and ends the gradient', () => {
  const f = (x: Tensor) => x.mul(stopGradient(x.square()))
  expect(f(tensor(3)).itemSync()).toBe(27)
  expect(grad(f)(tensor(3)).itemSync()).toBe(9)
})

test('what is computed in noGrad is a constant to backward', () => {
  const w = variable(3)
  const frozen = noGrad(() => w.square())
  w.mul(frozen).backward()
  expect(w.grad?.itemSync()).toBe(9)
})

test('a compiled function reads Variables anew, keeps tensors and numbers, and refuses to read data', () => {
  const w = variable(2)
  let tensorOutside = tensor(10)
  let number = 100
  const f = compile((x: Tensor) => x.mul(w).add(tensorOutside).add(number))
  expect(f(tensor(1)).itemSync()).toBe(112)
  w.assign(3)
  number = 1000
  tensorOutside = tensor(20)
  expect(f(tensor(1)).itemSync()).toBe(113)
  const reads = compile((x: Tensor) => x.mul(x.sum().itemSync()))
  expect(() => reads(tensor([1, 2]))).toThrow(expect.objectContaining({ code: 'STATE' }))
})
