// Compiled functions over modules and optimizers: what may change between runs is noticed.

import { describe, expect, it } from 'vitest'
import type { AthanorError } from '../base/errors.js'
import * as layers from '../nn/layers.js'
import * as losses from '../nn/losses/index.js'
import { Sequential } from '../nn/sequential.js'
import * as optim from '../optim/index.js'
import { compile, ones, random, type Tensor, tensor } from '../tensor/index.js'

describe('a compiled function', () => {
  it('follows train() and eval()', () => {
    const net = new Sequential([layers.dropout({ rate: 0.5, inputShape: [101] })])
    const run = compile((x: Tensor) => net.forward(x).sum())
    const x = ones([1, 101])
    const before = run(x).itemSync()
    net.eval()
    // Dropping scales what is kept by 2: an even sum.
    expect(run(x).itemSync()).toBe(101)
    net.train()
    expect(before % 2).toBe(0)
    expect(run(x).itemSync() % 2).toBe(0)
  })

  it('builds layers of every kind while it is traced', () => {
    const net = new Sequential([
      layers.lstm({ units: 2, kernelInitializer: shape => random.normal(shape) }),
      layers.dense({ units: 1 }),
    ])
    const run = compile((x: Tensor) => net.forward(x))
    expect(run(ones([3, 4, 2])).dataSync()).toEqual(net.forward(ones([3, 4, 2])).dataSync())
  })

  it('follows random.seed()', () => {
    const draw = compile(() => random.uniform([4]))
    random.seed(3)
    const first = draw().dataSync()
    expect(draw().dataSync()).not.toEqual(first)
    random.seed(3)
    expect(draw().dataSync()).toEqual(first)
  })

  it('follows freeze(), and counts no step that was withheld', () => {
    const net = new Sequential([
      layers.dense({ units: 2, inputShape: [2] }),
      layers.dense({ units: 1 }),
    ])
    const optimizer = optim.adam(net.parameters(), { learningRate: 0.1 })
    const step = compile((x: Tensor, y: Tensor) => {
      const loss = losses.meanSquaredError(y, net.forward(x))
      loss.backward()
      optimizer.step()
      return loss
    })
    const x = tensor([[1, 2]])
    const y = tensor([[3]])
    step(x, y)
    const [first, second] = net.layers
    first.freeze()
    const kept = first.parameters()[0].dataSync()
    const moved = second.parameters()[0].dataSync()
    step(x, y)
    expect(first.parameters()[0].dataSync()).toEqual(kept)
    expect(second.parameters()[0].dataSync()).not.toEqual(moved)
    expect(optimizer.iterations).toBe(2)
    let code = ''
    try {
      step(tensor([[Number.NaN, 0]]), y)
    } catch (error) {
      code = (error as AthanorError).code
    }
    expect(code).toBe('NOT_FINITE')
    expect(optimizer.iterations).toBe(2)
  })
})
