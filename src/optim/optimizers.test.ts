// Every optimizer step for step against Keras 3, eagerly and compiled; schedules against Keras and
// PyTorch.

import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { loadableExecutors } from '../execute/loadable.js'
import { ReferenceExecutor } from '../execute/reference.js'
import { useExecutor } from '../tensor/engine.js'
import { compile, programStatistics, type Tensor, tensor, variable } from '../tensor/index.js'
import * as optim from './index.js'
import type { Optimizer, OptimizerOptions } from './optimizer.js'
import * as schedules from './schedules/index.js'

const reference = new ReferenceExecutor()
useExecutor(reference)

interface Case {
  readonly optimizer: string
  readonly source: 'keras' | 'pytorch'
  readonly attrs: Record<string, unknown>
  readonly steps: number[][][]
  readonly learningRates?: number[]
  readonly averages?: number[][]
  readonly note?: string
}

interface ScheduleCase {
  readonly schedule: string
  readonly attrs: Record<string, unknown>
  readonly values: number[]
  readonly losses?: number[]
}

const fixture = JSON.parse(
  readFileSync(new URL('./fixtures/optimizers.json', import.meta.url), 'utf8'),
) as {
  cases: Case[]
  initial: { shape: number[]; values: number[] }[]
  gradients: number[][][]
  schedules: ScheduleCase[]
}

const makers: Record<string, (options: OptimizerOptions) => Optimizer> = {
  sgd: optim.sgd,
  adam: optim.adam,
  adamw: optim.adamW,
  rmsprop: optim.rmsprop,
  adagrad: optim.adagrad,
}

const dtype = 'float64'
const shapes = fixture.initial.map(({ shape }) => shape)

function start() {
  return fixture.initial.map(({ shape, values }) => variable(values, { shape, dtype }))
}

/** The fixture's options in ours. */
function options(c: Case): OptimizerOptions {
  const { useEma, emaMomentum: momentum, emaOverwriteFrequency, ...rest } = c.attrs
  if (!useEma) return rest
  return { ...rest, ema: { momentum, overwriteFrequency: emaOverwriteFrequency ?? 0 } as never }
}

function near(actual: ArrayLike<number>, expected: readonly number[], tolerance: number) {
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThan(tolerance * (1 + Math.abs(value)))
  })
}

/** Losses whose gradients are stated: Σ w · g. */
function lossOf(parameters: readonly Tensor[], gradients: readonly Tensor[]): Tensor {
  return parameters
    .map((p, k) => p.mul(gradients[k]).sum())
    .reduce((total, part) => total.add(part))
}

const gradientsAt = (i: number) =>
  fixture.gradients[i].map((values, k) => tensor(values, { shape: shapes[k], dtype }))

/** Keras keeps its rate and its hyperparameters in float32 inside a float64 model. */
const tolerance = 2e-7

describe.each(loadableExecutors().map(e => [e.name, e] as const))('on %s', (_, executor) => {
  afterAll(() => {
    useExecutor(reference)
  })
  for (const c of fixture.cases.filter(c => c.source === 'keras'))
    for (const compiled of [false, true]) {
      const title = `${c.optimizer} ${JSON.stringify(c.attrs)}${c.learningRates ? ' falling rate' : ''}`
      it(`${title}${compiled ? ', compiled' : ''}`, () => {
        useExecutor(executor)
        const parameters = start()
        const optimizer = makers[c.optimizer](options(c)).bind(parameters)
        const eager = (gradients: Tensor[]) => {
          lossOf(parameters, gradients).backward()
          optimizer.step()
        }
        const step = compiled ? compile(eager) : eager
        const before = programStatistics().compilations
        c.steps.forEach((expected, i) => {
          if (c.learningRates) optimizer.learningRate = c.learningRates[i]
          step(gradientsAt(i))
          expected.forEach((values, k) => {
            near(parameters[k].dataSync(), values, tolerance)
          })
        })
        expect(programStatistics().compilations - before).toBeLessThanOrEqual(1)
        if (c.averages !== undefined)
          optimizer.withAverages(() => {
            c.averages!.forEach((values, k) => {
              near(parameters[k].dataSync(), values, tolerance)
            })
          })
      })
    }
})

