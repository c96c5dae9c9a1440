// Steps that keep some of their speed.

import { optim, tensor, valueAndGrad } from 'athanor'
import { descend, loss, valley } from '../valley.js'

const learningRate = 0.1
const momentum = 0.6
const tolerance = 0.001
const show = (value: number) => value.toFixed(4)
const slopesAt = async (place: number[]) =>
  (await valueAndGrad(loss)(tensor(place)).gradient.array()) as number[]

let place = [0, 0]
let speed = [0, 0]
let steps = 0
for (;;) {
  const slopes = await slopesAt(place)
  if (Math.hypot(...slopes) < tolerance) break
  const next = speed.map((value, i) => momentum * value - learningRate * slopes[i])
  steps++
  if (steps <= 3) {
    const sum = `${momentum} × ${show(speed[0])} - ${learningRate} × ${show(slopes[0])}`
    console.log(`step ${steps}: v = ${sum} = ${show(next[0])}`)
    console.log(
      `step ${steps}: w = ${show(place[0])} + ${show(next[0])} = ${show(place[0] + next[0])}`,
    )
  }
  speed = next
  place = place.map((value, i) => value + speed[i])
}
console.log(`by the formula: ${steps} steps, w ${show(place[0])}, b ${show(place[1])}`)

const ways: Record<string, number[][]> = {}
for (const share of [0, momentum, 0.9]) {
  const path = await descend(optim.sgd({ learningRate, momentum: share }), tolerance)
  const [w, b] = path[path.length - 1]
  console.log(`optim.sgd, momentum ${share}: ${path.length - 1} steps, w ${show(w)}, b ${show(b)}`)
  ways[`momentum ${share}`] = path
}
await valley('06-momentum', ways)
