// States given and taken: lists from forward and apply, gradients through them, and who refuses lists.

import { describe, expect, it } from 'vitest'
import { grad, ones, random, type Tensor, zeros } from '../../tensor/index.js'
import { GraphModel } from '../graph-model.js'
import { lengthMask, maskOf, withMask } from '../mask.js'
import { layerFromConfig } from '../registry.js'
import { Sequential } from '../sequential.js'
import { input } from '../symbolic.js'
import { bidirectional, gru, lstm, simpleRnn, timeDistributed } from './functions.js'
import type { RecurrentLayer } from './recurrent-layer.js'

const makers = { lstm, gru, simpleRnn }
const kinds = Object.keys(makers) as (keyof typeof makers)[]
const draw = new random.Generator(11)

describe.each(kinds)('%s with returnState', kind => {
  const states = kind === 'lstm' ? 2 : 1

  it('gives its output and then its states, as sequence does', () => {
    const x = draw.normal([2, 5, 3])
    for (const goBackwards of [false, true]) {
      const options = { units: 4, returnSequences: true, returnState: true, goBackwards }
      const layer = makers[kind](options)
      const [y, ...ends] = layer.forward(x)
      expect(y.shape).toEqual([2, 5, 4])
      expect(y.slice(null, 4).dataSync()).toEqual(ends[0].dataSync())
      const wanted = layer.sequence(x).states.map(s => s.dataSync())
      expect(ends.map(s => s.dataSync())).toEqual(wanted)
      expect(ends.length).toBe(states)
    }
    const [last, hidden] = makers[kind]({ units: 4, returnState: true }).forward(x)
    expect(last.dataSync()).toEqual(hidden.dataSync())
  })

  it('says so in symbols, for any length', () => {
    const x = input({ shape: [null, 3] })
    const parts = [
      ...makers[kind]({ units: 4, returnSequences: true, returnState: true, name: 'read' }).apply(
        x,
      ),
    ]
    expect(parts.map(({ shape }) => shape)).toEqual([[null, 4], ...Array(states).fill([4])])
    expect(parts.map(({ name }) => name).slice(0, 2)).toEqual(['read:0', 'read:1'])
    const net = new GraphModel({ inputs: x, outputs: parts })
    expect(net.forward(zeros([2, 7, 3])).map(({ shape }) => shape[0])).toEqual(parts.map(() => 2))
  })

  it('starts from states, whose gradients are those of the steps written out', () => {
    const make = (unroll: boolean) => {
      const common = { units: 3, dtype: 'float64', unroll } as const
      const encoder = makers[kind]({ ...common, returnState: true, inputShape: [4, 2] })
      const decoder = makers[kind]({ ...common, returnSequences: true, inputShape: [3, 2] })
      return [encoder, decoder] as const
    }
    const pairs = [make(false), make(true)]
    for (const i of [0, 1]) pairs[1][i].loadStateDict(pairs[0][i].stateDict())
    const [x, target] = [draw.normal([2, 4, 2]), draw.normal([2, 3, 2])].map(t => t.cast('float64'))
    const weights = draw.normal([2, 3, 3]).cast('float64')
    const loss = ([encoder, decoder]: readonly RecurrentLayer[], from: Tensor, to: Tensor) => {
      const [y, ...ends] = encoder.forward(withMask(from, lengthMask([4, 2], 4)))
      return decoder
        .forward(to, ...ends)
        .mul(weights)
        .sum()
        .add(y.square().sum())
    }
    const slopes = pairs.map(pair => [
      grad((v: Tensor) => loss(pair, v, target))(x).dataSync(),
      grad((v: Tensor) => loss(pair, x, v))(target).dataSync(),
    ])
    slopes[0]
      .flatMap(s => [...s])
      .forEach((slope, i) => {
        expect(slope).toBeCloseTo(slopes[1].flatMap(s => [...s])[i] as number, 10)
      })
    for (const pair of pairs) loss(pair, x, target).backward()
    for (const i of [0, 1])
      pairs[0][i].parameters().forEach((parameter, k) => {
        const other = pairs[1][i].parameters()[k].grad!.dataSync()
        parameter.grad!.dataSync().forEach((slope, n) => {
          expect(slope).toBeCloseTo(other[n] as number, 10)
        })
      })
  })

  it('keeps the mask on the output, and its options in JSON', () => {
    const layer = makers[kind]({ units: 2, returnSequences: true, returnState: true })
    const [y, hidden] = layer.forward(withMask(ones([2, 3, 2]), lengthMask([1, 3], 3)))
    expect(maskOf(y)!.sum({ axis: 1 }).arraySync()).toEqual([1, 3])
    expect(maskOf(hidden)).toBeNull()
    expect(layerFromConfig(layer.toJSON()).toJSON()).toEqual(layer.toJSON())
    expect(layer.config().returnState).toBe(true)
  })

  it('refuses another number of states', () => {
    const [x, h] = [input({ shape: [4, 3] }), input({ shape: [2] })]
    const layer = () => makers[kind]({ units: 2, name: 'reader' })
    const tooMany = [x, ...Array(states + 1).fill(h)]
    expect(() => layer().apply(tooMany)).toThrow(
      new RegExp(`apply of reader: expected 1 to ${states + 1} inputs, received ${states + 2}`),
    )
    expect(() => layer().apply([x, ...Array(states).fill(x)])).toThrow(
      /reader: expected \d initial states? of shape \[2, 2\], received \[2, 4, 3\]/,
    )
  })
})

describe('layers that give lists', () => {
  const x = input({ shape: [5, 3] })
  const layer = () => lstm({ units: 2, returnState: true, name: 'encoder' })

  it('are refused where one tensor is wanted', () => {
    expect(() => new Sequential([layer()])).toThrow(
      /sequential: expected layers that give one tensor, received encoder.*returnState.*apply/,
    )
    const two = new GraphModel({ inputs: x, outputs: [x, gru({ units: 2 }).apply(x)] })
    expect(() => new Sequential([two as never])).toThrow(/one tensor/)
    expect(() => timeDistributed({ layer: layer() })).toThrow(/encoder, which gives several/)
    const other = lstm({ units: 2, goBackwards: true })
    expect(() => bidirectional({ layer: layer(), backwardLayer: other })).toThrow(/returnState/)
  })

  it('are read in both directions, the states forward first', () => {
    const both = bidirectional({ layer: layer() })
    const parts = [...both.apply(x)]
    expect(parts.map(({ shape }) => shape)).toEqual([[4], [2], [2], [2], [2]])
    const sequence = draw.normal([2, 5, 3])
    const [y, ...states] = both.forward(sequence)
    expect(y.slice(null, [0, 2]).dataSync()).toEqual(states[0].dataSync())
    expect(y.slice(null, [2]).dataSync()).toEqual(states[2].dataSync())
    const next = [...both.forward(sequence, ...states)][0].dataSync()
    const [ahead] = both.forwardLayer.forward(sequence, states[0], states[1])
    expect([...next.slice(0, 2)]).toEqual([...ahead.dataSync().slice(0, 2)])
  })
})
