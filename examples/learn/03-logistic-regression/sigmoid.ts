// From any number to a probability.

import * as Plot from '@observablehq/plot'
import { LogisticRegression } from 'athanor/classic'
import { colours, picture } from '../picture.js'
import { rowsOf } from '../rows.js'

const penguins = (await rowsOf('penguins.csv')).filter(row => row.flipper_length_mm !== null)
const lengths = penguins.map(row => Number(row.flipper_length_mm))
const isGentoo = penguins.map(row => (row.species === 'Gentoo' ? 1 : 0))

const model = await new LogisticRegression().fit(
  lengths.map(x => [x]),
  isGentoo,
)
const w = model.coef[0]
const b = model.intercept[0]
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))
const probability = (x: number) => sigmoid(w * x + b)

console.log(`w ${w.toFixed(3)}, b ${b.toFixed(1)}`)
console.log(`even chances at ${(-b / w).toFixed(1)} mm`)
for (const x of [195, 205, 210, 220])
  console.log(`${x} mm: a Gentoo by ${probability(x).toFixed(3)}`)
const [, given] = await model.predictProba([[210]])
console.log(`210 mm by predictProba: ${given.toFixed(3)}`)
const right = await model.score(
  lengths.map(x => [x]),
  isGentoo,
)
console.log(`right answers: ${(100 * right).toFixed(1)} %`)

const curve = Array.from({ length: 121 }, (_, i) => 172 + i / 2).map(x => ({
  x,
  y: probability(x),
}))
// Points of the same place are moved apart a little.
const points = penguins.map((_, i) => ({ x: lengths[i], y: isGentoo[i] + ((i % 7) - 3) / 100 }))
picture('03-sigmoid', {
  x: { label: 'flipper, mm' },
  y: { label: 'probability of a Gentoo', grid: true },
  marks: [
    Plot.dot(points, {
      x: 'x',
      y: 'y',
      r: 2,
      fill: (_, i) => colours[isGentoo[i]],
      fillOpacity: 0.5,
    }),
    Plot.line(curve, { x: 'x', y: 'y', stroke: colours[2], strokeWidth: 2.5 }),
    Plot.ruleX([-b / w], { y1: 0, y2: 0.5, strokeDasharray: '4 4' }),
  ],
})
