// Shallow and deep nets, without and with connections that skip two layers.

import * as Plot from '@observablehq/plot'
import { input, layers, model, optim, random, type SymbolicTensor } from 'athanor'
import { classes, clothes } from '../clothes.js'
import { colours, picture } from '../picture.js'

const { pictures, labels } = await clothes((row, part) => part === 'train' && row < 1000)

/** A convolution with 8 filters; each channel of what comes out is scaled. */
function convolved(x: SymbolicTensor) {
  const options = { filters: 8, kernelSize: 3, padding: 'same', useBias: false } as const
  const map = layers.conv2d({ ...options, kernelInitializer: 'heNormal' }).apply(x)
  return layers.batchNormalization().apply(map)
}
const relu = (x: SymbolicTensor) => layers.relu().apply(x)

function build(blocks: number, hasSkips: boolean) {
  const inputs = input({ shape: [28, 28, 1] })
  // 14 × 14 are enough here, and four times as fast.
  let x = relu(convolved(layers.averagePooling2d({ poolSize: 2 }).apply(inputs)))
  for (let block = 0; block < blocks; block++) {
    const change = convolved(relu(convolved(x)))
    x = relu(hasSkips ? layers.add().apply([x, change]) : change)
  }
  const pooled = layers.globalAveragePooling2d().apply(x)
  const answer = layers.dense({ units: classes.length, activation: 'softmax' })
  return model({ inputs, outputs: answer.apply(pooled) })
}

const lines: { kind: string; depth: string; epoch: number; loss: number }[] = []
for (const kind of ['plain', 'with skips'])
  for (const blocks of [3, 15]) {
    random.seed(0)
    const net = build(blocks, kind === 'with skips')
    const depth = `${2 * blocks + 2} layers`
    const optimizer = optim.adam({ learningRate: 0.001 })
    net.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' })
    const { history } = await net.fit(pictures, labels, { epochs: 8, batchSize: 50, verbose: 0 })
    const losses = history.loss.map((loss, i) => ({ kind, depth, epoch: i + 1, loss }))
    console.log(`${kind}, ${depth}, loss at last: ${losses[7].loss.toFixed(1)}`)
    lines.push(...losses)
  }

const at = { x: 'epoch', y: 'loss', fx: 'kind', z: 'depth' } as const
const named = { ...at, text: 'depth', fill: 'depth', fontSize: 13 } as const
const fifth = lines.filter(({ epoch }) => epoch === 5)
const [above, below] = [fifth.slice(1, 3), [fifth[0], fifth[3]]]
picture('09-resnet', {
  fx: { label: null },
  y: { label: 'loss on training pictures', grid: true },
  color: { range: colours },
  marks: [
    Plot.line(lines, { ...at, stroke: 'depth', strokeWidth: 2 }),
    Plot.text(above, { ...named, textAnchor: 'start', dx: 4, dy: -10 }),
    Plot.text(below, { ...named, textAnchor: 'end', dx: -4, dy: 10 }),
  ],
})
