// The convolutional front end: beside PyTorch, alone and among others, and refused where it does not fit.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ReferenceExecutor } from '../../execute/reference.js'
import { Dense } from '../../nn/dense.js'
import { ctc } from '../../nn/losses/index.js'
import { maskOf } from '../../nn/mask.js'
import { layerFromConfig } from '../../nn/registry.js'
import { Sequential } from '../../nn/sequential.js'
import { near, of, type Values } from '../../nn/testing/oracle-layers.js'
import { useExecutor } from '../../tensor/engine.js'
import { random, type Tensor, tensor, zeros } from '../../tensor/index.js'
import { ConvolvedFrames } from './convolved-frames.js'
import { ctcSpeechModel } from './ctc-speech-model.js'

useExecutor(new ReferenceExecutor())

interface Case {
  readonly frames: number
  readonly filters: number
  readonly x: Values
  readonly labels: number[][]
  readonly weights: Record<string, Values>
  readonly losses: number[]
  readonly gradients: Record<string, number[]>
}

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/convolved-frames.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

describe('ConvolvedFrames', () => {
  test.each(cases)(
    '$frames frames a step: loss and gradients through CTC are those of PyTorch',
    c => {
      const { frames, filters } = c
      const front = new ConvolvedFrames({ frames, filters, dtype: 'float64', name: 'front' })
      const dense = new Dense({ units: 3, useBias: false, dtype: 'float64', name: 'dense' })
      const net = new Sequential([front, dense])
      net.build(c.x.shape.slice(1))
      const { kernel, ...own } = Object.fromEntries(
        Object.entries(c.weights).map(([name, value]) => [name, of(value)]),
      )
      front.loadStateDict(own)
      dense.loadStateDict({ kernel })
      const loss = (reduction: 'mean' | 'none') =>
        ctc(tensor(c.labels, { dtype: 'int32' }), net.forward(of(c.x)), { reduction })
      near(loss('none').dataSync(), c.losses)
      loss('mean').backward()
      for (const layer of [front, dense])
        for (const [name, parameter] of layer.namedParameters())
          near(parameter.grad!.dataSync(), c.gradients[name], 1e-8)
    },
  )

  test('counts a step where its first frame is there; is the same from its JSON', () => {
    const x = tensor([1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 9, 0], { shape: [1, 6, 2] })
    const front = new ConvolvedFrames({ frames: 5, filters: 2 })
    const y = front.forward(x)
    expect(y.shape).toEqual([1, 2, 2])
    expect(front.outputShape([6, 2])).toEqual([2, 2])
    expect(maskOf(y)?.arraySync()).toEqual([[true, false]])
    const again = layerFromConfig(JSON.parse(JSON.stringify(front))) as ConvolvedFrames
    again.loadStateDict(front.stateDict())
    expect(again.forward(x).dataSync()).toEqual(y.dataSync())
  })

  test.each([1, 2, 3, 4, 6, 7, 36, 61])('makes ⌈steps / %i⌉ steps of any length', frames => {
    const front = new ConvolvedFrames({ frames, filters: 1 })
    for (const steps of [1, 5, 11, 40])
      expect(front.forward(zeros([1, steps, 4])).shape[1]).toBe(Math.ceil(steps / frames))
  })

  test('refuses what is no sequence of features', () => {
    const make = (options: object) => new ConvolvedFrames(options as never)
    expect(() => make({ frames: 2, filters: 2 }).forward(zeros([3, 4]))).toThrow(/features \+ 1/)
    expect(() => make({ frames: 0, filters: 2 })).toThrow(/frames/)
    expect(() => make({ frames: 2 })).toThrow(/filters/)
  })
})

describe('a model with it', () => {
  const small = { features: 6, classes: 3, units: [5], stack: 4, frontEnd: 'convolution' } as const

  test('what is padding changes neither logits nor loss, whatever stands there', () => {
    random.seed(3)
    const net = ctcSpeechModel(small).module.eval()
    const own = Array.from({ length: 15 * 7 }, (_, i) => (i % 7 === 6 ? 1 : Math.sin(i)))
    const padding = (value: number) =>
      Array.from({ length: 10 * 7 }, (_, i) => (i % 7 === 6 ? 0 : value))
    const logits = (x: readonly number[]): Tensor =>
      net.forward(tensor(x, { shape: [1, x.length / 7, 7] }))
    const alone = logits(own)
    expect(alone.shape).toEqual([1, 4, 3])
    for (const value of [0, 7]) {
      const among = logits([...own, ...padding(value)])
      expect(among.shape).toEqual([1, 7, 3])
      near(among.dataSync().slice(0, 12), [...alone.dataSync()], 1e-6)
      const [a, b] = [among, alone].map(y => ctc([[1, 2]], y).itemSync())
      expect(a).toBeCloseTo(b, 5)
    }
  })

  test('takes filters for convolutions alone', () => {
    expect(ctcSpeechModel({ ...small, filters: 4 }).parameters()[0].shape).toEqual([11, 3, 1, 4])
    expect(() => ctcSpeechModel({ ...small, frontEnd: 'stack', filters: 4 })).toThrow(/filters/)
    expect(() => ctcSpeechModel({ ...small, frontEnd: 'wavelets' as never })).toThrow(/frontEnd/)
  })
})
