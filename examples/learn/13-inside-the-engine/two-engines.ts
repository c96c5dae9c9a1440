// One net, trained twice: by a page of TypeScript and by the engine.

import * as Plot from '@observablehq/plot'
import { type Tensor, tensor, valueAndGrad } from 'athanor'
import * as page from '../autodiff.js'
import { colours, picture } from '../picture.js'
import { answer, degrees, loss, type Net, start, stepped, type Values, x, y } from '../year.js'

interface Engine<T> {
  make(rows: number[][]): T
  read(values: T): Promise<readonly number[]>
  valueAndGrad(loss: (net: Net<T>) => T): (net: Net<T>) => { value: T; gradient: Net<T> }
}
/** The loss and the whole gradient of each step, and the answers in the end. */
async function train<T extends Values<T>>({ make, read, valueAndGrad }: Engine<T>) {
  const [xs, ys] = [make(x), make(y)]
  const { w1, b1, w2, b2 } = start
  let net: Net<T> = { w1: make(w1), b1: make(b1), w2: make(w2), b2: make(b2) }
  const steps: number[][] = []
  for (let step = 0; step <= 1000; step++) {
    const { value, gradient } = valueAndGrad(net => loss(net, xs, ys))(net)
    const parts = [value, ...Object.values(gradient)].map(read)
    steps.push((await Promise.all(parts)).flat())
    net = stepped(net, gradient)
  }
  return { steps, answers: await read(answer(net, xs)) }
}
const byPage = await train<page.Matrix>({
  ...{ make: page.matrix, valueAndGrad: page.valueAndGrad },
  read: async ({ values }) => values,
})
const byEngine = await train<Tensor>({
  ...{ make: rows => tensor(rows, { dtype: 'float64' }), valueAndGrad },
  read: async values => Array.from(await values.data(), Number),
})
for (const step of [0, 1, 2, 10, 100, 1000]) {
  const [own, engine] = [byPage, byEngine].map(({ steps }) => steps[step].map(v => v.toFixed(6)))
  console.log(`step ${step}, loss: ${own[0]} by the page, ${engine[0]} by the engine`)
  console.log(`step ${step}, gradient of a weight: ${own[1]} and ${engine[1]}`)
}
const others = byEngine.steps.flat()
const apart = byPage.steps.flat().map((value, i) => Math.abs(value - others[i]))
console.log(`largest of ${apart.length} differences: ${Math.max(...apart).toFixed(10)}`)

const curve = (answers: readonly number[]) => answers.map((v, i) => [i + 1, 16 + 16 * v])
const some = curve(byPage.answers).filter((_, i) => i % 15 === 0)
const at = { x: '0', y: '1', strokeWidth: 2 }
const named = { x: [60], fontSize: 14, fontWeight: 'bold' }
picture('13-two-engines', {
  ...{ x: { label: 'day of the year' }, y: { label: 'highest temperature, °C', grid: true } },
  marks: [
    Plot.dot(degrees, { x: (_, i) => i + 1, y: degrees, r: 2, fill: '#a8a29e' }),
    Plot.line(curve(byEngine.answers), { ...at, stroke: colours[1] }),
    Plot.dot(some, { ...at, stroke: colours[0], r: 5 }),
    Plot.text(['the page'], { ...named, y: [27], fill: colours[0] }),
    Plot.text(['the engine'], { ...named, y: [24], fill: colours[1] }),
  ],
})
