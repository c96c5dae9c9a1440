// Values and gradients of every loss against Keras 3 and PyTorch.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ReferenceExecutor } from '../../execute/reference.js'
import { useExecutor } from '../../tensor/engine.js'
import { grad, type Tensor, tensor } from '../../tensor/index.js'
import * as losses from './index.js'
import type { LossFunction } from './loss.js'

useExecutor(new ReferenceExecutor())

interface Values {
  readonly shape: number[]
  readonly dtype: 'float64' | 'int32'
  readonly values: number[]
}

interface Case {
  readonly loss: losses.LossName
  readonly attrs: Record<string, unknown>
  readonly reduction: losses.Reduction
  readonly yTrue: Values
  readonly yPred: Values
  readonly sampleWeight?: number[]
  readonly classWeight?: Record<number, number>
  readonly value: number | number[]
  readonly gradient: number[]
  readonly note?: string
}

const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/losses.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

const of = ({ values, shape, dtype }: Values) => tensor(values, { shape, dtype })

function near(actual: ArrayLike<number>, expected: readonly number[]) {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - Number(value))).toBeLessThan(1e-9 * (1 + Math.abs(Number(value))))
  })
}

describe('losses', () => {
  for (const c of cases) {
    const title = [c.loss, JSON.stringify(c.attrs), c.reduction, `[${c.yPred.shape}]`]
    if (c.sampleWeight) title.push('sample weights')
    if (c.classWeight) title.push('class weights')
    it(title.join(' ') + (c.note ? ` (${c.note})` : ''), () => {
      const { reduction, sampleWeight, classWeight } = c
      const loss: LossFunction = losses.getLoss(c.loss)
      const options = {
        ...c.attrs,
        reduction,
        ...(sampleWeight && { sampleWeight: tensor(sampleWeight, { dtype: 'float64' }) }),
        ...(classWeight && { classWeight }),
      }
      const f = (p: Tensor) => loss(of(c.yTrue), p, options)
      const y = f(of(c.yPred))
      near(y.dataSync(), [c.value].flat())
      near(grad((p: Tensor) => f(p).sum())(of(c.yPred)).dataSync(), c.gradient)
    })
  }

  it('takes [n] for [n, 1] and refuses other shapes', () => {
    const p = tensor([[0.5], [2], [3]])
    expect(losses.meanSquaredError([0, 2, 3], p).itemSync()).toBeCloseTo(0.25 / 3)
    expect(() => losses.meanSquaredError([0, 2], p)).toThrow(/meanSquaredError.*\[3, 1\].*\[2\]/)
    expect(() => losses.sparseCategoricalCrossentropy([[1, 0]], tensor([[0.5, 0.5]]))).toThrow(
      /categoricalCrossentropy/,
    )
    expect(() => losses.meanSquaredError([0], [0], { sampleWeight: [1, 2] })).toThrow(/weights/)
  })

  it('refuses labels outside the classes', () => {
    const p = tensor([[0.25, 0.75]])
    for (const fromLogits of [true, false])
      for (const label of [2, -1])
        expect(() =>
          losses.sparseCategoricalCrossentropy([label], p, { fromLogits }).dataSync(),
        ).toThrow(expect.objectContaining({ code: 'INDEX' }))
  })

  it('suggests the nearest name', () => {
    expect(() => losses.getLoss('meanSquareError' as never)).toThrow(/meanSquaredError/)
  })
})
