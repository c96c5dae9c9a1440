// ctcLoss against PyTorch, on every executor; gradients against finite differences in float64.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Executor } from '../execute/executor.js'
import { nativeIsas } from '../execute/native.js'
import { ReferenceExecutor } from '../execute/reference.js'
import { openExecutor } from '../execute/select.js'
import { useExecutor } from './engine.js'
import { ctcLoss, grad, type Tensor, tensor, zeros } from './index.js'

interface Case {
  readonly note: string
  readonly blank: number
  readonly zeroInfinity: boolean
  readonly logits: { shape: number[]; values: number[] }
  readonly labels: { shape: number[]; values: number[] }
  readonly inputLengths: number[]
  readonly labelLengths: number[]
  readonly upstream: number[]
  readonly loss: (number | string)[]
  readonly gradient: (number | string)[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/ctc.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

const int32 = { dtype: 'int32' } as const

/** None without a compiler: the native executor's own tests say why. */
function native(): readonly string[] {
  try {
    return nativeIsas()
  } catch {
    return []
  }
}

const executors: Record<string, () => Executor> = {
  reference: () => new ReferenceExecutor(),
  wasm: () => openExecutor({ name: 'wasm' }),
  ...Object.fromEntries(
    native().map(isa => [isa, () => openExecutor({ name: 'native', isa, threads: 2 })]),
  ),
}

function near(actual: ArrayLike<number>, expected: readonly (number | string)[], within: number) {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    const wanted = Number(value)
    if (!Number.isFinite(wanted)) expect(actual[i]).toBe(wanted)
    else expect(Math.abs(actual[i] - wanted)).toBeLessThan(within * (1 + Math.abs(wanted)))
  })
}

describe.each(Object.keys(executors))('%s', name => {
  for (const dtype of ['float64', 'float32'] as const)
    test.each(cases)(`${dtype}: $note`, c => {
      useExecutor(executors[name]())
      const labels = tensor(c.labels.values, { shape: c.labels.shape, ...int32 })
      const loss = (x: Tensor) =>
        ctcLoss(x, labels, tensor(c.inputLengths, int32), tensor(c.labelLengths, int32), {
          blank: c.blank,
          zeroInfinity: c.zeroInfinity,
        })
      const logits = tensor(c.logits.values, { shape: c.logits.shape, dtype })
      const within = dtype === 'float64' ? 1e-11 : 2e-6
      near(loss(logits).dataSync(), c.loss, within)
      const upstream = tensor(c.upstream, { dtype })
      near(grad((x: Tensor) => loss(x).mul(upstream).sum())(logits).dataSync(), c.gradient, within)
    })
})

describe('ctcLoss', () => {
  test('gradients are those of finite differences', () => {
    useExecutor(new ReferenceExecutor())
    const c = cases.find(({ note }) => note === 'lengths differ')!
    const labels = tensor(c.labels.values, { shape: c.labels.shape, ...int32 })
    const loss = (x: Tensor) =>
      ctcLoss(x, labels, tensor(c.inputLengths, int32), tensor(c.labelLengths, int32)).sum()
    const at = (values: Float64Array) => tensor(values, { shape: c.logits.shape, dtype: 'float64' })
    const values = Float64Array.from(c.logits.values)
    const slope = grad(loss)(at(values)).dataSync()
    for (let i = 0; i < values.length; i += 3) {
      const step = 1e-6
      const [up, down] = [step, -step].map(by =>
        loss(at(values.with(i, values[i] + by))).itemSync(),
      )
      expect((up - down) / (2 * step)).toBeCloseTo(slope[i], 7)
    }
  })

  test('refuses shapes, lengths and labels that do not fit, and second derivatives, by name', () => {
    useExecutor(new ReferenceExecutor())
    const one = (...values: number[]) => tensor(values, int32)
    const x = zeros([1, 3, 4])
    const labels = tensor([[1, 2]], int32)
    expect(() => ctcLoss(zeros([3, 4]), labels, one(3), one(2))).toThrow(/ctcLoss.*\[batch/)
    expect(() => ctcLoss(x, labels, one(3, 3), one(2))).toThrow(/ctcLoss.*one length/)
    expect(() => ctcLoss(x, labels, one(3), one(2), { blank: 4 })).toThrow(/blank from 0 to 3/)
    for (const [steps, count] of [
      [4, 2],
      [-1, 2],
      [3, 3],
    ])
      expect(() => ctcLoss(x, labels, one(steps), one(count)).dataSync()).toThrow(
        expect.objectContaining({ code: 'INDEX' }),
      )
    for (const bad of [0, 4, -1])
      expect(() => ctcLoss(x, tensor([[1, bad]], int32), one(3), one(2)).dataSync()).toThrow(
        expect.objectContaining({ code: 'INDEX' }),
      )
    const slope = grad((z: Tensor) => ctcLoss(z, labels, one(3), one(2)).sum())
    expect(() => grad((z: Tensor) => slope(z).sum())(x).dataSync()).toThrow(
      /second one.*stopGradient/s,
    )
  })
})
