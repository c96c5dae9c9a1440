// The line that fits best, by a formula.

import * as Plot from '@observablehq/plot'
import { LinearRegression } from 'athanor/classic'
import { colours, picture } from '../picture.js'
import { mean, pointsOf } from '../rows.js'

const points = await pointsOf('penguins.csv', 'flipper_length_mm', 'body_mass_g')

// slope = Σ (x − x̄)(y − ȳ) / Σ (x − x̄)²; the line goes through the middle of all points.
const middle = { x: mean(points.map(p => p.x)), y: mean(points.map(p => p.y)) }
const together = mean(points.map(p => (p.x - middle.x) * (p.y - middle.y)))
const slope = together / mean(points.map(p => (p.x - middle.x) ** 2))
const intercept = middle.y - slope * middle.x
const line = (x: number) => slope * x + intercept
const meanSquare = mean(points.map(p => (p.y - line(p.x)) ** 2))

const model = await new LinearRegression().fit(
  points.map(p => [p.x]),
  points.map(p => p.y),
)

console.log('penguins:', points.length)
console.log('slope:', slope.toFixed(2))
console.log('intercept:', intercept.toFixed(0))
console.log('slope by LinearRegression:', model.coef[0].toFixed(2))
console.log('mean squared error:', meanSquare.toFixed(0))
console.log('its root:', Math.sqrt(meanSquare).toFixed(0))
console.log('a penguin of 200 mm weighs about:', line(200).toFixed(0))

const ends = [172, 232].map(x => ({ x, y: line(x) }))
picture('02-closed-form', {
  x: { label: 'flipper, mm' },
  y: { label: 'body mass, g', grid: true },
  marks: [
    Plot.link(points, { x1: 'x', y1: 'y', x2: 'x', y2: p => line(p.x), strokeOpacity: 0.2 }),
    Plot.dot(points, { x: 'x', y: 'y', fill: colours[1], r: 2.5 }),
    Plot.line(ends, { x: 'x', y: 'y', stroke: colours[0], strokeWidth: 2.5 }),
  ],
})
