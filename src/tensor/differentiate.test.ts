// grad, valueAndGrad, stopGradient and noGrad, and what a compiled function sees of the world around it.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test, vi } from 'vitest'
import {
  compile,
  grad,
  noGrad,
  programStatistics,
  stopGradient,
  type Tensor,
  tensor,
  valueAndGrad,
  variable,
  zeros,
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

describe('a loop over plain tensors', () => {
  const x = tensor(Array.from({ length: 50 }, (_, i) => Math.sin(i)))
  const y = tensor(Array.from({ length: 50 }, (_, i) => 2 * Math.sin(i) + 0.5))
  type Line = { w: Tensor; b: Tensor }
  const loss = ({ w, b }: Line) => x.mul(w).add(b).sub(y).square().mean()
  const steps = 400

  function descend(read: (line: Line, value: Tensor) => void) {
    let line: Line = { w: tensor(0), b: tensor(0) }
    let losses = tensor(0)
    for (let i = 0; i < steps; i++) {
      const { value, gradient } = valueAndGrad(loss)(line)
      read(line, value)
      line = { w: line.w.sub(gradient.w.mul(0.1)), b: line.b.sub(gradient.b.mul(0.1)) }
      losses = losses.add(value)
    }
    return [line.w.itemSync(), line.b.itemSync(), losses.itemSync()]
  }

  // One program a step at most, and few different ones: nothing that is not read grows a graph.
  test.each([
    ['the loss', (_: Line, value: Tensor) => value.itemSync()],
    ['one of two parameters', ({ w }: Line) => w.itemSync()],
    ['nothing', () => {}],
  ] as const)('that reads %s runs few programs', (_, read) => {
    const before = programStatistics()
    const [w, b, losses] = descend(read)
    const after = programStatistics()
    expect(after.compilations - before.compilations).toBeLessThan(12)
    expect(w).toBeCloseTo(2, 3)
    expect(b).toBeCloseTo(0.5, 3)
    let expected = 0
    let line = { w: 0, b: 0 }
    const data = [x.dataSync(), y.dataSync()]
    for (let i = 0; i < steps; i++) {
      const misses = Array.from(data[0], (at, k) => line.w * at + line.b - data[1][k])
      expected += misses.reduce((sum, miss) => sum + miss * miss, 0) / 50
      const part = (weights: ArrayLike<number>) =>
        misses.reduce((sum, miss, k) => sum + 2 * miss * weights[k], 0) / 50
      line = { w: line.w - 0.1 * part(data[0]), b: line.b - 0.1 * part(data[0].map(() => 1)) }
    }
    expect(losses).toBeCloseTo(expected, 3)
  })

  test('what a call found is no part of any history', () => {
    const { value, gradient } = valueAndGrad(loss)({ w: tensor(1), b: tensor(1) })
    for (const { node } of [value, gradient.w, gradient.b]) expect(node.tracked).toBe(false)
    const w = variable(1)
    const both = valueAndGrad((b: Tensor) => w.mul(b).square().sum())(tensor(3))
    both.value.backward()
    expect(w.grad?.itemSync()).toBe(18)
    expect(both.gradient.itemSync()).toBe(6)
  })

  test('a kept loss does not keep the gradients that were found with it', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const size = 1 << 18
    const kept: Tensor[] = []
    let w = zeros([size])
    collect()
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 40; i++) {
      const { value, gradient } = valueAndGrad((v: Tensor) => v.sub(1).square().mean())(w)
      w = w.sub(gradient.mul(0.1))
      await w.data()
      kept.push(value)
    }
    expect(kept[39].itemSync()).toBeLessThan(1)
    // A collected buffer is given back by another thread, some time after the collection.
    await vi.waitFor(
      () => {
        collect()
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 4 * size)
      },
      { timeout: 10_000, interval: 20 },
    )
    expect(kept).toHaveLength(40)
  })

  test('a loss that can no longer be computed does not stop a gradient that can', () => {
    const w = variable(2)
    const { value, gradient } = valueAndGrad((b: Tensor) => b.square().add(w).sum())(tensor(3))
    w.assign(5)
    expect(w.itemSync()).toBe(5)
    expect(gradient.itemSync()).toBe(6)
    expect(() => value.itemSync()).toThrow(expect.objectContaining({ code: 'STATE' }))
  })
})
