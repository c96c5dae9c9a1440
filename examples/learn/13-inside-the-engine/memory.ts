// How the calls of a training step share memory, and what it would take if they didn't.

import * as Plot from '@observablehq/plot'
import { compile, layers, optim, random, sequential, type Tensor } from 'athanor'
import { arraysOf, explained, isComputed, type StoredArray } from '../graph.js'
import { colours, halo, picture } from '../picture.js'

/** What the engine tells of a net with so many layers before its last, answering and training. */
async function netOf(depth: number) {
  const before = Array.from({ length: depth }, (_, i) =>
    layers.dense({ units: 64, activation: 'relu', ...(i === 0 ? { inputShape: [64] } : {}) }),
  )
  const net = sequential([...before, layers.dense({ units: 10 })])
  net.compile({ optimizer: optim.sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' })
  const [x, y] = [random.normal([256, 64]), random.normal([256, 10])]
  const answer = compile((x: Tensor) => net.forward(x))
  return { answering: explained(answer.explain(x)), training: explained(await net.explain(x, y)) }
}

for (const depth of [4, 8, 16])
  for (const [what, { nodes, calls, arena }] of Object.entries(await netOf(depth))) {
    const operations = nodes.filter(isComputed)
    const apart = operations.reduce((sum, { bytes }) => sum + bytes, 0) / 1024
    console.log(`${depth} layers, ${what}: ${operations.length} operations, ${calls.length} calls`)
    console.log(
      `${depth} layers, ${what}: each for itself ${apart.toFixed(0)} KiB, shared ${arena}`,
    )
  }

const arrays = arraysOf((await netOf(8)).training.calls)
const kinds = ['gradients of layers', 'answers of layers', 'gradients of weights']
const kindOf = ({ from, low, high }: StoredArray) => kinds[from <= 8 ? 1 : high - low > 32 ? 0 : 2]
const word = (i: number, x: number, y: number) =>
  Plot.text([kinds[i]], { x: [x], y: [y], fill: colours[i], ...halo })
const ticks = Array.from({ length: 6 }, (_, i) => 128 * i)
picture('13-memory', {
  ...{ width: 700, height: 400, color: { domain: kinds, range: colours } },
  x: { label: 'kernel calls' },
  y: { label: 'place in memory, KiB', grid: true, ticks, domain: [0, 660] },
  marks: [
    Plot.rect(arrays, {
      x1: 'from',
      x2: 'to',
      y1: 'low',
      y2: 'high',
      fill: kindOf,
      stroke: 'white',
    }),
    word(0, 22, 632),
    word(1, 52, 200),
    word(2, 64, 632),
  ],
})
