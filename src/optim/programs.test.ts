// The hand-written loop of the README, against Keras and PyTorch, eagerly and compiled.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadableExecutors } from '../execute/loadable.js'
import * as layers from '../nn/layers.js'
import * as losses from '../nn/losses/index.js'
import { Module } from '../nn/module.js'
import { useExecutor } from '../tensor/engine.js'
import { compile, programStatistics, type Tensor, tensor } from '../tensor/index.js'
import * as optim from './index.js'

interface Program {
  readonly program: string
  readonly source: string
  readonly dtype: 'float32' | 'float64'
  readonly x: number[][]
  readonly y: number[]
  readonly xTest: number[][]
  readonly kernel: number[][]
  readonly bias: number[]
  readonly losses: number[]
  readonly predictions: number[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('../train/fixtures/programs.json', import.meta.url), 'utf8'),
) as { cases: Program[] }

class LogisticRegression extends Module {
  linear = layers.dense({ units: 2, inputShape: [2] })
  forward(x: Tensor) {
    return this.linear.forward(x)
  }
}

describe.each(loadableExecutors().map(e => [e.name, e] as const))(
  'by hand on %s',
  (_, executor) => {
    const fixtures = cases.filter(c => c.program === 'logisticRegression' && c.dtype === 'float32')
    for (const fixture of fixtures)
      for (const compiled of [false, true])
        it(`${fixture.source}${compiled ? ', compiled' : ''}`, async () => {
          useExecutor(executor)
          const x = tensor(fixture.x)
          const y = tensor(fixture.y, { dtype: 'int32' })
          const model = new LogisticRegression()
          model.loadStateDict({ 'linear.kernel': fixture.kernel, 'linear.bias': fixture.bias })
          const optimizer = optim.sgd(model.parameters(), { learningRate: 0.01 })
          const eager = () => {
            const loss = losses.sparseCategoricalCrossentropy(y, model.forward(x), {
              fromLogits: true,
            })
            loss.backward()
            optimizer.step()
            return loss
          }
          const step = compiled ? compile(eager) : eager
          const before = programStatistics().compilations
          for (let epoch = 0; epoch < 100; epoch++)
            expect(Math.abs((await step().item()) - fixture.losses[epoch])).toBeLessThan(1e-5)
          expect(programStatistics().compilations - before).toBeLessThanOrEqual(1)
          const predictions = await model.forward(tensor(fixture.xTest)).data()
          predictions.forEach((p, i) => {
            expect(Math.abs(p - fixture.predictions[i])).toBeLessThan(1e-5)
          })
        })
  },
)
