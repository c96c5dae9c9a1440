// A small filter slides over a picture: by hand, and by the engine.

import * as Plot from '@observablehq/plot'
import { convolution, tensor } from 'athanor'
import { canvas, classes, clothes, frame, squares, words } from '../clothes.js'
import { colours, picture } from '../picture.js'

const { pixels, labels } = await clothes((_, part) => part === 'test')
const boot = pixels[labels.indexOf(classes.indexOf('Ankle boot'))]

const filters = {
  'above minus below': [1, 1, 1, 0, 0, 0, -1, -1, -1],
  'left minus right': [1, 0, -1, 1, 0, -1, 1, 0, -1],
}
const three = [0, 1, 2]
const sum = (values: number[]) => values.reduce((a, b) => a + b)
/** Nine pixels, the first of them at (row, column), each times its number in the filter. */
const at = (row: number, column: number, filter: number[]) =>
  sum(three.flatMap(i => three.map(j => filter[3 * i + j] * boot[28 * (row + i) + column + j])))

const places = Array.from({ length: 26 }, (_, i) => i)
const [row, column] = [20, 12]
console.log(`pixels: ${boot.length}`)
console.log(`numbers of a feature map: ${places.length ** 2}`)
console.log(`weights from each pixel to each of them: ${boot.length * places.length ** 2}`)

const green = { stroke: colours[2], strokeWidth: 2.5 }
const marks: Plot.Markish[] = [
  words(112, 125, 'picture, 28 × 28'),
  squares(boot, { columns: 28, size: 7, left: 14, top: 140 }),
  frame(14 + 7 * column, 140 + 7 * row, 21, green),
]
for (const [i, [name, filter]] of Object.entries(filters).entries()) {
  const byHand = places.flatMap(row => places.map(column => at(row, column, filter)))
  const input = tensor(boot, { shape: [1, 28, 28, 1] })
  const map = await convolution(input, tensor(filter, { shape: [3, 3, 1, 1] })).data()
  const apart = byHand.map((value, place) => Math.abs(value - map[place]))
  console.log(`${name} at row ${row}, column ${column}: ${at(row, column, filter).toFixed(2)}`)
  console.log(`${name}, hand and engine differ by: ${Math.max(...apart).toFixed(4)}`)

  const top = 40 + 228 * i
  const numbers = filter.map((value, k) => ({ x: k % 3, y: Math.floor(k / 3), value }))
  marks.push(
    words(322, top + 40, name),
    squares(filter, { columns: 3, size: 30, left: 277, top: top + 52, isSigned: true }),
    words(532, top - 15, 'feature map, 26 × 26'),
    squares(map, { columns: 26, size: 7, left: 441, top, isSigned: true, most: 3 }),
    frame(441 + 7 * column, top + 7 * row, 7, green),
    Plot.text(numbers, {
      ...{ x: d => 292 + 30 * d.x, y: d => top + 67 + 30 * d.y, text: 'value' },
      ...{ fill: d => (d.value === 0 ? '#1c1917' : 'white'), fontSize: 14 },
    }),
  )
}
picture('09-convolution', { ...canvas(640, 460), marks })
