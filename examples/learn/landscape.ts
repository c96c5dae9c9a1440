// A loss of two parameters as a landscape, seen from above.

import * as Plot from '@observablehq/plot'
import { type Tensor, tensor } from 'athanor'
import { colours, halo } from './picture.js'

/** The part of the plane of parameters that is drawn. */
export interface Region {
  x: readonly [number, number]
  y: readonly [number, number]
}

/** Places all over a region, `count` along each side. */
export function grid({ x, y }: Region, count: number): number[][] {
  const along = ([from, to]: readonly [number, number]) =>
    Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1))
  return along(y).flatMap(b => along(x).map(w => [w, b]))
}

/** Lines of equal loss at `levels`, the ground darker where it is higher. `loss` takes one place in each row. */
export async function landscape(
  loss: (places: Tensor) => Tensor,
  region: Region,
  levels: readonly number[],
  facet: Plot.MarkOptions = {},
): Promise<Plot.Markish> {
  const places = grid(region, 101)
  const losses = (await loss(tensor(places)).array()) as number[]
  // Counted in levels, so that each line is one step of colour.
  const last = levels.length - 1
  const counted = (height: number) => {
    const above = levels.findIndex(level => level > height)
    const i = above < 0 ? last : Math.max(above, 1)
    return (i - 1 + (height - levels[i - 1]) / (levels[i] - levels[i - 1])) / last
  }
  const ground = places.map(([w, b], i) => ({ w, b, level: counted(losses[i]) }))
  return Plot.contour(ground, {
    ...{ ...facet, x: 'w', y: 'b', fill: 'level', interpolate: 'barycentric', stroke: 'white' },
    thresholds: levels.map((_, i) => i / last),
  })
}

/** A way through the landscape, from a ring to a dot, which may have a name. */
export function way(
  path: readonly (readonly number[])[],
  colour: string,
  facet: Plot.MarkOptions = {},
  name = '',
): Plot.Markish {
  const at = { ...facet, x: '0', y: '1' }
  const end = { ...at, r: 5, strokeWidth: 2 }
  return [
    Plot.line(path, { ...at, stroke: colour, strokeWidth: 2 }),
    Plot.dot(path.slice(0, 1), { ...end, fill: 'white', stroke: colour }),
    Plot.dot(path.slice(-1), { ...end, fill: colour, stroke: 'white' }),
    Plot.text(path.slice(-1), { ...at, text: [name], fill: colour, dy: 18, ...halo }),
  ]
}

/** Axes and colours of landscapes. */
export const seenFromAbove = ({ x, y }: Region): Plot.PlotOptions => ({
  x: { label: 'w', domain: [...x], ticks: 6 },
  y: { label: 'b', domain: [...y], ticks: 6 },
  color: { type: 'linear', domain: [0, 1], range: ['white', colours[1]], clamp: true },
})
