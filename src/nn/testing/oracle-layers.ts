// A layer beside PyTorch's: the same weights and inputs, then output and every gradient.

import { expect } from 'vitest'
import { grad, type Tensor, tensor, variable } from '../../tensor/index.js'
import type { BaseLayer } from '../base-layer.js'

export interface Values {
  readonly shape: number[]
  readonly dtype: 'float64' | 'int32'
  readonly values: number[]
}

export interface OracleCase {
  readonly layer: string
  readonly attrs: Record<string, unknown>
  readonly inputs: Values[]
  readonly masks: Record<string, Values>
  readonly weights: Record<string, Values>
  readonly output: Values
  readonly upstream: number[]
  readonly inputGradients: number[][]
  readonly gradients: Record<string, number[]>
  readonly scores?: number[]
}

export const of = ({ values, shape, dtype }: Values) => tensor(values, { shape, dtype })

export function near(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-9) {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThan(tolerance * (1 + Math.abs(value)))
  })
}

/** Compares everything; `call` computes the output from the inputs. */
export function compareWithOracle(
  c: OracleCase,
  make: (options: never) => BaseLayer,
  call: (layer: BaseLayer, inputs: readonly Tensor[]) => Tensor,
): BaseLayer {
  const shapes = c.inputs.map(({ shape }) => shape.slice(1))
  const layer = make({ ...c.attrs, dtype: 'float64' } as never)
  layer.ensureBuiltOn(shapes)
  const weights = Object.entries(c.weights).map(([name, value]) => [name, of(value)] as const)
  layer.loadStateDict(Object.fromEntries(weights))
  const inputs = c.inputs.map(of)
  const upstream = tensor(c.upstream, { shape: c.output.shape, dtype: 'float64' })
  const y = call(layer, inputs)
  expect(y.shape).toEqual(c.output.shape)
  expect(layer.outputShapeOn(shapes)).toEqual(c.output.shape.slice(1))
  expect(layer.flopsOn(shapes)).toBeGreaterThan(0)
  near(y.dataSync(), c.output.values)
  if (weights.length > 0) {
    call(layer, inputs).mul(upstream).sum().backward()
    for (const [name, parameter] of layer.namedParameters())
      near(parameter.grad!.dataSync(), c.gradients[name])
  }
  inputs.forEach((input, i) => {
    const loss = (x: Tensor) =>
      call(
        layer,
        inputs.map((one, k) => (k === i ? x : one)),
      )
        .mul(upstream)
        .sum()
    near(grad(loss)(input).dataSync(), c.inputGradients[i])
  })
  // Results that are kept to be read later belong to this executor: now.
  const last = variable([1])
  last.square().sum().backward()
  near(last.grad!.dataSync(), [2])
  return layer
}
