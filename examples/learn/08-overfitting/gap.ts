// A large net on few points: what it loses on them, and on fresh ones, epoch by epoch.

import * as Plot from '@observablehq/plot'
import { layers, optim, random, sequential } from 'athanor'
import { noisyMoons } from '../noisy-moons.js'
import { colours, namedLines, picture } from '../picture.js'

const known = await noisyMoons(60, 15)
const fresh = await noisyMoons(2000, 12)

random.seed(0)
const net = sequential([
  layers.dense({ units: 64, activation: 'relu', inputShape: [2] }),
  layers.dense({ units: 64, activation: 'relu' }),
  layers.dense({ units: 1, activation: 'sigmoid' }),
])
const optimizer = optim.adam({ learningRate: 0.01 })
net.compile({ optimizer, loss: 'binaryCrossentropy', metrics: ['accuracy'] })
console.log(`parameters: ${net.parameters().reduce((sum, p) => sum + p.size, 0)}`)

const curves: { name: string; x: number; y: number }[] = []
const measure = async (epoch: number) => {
  for (const [name, part] of Object.entries({ training: known, test: fresh })) {
    const { loss, accuracy } = await net.evaluate(...part, { batchSize: 2000 })
    curves.push({ name, x: epoch + 1, y: loss })
    if ([20, 40, 400].includes(epoch + 1)) {
      const right = (100 * accuracy).toFixed(0)
      console.log(`${epoch + 1} epochs, ${name}: loss ${loss.toFixed(2)}, ${right} % right`)
    }
  }
}
await net.fit(...known, { epochs: 400, batchSize: 60, verbose: 0, callbacks: [measure] })

const tests = curves.filter(c => c.name === 'test')
const lowest = tests.reduce((a, b) => (b.y < a.y ? b : a))
const [below, above] = curves.filter(c => c.x === 340)
const dark = { fill: '#1c1917', textAnchor: 'start', dx: 8 } as const
picture('08-gap', {
  ...{ marginRight: 80, x: { label: 'epochs', domain: [0, 400] } },
  y: { label: 'loss', grid: true, domain: [0, 1.2] },
  color: { range: colours, domain: ['test', 'training'] },
  marks: [
    namedLines(curves),
    Plot.link([340], { x: 340, y1: below.y + 0.03, y2: above.y - 0.04, marker: 'arrow' }),
    Plot.text(['gap'], { x: [340], y: [0.5], ...dark }),
    Plot.dot([lowest], { x: 'x', y: 'y', r: 5, fill: colours[0] }),
    Plot.text(['lowest test loss'], { x: [lowest.x], y: [lowest.y - 0.02], ...dark }),
  ],
})
