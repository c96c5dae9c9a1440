import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ReferenceExecutor } from '../../execute/reference.js'
import { useExecutor } from '../../tensor/engine.js'
import { random } from '../../tensor/index.js'
import * as initializers from './index.js'

useExecutor(new ReferenceExecutor())

interface Rule {
  readonly initializer: initializers.InitializerName
  readonly attrs: Record<string, unknown>
  readonly shape: number[]
  readonly distribution: 'uniform' | 'normal' | 'truncatedNormal' | 'constant'
  readonly standardDeviation: number
  readonly limit?: number
  readonly value?: number
  readonly keras: { readonly mean: number }
}

const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/initializers.json', import.meta.url), 'utf8'),
) as { cases: Rule[] }

const drawn = (initializer: initializers.Initializer, shape: number[]) =>
  initializer(shape) as Float64Array

describe('initialisers', () => {
  for (const c of cases)
    it(`${c.initializer} ${JSON.stringify(c.attrs)}`, () => {
      const { initializer: name, attrs, shape, standardDeviation, limit } = c
      const seed = name === 'zeros' || name === 'ones' ? {} : { seed: 4 }
      const make = initializers.getInitializer({ name, options: { ...attrs, ...seed } })
      const values = drawn(make, shape)
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length
      expect(values.length).toBe(shape[0] * shape[1])
      expect(Math.abs(Math.sqrt(variance) - standardDeviation)).toBeLessThan(
        0.01 * standardDeviation + 1e-12,
      )
      expect(Math.abs(mean - c.keras.mean)).toBeLessThan(0.02 * standardDeviation + 1e-12)
      if (limit !== undefined) {
        const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
        expect(largest).toBeLessThanOrEqual(limit)
        expect(largest).toBeGreaterThan(0.97 * limit)
      }
      if (c.value !== undefined) expect(new Set(values)).toEqual(new Set([c.value]))
    })

  it('follows the shared seed, or one of its own', () => {
    const shape = [3, 4]
    const glorot = initializers.glorotUniform()
    random.seed(1)
    const first = [drawn(glorot, shape), drawn(glorot, shape)]
    random.seed(1)
    expect([drawn(glorot, shape), drawn(glorot, shape)]).toEqual(first)
    expect(first[0]).not.toEqual(first[1])
    random.seed(2)
    expect(drawn(glorot, shape)).not.toEqual(first[0])
    const own = initializers.glorotUniform({ seed: 9 })
    expect(drawn(own, shape)).toEqual(drawn(own, shape))
  })

  it('orthogonal', () => {
    for (const [rows, columns] of [
      [5, 3],
      [3, 5],
      [4, 4],
    ]) {
      const w = drawn(initializers.orthogonal({ seed: 1, gain: 2 }), [rows, columns])
      const at = (r: number, c: number) => w[r * columns + c]
      const count = Math.min(rows, columns)
      for (let i = 0; i < count; i++)
        for (let j = 0; j < count; j++) {
          let dot = 0
          for (let k = 0; k < Math.max(rows, columns); k++)
            dot += rows < columns ? at(i, k) * at(j, k) : at(k, i) * at(k, j)
          expect(dot).toBeCloseTo(i === j ? 4 : 0, 10)
        }
    }
  })

  it('comes back from its config', () => {
    const made = initializers.varianceScaling({ scale: 3, mode: 'fanOut', seed: 5 })
    const again = initializers.getInitializer(JSON.parse(JSON.stringify(made.config)))
    expect(drawn(again, [4, 5])).toEqual(drawn(made, [4, 5]))
    expect(() => initializers.getInitializer('glorotUnifrom' as never)).toThrow(/glorotUniform/)
  })
})
