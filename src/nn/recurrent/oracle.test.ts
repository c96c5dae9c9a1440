// Recurrent layers: values and gradients against PyTorch, on every executor, in one kernel and unrolled.

import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { loadableExecutors } from '../../execute/loadable.js'
import { ReferenceExecutor } from '../../execute/reference.js'
import { useExecutor } from '../../tensor/engine.js'
import { compile, type Tensor, tensor, variable } from '../../tensor/index.js'
import type { Layer } from '../layer.js'
import { lengthMask, withMask } from '../mask.js'
import { bidirectional, gru, lstm, simpleRnn } from './functions.js'

const makers = { lstm, gru, simpleRnn }

interface Values {
  readonly shape: number[]
  readonly dtype: 'float64'
  readonly values: number[]
}

interface Batch {
  readonly input: Values
  readonly output: number[]
  readonly upstream: number[]
  readonly inputGradient: number[]
  readonly gradients: Record<string, number[]>
}

interface Case extends Omit<Batch, 'output'> {
  readonly layer: 'lstm' | 'gru' | 'simpleRnn' | 'bidirectional'
  readonly attrs: Record<string, unknown> & { readonly units: number }
  readonly weights: Record<string, Values>
  readonly output: Values
  readonly lengths?: number[]
}

interface Sequence {
  readonly layer: 'lstm' | 'gru' | 'simpleRnn'
  readonly attrs: { readonly units: number }
  readonly weights: Record<string, Values>
  readonly batches: Batch[]
}

const { cases, sequences } = JSON.parse(
  readFileSync(new URL('./fixtures/recurrent.json', import.meta.url), 'utf8'),
) as { cases: Case[]; sequences: Sequence[] }

const of = ({ values, shape, dtype }: Values) => tensor(values, { shape, dtype })

function near(actual: ArrayLike<number | boolean>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(Math.abs(Number(actual[i]) - value)).toBeLessThan(1e-9 * (1 + Math.abs(value)))
  })
}

function make({ layer, attrs }: Case, unroll: boolean, inputShape: number[]): Layer {
  const common = { dtype: 'float64', unroll } as const
  if (layer !== 'bidirectional') return makers[layer]({ ...attrs, ...common, inputShape })
  const inner = attrs.layer as Sequence['layer']
  return bidirectional({
    layer: makers[inner]({ units: attrs.units, returnSequences: true, ...common }),
    mergeMode: attrs.mergeMode as 'concat',
    inputShape,
    dtype: 'float64',
  })
}

const before = useExecutor(new ReferenceExecutor())
afterAll(() => before !== null && useExecutor(before))

describe.each(loadableExecutors())('recurrent layers on $name $isa', executor => {
  useExecutor(executor)
  const named = cases.map((c, i) => [`${i} ${c.layer} ${JSON.stringify(c.attrs)}`, c] as const)
  for (const unroll of [false, true])
    it.each(named)(`agree with PyTorch, unroll ${unroll}: %s`, (_, c) => {
      useExecutor(executor)
      const layer = make(c, unroll, c.input.shape.slice(1))
      layer.loadStateDict(
        Object.fromEntries(Object.entries(c.weights).map(([name, w]) => [name, of(w)])),
      )
      const x = variable(of(c.input))
      const masked = c.lengths === undefined ? x : withMask(x, lengthMask(c.lengths, x.shape[1]))
      const y = layer.forward(masked)
      const upstream = tensor(c.upstream, { shape: y.shape, dtype: 'float64' })
      y.mul(upstream).sum().backward()
      expect(y.shape).toEqual(c.output.shape)
      const values = y.dataSync()
      const counted = (i: number) =>
        c.lengths === undefined || y.rank < 3 || withinLength(c, y.shape, i)
      near(
        values.filter((_value, i) => counted(i)) as Float64Array,
        c.output.values.filter((_value, i) => counted(i)),
      )
      near(x.grad!.dataSync(), c.inputGradient)
      for (const [name, parameter] of layer.namedParameters())
        near(parameter.grad!.dataSync(), c.gradients[name])
    })

  it.each(sequences.map(s => [s.layer, s] as const))('carry their states on: %s', (kind, s) => {
    useExecutor(executor)
    const layer = makers[kind]({
      ...s.attrs,
      stateful: true,
      returnSequences: true,
      dtype: 'float64',
      inputShape: s.batches[0].input.shape.slice(1),
    })
    layer.loadStateDict(
      Object.fromEntries(Object.entries(s.weights).map(([name, w]) => [name, of(w)])),
    )
    for (const round of ['at first', 'after resetStates'])
      for (const batch of s.batches) {
        const x = variable(of(batch.input))
        const y = layer.forward(x)
        y.mul(tensor(batch.upstream, { shape: y.shape, dtype: 'float64' }))
          .sum()
          .backward()
        near(x.grad!.dataSync(), batch.inputGradient)
        for (const [name, parameter] of layer.namedParameters()) {
          near(parameter.grad!.dataSync(), batch.gradients[name])
          parameter.zeroGrad()
        }
        near(y.dataSync(), batch.output)
        if (round === 'at first' && batch === s.batches.at(-1)) layer.resetStates()
      }
    layer.resetStates()
    const step = compile((x: Tensor) => layer.forward(x))
    for (const batch of s.batches) near(step(of(batch.input)).dataSync(), batch.output)
    layer.resetStates()
    near(step(of(s.batches[0].input)).dataSync(), s.batches[0].output)
  })
})

function withinLength({ lengths }: Case, [, steps, features]: readonly number[], i: number) {
  const step = Math.floor(i / features) % steps
  return step < lengths![Math.floor(i / (features * steps))]
}
