// A net that carries a state from character to character, and what it was surprised by.

import * as Plot from '@observablehq/plot'
import { layers, random, tensor } from 'athanor'
import { fresh, idsOf, known, languageModel, surprises, windowLength, windows } from '../book.js'
import { colours, picture } from '../picture.js'
import { mean } from '../rows.js'

random.seed(0)
const units = 64
const recurrent = layers.simpleRnn({ units, returnSequences: true })
const model = languageModel(recurrent)
const { x, y } = windows(known)
await model.net.fit(x, y, { epochs: 6, batchSize: 16, verbose: 0 })
const bits = await surprises(model, fresh)
const ofFirst = bits.filter((_, i) => fresh[i] === ' ')
const ofOthers = bits.filter((_, i) => fresh[i] !== ' ')
console.log(`bits per character: ${mean(bits).toFixed(2)}`)
console.log(
  `first character after a space: ${mean(ofFirst).toFixed(1)}, others: ${mean(ofOthers).toFixed(1)}`,
)

// The formula, character by character: what was read and what is remembered make the next state.
const start = fresh.indexOf('the whale')
const shown = fresh.slice(start, start + windowLength)
const vectors = model.embedding.forward(tensor([idsOf(shown)], { dtype: 'int32' }))
let state = tensor([Array.from({ length: units }, () => 0)])
const states: number[][] = []
for (let t = 0; t < shown.length; t++) {
  const read = vectors.slice(null, t).matmul(recurrent.kernel!)
  const remembered = state.matmul(recurrent.recurrentKernel!)
  state = read.add(remembered).add(recurrent.bias!).tanh()
  states.push(((await state.array()) as number[][])[0])
}
const [byEngine] = (await recurrent.forward(vectors).array()) as number[][][]
const apart = states.flatMap((row, t) => row.map((value, i) => Math.abs(value - byEngine[t][i])))
console.log(`hand and engine differ by: ${Math.max(...apart).toFixed(4)}`)
const drawn = states.map(row => row.slice(0, 16))
const steady = (rows: number[][]) =>
  rows[0].filter((value, i) => rows.every(row => row[i] * value > 0)).length
const atSpaces = steady(drawn.filter((_, t) => shown[t] === ' '))
console.log(`of the same sign at all spaces: ${atSpaces}, everywhere: ${steady(drawn)}`)

const surprise = await surprises(model, fresh.slice(start, start + windowLength + 1))
const cells = drawn.flatMap((values, t) => values.map((value, i) => ({ t, i, value })))
const names = ['surprise', 'text', 'state']
const cell = { x1: 't', x2: (d: { t: number }) => d.t + 1, fill: 'value' }
const bar = { x1: (_: unknown, t: number) => t + 1.1, x2: (_: unknown, t: number) => t + 1.9 }
picture('10-rnn', {
  ...{ width: 760, height: 300, marginLeft: 70, marginBottom: 10, marginTop: 5 },
  ...{ x: { axis: null, domain: [0, windowLength] }, y: { axis: null, domain: [-16, 10] } },
  color: { type: 'linear', domain: [-1, 0, 1], range: [colours[0], 'white', colours[1]] },
  marks: [
    Plot.rect(cells, { ...cell, y1: d => -d.i - 1, y2: d => -d.i }),
    Plot.rectY(surprise.slice(0, -1), { ...bar, y1: 1.5, y2: d => 1.5 + d, fill: colours[2] }),
    Plot.text([...shown], { x: (_, t) => t + 0.5, y: 0.75, fontSize: 13, fontFamily: 'monospace' }),
    Plot.text(names, { x: -0.6, y: (_, i) => [4, 0.75, -8][i], textAnchor: 'end' }),
  ],
})
