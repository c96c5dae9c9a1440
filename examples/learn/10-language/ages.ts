// What an LSTM writes when it has hardly begun, after a while, and in the end.

import * as Plot from '@observablehq/plot'
import { layers, random } from 'athanor'
import * as book from '../book.js'
import { colours, halo, picture } from '../picture.js'
import { mean } from '../rows.js'

random.seed(0)
const model = book.languageModel(layers.lstm({ units: 96, returnSequences: true }))
const { x, y } = book.windows(book.known)
const chances = (await random.uniform([150]).array()) as number[]

/** Writes on after the beginning of the fresh part: draws a character, reads it, draws the next. */
async function written(temperature: number): Promise<string> {
  let text = book.fresh.slice(0, book.windowLength)
  for (const chance of chances) {
    const answers = await model.net.predict([book.idsOf(text.slice(-book.windowLength))])
    const [rows] = (await answers.array()) as number[][][]
    const weights = rows[book.windowLength - 1].map(p => p ** (1 / temperature))
    text += book.drawn(weights, chance)
  }
  return text.slice(book.windowLength)
}

const ages = [20, 200, 1600]
const measured: { batches: number; bits: number }[] = []
const trained: typeof measured = []
let batches = 0
for (const age of ages) {
  while (batches < age) {
    model.net.optimizer.learningRate = batches < 1200 ? 0.01 : 0.002
    const from = (16 * batches) % (x.length - 320)
    const some = [x, y].map(part => part.slice(from, from + 320))
    const options = { epochs: 1, batchSize: 16, verbose: 0 } as const
    const { loss } = (await model.net.fit(some[0], some[1], options)).history
    batches += 20
    trained.push({ batches, bits: loss[0] / Math.LN2 })
  }
  const bits = mean(await book.surprises(model, book.fresh))
  measured.push({ batches, bits })
  console.log(`after ${age} batches: ${bits.toFixed(2)} bits per character`)
  console.log(`> ${await written(0.6)}`)
}
console.log(`the same with temperature 1.2\n> ${await written(1.2)}`)

const at = { x: 'batches', y: 'bits' }
const [grey, red] = ['#78716c', colours[0]]
const names = { ...at, text: ['training', 'fresh'], textAnchor: 'start', dx: 12 } as const
picture('10-ages', {
  marginRight: 60,
  x: { label: 'batches', type: 'log', domain: [13, 1600], ticks: ages, tickFormat: 'd' },
  y: { label: 'bits per character', grid: true },
  marks: [
    Plot.line(trained, { ...at, stroke: '#a8a29e' }),
    Plot.dot(measured, { ...at, r: 5, fill: red }),
    Plot.text(measured, { ...at, ...halo, fill: red, dy: -16, text: d => d.bits.toFixed(2) }),
    Plot.text([trained[3], measured[2]], { ...names, fill: (_, i) => [grey, red][i] }),
  ],
})
