// What a probability costs when the answer is known, and going downhill on it.

import { type Tensor, tensor, valueAndGrad } from 'athanor'
import { LogisticRegression } from 'athanor/classic'
import { colours, namedLines, picture } from '../picture.js'
import { mean, rowsOf } from '../rows.js'

const penguins = (await rowsOf('penguins.csv')).filter(row => row.flipper_length_mm !== null)
const lengths = penguins.map(row => Number(row.flipper_length_mm))
const middle = mean(lengths)
const deviation = Math.sqrt(mean(lengths.map(x => (x - middle) ** 2)))
const scaled = lengths.map(x => (x - middle) / deviation)
const isGentoo = penguins.map(row => (row.species === 'Gentoo' ? 1 : 0))

const x = tensor(scaled)
const y = tensor(isGentoo)
type Parameters = { w: Tensor; b: Tensor }
const loss = ({ w, b }: Parameters) => {
  const p = x.mul(w).add(b).sigmoid()
  return y
    .mul(p.log())
    .add(y.neg().add(1).mul(p.neg().add(1).log()))
    .mean()
    .neg()
}

const learningRate = 4
let parameters: Parameters = { w: tensor(0), b: tensor(0) }
for (let step = 0; step <= 3000; step++) {
  const { value, gradient } = valueAndGrad(loss)(parameters)
  if ([0, 1, 10, 100, 1000, 3000].includes(step))
    console.log(`after ${step} steps: loss ${(await value.item()).toFixed(4)}`)
  parameters = {
    w: parameters.w.sub(gradient.w.mul(learningRate)),
    b: parameters.b.sub(gradient.b.mul(learningRate)),
  }
}
const found = [await parameters.w.item(), await parameters.b.item()].map(v => v.toFixed(2))
console.log(`descent: w ${found[0]}, b ${found[1]}`)
const model = await new LogisticRegression({ C: Number.POSITIVE_INFINITY, tol: 1e-8 }).fit(
  scaled.map(v => [v]),
  isGentoo,
)
console.log(`LogisticRegression: w ${model.coef[0].toFixed(2)}, b ${model.intercept[0].toFixed(2)}`)

const chances = Array.from({ length: 98 }, (_, i) => 0.99 - i / 100)
const lines = chances.flatMap(p => [
  { name: 'cross-entropy', x: p, y: -Math.log(p) },
  { name: 'squared error', x: p, y: (1 - p) ** 2 },
])
for (const p of [0.9, 0.5, 0.01])
  console.log(`${p} for what is true costs ${(-Math.log(p)).toFixed(2)}`)
picture('03-cross-entropy', {
  marginRight: 100,
  x: { label: 'probability given to the true answer', reverse: true },
  y: { label: 'loss', grid: true },
  color: { range: colours },
  marks: [namedLines(lines)],
})
