import { describe, expect, it } from 'vitest'
import { ReferenceExecutor } from '../execute/reference.js'
import { useExecutor } from '../tensor/engine.js'
import { ones, random, type Tensor, variable } from '../tensor/index.js'
import { buffer } from './buffer.js'
import * as layers from './layers.js'
import { Module } from './module.js'
import { Sequential } from './sequential.js'

useExecutor(new ReferenceExecutor())

class Block extends Module {
  linear = layers.dense({ units: 3, inputShape: [3] })
  scale = variable([1, 1, 1])
  seen = buffer([0])
  forward(x: Tensor) {
    return this.linear.forward(x).mul(this.scale)
  }
}

class Net extends Module {
  readonly shared = layers.dense({ units: 3, inputShape: [3] })
  hidden = [this.shared, layers.dense({ units: 3, inputShape: [3], useBias: false })]
  byName = new Map([['a', new Block()]])
  options = { rate: 1, block: new Block(), values: new Float32Array(10) }
  optional: Module | null = null
  forward(x: Tensor) {
    let y = x
    for (const layer of this.hidden) y = layer.forward(y)
    return this.options.block.forward(this.byName.get('a')!.forward(y))
  }
}

describe('Module', () => {
  it('finds parameters in properties, arrays, Maps and objects, each once, in order', () => {
    const net = new Net()
    expect(net.namedParameters().map(([name]) => name)).toEqual([
      'shared.kernel',
      'shared.bias',
      'hidden.1.kernel',
      'byName.a.linear.kernel',
      'byName.a.linear.bias',
      'byName.a.scale',
      'options.block.linear.kernel',
      'options.block.linear.bias',
      'options.block.scale',
    ])
    expect(net.namedBuffers().map(([name]) => name)).toEqual([
      'byName.a.seen',
      'options.block.seen',
    ])
    expect(net.modules()).toHaveLength(7)
  })

  it('saves and loads its state', () => {
    const [a, b] = [new Net(), new Net()]
    const state = a.stateDict()
    expect(Object.keys(state)).toHaveLength(11)
    b.loadStateDict(state)
    const x = random.normal([2, 3])
    expect(b.forward(x).dataSync()).toEqual(a.forward(x).dataSync())
    const { 'shared.bias': bias, ...rest } = state
    const kept = b.stateDict()['shared.bias'].dataSync()
    expect(() => b.loadStateDict(rest)).toThrow(/without shared.bias/)
    expect(() => b.loadStateDict({ ...state, more: [1] })).toThrow(/unknown more/)
    expect(() => b.loadStateDict({ ...state, 'shared.bias': [1, 2] })).toThrow(
      /shared.bias.*\[3\].*\[2\]/,
    )
    expect(b.stateDict()['shared.bias'].dataSync()).toEqual(kept)
    b.loadStateDict({ 'shared.bias': bias.add(1), more: [1] }, { strict: false })
    expect(b.stateDict()['shared.bias'].dataSync()).toEqual(bias.add(1).dataSync())
  })

  it('changes mode and freezes below', () => {
    const net = new Net()
    expect(net.modules().every(m => m.training)).toBe(true)
    net.eval()
    expect(net.modules().some(m => m.training)).toBe(false)
    net.train().freeze()
    expect(net.parameters().some(p => p.trainable)).toBe(false)
    net.unfreeze()
    expect(net.parameters().every(p => p.trainable)).toBe(true)
    expect(net.buffers().some(b => b.trainable)).toBe(false)
  })

  it('names the layer in errors of operations', () => {
    const net = new Net()
    net.hidden.push(layers.lambda({ function: x => x.add(ones([7])) }) as never)
    expect(() => net.forward(ones([2, 3]))).toThrow(/^In layer hidden\/2: /)
    const wide = new Sequential([
      layers.dense({ units: 2 }),
      layers.lambda({ function: x => x.add(ones([7])), name: 'bad' }),
    ])
    expect(() => wide.forward(ones([2, 3]))).toThrow(/^In layer bad: /)
  })

  it('calls super.forward and arrow functions as they are', () => {
    class Twice extends Block {
      override forward(x: Tensor) {
        return super.forward(super.forward(x))
      }
    }
    const twice = new Twice()
    expect(twice.forward(ones([1, 3])).shape).toEqual([1, 3])
    expect(Object.hasOwn(twice, 'forward')).toBe(false)
  })

  it('keeps results readable after a step', async () => {
    const { sgd } = await import('../optim/index.js')
    const block = new Block()
    const optimizer = sgd(block.parameters())
    const y = block.forward(ones([2, 3]))
    y.sum().backward()
    optimizer.step()
    expect(y.dataSync()).toHaveLength(6)
  })
})
