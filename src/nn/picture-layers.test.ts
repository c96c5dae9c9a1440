// Layers of pictures and sequences: values and gradients against PyTorch on every executor, and what all
// layers have in common.

import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { DType } from '../base/dtype.js'
import { loadableExecutors } from '../execute/loadable.js'
import { openExecutor } from '../execute/select.js'
import { useExecutor } from '../tensor/engine.js'
import { compile, grad, ones, random, type Tensor, tensor } from '../tensor/index.js'
import { convolutionLayers } from './conv/kinds.js'
import type { Layer } from './layer.js'
import * as layers from './layers.js'
import { poolingLayers } from './pooling/kinds.js'
import { layerFromConfig } from './registry.js'

const reference = openExecutor({ name: 'reference' })
useExecutor(reference)

interface Values {
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly values: readonly number[]
}

interface Case {
  readonly layer: string
  readonly attrs: Readonly<Record<string, unknown>>
  readonly input: Values
  readonly weights: Readonly<Record<string, Values>>
  readonly output: Values
  readonly upstream: readonly number[]
  readonly inputGradient: readonly number[]
  readonly gradients: Readonly<Record<string, readonly number[]>>
}

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/picture-layers.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

const of = ({ values, shape, dtype }: Values) => tensor(values, { shape, dtype })

function make(c: Case, more: object = {}): Layer {
  const factory = (layers as unknown as Record<string, (options: object) => Layer>)[c.layer]
  return factory({ ...c.attrs, ...more })
}

function near(actual: ArrayLike<number>, expected: readonly number[]) {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThan(1e-10 * (1 + Math.abs(value)))
  })
}

describe.each(loadableExecutors().map(e => [e.name, e] as const))('on %s', (_, executor) => {
  afterAll(() => {
    useExecutor(reference)
  })
  it.each(cases.map(c => [`${c.layer} ${JSON.stringify(c.attrs)} [${c.input.shape}]`, c] as const))(
    '%s',
    (_, c) => {
      useExecutor(executor)
      const sample = c.input.shape.slice(1)
      const layer = make(c, { dtype: 'float64', inputShape: sample })
      layer.loadStateDict(Object.fromEntries(Object.entries(c.weights).map(([k, v]) => [k, of(v)])))
      const input = of(c.input)
      const upstream = tensor(c.upstream, { shape: c.output.shape, dtype: 'float64' })
      const y = layer.forward(input)
      expect(y.shape).toEqual(c.output.shape)
      expect(layer.outputShape(sample)).toEqual(c.output.shape.slice(1))
      near(y.dataSync(), c.output.values)
      if (layer.parameters().length > 0) layer.forward(input).mul(upstream).sum().backward()
      for (const [name, parameter] of layer.namedParameters())
        near(parameter.grad!.dataSync(), c.gradients[name])
      const loss = (x: Tensor) => layer.forward(x).mul(upstream).sum()
      near(grad(loss)(input).dataSync(), c.inputGradient)
    },
  )
})

const firsts = [...new Map(cases.map(c => [c.layer, c])).values()]

