// Random computations give the same values on every executor: fusion, layout and memory plan are
// checked against the reference, which runs the same graph.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sizeOf } from '../base/shape.js'
import type { Executor } from '../execute/executor.js'
import { nativeIsas } from '../execute/native.js'
import { openExecutor } from '../execute/select.js'
import { useExecutor } from './engine.js'
import { concat, grad, random, type Tensor, tensor, valueAndGrad, where } from './index.js'

function openAll(): Executor[] {
  const out: Executor[] = []
  const attempt = (open: () => Executor) => {
    try {
      out.push(open())
    } catch {
      // Not here: the executor's own tests say why.
    }
  }
  for (const isa of ['simd128', 'relaxed']) attempt(() => openExecutor({ name: 'wasm', isa }))
  let isas: string[] = []
  try {
    isas = nativeIsas()
  } catch {
    isas = []
  }
  for (const isa of isas) attempt(() => openExecutor({ name: 'native', isa, threads: 2 }))
  return out
}

const reference = openExecutor({ name: 'reference' })

type Step = { kind: number; a: number; b: number; axis: number }

/** A value of some shape grows out of the inputs by random operations; all shapes divide [4, 3, 5]. */
function build(x: Tensor, y: Tensor, steps: readonly Step[]): Tensor {
  const pool: Tensor[] = [x, y]
  for (const { kind, a, b, axis } of steps) {
    const p = pool[a % pool.length]
    const q = pool[b % pool.length]
    const at = axis % 3
    const made = [
      () => p.add(q),
      () => p.mul(q).mul(0.5),
      () => p.sub(q),
      () => p.tanh(),
      () => p.sigmoid(),
      () => p.square().add(1).sqrt(),
      () => p.abs().add(0.5).log(),
      () => p.relu(),
      () => p.sum({ axis: at, keepDims: true }).mul(0.2),
      () => p.max({ axis: at, keepDims: true }),
      () => p.mean({ axis: [0, 2], keepDims: true }),
      () => where(p.greater(q), p, q.mul(0.3)),
      () => p.softmax(),
      () => concat([p.slice(null, null, [0, 2]), p.slice(null, null, [2])], { axis: 2 }),
      () =>
        p
          .transpose([0, 2, 1])
          .matmul(p)
          .tanh()
          .slice(null, [0, 1])
          .mean({ axis: 2, keepDims: true }),
      () => p.cumsum({ axis: at }).mul(0.3),
      () => p.maximum(q).minimum(2),
      () => p.div(q.square().add(1)),
      () => p.flip(at),
      () => p.erf().add(q.softplus()),
      () => p.exp().log1p(),
    ][kind % 21]()
    pool.push(made)
  }
  const last = pool.slice(-3)
  return last.reduce((sum, t) => sum.add(t.square().mean()), last[0].mean())
}

const stepsOf = fc.array(
  fc.record({ kind: fc.nat(20), a: fc.nat(50), b: fc.nat(50), axis: fc.nat(2) }),
  { minLength: 1, maxLength: 14 },
)

describe.each(openAll().map(e => [`${e.name} ${e.isa}`, e] as const))('%s', (_, executor) => {
  it('computes random graphs and their gradients like the reference', () => {
    const run = (on: Executor, steps: readonly Step[]) => {
      useExecutor(on)
      const generator = new random.Generator(steps.length)
      const x = tensor(generator.normal([4, 3, 5], { dtype: 'float64' }).dataSync(), {
        shape: [4, 3, 5],
        dtype: 'float64',
      })
      const y = tensor(generator.normal([4, 1, 5], { dtype: 'float64' }).dataSync(), {
        shape: [4, 1, 5],
        dtype: 'float64',
      })
      const { value, gradient } = valueAndGrad(([p, q]: Tensor[]) => build(p, q, steps))([x, y])
      return [...value.dataSync(), ...gradient[0].dataSync(), ...gradient[1].dataSync()]
    }
    fc.assert(
      fc.property(stepsOf, steps => {
        const expected = run(reference, steps)
        const actual = run(executor, steps)
        const scale = Math.max(1, ...expected.map(Math.abs))
        actual.forEach((value, i) => {
          expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-11 * scale)
        })
      }),
      { numRuns: 60, seed: 3 },
    )
  })

  it('adds products of one row, or of one column, to each other', () => {
    const generator = new random.Generator(7)
    const draw = (shape: number[]) => generator.normal(shape, { dtype: 'float64' }).dataSync()
    for (const [rows, columns] of [
      [1, 5],
      [5, 1],
      [1, 1],
    ]) {
      const shapes = [[rows, 3], [3, columns], [rows, 4], [4, columns], [columns]]
      const values = shapes.map(draw)
      const step = ([a, b, c, d, e]: Tensor[]) => a.matmul(b).add(c.matmul(d)).add(e).tanh()
      const run = (on: Executor) => {
        useExecutor(on)
        const given = values.map((v, i) => tensor(v, { shape: shapes[i], dtype: 'float64' }))
        const back = ([a, b, c, d, e]: Tensor[]) => c.matmul(d).add(a.matmul(b)).mul(e)
        const both = (tensors: Tensor[]) => step(tensors).add(back(tensors)).sum()
        const { value, gradient } = valueAndGrad(both)(given)
        return [step(given), back(given), value, ...gradient].flatMap(t => [...t.dataSync()])
      }
      const expected = run(reference)
      run(executor).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 11)
      })
    }
  })

  it('draws the reference’s random numbers', () => {
    const draw = (on: Executor) => {
      useExecutor(on)
      const generator = new random.Generator(12345, 3)
      return [
        generator.uniform([1003]).dataSync(),
        generator.uniform([501], { dtype: 'float64' }).dataSync(),
      ]
    }
    expect(draw(executor)).toEqual(draw(reference))
  })
})

describe('gradients', () => {
  it('agree with finite differences, twice', () => {
    useExecutor(reference)
    const f = (x: Tensor) =>
      x
        .tanh()
        .mul(x.exp())
        .add(x.matmul(x.transpose()).sigmoid().sum({ axis: 1, keepDims: true }))
        .mean()
    const g = (x: Tensor) => grad(f)(x).square().sum()
    const values = new random.Generator(5).normal([3, 4], { dtype: 'float64' }).dataSync()
    for (const target of [f, g]) {
      const exact = grad(target)(tensor(values, { shape: [3, 4], dtype: 'float64' })).dataSync()
      for (let i = 0; i < sizeOf([3, 4]); i++) {
        const at = (delta: number) => {
          const moved = values.slice()
          moved[i] += delta
          return target(tensor(moved, { shape: [3, 4], dtype: 'float64' })).itemSync()
        }
        const numeric = (at(1e-6) - at(-1e-6)) / 2e-6
        expect(Math.abs(numeric - exact[i])).toBeLessThan(1e-7)
      }
    }
  })
})
