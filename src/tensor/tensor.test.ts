import { describe, expect, it } from 'vitest'
import { ReferenceExecutor } from '../execute/reference.js'
import { useExecutor } from './engine.js'
import { applyUpdates } from './flush.js'
import {
  compile,
  concat,
  grad,
  programStatistics,
  random,
  runtimeScalar,
  softmaxCrossEntropy,
  tensor,
  variable,
  where,
} from './index.js'
import { Tensor } from './tensor.js'

useExecutor(new ReferenceExecutor())

describe('tensor', () => {
  it('computes lazily', async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    expect([...(await x.matmul(x).add(1).data())]).toEqual([8, 11, 16, 23])
    expect(x.sum({ axis: 0 }).arraySync()).toEqual([4, 6])
    expect(x.mean().itemSync()).toBe(2.5)
    expect(x.slice(null, [1]).arraySync()).toEqual([[2], [4]])
    expect(() => x.slice([0.5])).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
    expect(() => x.slice([[0] as never])).toThrow('whole bounds or null on axis 0')
    expect(x.transpose().arraySync()).toEqual([
      [1, 3],
      [2, 4],
    ])
    expect(concat([x, x], { axis: 1 }).arraySync()).toEqual([
      [1, 2, 1, 2],
      [3, 4, 3, 4],
    ])
    expect(where(x.greater(2), x, 0).arraySync()).toEqual([
      [0, 0],
      [3, 4],
    ])
    expect(x.argMax().arraySync()).toEqual([1, 1])
    expect(x.softmax().sum({ axis: -1 }).dataSync()[0]).toBeCloseTo(1)
    expect(String(x)).toContain('float32')
  })

  it('differentiates twice', () => {
    const cube = (x: Tensor) => x.mul(x).mul(x)
    expect(grad(cube)(tensor(3)).itemSync()).toBeCloseTo(27)
    expect(grad((x: Tensor) => grad(cube)(x))(tensor(3)).itemSync()).toBeCloseTo(18)
  })

  it('trains by hand and compiled', () => {
    const run = (compiled: boolean) => {
      const w = variable(
        [
          [0.1, -0.1],
          [0.2, 0.3],
        ],
        { name: 'w' },
      )
      const b = variable([0, 0], { name: 'b' })
      const x = tensor([
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ])
      const y = tensor([0, 1, 0, 1], { dtype: 'int32' })
      const cells = [w.cell, b.cell]
      let rate = 0.01
      const lr = runtimeScalar(() => rate)
      const step = () => {
        const loss = softmaxCrossEntropy(x.matmul(w).add(b), y).mean()
        loss.backward()
        applyUpdates({
          key: 'sgd',
          variables: cells,
          state: [],
          scalars: [lr.node],
          build: gradients => {
            ;[w, b].forEach((v, i) => {
              const g = gradients[i]
              if (g !== null) v.assign(v.sub(lr.mul(new Tensor(g))))
            })
          },
        })
        return loss
      }
      const f = compiled ? compile(step) : step
      const losses: number[] = []
      for (let i = 0; i < 5; i++) {
        losses.push(f().itemSync())
        rate *= 0.9
      }
      return [losses, w.dataSync(), b.dataSync()] as const
    }
    const before = programStatistics().compilations
    const eager = run(false)
    expect(programStatistics().compilations - before).toBeLessThanOrEqual(1)
    const compiled = run(true)
    expect(eager[0][4]).toBeLessThan(eager[0][0])
    expect(compiled[0]).toEqual(eager[0])
    expect(compiled[1]).toEqual(eager[1])
  })

  it('draws random numbers', () => {
    const g = new random.Generator(7)
    const a = g.normal([1000]).dataSync()
    const mean = [...a].reduce((s, v) => s + v, 0) / 1000
    expect(Math.abs(mean)).toBeLessThan(0.15)
    expect(new random.Generator(7).normal([1000]).dataSync()).toEqual(a)
    expect(g.normal([1000]).dataSync()).not.toEqual(a)
    expect([...g.permutation(5).dataSync()].sort()).toEqual([0, 1, 2, 3, 4])
  })
})
