// The same training step as a graph, with its gradient, and as the program that the engine makes of it.

import * as Plot from '@observablehq/plot'
import { compile, type Tensor, tensor, valueAndGrad } from 'athanor'
import { boxes, drawing, explained, isComputed, placed } from '../graph.js'
import { colours, halo, picture } from '../picture.js'
import { loss, type Net, start, stepped, x, y } from '../year.js'

const step = compile((net: Net<Tensor>, x: Tensor, y: Tensor) => {
  const { value, gradient } = valueAndGrad((net: Net<Tensor>) => loss(net, x, y))(net)
  return { value, ...stepped(net, gradient) }
})
const [w1, b1, w2, b2] = [start.w1, start.b1, start.w2, start.b2].map(rows => tensor(rows))
const text = step.explain({ w1, b1, w2, b2 }, tensor(x), tensor(y))
const { nodes, returned, calls } = explained(text)

// The loss is returned first, then the new parameters: each is the old one minus a product.
const [lossId, ...newIds] = returned
const computed = nodes.filter(isComputed)
const last = computed.filter(({ id }) => newIds.includes(id))
const updateIds = last.flatMap(({ id, inputs }) => [id, inputs[1]])
const forward = computed.filter(({ id }) => id <= lossId)
const gradient = computed.filter(({ id }) => id > lossId && !updateIds.includes(id))
const update = computed.filter(({ id }) => updateIds.includes(id))
for (const [name, part] of Object.entries({ forward, gradient, update })) {
  console.log(`${name}: ${part.length} operations`)
  for (const { line } of part) console.log(line)
}
console.log(`program: ${calls.length} kernel calls`)
for (const { line, registers } of calls)
  console.log(registers.length > 3 ? [line, ...registers].join('\n') : line)

const leaves = nodes.filter(({ operation }) => operation === 'input')
const names = ['x', 'w1', 'b1', 'w2', 'b2', 'y']
// The arrows from the old parameters to the new ones would cross everything.
const fewer = update.map(node => ({ ...node, inputs: node.inputs.filter(id => id > lossId) }))
const back = '2 3.2, 6 1.4, 6 2.4, 5 2.4, 3.5 2.4, 2 2.4, 0 1.4, 1 1.4, 3.2 1.4, 4.6 1.4'
const down = '0 .5, 0 -.4, 1 .5, 1 -.4, 3.2 .5, 3.2 -.4, 4.6 .5, 4.6 -.4'
const circles = [
  ...placed(leaves, '-1 4, 0 5, 1 5, 3.5 5, 4.5 5, 5.5 5', { names }),
  ...placed(forward, '0 4, 1 4, 2 4, 3 4, 4 4, 5 4, 6 4, 7 4, 8 4', { colour: colours[1] }),
  ...placed(gradient, back, { colour: colours[0] }),
  ...placed(fewer, down, { colour: colours[2] }),
]
const kinds = calls.map(({ kind }) => kind)
const word = (text: string, x: number, y: number, fill: string) =>
  Plot.text([text], { x: [x], y: [y], fill, ...halo })
picture('13-program', {
  ...{ width: 760, height: 560, margin: 16, marginLeft: 16, marginBottom: 16 },
  ...{ x: { axis: null, domain: [-1.3, 8.3] }, y: { axis: null, domain: [-2, 5.3] } },
  marks: [
    drawing(circles, 21),
    word('forward', 7.5, 4.6, colours[1]),
    word('gradient', 7.5, 2.4, colours[0]),
    word('update', 6, 0, colours[2]),
    word('program', -0.8, -1.25, '#57534e'),
    boxes(kinds, -1.28, 8.28, -1.78),
  ],
})
