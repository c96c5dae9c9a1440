// One net from one start, at five learning rates.

import * as Plot from '@observablehq/plot'
import { layers, optim, random, sequential } from 'athanor'
import { moons } from '../moons.js'
import { colours, picture } from '../picture.js'

// The moons and the net of chapter 4.
const { points, kinds } = await moons(400, 0.15, 1)
const targets = kinds.map(kind => [kind])
const epochs = 60
const batchSize = 40
const decaySteps = epochs * (points.length / batchSize)
const schedule = optim.schedules.cosine({ initialLearningRate: 1, decaySteps })

const optimizers = {
  'too small, 0.01': optim.sgd({ learningRate: 0.01 }),
  'right, 0.5': optim.sgd({ learningRate: 0.5 }),
  'too large, 30': optim.sgd({ learningRate: 30 }),
  'decayed from 1': optim.sgd({ learningRate: schedule }),
  'Adam, 0.01': optim.adam({ learningRate: 0.01 }),
}

const curves: { name: string; x: number; y: number }[] = []
for (const [name, optimizer] of Object.entries(optimizers)) {
  random.seed(0)
  const net = sequential([
    layers.dense({ units: 16, activation: 'relu', inputShape: [2] }),
    layers.dense({ units: 16, activation: 'relu' }),
    layers.dense({ units: 1, activation: 'sigmoid' }),
  ])
  net.compile({ optimizer, loss: 'binaryCrossentropy' })
  const losses: number[] = []
  const measure = async () => {
    losses.push((await net.evaluate(points, targets)).loss)
  }
  await measure()
  await net.fit(points, targets, { epochs, batchSize, verbose: 0, callbacks: [measure] })
  curves.push(...losses.map((y, x) => ({ name, x, y })))
  console.log(`${name}, loss after 10 epochs: ${losses[10].toFixed(2)}`)
  console.log(`${name}, highest of the last 20: ${Math.max(...losses.slice(-20)).toFixed(2)}`)
}

// Some names would touch each other: they are written a little higher or lower.
const moved: Record<string, number> = { 'right, 0.5': 1.08, 'Adam, 0.01': 0.87 }
const ends = curves.filter(p => p.x === epochs).map(p => ({ ...p, y: p.y * (moved[p.name] ?? 1) }))
const ticks = [0.03, 0.1, 0.3, 1, 3, 10]
picture('07-rates', {
  ...{ width: 680, height: 420, marginRight: 110, x: { label: 'epochs' } },
  y: { label: 'loss', type: 'log', domain: [0.018, 10], ticks, tickFormat: String, grid: true },
  color: { range: colours, domain: Object.keys(optimizers) },
  marks: [
    Plot.line(curves, { x: 'x', y: 'y', stroke: 'name', strokeWidth: 2 }),
    Plot.text(ends, { x: 'x', y: 'y', fill: 'name', text: 'name', textAnchor: 'start', dx: 5 }),
  ],
})
