// Adam: each parameter's step divided by how large its gradient has been.

import { optim, tensor, valueAndGrad } from 'athanor'
import { descend, loss, valley } from '../valley.js'

const [learningRate, beta1, beta2, epsilon] = [0.3, 0.9, 0.999, 1e-7]
const tolerance = 0.001
const show = (value: number) => value.toFixed(4)
const slopesAt = async (place: number[]) =>
  (await valueAndGrad(loss)(tensor(place)).gradient.array()) as number[]

let place = [0, 0]
let means = [0, 0]
let squares = [0, 0]
let steps = 0
for (;;) {
  const slopes = await slopesAt(place)
  if (Math.hypot(...slopes) < tolerance) break
  steps++
  means = means.map((m, i) => beta1 * m + (1 - beta1) * slopes[i])
  squares = squares.map((v, i) => beta2 * v + (1 - beta2) * slopes[i] ** 2)
  // Both began at 0, which makes them too small at first.
  const mean = means.map(m => m / (1 - beta1 ** steps))
  const size = squares.map(v => Math.sqrt(v / (1 - beta2 ** steps)))
  const next = place.map((value, i) => value - (learningRate * mean[i]) / (size[i] + epsilon))
  if (steps <= 3)
    for (const [i, name] of ['w', 'b'].entries()) {
      const sum = `${show(place[i])} - ${learningRate} × ${show(mean[i])} / ${show(size[i])}`
      console.log(`step ${steps}: ${name} = ${sum} = ${show(next[i])}`)
    }
  place = next
}
console.log(`by the formula: ${steps} steps, w ${show(place[0])}, b ${show(place[1])}`)

const optimizers = {
  'gradient descent': () => optim.sgd({ learningRate: 0.1 }),
  'momentum 0.6': () => optim.sgd({ learningRate: 0.1, momentum: 0.6 }),
  Adam: () => optim.adam({ learningRate, beta1, beta2, epsilon }),
}
const ways: Record<string, number[][]> = {}
for (const [name, optimizer] of Object.entries(optimizers)) {
  ways[name] = await descend(optimizer(), tolerance)
  const tenth = await descend(optimizer(), tolerance, 0.1)
  const counts = [ways[name], tenth].map(path => path.length - 1)
  console.log(`${name}: ${counts[0]} steps, ${counts[1]} for a tenth of the loss`)
}
const [w, b] = ways.Adam[ways.Adam.length - 1]
console.log(`by optim.adam: w ${show(w)}, b ${show(b)}`)
await valley('06-adam', ways)
