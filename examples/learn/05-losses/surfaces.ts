// Two losses of the same two parameters as landscapes: heights, slopes, and a way down.

import * as Plot from '@observablehq/plot'
import { broadcastTo, losses, random, type Tensor, tensor, valueAndGrad } from 'athanor'
import { grid, landscape, seenFromAbove, way } from '../landscape.js'
import { colours, picture } from '../picture.js'
import { mean, rowsOf } from '../rows.js'

const penguins = (await rowsOf('penguins.csv')).filter(row => row.flipper_length_mm !== null)
const lengths = penguins.map(row => Number(row.flipper_length_mm))
const middle = mean(lengths)
const deviation = Math.sqrt(mean(lengths.map(length => (length - middle) ** 2)))
const isGentoo = penguins.map(row => (row.species === 'Gentoo' ? 1 : 0))

// A place is [w, b]; many places, one in each row, give as many losses.
const x = tensor([lengths.map(length => (length - middle) / deviation), lengths.map(() => 1)])
const logits = (places: Tensor) => places.matmul(x)
const truth = (places: Tensor) => broadcastTo(isGentoo, [places.shape[0], isGentoo.length])
const each = { reduction: 'none' } as const
const surfaces = {
  'squared error': (places: Tensor) =>
    losses.meanSquaredError(truth(places), logits(places).sigmoid(), each),
  'cross-entropy': (places: Tensor) =>
    losses.binaryCrossentropy(truth(places), logits(places), { ...each, fromLogits: true }),
}

random.seed(0)
const [from, to] = [0, 1].map(() => random.uniform([1000, 2], { low: -14, high: 14 }))
const region = { x: [-14, 14], y: [-14, 14] } as const
const marks: Plot.Markish[] = []
for (const [fx, loss] of Object.entries(surfaces)) {
  const chord = loss(from).add(loss(to)).div(2)
  const bulges = loss(from.add(to).div(2)).greater(chord.add(1e-4))
  console.log(`${fx}: ${await bulges.cast('int32').sum().item()} of 1000 ropes dip into the ground`)

  const downhill = valueAndGrad((places: Tensor) => loss(places).sum())
  const path: number[][] = []
  let place = tensor([[-10, 0]])
  for (let step = 0; step <= 1000; step++) {
    const { value, gradient } = downhill(place)
    path.push(...((await place.array()) as number[][]))
    if (step % 500 === 0)
      console.log(`${fx}, step ${step}: loss ${(await value.item()).toFixed(3)}`)
    place = place.sub(gradient)
  }
  const places = grid({ x: [-12.5, 12.5], y: [-12.5, 12.5] }, 9)
  const slopes = (await downhill(tensor(places)).gradient.array()) as number[][]
  const arrows = places.map(([w, b], i) => [w, b, w - 2.8 * slopes[i][0], b - 2.8 * slopes[i][1]])
  const at = { fx: () => fx, x: '0', y: '1' }
  const levels = Array.from({ length: 14 }, (_, i) => i / (fx === 'squared error' ? 14 : 1))
  marks.push(
    await landscape(loss, region, levels, { fx: () => fx }),
    Plot.dot(arrows, { ...at, r: 1 }),
    Plot.arrow(arrows, { ...at, x1: '0', y1: '1', x2: '2', y2: '3', headLength: 5 }),
    way(path, colours[0], { fx: () => fx }, fx === 'squared error' ? 'plateau' : 'valley'),
  )
}
const wide = { width: 700, height: 390, fx: { label: null, domain: Object.keys(surfaces) } }
picture('05-surfaces', { ...seenFromAbove(region), ...wide, marks })
