import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ReferenceExecutor } from '../execute/reference.js'
import { useExecutor } from '../tensor/engine.js'
import { grad, type Tensor, tensor } from '../tensor/index.js'
import * as activations from './activations.js'

useExecutor(new ReferenceExecutor())

interface Case {
  readonly activation: activations.ActivationName
  readonly attrs: Record<string, unknown>
  readonly input: { readonly shape: number[]; readonly values: number[] }
  readonly output: number[]
  readonly upstream: number[]
  readonly gradient: number[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/activations.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

function near(actual: ArrayLike<number>, expected: readonly number[]) {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - Number(value))).toBeLessThan(1e-11 * (1 + Math.abs(Number(value))))
  })
}

describe('activations', () => {
  for (const c of cases)
    it(`${c.activation} ${JSON.stringify(c.attrs)} [${c.input.shape}]`, () => {
      const f = activations.getActivation(c.activation) as (x: Tensor, options: object) => Tensor
      const { shape } = c.input
      const x = tensor(c.input.values, { shape, dtype: 'float64' })
      const upstream = tensor(c.upstream, { shape, dtype: 'float64' })
      near(f(x, c.attrs).dataSync(), c.output)
      near(grad((v: Tensor) => f(v, c.attrs).mul(upstream).sum())(x).dataSync(), c.gradient)
    })

  it('relu with a limit, a slope and a threshold', () => {
    const x = tensor([-2, -0.5, 0.5, 3])
    const out = activations.relu(x, { maxValue: 2, negativeSlope: 0.5, threshold: 1 })
    expect(out.arraySync()).toEqual([-1.5, -0.75, -0.25, 2])
  })

  it('takes plain functions, which cannot be saved', () => {
    const cube = (x: Tensor) => x.mul(x).mul(x)
    expect(activations.getActivation(cube)).toBe(cube)
    expect(() => activations.activationConfig(cube)).toThrow(/saved/)
    expect(activations.activationConfig(activations.silu)).toBe('silu')
  })
})