describe('optimizers', () => {
  it('equals PyTorch where the notes say so', () => {
    const equal = fixture.cases.filter(c => c.source === 'pytorch' && c.note?.startsWith('equal'))
    expect(equal.length).toBeGreaterThan(1)
    for (const c of equal) {
      const parameters = start()
      const optimizer = makers[c.optimizer](c.attrs).bind(parameters)
      c.steps.forEach((expected, i) => {
        lossOf(parameters, gradientsAt(i)).backward()
        optimizer.step()
        expected.forEach((values, k) => {
          near(parameters[k].dataSync(), values, 1e-12)
        })
      })
    }
  })

  it('goes on bit for bit from a saved state', () => {
    const run = (split: number | null) => {
      let parameters = start()
      const make = () => optim.adam(parameters, { ema: true, weightDecay: 0.01, clipNorm: 1 })
      let optimizer = make()
      for (let i = 0; i < 12; i++) {
        if (i === split) {
          const saved = parameters.map(p => tensor(p.dataSync(), { shape: p.shape, dtype }))
          const state = optimizer.state()
          parameters = saved.map(p => variable(p))
          optimizer = make()
          optimizer.loadState(state)
        }
        lossOf(parameters, gradientsAt(i)).backward()
        optimizer.step()
      }
      optimizer.swapAverages()
      return parameters.map(p => [...p.dataSync()])
    }
    expect(run(5)).toEqual(run(null))
    expect(run(0)).toEqual(run(null))
  })

  it('adds up several backward() calls', () => {
    const parameters = start()
    const optimizer = optim.sgd(parameters, { learningRate: 1 })
    const before = parameters.map(p => p.dataSync())
    lossOf(parameters, gradientsAt(0)).backward()
    lossOf(parameters, gradientsAt(1)).backward()
    optimizer.step()
    parameters.forEach((p, k) => {
      const expected = [...before[k]].map(
        (v, i) => v - fixture.gradients[0][k][i] - fixture.gradients[1][k][i],
      )
      near(p.dataSync(), expected, 1e-12)
    })
    expect(parameters[0].grad).toBeNull()
  })

  it('keeps frozen parameters, also when that changes', () => {
    const [w, b] = start()
    const optimizer = optim.adam([w, b])
    const step = (i: number) => {
      lossOf([w, b], gradientsAt(i)).backward()
      optimizer.step()
    }
    step(0)
    w.trainable = false
    const frozen = [...w.dataSync()]
    const free = [...b.dataSync()]
    step(1)
    expect([...w.dataSync()]).toEqual(frozen)
    expect([...b.dataSync()]).not.toEqual(free)
    w.trainable = true
    step(2)
    expect([...w.dataSync()]).not.toEqual(frozen)
    w.trainable = false
    b.trainable = false
    expect(() => optimizer.step()).toThrow(/frozen/)
  })

  it('takes groups with rates of their own', () => {
    const [w, b] = start()
    const before = [w, b].map(p => p.dataSync())
    const optimizer = optim.sgd(
      [{ parameters: [w], learningRate: 0.5, weightDecay: 0.1 }, { parameters: [b] }],
      { learningRate: () => 0.25 },
    )
    lossOf([w, b], gradientsAt(0)).backward()
    optimizer.step()
    const [gw, gb] = fixture.gradients[0]
    near(
      w.dataSync(),
      [...before[0]].map((v, i) => v * (1 - 0.05) - 0.5 * gw[i]),
      1e-12,
    )
    near(
      b.dataSync(),
      [...before[1]].map((v, i) => v - 0.25 * gb[i]),
      1e-12,
    )
  })

  it('lowers the rates of groups as well, and keeps them in its state', () => {
    const make = (parameters = start()) => {
      const [w, b] = parameters
      const groups = [{ parameters: [w], learningRate: 0.5 }, { parameters: [b] }]
      return { parameters, optimizer: optim.sgd(groups, { learningRate: 0.25 }) }
    }
    const { parameters, optimizer } = make()
    const before = parameters.map(p => p.dataSync())
    optimizer.reduceLearningRates(0.1, 0.03)
    expect(optimizer.state()).toMatchObject({ learningRate: 0.03, groupRates: [0.05, null] })
    const again = make()
    again.optimizer.loadState(optimizer.state())
    expect(again.optimizer.state().groupRates).toEqual([0.05, null])
    lossOf(again.parameters, gradientsAt(0)).backward()
    again.optimizer.step()
    const [gw, gb] = fixture.gradients[0]
    near(
      again.parameters[0].dataSync(),
      [...before[0]].map((v, i) => v - 0.05 * gw[i]),
      1e-12,
    )
    near(
      again.parameters[1].dataSync(),
      [...before[1]].map((v, i) => v - 0.03 * gb[i]),
      1e-12,
    )
    // A rate below the least is not raised.
    optimizer.reduceLearningRates(0.1, 1)
    expect(optimizer.learningRate).toBe(0.03)
    expect(() => optim.sgd(start()).loadState(optimizer.state())).toThrow(/1 parameter groups/)
  })

  it('takes several steps in one compiled function', () => {
    const run = (compiled: boolean) => {
      const parameters = start()
      const optimizer = optim.adam(parameters, { learningRate: i => 0.1 / (1 + i) })
      const twice = (a: Tensor[], b: Tensor[]) => {
        lossOf(parameters, a).backward()
        optimizer.step()
        lossOf(parameters, b).backward()
        optimizer.step()
      }
      const f = compiled ? compile(twice) : twice
      for (let i = 0; i < 6; i += 2) f(gradientsAt(i), gradientsAt(i + 1))
      expect(optimizer.iterations).toBe(6)
      return parameters.map(p => [...p.dataSync()])
    }
    const eager = run(false)
    run(true).forEach((values, k) => {
      near(values, eager[k], 1e-12)
    })
  })

  it('withholds an update that is not finite', () => {
    const [w] = start()
    const optimizer = optim.adam([w])
    const before = [...w.dataSync()]
    w.mul(Number.NaN).sum().backward()
    expect(() => optimizer.step()).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }))
    expect([...w.dataSync()]).toEqual(before)
    expect(optimizer.iterations).toBe(0)
    w.mul(2).sum().backward()
    optimizer.step()
    expect([...w.dataSync()]).not.toEqual(before)
  })

  it('refuses a loss that has nothing to do with its parameters', () => {
    const [w, b] = start()
    const optimizer = optim.sgd([w])
    b.sum().backward()
    expect(() => optimizer.step()).toThrow(/depends on none/)
    expect(() =>
      compile(() => {
        b.sum().backward()
        optimizer.step()
      })(),
    ).toThrow(/depends on none/)
    expect(optimizer.iterations).toBe(0)
  })

  it('refuses bad options', () => {
    const [w] = start()
    expect(() => optim.sgd([w], { learningRate: -1 })).toThrow(/learning rate/)
    expect(() => optim.sgd([w, w])).toThrow(/each parameter once/)
    expect(() => optim.sgd([tensor([1]) as never])).toThrow(/Variables/)
    expect(() => optim.adam([w], { beta1: 2 })).toThrow(/beta1/)
    expect(() => optim.adam([w], { clipNorm: 1, clipValue: 1 })).toThrow(/at most one/)
    expect(() => optim.adam().step()).toThrow(/model.parameters/)
    expect(() => optim.sgd([w]).step()).toThrow(/backward/)
    expect(() => optim.getOptimizer('adm' as never)).toThrow(/adam/)
    expect(() => optim.sgd([w]).loadState(optim.adam([w]).state())).toThrow(/sgd/)
  })
})

