// Slices that are the beginning of a result are read where it lies: whatever is done with them gives what a
// copy would have given.

import { describe, expect, it } from 'vitest'
import { loadableExecutors } from '../execute/loadable.js'
import { useExecutor } from './engine.js'
import { compile, ones, type Tensor, tensor, variable } from './index.js'

describe.each(loadableExecutors())('beginnings of results on $name $isa', executor => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
    [1, 0, 2],
  ]) // prettier-ignore
  const sums = [
    [1, 3, 6],
    [4, 9, 15],
    [7, 15, 24],
    [1, 1, 3],
  ] // prettier-ignore

  it('one out of another, many times', () => {
    useExecutor(executor)
    const shrink = compile((v: Tensor) => {
      let rest = v.cumsum({ axis: 0 })
      for (let n = 59; n > 0; n--) rest = rest.slice([0, n])
      return rest
    })
    expect(shrink(ones([60])).arraySync()).toEqual([1])
  })

  it('as results, beside the whole and inside other operations', () => {
    useExecutor(executor)
    const state = variable([
      [0, 0, 0],
      [0, 0, 0],
    ]) // prettier-ignore
    const run = compile((v: Tensor) => {
      const whole = v.cumsum({ axis: 1 })
      const two = whole.slice([0, 2])
      const one = whole.slice([0, 1], [0, 2])
      state.assign(two)
      return {
        two,
        one,
        twice: two.mul(2),
        spread: one.reshape([2, 1]).broadcastTo([2, 3]),
        product: two.matmul(ones([3, 1])),
        total: two.sum(),
        reversed: two.slice([null, null, -1]),
        whole,
        none: whole.slice([0, 0]),
      }
    })
    const out = run(x)
    expect(out.two.arraySync()).toEqual(sums.slice(0, 2))
    expect(out.one.arraySync()).toEqual([[1, 3]])
    expect(out.twice.arraySync()).toEqual(sums.slice(0, 2).map(row => row.map(v => 2 * v)))
    expect(out.spread.arraySync()).toEqual([
      [1, 1, 1],
      [3, 3, 3],
    ]) // prettier-ignore
    expect(out.product.arraySync()).toEqual([[10], [28]])
    expect(out.total.dataSync()[0]).toBe(38)
    expect(out.reversed.arraySync()).toEqual([sums[1], sums[0]])
    expect(out.whole.arraySync()).toEqual(sums)
    expect(out.none.shape).toEqual([0, 3])
    expect(state.arraySync()).toEqual(sums.slice(0, 2))
  })

  it('of values that are not results of a kernel are copied', () => {
    useExecutor(executor)
    const state = variable([1, 2, 3, 4])
    const run = compile((v: Tensor) => {
      const old = state.slice([0, 2])
      state.assign(state.mul(2))
      return [old, v.slice([0, 1]), ones([4]).slice([0, 3])]
    })
    const [old, first, constant] = run(x)
    expect(old.arraySync()).toEqual([1, 2])
    expect(state.arraySync()).toEqual([2, 4, 6, 8])
    expect(first.arraySync()).toEqual([[1, 2, 3]])
    expect(constant.arraySync()).toEqual([1, 1, 1])
  })
})
