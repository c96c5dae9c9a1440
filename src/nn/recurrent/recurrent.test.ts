// Recurrent layers: gradients by finite differences on every executor, what is refused, states, both
// directions, second derivatives.

import { afterAll, describe, expect, it } from 'vitest'
import { loadableExecutors } from '../../execute/loadable.js'
import { ReferenceExecutor } from '../../execute/reference.js'
import { useExecutor } from '../../tensor/engine.js'
import { compile, grad, ones, random, type Tensor, tensor } from '../../tensor/index.js'
import { lengthMask, withMask } from '../mask.js'
import { Sequential } from '../sequential.js'
import { bidirectional, gru, lstm, repeatVector, simpleRnn, timeDistributed } from './functions.js'

const makers = { lstm, gru, simpleRnn }
const kinds = Object.keys(makers) as (keyof typeof makers)[]
const before = useExecutor(new ReferenceExecutor())
afterAll(() => before !== null && useExecutor(before))

describe.each(loadableExecutors())('gradients on $name $isa', executor => {
  const ways = [false, true].flatMap(goBackwards =>
    [false, true].map(masked => [goBackwards, masked] as const),
  )
  for (const kind of kinds)
    it.each(ways)(
      `of ${kind} are finite differences, backwards %s, masked %s`,
      (goBackwards, masked) => {
        useExecutor(executor)
        const options = { dtype: 'float64', goBackwards } as const
        const layer = makers[kind]({ units: 3, inputShape: [4, 2], ...options })
        const draw = new random.Generator(7)
        const normal = (shape: number[]) => draw.normal(shape, { dtype: 'float64' })
        const states = layer.className === 'LSTM' ? 2 : 1
        const inputs = [normal([2, 4, 2]), ...Array.from({ length: states }, () => normal([2, 3]))]
        const [a, b, c] = [normal([2, 4, 3]), normal([2, 3]), normal([2, 3])]
        const loss = (x: Tensor, ...initialState: Tensor[]) => {
          const given = masked ? withMask(x, lengthMask([4, 2], 4)) : x
          const result = layer.sequence(given, { initialState })
          const ends = result.states.map((s, i) => s.mul(i === 0 ? b : c).sum())
          return ends.reduce((sum, end) => sum.add(end), result.outputs.mul(a).sum())
        }
        const value = compile(loss)
        const arrays = inputs.map(t => t.dataSync() as Float64Array)
        inputs.forEach((input, which) => {
          const slope = grad((v: Tensor) =>
            loss(...(inputs.map((t, i) => (i === which ? v : t)) as [Tensor])),
          )(input).dataSync()
          for (let i = 0; i < arrays[which].length; i++) {
            const at = (shift: number) => {
              const moved = arrays.map((array, k) => {
                const copy = array.slice()
                if (k === which) copy[i] += shift
                return tensor(copy, { shape: inputs[k].shape, dtype: 'float64' })
              })
              return value(...(moved as [Tensor])).dataSync()[0] as number
            }
            const difference = (at(1e-5) - at(-1e-5)) / 2e-5
            expect(Math.abs(difference - Number(slope[i]))).toBeLessThan(1e-7)
          }
        })
      },
    )
})

