// Points of two kinds that no straight line divides: two moons, one in the other's arms.

import * as Plot from '@observablehq/plot'
import { random } from 'athanor'
import { colours, picture } from './picture.js'

/** `count` points and their kinds, 0 and 1, spread by `noise` around the moons. */
export async function moons(count: number, noise: number, seed: number) {
  random.seed(seed)
  const spread = (await random.normal([count, 2]).array()) as number[][]
  const kinds = spread.map((_, i) => i % 2)
  const points = spread.map(([dx, dy], i) => {
    const angle = (Math.PI * Math.floor(i / 2)) / (count / 2 - 1)
    const [x, y] = [Math.cos(angle), Math.sin(angle)]
    const place = kinds[i] === 0 ? [x, y] : [1 - x, 0.5 - y]
    return [place[0] + noise * dx, place[1] + noise * dy]
  })
  return { points, kinds }
}

const side = 56

/** Places all over the plane of the moons. */
export const plane = Array.from({ length: side * side }, (_, i) => [
  -1.6 + (4.2 * (i % side)) / (side - 1),
  -1.2 + (2.9 * Math.floor(i / side)) / (side - 1),
])

/** What models answer all over the plane, side by side, with the points that they learned from. */
export function regions(
  name: string,
  answers: Readonly<Record<string, ArrayLike<number>>>,
  { points, kinds }: { points: number[][]; kinds: number[] },
): void {
  const marks = Object.entries(answers).flatMap(([model, kindAt]) => {
    const channels = { fx: () => model, x: '0', y: '1' }
    const fill = (_: unknown, i: number) => colours[kindAt[i]]
    return [
      Plot.dot(plane, { ...channels, r: 2.6, symbol: 'square', fill, fillOpacity: 0.25 }),
      Plot.dot(points, { ...channels, r: 1.8, fill: (_, i) => colours[kinds[i]] }),
    ]
  })
  const names = Object.keys(answers)
  picture(name, {
    ...{ width: 60 + 280 * names.length, height: 300, marks },
    ...{ fx: { label: null, domain: names }, x: { label: 'x' }, y: { label: 'y' } },
  })
}
