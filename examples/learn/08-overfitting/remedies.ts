// Six remedies against overfitting, each alone: twenty nets for each, and the means of their scores.

import * as Plot from '@observablehq/plot'
import { earlyStopping, layers, optim, random, regularizers, sequential } from 'athanor'
import { noisyMoons } from '../noisy-moons.js'
import { colours, halo, picture } from '../picture.js'
import { mean } from '../rows.js'

const plain = { count: 60, shake: 0, units: 64, l2: 0, rate: 0, patience: 0 }
const remedies: Record<string, Partial<typeof plain>> = {
  nothing: {},
  'more data': { count: 600 },
  augmentation: { shake: 0.2 },
  'smaller net': { units: 4 },
  L2: { l2: 0.003 },
  dropout: { rate: 0.5 },
  // The other 20 points are for validation.
  'early stopping': { count: 40, patience: 50 },
}
const fresh = await noisyMoons(2000, 12)

async function scoresWith(remedy: Partial<typeof plain>, seed: number) {
  const { count, shake, units, l2, rate, patience } = { ...plain, ...remedy }
  const known = await noisyMoons(count, seed)
  const validationData = await noisyMoons(20, seed + 1000)
  const stop = patience > 0 && { validationData, callbacks: [earlyStopping({ patience })] }
  random.seed(seed)
  const optimizer = optim.adam({ learningRate: 0.01 })
  const hidden = { units, activation: 'relu', kernelRegularizer: regularizers.l2(l2) } as const
  const net = sequential([
    layers.gaussianNoise({ stddev: shake, inputShape: [2] }),
    ...[layers.dense(hidden), layers.dropout({ rate })],
    ...[layers.dense(hidden), layers.dropout({ rate })],
    layers.dense({ ...hidden, units: 1, activation: 'sigmoid' }),
  ]).compile({ optimizer, loss: 'binaryCrossentropy', metrics: ['accuracy'] })
  await net.fit(...known, { epochs: 400, batchSize: count, verbose: 0, ...stop })
  return { training: await net.evaluate(...known), test: await net.evaluate(...fresh) }
}

const dots: { name: string; part: string; x: number }[] = []
for (const [name, remedy] of Object.entries(remedies)) {
  const nets = []
  for (let seed = 101; seed <= 120; seed++) nets.push(await scoresWith(remedy, seed))
  const training = 100 * mean(nets.map(scores => scores.training.accuracy))
  const test = 100 * mean(nets.map(scores => scores.test.accuracy))
  dots.push({ name, part: 'test', x: test }, { name, part: 'training', x: training })
  console.log(`${name}: training ${training.toFixed(1)} %, test ${test.toFixed(1)} %`)
}

const at = { x: 'x', y: 'name', fill: 'part' }
picture('08-remedies', {
  ...{ marginLeft: 110, x: { label: 'right answers, %', domain: [80, 100] } },
  ...{ color: { range: colours }, y: { label: null, domain: Object.keys(remedies) } },
  marks: [
    Plot.ruleX([dots[0]], { x: 'x', stroke: colours[0], strokeDasharray: '3 4' }),
    Plot.line(dots, { x: 'x', y: 'name', z: 'name', strokeWidth: 3, stroke: '#d6d3d1' }),
    Plot.dot(dots, { ...at, r: 6 }),
    Plot.text(dots.slice(0, 2), { ...at, text: 'part', ...halo, dy: -18 }),
  ],
})
