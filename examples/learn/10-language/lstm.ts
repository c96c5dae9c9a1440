// An RNN and an LSTM read the same book: how well they guess, and how far back they look.

import { grad, layers, random, type Tensor, tensor } from 'athanor'
import { fresh, known, languageModel, surprises, windowLength, windows } from '../book.js'
import { colours, namedLines, picture } from '../picture.js'
import { mean } from '../rows.js'

const kinds = {
  RNN: () => layers.simpleRnn({ units: 64, returnSequences: true }),
  LSTM: () => layers.lstm({ units: 64, returnSequences: true }),
}
const { x, y } = windows(known)
const pieces = tensor(windows(fresh).x.slice(0, 200), { dtype: 'int32' })
const last = windowLength - 1

const points: { name: string; x: number; y: number }[] = []
for (const [name, make] of Object.entries(kinds)) {
  random.seed(0)
  const recurrent = make()
  const model = languageModel(recurrent)
  await model.net.fit(x, y, { epochs: 6, batchSize: 16, verbose: 0 })
  console.log(`${name}, parameters: ${model.net.parameters().reduce((sum, p) => sum + p.size, 0)}`)
  console.log(`${name}, bits per character: ${mean(await surprises(model, fresh)).toFixed(2)}`)

  // How much the last answer changes with what was read before: the length of the gradient.
  const surest = (read: Tensor) =>
    model.answer.forward(recurrent.forward(read)).slice(null, last).max({ axis: 1 }).log().sum()
  const gradient = grad(surest)(model.embedding.forward(pieces))
  const lengths = gradient.square().sum({ axis: 2 }).sqrt().mean({ axis: 0 })
  const influence = (await lengths.array()) as number[]
  influence.forEach((length, t) => {
    points.push({ name, x: last - t, y: Math.log10(length / influence[last]) })
  })
  for (const distance of [10, 30]) {
    const power = Math.log10(influence[last - distance] / influence[last]).toFixed(0)
    console.log(`${name}, influence of what stands ${distance} before the last: 10 to the ${power}`)
  }
}
picture('10-lstm', {
  marginRight: 60,
  x: { label: 'characters before the last one' },
  y: { label: 'influence on the answer, as a power of ten', grid: true },
  color: { range: colours },
  marks: [namedLines(points.reverse())],
})
