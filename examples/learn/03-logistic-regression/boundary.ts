// Two features: where the answer changes.

import * as Plot from '@observablehq/plot'
import { LogisticRegression } from 'athanor/classic'
import { colours, picture } from '../picture.js'
import { rowsOf } from '../rows.js'

const penguins = (await rowsOf('penguins.csv')).filter(
  row => row.body_mass_g !== null && row.species !== 'Gentoo',
)
const points = penguins.map(row => [Number(row.beak_length_mm), Number(row.beak_depth_mm)])
const species = penguins.map(row => String(row.species))

const model = await new LogisticRegression({ C: 10, maxIter: 1000 }).fit(points, species)
const [w1, w2] = model.coef
const b = model.intercept[0]
const z = (x: number, y: number) => w1 * x + w2 * y + b
const probability = (x: number, y: number) => 1 / (1 + Math.exp(-z(x, y)))

console.log(`z = ${w1.toFixed(2)} · length ${w2.toFixed(2)} · depth ${b.toFixed(1)}`)
console.log(`a beak of 45 × 18 mm: Chinstrap by ${probability(45, 18).toFixed(2)}`)
console.log(`right answers: ${(100 * (await model.score(points, species))).toFixed(1)} %`)

const shown = points.map(([x, y], i) => ({ x, y, species: species[i] }))
const regions = { fill: probability, x1: 31, x2: 59, y1: 15, y2: 22, fillOpacity: 1 }
const names = [
  { x: 36, y: 21.6, text: 'Adelie' },
  { x: 55, y: 15.5, text: 'Chinstrap' },
]
picture('03-boundary', {
  x: { label: 'length of the beak, mm', domain: [31, 59] },
  y: { label: 'depth of the beak, mm', domain: [15, 22] },
  color: { type: 'linear', domain: [0, 0.3, 0.95], range: ['#f0a983', 'white', '#8fc1e0'] },
  marks: [
    Plot.contour({ ...regions, thresholds: [0, 0.01, 0.1, 0.5, 0.9, 0.99], stroke: 'white' }),
    Plot.contour({
      ...regions,
      fill: null,
      stroke: '#1c1917',
      thresholds: [0.5],
      value: probability,
    }),
    Plot.dot(shown, {
      x: 'x',
      y: 'y',
      r: 3,
      fill: d => colours[d.species === 'Adelie' ? 0 : 1],
      stroke: 'white',
    }),
    Plot.text(names, { x: 'x', y: 'y', text: 'text', fontSize: 14, fontWeight: 'bold' }),
  ],
})
