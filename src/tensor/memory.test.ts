// Memory stays flat without a dispose, also where nothing yields to the event loop.

import { afterAll, describe, expect, it, vi } from 'vitest'
import type { Executor } from '../execute/executor.js'
import { openExecutor } from '../execute/select.js'
import { useExecutor } from './engine.js'
import { applyUpdates } from './flush.js'
import {
  compile,
  programStatistics,
  random,
  softmaxCrossEntropy,
  type Variable,
  variable,
} from './index.js'
import { Tensor, tensorOver } from './tensor.js'

vi.setConfig({ testTimeout: 180_000 })

const executors: Executor[] = (['wasm', 'native'] as const).flatMap(name => {
  try {
    return [openExecutor({ name })]
  } catch {
    return []
  }
})

function classifier() {
  const generator = new random.Generator(1)
  const w = variable(generator.normal([8, 16]), { name: 'w' })
  const v = variable(generator.normal([16, 3]), { name: 'v' })
  const parameters: Variable[] = [w, v]
  const step = (x: Tensor, y: Tensor): Tensor => {
    const loss = softmaxCrossEntropy(x.matmul(w).tanh().matmul(v), y).mean()
    loss.backward()
    applyUpdates({
      key: 'descent',
      variables: parameters.map(p => p.cell),
      state: [],
      scalars: [],
      build: gradients => {
        gradients.forEach((g, i) => {
          parameters[i].assign(parameters[i].sub(new Tensor(g!).mul(0.01)))
        })
      },
    })
    return loss
  }
  return { step, w }
}

function batch(rows: number): [Tensor, Tensor] {
  const x = new Float32Array(rows * 8).map((_, i) => Math.sin(i))
  const y = new Int32Array(rows).map((_, i) => i % 3)
  return [tensorOver(x, [rows, 8], 'float32'), tensorOver(y, [rows], 'int32')]
}

function megabytes(): number {
  const { rss } = process.memoryUsage()
  return rss / 2 ** 20
}

describe.each(executors.map(e => [`${e.name} ${e.isa}`, e] as const))('%s', (_, executor) => {
  const before = useExecutor(executor)
  afterAll(() => {
    if (before !== null) useExecutor(before)
  })

  it('stays flat over 100,000 steps of a synchronous loop that reads nothing', () => {
    useExecutor(executor)
    const { step, w } = classifier()
    const run = (steps: number) => {
      for (let i = 0; i < steps; i++) step(...batch(32))
    }
    run(10_000)
    const start = megabytes()
    const { compilations } = programStatistics()
    run(100_000)
    expect(megabytes() - start).toBeLessThan(48)
    expect(programStatistics().compilations).toBe(compilations)
    expect(w.dataSync().every(Number.isFinite)).toBe(true)
  })

  it('stays flat over 500 batch shapes, again and again', () => {
    useExecutor(executor)
    const { step } = classifier()
    const compiled = compile(step)
    const run = () => {
      for (let rows = 1; rows <= 500; rows++) {
        step(...batch(rows))
        compiled(...batch(rows)).itemSync()
      }
    }
    run()
    const start = megabytes()
    const { compilations } = programStatistics()
    for (let i = 0; i < 4; i++) run()
    expect(megabytes() - start).toBeLessThan(48)
    expect(programStatistics().compilations).toBe(compilations)
  })
})

describe('values', () => {
  it('refuse to be read when they need a value that was replaced', () => {
    const w = variable([1, 2], { name: 'w' })
    const doubled = w.mul(2)
    w.assign([5, 6])
    w.dataSync()
    expect(() => doubled.dataSync()).toThrow(/w .*before the variable got its next value/)
    expect([...w.mul(2).dataSync()]).toEqual([10, 12])
  })

  it('keep the loss and do not need the order of assigns to be read', () => {
    const a = variable([1], { name: 'a', trainable: false })
    const b = variable([2], { name: 'b', trainable: false })
    const swap = compile(() => {
      const old = a.value()
      a.assign(b)
      b.assign(old)
      return old.add(0)
    })
    expect(swap().itemSync()).toBe(1)
    expect([a.itemSync(), b.itemSync()]).toEqual([2, 1])
    expect(swap().itemSync()).toBe(2)
    expect([a.itemSync(), b.itemSync()]).toEqual([1, 2])
  })
})
