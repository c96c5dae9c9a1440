import { describe, expect, test } from 'vitest'
import { compile, ones, random, type Tensor, tensor } from '../../tensor/index.js'
import * as layers from '../layers.js'
import { Sequential } from '../sequential.js'
import { recordAttention } from './record-attention.js'

const tokens = tensor([[1, 2, 3, 0]], { dtype: 'int32' })
const net = new Sequential([
  layers.embedding({ inputDim: 4, outputDim: 4, maskZero: true }),
  layers.transformerEncoder({ intermediateDim: 8, numHeads: 2, name: 'first' }),
  layers.transformerDecoder({ intermediateDim: 8, numHeads: 1, name: 'second' }),
])

describe('recordAttention', () => {
  test('keeps the weights of every layer within, in order', () => {
    const { result, attention } = recordAttention(() => net.forward(tokens))
    expect(result.shape).toEqual([1, 4, 4])
    expect(attention.map(({ layer }) => layer)).toEqual([
      'first_self_attention',
      'second_self_attention',
    ])
    const [of, causal] = attention.map(({ scores }) => scores)
    expect([of.shape, causal.shape]).toEqual([
      [1, 2, 4, 4],
      [1, 1, 4, 4],
    ])
    for (const scores of [of, causal])
      for (const sum of scores.sum({ axis: -1 }).dataSync()) expect(sum).toBeCloseTo(1, 5)
    // Padding is attended to by none; what comes later by none of the causal layer.
    expect([...of.slice(null, null, null, 3).dataSync()]).toEqual(new Array(8).fill(0))
    const rows = causal.arraySync() as number[][][][]
    rows[0][0].forEach((row, i) => {
      expect(row.slice(i + 1)).toEqual(row.slice(i + 1).fill(0))
    })
  })

  test('gives what the layer itself gives, from within a compiled function too', () => {
    const attention = layers.multiHeadAttention({ numHeads: 2, keyDim: 3 })
    const x = random.normal([2, 3, 4])
    const expected = attention.attend(x).scores.dataSync()
    const compiled = compile(
      (a: Tensor) => recordAttention(() => attention.forward(a)).attention[0].scores,
    )
    for (let i = 0; i < 2; i++)
      compiled(x)
        .dataSync()
        .forEach((value, at) => {
          expect(value).toBeCloseTo(expected[at], 6)
        })
  })

  test('ends with the function; an inner one is seen by the outer one', () => {
    const attention = layers.multiHeadAttention({ numHeads: 1, keyDim: 2 })
    const x = ones([1, 2, 2])
    const outer = recordAttention(() => {
      attention.forward(x)
      return recordAttention(() => attention.forward(x)).attention.length
    })
    attention.forward(x)
    expect([outer.result, outer.attention.length]).toEqual([1, 2])
    expect(() =>
      recordAttention(() => {
        throw new Error('within')
      }),
    ).toThrow('within')
    expect(recordAttention(() => 1)).toEqual({ result: 1, attention: [] })
  })

  test('takes nothing from a compiled function that is called in it, traced or not', () => {
    const attention = layers.multiHeadAttention({ numHeads: 1, keyDim: 2 })
    const compiled = compile((a: Tensor) => attention.forward(a))
    const within = compile((a: Tensor) => recordAttention(() => attention.forward(a)).result)
    for (const called of [compiled, compiled, within])
      expect(recordAttention(() => called(ones([1, 2, 2]))).attention).toEqual([])
  })

  test('refuses what would come too late', () => {
    expect(() => recordAttention(async () => net.forward(tokens))).toThrow(
      /returns its result at once.*forward instead of predict/s,
    )
  })
})
