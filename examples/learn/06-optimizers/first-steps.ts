// Gradient descent by its formula and by `optim.sgd`, until the ground is level.

import { optim, tensor, valueAndGrad } from 'athanor'
import { descend, loss, minimum, valley } from '../valley.js'

const learningRate = 0.1
const tolerance = 0.001
const show = (value: number) => value.toFixed(4)
const slopesAt = async (place: number[]) =>
  (await valueAndGrad(loss)(tensor(place)).gradient.array()) as number[]

let place = [0, 0]
let steps = 0
for (;;) {
  const slopes = await slopesAt(place)
  if (Math.hypot(...slopes) < tolerance) break
  const next = place.map((value, i) => value - learningRate * slopes[i])
  steps++
  if (steps <= 3)
    for (const [i, name] of ['w', 'b'].entries()) {
      const sum = `${show(place[i])} - ${learningRate} × ${show(slopes[i])}`
      console.log(`step ${steps}: ${name} = ${sum} = ${show(next[i])}`)
    }
  place = next
}
console.log(`by the formula: ${steps} steps, w ${show(place[0])}, b ${show(place[1])}`)

const path = await descend(optim.sgd({ learningRate }), tolerance)
const [w, b] = path[path.length - 1]
console.log(`by optim.sgd: ${path.length - 1} steps, w ${show(w)}, b ${show(b)}`)
console.log(`closed form: w ${show(minimum[0])}, b ${show(minimum[1])}`)
await valley('06-first-steps', { 'gradient descent': path })
