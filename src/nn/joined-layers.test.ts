// Layers of several inputs, layers around layers, stacked and two-way recurrent layers: values and gradients against
// PyTorch on every executor.

import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { loadableExecutors } from '../execute/loadable.js'
import { openExecutor } from '../execute/select.js'
import { useExecutor } from '../tensor/engine.js'
import { grad, type Tensor, tensor } from '../tensor/index.js'
import * as layers from './layers.js'
import { lengthMask, withMask } from './mask.js'
import type { Module } from './module.js'
import { Sequential } from './sequential.js'
import { near as compare, of, type Values } from './testing/oracle-layers.js'

interface Case {
  readonly layer: string
  readonly attrs: Readonly<Record<string, unknown>>
  readonly inputs: readonly Values[]
  readonly weights: readonly Values[]
  readonly output: Values
  readonly upstream: readonly number[]
  readonly inputGradients: readonly (readonly number[])[]
  readonly gradients: readonly (readonly number[])[]
  readonly lengths?: readonly number[]
}

interface Recurrent {
  readonly layer: 'lstm' | 'gru' | 'simpleRnn'
  readonly units: number
  readonly stacked: number
  readonly bidirectional: boolean
  readonly mergeMode: 'concat' | 'sum' | 'mul' | 'ave'
}

const reference = openExecutor({ name: 'reference' })
useExecutor(reference)

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/joined-layers.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

type Factory = (options: object) => Module
const factories = layers as unknown as Record<string, Factory>

function made({ layer, attrs }: Case): Module {
  const dtype = 'float64'
  if (layer === 'timeDistributed') {
    const { layer: inner, ...options } = attrs
    return factories.timeDistributed({ layer: factories[inner as string]({ ...options, dtype }) })
  }
  if (layer !== 'recurrent') return factories[layer]({ ...attrs, dtype })
  const { layer: kind, units, stacked, bidirectional, mergeMode } = attrs as unknown as Recurrent
  return new Sequential(
    Array.from({ length: stacked }, () => {
      const one = factories[kind]({ units, returnSequences: true, dtype })
      return bidirectional ? factories.bidirectional({ layer: one, mergeMode }) : one
    }),
  )
}

const near = (actual: ArrayLike<number>, expected: readonly number[]) =>
  compare(actual, expected, 1e-10)

const title = (c: Case) =>
  `${c.layer} ${JSON.stringify(c.attrs)} of ${c.inputs.map(x => `[${x.shape}]`).join(', ')}${c.lengths ? `, lengths ${c.lengths}` : ''}`

describe.each(loadableExecutors().map(e => [e.name, e] as const))('on %s', (_, executor) => {
  afterAll(() => {
    useExecutor(reference)
  })
  it.each(cases.map(c => [title(c), c] as const))('%s', (_, c) => {
    useExecutor(executor)
    const net = made(c)
    const run = (given: readonly Tensor[]): Tensor => {
      const [first] = given
      if (c.lengths === undefined) return net.forward(...given) as Tensor
      return net.forward(withMask(first, lengthMask([...c.lengths], first.shape[1]))) as Tensor
    }
    const inputs = c.inputs.map(of)
    const upstream = tensor(c.upstream, { shape: c.output.shape, dtype: 'float64' })
    run(inputs)
    const parameters = net.parameters()
    expect(parameters.length).toBe(c.weights.length)
    parameters.forEach((parameter, i) => {
      parameter.assign(of(c.weights[i]))
    })
    const y = run(inputs)
    expect(y.shape).toEqual(c.output.shape)
    const counts = (x: Tensor) =>
      c.lengths === undefined
        ? x
        : x.mul(
            lengthMask([...c.lengths], x.shape[1])
              .cast('float64')
              .expandDims(2),
          )
    near(counts(y).dataSync(), [...counts(of(c.output)).dataSync()])
    if (parameters.length > 0) run(inputs).mul(upstream).sum().backward()
    parameters.forEach((parameter, i) => {
      near(parameter.grad!.dataSync(), c.gradients[i])
    })
    const floats = inputs.flatMap(({ dtype }, i) => (dtype === 'float64' ? [i] : []))
    floats.forEach((at, i) => {
      const loss = (x: Tensor) =>
        run(inputs.map((other, k) => (k === at ? x : other)))
          .mul(upstream)
          .sum()
      near(grad(loss)(inputs[at]).dataSync(), c.inputGradients[i])
    })
  })
})