describe('schedules', () => {
  const names: Record<string, string> = { warmup: 'warmUp' }
  for (const c of fixture.schedules)
    it(`${c.schedule} ${JSON.stringify(c.attrs)}`, () => {
      if (c.schedule === 'plateau') {
        const { learningRate, ...attrs } = c.attrs
        const plateau = schedules.reduceOnPlateau(attrs)
        let rate = learningRate as number
        c.losses!.forEach((loss, i) => {
          const resumed = schedules.reduceOnPlateau(attrs)
          resumed.state = JSON.parse(JSON.stringify(plateau.state))
          const next = plateau.next(rate, loss)
          expect(resumed.next(rate, loss)).toBe(next)
          rate = next
          near([rate], [c.values[i]], 1e-8)
        })
        return
      }
      const name = names[c.schedule] ?? c.schedule
      const schedule = schedules.scheduleFromConfig({ name, options: c.attrs })
      const again = schedules.scheduleFromConfig(JSON.parse(JSON.stringify(schedule.config)))
      c.values.forEach((value, i) => {
        near([schedule(i)], [value], 2e-8)
        expect(again(i)).toBe(schedule(i))
      })
    })

  it('warms up before another schedule', () => {
    const after = schedules.step({ initialLearningRate: 0.1, stepSize: 2, gamma: 0.5 })
    const schedule = schedules.warmUp({ learningRate: after, warmupSteps: 4 })
    near([0, 1, 2, 3, 4, 5, 6].map(schedule), [0, 0.025, 0.05, 0.075, 0.1, 0.1, 0.05], 1e-12)
    const again = schedules.scheduleFromConfig(schedule.config!)
    expect([0, 3, 9].map(again)).toEqual([0, 3, 9].map(schedule))
  })
})