describe('recurrent layers', () => {
  it('refuse second derivatives by name, unless they are unrolled', () => {
    for (const kind of kinds) {
      const make = (unroll: boolean) => makers[kind]({ units: 2, inputShape: [3, 2], unroll })
      const second = (layer: ReturnType<typeof make>) =>
        grad((v: Tensor) =>
          grad((x: Tensor) => layer.forward(x).square().sum())(v)
            .square()
            .sum(),
        )
      expect(() => second(make(false))(ones([1, 3, 2]))).toThrow(
        new RegExp(`gradient of a gradient through ${kind}.*unroll: true`),
      )
      const slope = second(make(true))(ones([1, 3, 2])).dataSync()
      expect([...slope].some(v => v !== 0)).toBe(true)
    }
  })

  it('say what does not fit', () => {
    const layer = lstm({ units: 2, inputShape: [3, 4], name: 'reader' })
    expect(() => layer.forward(ones([1, 3]))).toThrow(/reader.*\[batch, steps ≥ 1, 4\].*\[1, 3\]/)
    expect(() => layer.forward(ones([1, 3, 5]))).toThrow(/reader.*\[1, 3, 5\]/)
    expect(() => layer.forward(ones([1, 0, 4]))).toThrow(/reader.*\[1, 0, 4\]/)
    expect(() => gru({ units: 2, inputShape: [3] })).toThrow(
      /\[batch, steps, features\].*\[batch, 3\]/,
    )
    const x = ones([2, 3, 4])
    expect(() => layer.sequence(x, { initialState: [ones([2, 2])] })).toThrow(/2 initial states/)
    const wrong = { initialState: [ones([2, 2]), ones([3, 2])] }
    expect(() => layer.sequence(x, wrong)).toThrow(/\[2, 2\].*\[3, 2\]/)
    expect(() => lstm({ units: 2, dropout: 1 })).toThrow(/dropout/)
    expect(() => repeatVector({ n: 2 }).forward(x)).toThrow(/\[batch, features\]/)
    expect(() => timeDistributed({ layer: layer }).forward(ones([2]))).toThrow(/steps/)
  })

  it('compute in their own element type, as Keras does', () => {
    const layer = gru({ units: 2, inputShape: [3, 1] })
    const x = random.normal([2, 3, 1], { dtype: 'float64' })
    const initialState = [ones([2, 2], { dtype: 'float64' })]
    expect(layer.sequence(x, { initialState }).outputs.dtype).toBe('float32')
    expect(layer.forward(tensor([[[1], [2], [0]]], { dtype: 'int32' })).dtype).toBe('float32')
  })

  it('take sequences of any length, and batches of none', () => {
    for (const kind of kinds) {
      const layer = makers[kind]({ units: 3, returnSequences: true, inputShape: [4, 2] })
      expect(layer.forward(ones([2, 9, 2])).shape).toEqual([2, 9, 3])
      expect(layer.forward(ones([0, 4, 2])).arraySync()).toEqual([])
    }
  })

  it('carry states row by row, and say when a batch has others', () => {
    const layer = gru({ units: 2, stateful: true, inputShape: [1, 1] })
    const net = new Sequential([layer])
    const first = net.forward(ones([2, 1, 1])).dataSync()
    expect(net.forward(ones([2, 1, 1])).dataSync()).not.toEqual(first)
    expect(() => net.forward(ones([3, 1, 1]))).toThrow(/batches of 2 rows.*one of 3.*resetStates/)
    net.resetStates()
    expect(
      net
        .forward(ones([3, 1, 1]))
        .dataSync()
        .slice(0, 4),
    ).toEqual(first)
    expect(Object.keys(layer.stateDict())).toEqual(['kernel', 'recurrentKernel', 'bias'])
  })

  it('drop the same inputs and states at every step, in training alone', () => {
    const layer = simpleRnn({
      units: 50,
      dropout: 0.5,
      recurrentDropout: 0.5,
      seed: 3,
      useBias: false,
      activation: 'linear',
      kernelInitializer: 'identity',
      recurrentInitializer: 'zeros',
      returnSequences: true,
      inputShape: [2, 50],
    })
    const [[one, two]] = layer.forward(ones([1, 2, 50])).arraySync() as number[][][]
    expect(one).toEqual(two)
    expect(new Set(one)).toEqual(new Set([0, 2]))
    layer.eval()
    const plain = layer.forward(ones([1, 2, 50])).dataSync()
    expect([...plain].every(v => v === 1)).toBe(true)
  })

  it('start the forget gate at 1', () => {
    const bias = lstm({ units: 2, inputShape: [1, 1] }).bias!.dataSync()
    expect([...bias]).toEqual([0, 0, 1, 1, 0, 0, 0, 0])
    const plain = lstm({ units: 2, unitForgetBias: false, inputShape: [1, 1] }).bias!.dataSync()
    expect([...plain].every(v => v === 0)).toBe(true)
  })

  it('go on from given states', () => {
    const layer = lstm({ units: 3, inputShape: [4, 2], returnSequences: true })
    const x = random.normal([2, 4, 2])
    const whole = layer.forward(x).slice(null, [2]).dataSync()
    const { states } = layer.sequence(x.slice(null, [0, 2]))
    const rest = layer.sequence(x.slice(null, [2]), { initialState: states }).outputs.dataSync()
    rest.forEach((v, i) => {
      expect(v).toBeCloseTo(whole[i] as number, 6)
    })
  })
})

describe('both directions', () => {
  it('meet at each step, or at the end of each', () => {
    const make = (returnSequences: boolean) =>
      lstm({ units: 2, returnSequences, kernelInitializer: 'ones', recurrentInitializer: 'zeros' })
    const x = tensor([[[1], [2], [3]]])
    const each = bidirectional({ layer: make(true) })
      .forward(x)
      .arraySync() as number[][][]
    expect(each[0].map(row => row.length)).toEqual([4, 4, 4])
    expect(each[0][0].slice(0, 2)).not.toEqual(each[0][0].slice(2))
    const [ends] = bidirectional({ layer: make(false) })
      .forward(x)
      .arraySync() as number[][]
    expect(ends).toEqual([...each[0][2].slice(0, 2), ...each[0][0].slice(2)])
    const both = bidirectional({ layer: make(false), mergeMode: 'none' }).forward(x)
    expect(both.arraySync()).toEqual([
      [
        [ends[0], ends[2]],
        [ends[1], ends[3]],
      ],
    ]) // prettier-ignore
  })

  it('are refused where they are the same, or return different things', () => {
    const layer = gru({ units: 2 })
    expect(() => bidirectional({ layer, backwardLayer: gru({ units: 2 }) })).toThrow(/opposite/)
    const other = gru({ units: 2, goBackwards: true, returnSequences: true })
    expect(() => bidirectional({ layer, backwardLayer: other })).toThrow(/returnSequences/)
    expect(() => bidirectional({ layer: timeDistributed({ layer }) as never })).toThrow(/recurrent/)
  })
})