describe('layers of pictures and sequences', () => {
  it('are all held against PyTorch', () => {
    const classes = { ...convolutionLayers, ...poolingLayers }
    const tried = new Set(firsts.map(c => make(c).className))
    expect([...tried].sort()).toEqual(Object.keys(classes).sort())
  })

  it.each(cases.map(c => [`${c.layer} ${JSON.stringify(c.attrs)}`, c] as const))(
    '%s is the same layer after a round trip through JSON, and compiled',
    (_, c) => {
      const sample = c.input.shape.slice(1)
      const layer = make(c, { inputShape: sample, name: 'mine', activityRegularizer: 'l2' })
      const again = layerFromConfig(JSON.parse(JSON.stringify(layer))) as Layer
      expect(again.constructor).toBe(layer.constructor)
      expect(JSON.stringify(again)).toBe(JSON.stringify(layer))
      again.loadStateDict(layer.stateDict())
      layer.eval()
      again.eval()
      const x = random.normal(c.input.shape)
      x.dataSync()
      const y = layer.forward(x).dataSync()
      expect(again.forward(x).dataSync()).toEqual(y)
      expect(compile((v: Tensor) => layer.forward(v))(x).dataSync()).toEqual(y)
      expect(layer.flops(sample)).toBeGreaterThanOrEqual(0)
      expect(make(c).forward(x).shape).toEqual(c.output.shape)
    },
  )

  it('count their operations', () => {
    const conv = layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 2] })
    expect(conv.flops([8, 8, 2])).toBe(36 * 4 * (2 * 18 + 1))
    const depthwise = layers.depthwiseConv2d({ kernelSize: 3, useBias: false })
    expect(depthwise.flops([8, 8, 2])).toBe(36 * 2 * 18)
  })

  it('draw kernels by what one unit sees and feeds', () => {
    const conv = layers.conv2d({ filters: 64, kernelSize: 5, inputShape: [9, 9, 32] })
    const values = Array.from(conv.kernel!.dataSync())
    const limit = Math.sqrt(6 / (25 * 32 + 25 * 64))
    const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
    expect(largest).toBeLessThanOrEqual(limit)
    expect(largest).toBeGreaterThan(0.99 * limit)
  })

  it.each([
    [
      'a window larger than pictures',
      () => layers.conv2d({ filters: 1, kernelSize: 5, inputShape: [4, 9, 1] }),
      /5 × 5.*4 × 9.*'same'/s,
    ],
    [
      'a window longer than sequences',
      () => layers.conv1d({ filters: 1, kernelSize: 5, dilationRate: 2, inputShape: [8, 1] }),
      /dilation 2.*8 steps/s,
    ],
    [
      'groups that do not divide',
      () => layers.conv2d({ filters: 4, kernelSize: 1, groups: 2, inputShape: [4, 4, 3] }),
      /2 groups for 3 channels and 4 filters/,
    ],
    [
      'pictures without channels',
      () => layers.conv2d({ filters: 4, kernelSize: 1 }).forward(ones([2, 8, 8])),
      /height, width, channels.*expandDims/s,
    ],
    [
      'other channels than before',
      () =>
        layers
          .conv2d({ filters: 4, kernelSize: 1, inputShape: [4, 4, 3] })
          .forward(ones([1, 4, 4, 2])),
      /3 channels.*which has 2/s,
    ],
    [
      'pictures smaller than a pool',
      () => layers.maxPooling2d({ poolSize: 4, inputShape: [3, 8, 1] }),
      /4 × 4.*3 × 8/s,
    ],
    [
      'a grid over what is no picture',
      () => layers.adaptiveMaxPooling2d({ outputSize: 4, inputShape: [3, 8] }),
      /height, width, channels.*batch, 3, 8/s,
    ],
    [
      'too much cropped',
      () => layers.cropping1d({ cropping: 2, inputShape: [4, 1] }),
      /cropped, 4/,
    ],
    [
      'an outputPadding as large as the stride',
      () => layers.conv2dTranspose({ filters: 1, kernelSize: 3, strides: 2, outputPadding: 2 }),
      /smaller than the strides/,
    ],
    ['filters of none', () => layers.conv2d({ filters: 0, kernelSize: 3 }), /filters/],
    [
      'a padding of its own',
      () => layers.conv2d({ filters: 1, kernelSize: 3, padding: 'causal' as never }),
      /'valid', 'same'/,
    ],
    [
      'an option misspelt',
      () => layers.conv2d({ filters: 1, kernelSize: 3, stride: 2 } as never),
      /strides/,
    ],
  ])('refuse %s', (_, call, message) => {
    expect(call).toThrow(message)
  })
})

it('kernels come before the bias, as in other layers', () => {
  const size = { kernelSize: 3, inputShape: [8, 8, 2] as const }
  const namesOf = (layer: Layer) => layer.namedParameters().map(([name]) => name)
  for (const layer of [
    layers.conv2d({ ...size, filters: 4 }),
    layers.conv2dTranspose({ ...size, filters: 4 }),
  ])
    expect(namesOf(layer)).toEqual(namesOf(layers.dense({ units: 4, inputShape: [2] })))
  expect(namesOf(layers.depthwiseConv2d(size)).at(-1)).toBe('bias')
  expect(namesOf(layers.separableConv2d({ ...size, filters: 4 })).at(-1)).toBe('bias')
})
