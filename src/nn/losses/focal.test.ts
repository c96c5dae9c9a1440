// Weights of classes, class numbers and refusals of the focal losses. Their values are tested in
// ../small-layers.test.ts.

import { describe, expect, test } from 'vitest'
import { ReferenceExecutor } from '../../execute/reference.js'
import { useExecutor } from '../../tensor/engine.js'
import { compile, grad, oneHot, type Tensor, tensor } from '../../tensor/index.js'
import { withMask } from '../mask.js'
import {
  binaryFocalCrossentropy,
  categoricalFocalCrossentropy,
  sparseCategoricalFocalCrossentropy,
} from './focal.js'

useExecutor(new ReferenceExecutor())

const float64 = { dtype: 'float64' } as const
const p = tensor(
  [
    [0.1, 0.7, 0.2],
    [0.5, 0.2, 0.3],
  ],
  float64,
) // prettier-ignore
const labels = tensor([1, 2], { dtype: 'int32' })
const targets = oneHot(labels, 3, float64)

test('alpha may be a list, one weight for each class', () => {
  const alpha = [3, 0.5, 2]
  const one = (weight: number, q: number) => -weight * (1 - q) ** 2 * Math.log(q)
  const each = categoricalFocalCrossentropy(targets, p, { alpha, reduction: 'none' }).dataSync()
  expect(each[0]).toBeCloseTo(one(0.5, 0.7), 12)
  expect(each[1]).toBeCloseTo(one(2, 0.3), 12)
  const even = categoricalFocalCrossentropy(targets, p, { alpha: [0.25, 0.25, 0.25] })
  expect(even.itemSync()).toBeCloseTo(categoricalFocalCrossentropy(targets, p).itemSync(), 12)
  for (const loss of [categoricalFocalCrossentropy, sparseCategoricalFocalCrossentropy])
    expect(() =>
      loss(loss === categoricalFocalCrossentropy ? targets : labels, p, { alpha: [1, 2] }),
    ).toThrow(/an alpha for each of the 3 classes, received 2/)
  for (const bad of [[], [-1, 1, 1], [Number.NaN, 1, 1], 2, 'a'])
    expect(() => categoricalFocalCrossentropy(targets, p, { alpha: bad as never })).toThrow(/alpha/)
  expect(() => binaryFocalCrossentropy([1], [0.5], { alpha: [1] as never })).toThrow(/alpha/)
})

describe('class numbers', () => {
  test.each([
    {},
    { fromLogits: true },
    { labelSmoothing: 0.1, gamma: 0.5 },
    { alpha: [1, 2, 3], reduction: 'sum' },
    { sampleWeight: [1, 3], reduction: 'none' },
  ] as const)('are the one-hot targets: %j', options => {
    const dense = (x: Tensor) => categoricalFocalCrossentropy(targets, x, options)
    const sparse = (x: Tensor) => sparseCategoricalFocalCrossentropy(labels, x, options)
    expect([...sparse(p).dataSync()]).toEqual([...dense(p).dataSync()])
    const [a, b] = [sparse, dense].map(loss => grad((x: Tensor) => loss(x).sum())(p).dataSync())
    expect([...a]).toEqual([...b])
  })

  test('may stand in a column, and are refused outside the classes', () => {
    const column = sparseCategoricalFocalCrossentropy([[1], [2]], p).itemSync()
    expect(column).toBe(sparseCategoricalFocalCrossentropy(labels, p).itemSync())
    for (const bad of [3, -1, 0.5])
      expect(() => sparseCategoricalFocalCrossentropy([1, bad], p).dataSync()).toThrow(
        expect.objectContaining({ code: 'INDEX' }),
      )
    expect(() => sparseCategoricalFocalCrossentropy(targets, p)).toThrow(/categoricalCrossentropy/)
  })
})

describe('targets outside [0, 1]', () => {
  test.each([2, -1, -0.01, Number.NaN])('%d is refused where it is known', bad => {
    const refusal = expect.objectContaining({
      code: 'DATA',
      message: expect.stringMatching(/targets from 0 to 1, received .* at place 1\./),
    })
    expect(() => binaryFocalCrossentropy([1, bad], [0.5, 0.5])).toThrow(refusal)
    expect(() => binaryFocalCrossentropy(tensor([1, bad]), [0.5, 0.5])).toThrow(refusal)
    expect(() => categoricalFocalCrossentropy([[0, bad]], [[0.5, 0.5]])).toThrow(refusal)
  })

  test('rounding, booleans and what is masked or traced are taken', () => {
    expect(binaryFocalCrossentropy([1.0000001], [0.5]).itemSync()).toBeGreaterThan(0)
    expect(binaryFocalCrossentropy([true, false], [0.5, 0.5]).itemSync()).toBeGreaterThan(0)
    const steps = withMask(tensor([[[0.5], [0.5]]]), [[1, 0]])
    const masked = binaryFocalCrossentropy([[[1], [-1]]], steps).itemSync()
    expect(masked).toBe(binaryFocalCrossentropy([[[1]]], [[[0.5]]]).itemSync())
    const step = compile((t: Tensor, x: Tensor) => binaryFocalCrossentropy(t, x))
    expect(step(tensor([1]), tensor([0.5])).itemSync()).toBeGreaterThan(0)
  })
})
