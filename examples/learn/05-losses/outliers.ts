// Lines through penguins, some of which were weighed in pounds by mistake.

import * as Plot from '@observablehq/plot'
import { losses, type Tensor, tensor, valueAndGrad } from 'athanor'
import { colours, picture } from '../picture.js'
import { mean, pointsOf } from '../rows.js'

// The first twenty, all of one kind and with short flippers: pounds where kilograms should be.
const penguins = await pointsOf('penguins.csv', 'flipper_length_mm', 'body_mass_g')
const right = penguins.map(({ x, y }) => ({ x, y: y / 1000 }))
const spoiled = right.map(({ x, y }, i) => ({ x, y: i < 20 ? 2.2 * y : y }))

const middle = mean(right.map(p => p.x))
const deviation = Math.sqrt(mean(right.map(p => (p.x - middle) ** 2)))
const scaled = (length: number) => (length - middle) / deviation
const x = tensor(right.map(p => scaled(p.x)))

type Line = { slope: Tensor; height: Tensor }
async function slopeAndHeight(lossOf: losses.LossFunction, points: typeof right) {
  const y = points.map(p => p.y)
  const downhill = valueAndGrad(({ slope, height }: Line) => lossOf(y, x.mul(slope).add(height)))
  let [slope, height] = [tensor(0), tensor(0)]
  // Steps grow shorter, for the gradient of the absolute error doesn't.
  for (let rate = 0.5; rate > 0; rate -= 0.002) {
    const { gradient } = downhill({ slope, height })
    slope = slope.sub(gradient.slope.mul(rate))
    height = height.sub(gradient.height.mul(rate))
    await Promise.all([slope.item(), height.item()])
  }
  return [await slope.item(), await height.item()]
}

const { meanSquaredError, meanAbsoluteError, huber } = losses
const kinds = { squared: meanSquaredError, absolute: meanAbsoluteError, Huber: huber }
const lines: { name: string; x: number; y: number }[] = []
for (const [name, lossOf] of Object.entries(kinds)) {
  const [before] = await slopeAndHeight(lossOf, right)
  const [after, height] = await slopeAndHeight(lossOf, spoiled)
  const [a, b] = [before, after].map(slope => ((1000 * slope) / deviation).toFixed(1))
  console.log(`${name}: ${a} g for each mm from right weights, ${b} from spoiled ones`)
  for (const at of [172, 232]) lines.push({ name, x: at, y: height + after * scaled(at) })
}

const starts = lines.filter(p => p.x === 172)
picture('05-outliers', {
  x: { label: 'flipper, mm', domain: [164, 232] },
  y: { label: 'body mass, kg', grid: true, domain: [2, 10.5] },
  color: { range: colours, domain: Object.keys(kinds) },
  marks: [
    Plot.dot(spoiled, { x: 'x', y: 'y', r: 2.5, fill: (_, i) => (i < 20 ? '#1c1917' : '#a8a29e') }),
    Plot.text([[200, 8.5]], { text: ['weighed in pounds'], textAnchor: 'start' }),
    Plot.line(lines, { x: 'x', y: 'y', stroke: 'name', strokeWidth: 2.5 }),
    Plot.text(starts, {
      ...{ x: 'x', y: (p, i) => p.y + [0, -0.12, 0.12][i], fill: 'name', text: 'name' },
      ...{ textAnchor: 'end', dx: -6 },
    }),
  ],
})
