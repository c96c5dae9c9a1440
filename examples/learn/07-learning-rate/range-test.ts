// One short run at rates that grow from step to step, and long runs to see whether it was right.

import * as Plot from '@observablehq/plot'
import { findLearningRate, layers, optim, random, sequential } from 'athanor'
import { moons } from '../moons.js'
import { colours, picture } from '../picture.js'

const { points, kinds } = await moons(400, 0.15, 1)
const targets = kinds.map(kind => [kind])
const batchSize = 40

function netWith(learningRate: number) {
  random.seed(0)
  const net = sequential([
    layers.dense({ units: 16, activation: 'relu', inputShape: [2] }),
    layers.dense({ units: 16, activation: 'relu' }),
    layers.dense({ units: 1, activation: 'sigmoid' }),
  ])
  return net.compile({ optimizer: optim.sgd({ learningRate }), loss: 'binaryCrossentropy' })
}

const options = { minLearningRate: 0.001, maxLearningRate: 100, steps: 100, batchSize }
const range = await findLearningRate(netWith(0.01), [points, targets], options)
const suggestion = range.suggestion ?? 0
const lowest = range.smoothedLosses.indexOf(Math.min(...range.smoothedLosses))
console.log(`lowest smoothed loss at rate: ${range.learningRates[lowest].toFixed(2)}`)
console.log(`steepest at rate: ${range.steepest?.toFixed(2)}`)
console.log(`suggestion: ${suggestion.toFixed(2)}`)

const runs: { x: number; y: number }[] = []
for (const rate of [0.001, 0.003, 0.01, 0.03, 0.1, suggestion, 0.5, 1, 2, 10, 30]) {
  const net = netWith(rate)
  await net.fit(points, targets, { epochs: 60, batchSize, verbose: 0 })
  const { loss } = await net.evaluate(points, targets)
  runs.push({ x: rate, y: loss })
  console.log(`60 epochs at ${Number(rate.toFixed(3))}: loss ${loss.toFixed(2)}`)
}

const atRates = (losses: readonly number[]) =>
  losses.map((y, i) => ({ x: range.learningRates[i], y }))
const at = { x: 'x', y: 'y' }
const words = (x: number, y: number, text: string, fill: string) =>
  Plot.text([text], { x: [x], y: [y], fill, textAnchor: 'start', dx: 6 })
const log = { type: 'log', tickFormat: String } as const
picture('07-range-test', {
  ...{ width: 680, height: 420, marginRight: 30 },
  x: { label: 'learning rate', ticks: [0.001, 0.01, 0.1, 1, 10], ...log },
  y: { label: 'loss', domain: [0.02, 10], ticks: [0.03, 0.1, 0.3, 1, 3, 10], grid: true, ...log },
  marks: [
    Plot.ruleX([suggestion], { stroke: colours[2], strokeWidth: 1.5 }),
    Plot.line(atRates(range.losses), { ...at, stroke: '#d6d3d1' }),
    Plot.line(atRates(range.smoothedLosses), { ...at, stroke: colours[1], strokeWidth: 2.5 }),
    Plot.line(runs, { ...at, stroke: colours[0], strokeDasharray: '3 4' }),
    Plot.dot(runs, { ...at, fill: colours[0], r: 4 }),
    words(suggestion, 8, `suggestion, ${suggestion.toFixed(2)}`, colours[2]),
    words(0.001, 0.95, 'range test, smoothed', colours[1]),
    words(0.001, 0.22, 'after 60 epochs at one rate', colours[0]),
    words(1.2, 5, 'each batch', '#78716c'),
  ],
})
