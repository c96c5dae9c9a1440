// A tree, a support vector machine and a net on the same points.

import { layers, optim, random, sequential } from 'athanor'
import { DecisionTreeClassifier, SVC } from 'athanor/classic'
import { moons, plane, regions } from '../moons.js'

const known = await moons(400, 0.15, 1)
const fresh = await moons(400, 0.15, 2)

const tree = await new DecisionTreeClassifier({ maxDepth: 5 }).fit(known.points, known.kinds)
const machine = await new SVC({ C: 1, gamma: 2 }).fit(known.points, known.kinds)

random.seed(0)
const net = sequential([
  layers.dense({ units: 16, activation: 'relu', inputShape: [2] }),
  layers.dense({ units: 16, activation: 'relu' }),
  layers.dense({ units: 1, activation: 'sigmoid' }),
])
net.compile({ optimizer: optim.adam({ learningRate: 0.01 }), loss: 'binaryCrossentropy' })
const targets = known.kinds.map(kind => [kind])
await net.fit(known.points, targets, { epochs: 100, verbose: 0 })
const answerOfNet = async (places: number[][]) =>
  Array.from(await (await net.predict(places)).data(), probability => (probability > 0.5 ? 1 : 0))

const models = {
  tree: async (places: number[][]) => (await tree.predict(places)).map(Number),
  'support vectors': async (places: number[][]) => (await machine.predict(places)).map(Number),
  net: answerOfNet,
}
const answers: Record<string, ArrayLike<number>> = {}
for (const [name, predict] of Object.entries(models)) {
  const found = await predict(fresh.points)
  const right = found.filter((kind, i) => kind === fresh.kinds[i]).length
  console.log(`${name}: ${right} of ${found.length} fresh points`)
  answers[name] = await predict(plane)
}
console.log(`questions of the tree: ${(tree.tree.nodeCount - 1) / 2}`)
console.log(`support vectors: ${machine.support.length} of ${known.points.length} points`)
console.log(`parameters of the net: ${net.parameters().reduce((sum, p) => sum + p.size, 0)}`)
regions('04-three-models', answers, known)
