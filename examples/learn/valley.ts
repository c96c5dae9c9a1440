// The valley of chapter 6: how wrong a line through penguins is, over its slope w and its height b.

import * as Plot from '@observablehq/plot'
import { gather, type optim, type Tensor, tensor, variable } from 'athanor'
import { LinearRegression } from 'athanor/classic'
import { landscape, seenFromAbove, way } from './landscape.js'
import { colours, halo, picture } from './picture.js'
import { pointsOf } from './rows.js'

// Flippers in centimetres beyond 18, weights in kilograms: b is the weight at 18 cm.
const penguins = await pointsOf('penguins.csv', 'flipper_length_mm', 'body_mass_g')
const lengths = penguins.map(p => (p.x - 180) / 10)
const weights = penguins.map(p => p.y / 1000)
const features = tensor([lengths, lengths.map(() => 1)])
const targets = tensor(weights)

export const penguinCount = penguins.length

const columns = lengths.map(length => [length])
const line = await new LinearRegression().fit(columns, weights)
/** The lowest place, by the closed form. */
export const minimum = [line.coef[0], line.intercept]

/** Mean squared error at a place [w, b], or at many, one in each row; of all penguins or of a batch. */
export function loss(place: Tensor, batch?: Tensor): Tensor {
  const x = batch === undefined ? features : gather(features, batch, { axis: 1 })
  const y = batch === undefined ? targets : gather(targets, batch)
  return place.matmul(x).sub(y).square().mean({ axis: -1 })
}

/** The places from [0, 0] to where the gradient is shorter than `tolerance`; the loss counted in another `unit`. */
export async function descend(optimizer: optim.Optimizer, tolerance = 0.001, unit = 1) {
  const place = variable([0, 0])
  optimizer.bind([place])
  const path: number[][] = []
  for (;;) {
    loss(place).mul(unit).backward()
    path.push((await place.array()) as number[])
    const slopes = (await (place.grad as Tensor).array()) as number[]
    if (Math.hypot(...slopes) < tolerance * unit) return path
    optimizer.step()
  }
}

const region = { x: [-0.9, 3.1], y: [-0.6, 4.9] } as const
/** Further apart the higher they are, so that the lines are spread evenly over the map. */
const levels = Array.from({ length: 16 }, (_, i) => 0.15 + (0.45 * i) ** 2)

/** Ways through the valley, side by side: a dot for each step, the first three numbered. */
export async function valley(name: string, ways: Record<string, number[][]>): Promise<void> {
  const names = Object.keys(ways)
  const marks = Object.entries(ways).flatMap(([fx, path], i) => {
    const at = { fx: () => fx, x: '0', y: '1', fill: colours[i] }
    return [
      Plot.dot(path, { ...at, r: 2.6 }),
      way(path, colours[i], { fx: () => fx }),
      Plot.text(path.slice(1, 4), { ...at, text: ['1', '2', '3'], ...halo, dy: -14 }),
    ]
  })
  picture(name, {
    ...seenFromAbove(region),
    ...{ width: Math.max(640, 60 + 300 * names.length), height: 400 },
    fx: { label: null, domain: names },
    marks: [await landscape(loss, region, levels), ...marks],
  })
}
