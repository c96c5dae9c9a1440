// The gradient of one small loss, from node to node; the same by the engine, and by trying.

import * as Plot from '@observablehq/plot'
import { type Tensor, tensor, valueAndGrad } from 'athanor'
import { gradients, type Matrix, matrix } from '../autodiff.js'
import { drawing } from '../graph.js'
import { colours, picture } from '../picture.js'

// A net of one unit, its squared error, and a price for a large weight.
const [x, w, b, y] = [2, 1.5, -1, 4].map(value => matrix([[value]]))
const product = x.mul(w)
const sum = product.add(b)
const answer = sum.relu()
const miss = answer.sub(y)
const error = miss.square()
const square = w.square()
const price = square.mul(0.1)
const loss = error.add(price)

const found = gradients(loss)
const placed = (name: string, node: Matrix, column: number, row: number) => {
  const [value, gradient] = [node, found.get(node)].map(m => `${+(m?.values[0] ?? 0).toFixed(4)}`)
  console.log(`${name}: value ${value}, gradient ${gradient}`)
  return { name, key: node, inputs: node.inputs, column, row, value, gradient }
}
const nodes = [
  placed('x', x, 0, 3),
  placed('w', w, 0, 1),
  placed('w·x', product, 1, 2),
  placed('b', b, 1, 3.2),
  placed('+ b', sum, 2, 2),
  placed('relu', answer, 3, 2),
  placed('y', y, 3, 3.2),
  placed('− y', miss, 4, 2),
  placed('square', error, 5, 2),
  placed('w²', square, 2, 0.6),
  placed('0.1 w²', price, 4, 0.6),
  placed('loss', loss, 6, 1.4),
]

const byEngine = (v: Tensor) => v.mul(2).sub(1).relu().sub(4).square().add(v.square().mul(0.1))
const { gradient } = valueAndGrad(byEngine)(tensor(1.5))
console.log(`w by the engine: ${(await gradient.item()).toFixed(4)}`)
const tried = byEngine(tensor(1.501))
  .sub(byEngine(tensor(1.499)))
  .div(0.002)
console.log(`w by trying: ${(await tried.item()).toFixed(1)}`)

const how = { value: 'value, forwards', gradient: 'gradient, backwards' }
const shown = [...nodes, { name: 'node', key: null, inputs: [], column: 5.4, row: 3.2, ...how }]
const numbers = { x: 'column', y: 'row', fontWeight: 'bold', fontSize: 13 }
picture('13-chain-rule', {
  ...{ width: 700, height: 340, margin: 30, marginLeft: 30, marginBottom: 30 },
  ...{ x: { axis: null }, y: { axis: null, domain: [0.2, 3.6] } },
  marks: [
    drawing(shown, 26),
    Plot.text(shown, { ...numbers, text: 'value', fill: colours[1], dy: -36 }),
    Plot.text(shown, { ...numbers, text: 'gradient', fill: colours[0], dy: 36 }),
  ],
})
