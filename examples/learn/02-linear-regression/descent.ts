// The same line, found by going downhill.

import * as Plot from '@observablehq/plot'
import { type Tensor, tensor, valueAndGrad } from 'athanor'
import { colours, namedLines, picture } from '../picture.js'
import { mean, pointsOf } from '../rows.js'

const points = await pointsOf('penguins.csv', 'flipper_length_mm', 'body_mass_g')
const middle = mean(points.map(p => p.x))
const spread = Math.sqrt(mean(points.map(p => (p.x - middle) ** 2)))

// How many deviations from the mean: numbers around 1 make the valley round.
const scaled = (length: number) => (length - middle) / spread
const x = tensor(points.map(p => scaled(p.x)))
const y = tensor(points.map(p => p.y))

type Line = { slope: Tensor; height: Tensor }
const loss = ({ slope, height }: Line) => x.mul(slope).add(height).sub(y).square().mean()
const learningRate = 0.1
let line: Line = { slope: tensor(0), height: tensor(0) }
const steps: { slope: number; height: number; loss: number }[] = []
for (let step = 0; step <= 50; step++) {
  const { value, gradient } = valueAndGrad(loss)(line)
  const [slope, height] = [await line.slope.item(), await line.height.item()]
  steps.push({ slope, height, loss: await value.item() })
  line = {
    slope: line.slope.sub(gradient.slope.mul(learningRate)),
    height: line.height.sub(gradient.height.mul(learningRate)),
  }
}

const shown = [0, 1, 3, 10, 50]
for (const step of shown) {
  const { slope, height, loss: error } = steps[step]
  const line = `${(slope / spread).toFixed(2)} g for each mm, ${height.toFixed(0)} g in the middle`
  console.log(`after ${step} steps: ${line}, loss ${error.toFixed(0)}`)
}

const lines = shown.flatMap(step => {
  const { slope, height } = steps[step]
  return [172, 232].map(at => ({ name: `step ${step}`, x: at, y: height + slope * scaled(at) }))
})
picture('02-descent', {
  marginRight: 70,
  x: { label: 'flipper, mm' },
  y: { label: 'body mass, g', grid: true },
  color: { range: colours },
  marks: [Plot.dot(points, { x: 'x', y: 'y', fill: '#a8a29e', r: 2 }), namedLines(lines)],
})
