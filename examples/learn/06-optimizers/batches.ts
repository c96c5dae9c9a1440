// A step for each batch of penguins, rather than one for all of them.

import { optim, random, tensor, valueAndGrad, variable } from 'athanor'
import { loss, minimum, penguinCount, valley } from '../valley.js'

/** Batches that have each penguin once, in an order by chance. */
async function batchesOf(size: number) {
  const order = (await random.permutation(penguinCount).array()) as number[]
  const starts = order.map((_, i) => i).filter(i => i % size === 0)
  return starts.map(from => tensor(order.slice(from, from + size), { dtype: 'int32' }))
}

async function train(size: number, epochs: number, learningRate: number | optim.Schedule) {
  random.seed(0)
  const place = variable([0, 0])
  const optimizer = optim.sgd([place], { learningRate })
  const path = [[0, 0]]
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const batch of await batchesOf(size)) {
      loss(place, batch).backward()
      optimizer.step()
      path.push((await place.array()) as number[])
    }
  return path
}

const show = (path: number[][]) => {
  const [w, b] = path[path.length - 1]
  const distance = Math.hypot(w - minimum[0], b - minimum[1])
  return `${path.length - 1} steps, then ${distance.toFixed(3)} from the minimum`
}
const all = await train(penguinCount, 10, 0.1)
const few = await train(32, 10, 0.1)
console.log(`10 epochs, all ${penguinCount} rows: ${show(all)}`)
console.log(`10 epochs, batches of 32: ${show(few)}`)

// At the minimum itself: what the gradient is of all rows, and of a batch.
for (const size of [penguinCount, 32]) {
  let sum = 0
  const batches = await batchesOf(size)
  for (const batch of batches) {
    const { gradient } = valueAndGrad(loss)(tensor(minimum), batch)
    sum += Math.hypot(...((await gradient.array()) as number[]))
  }
  console.log(`gradient at the minimum, ${size} rows: ${(sum / batches.length).toFixed(2)} long`)
}

const decaySteps = 30 * (await batchesOf(32)).length
const falling = { initialLearningRate: 0.1, endLearningRate: 0, decaySteps }
console.log(`30 epochs, rate 0.1: ${show(await train(32, 30, 0.1))}`)
const calm = await train(32, 30, optim.schedules.polynomial(falling))
console.log(`30 epochs, rate falling to 0: ${show(calm)}`)
await valley('06-batches', { 'all rows': all, 'batches of 32': few })
