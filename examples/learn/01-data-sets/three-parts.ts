// Three parts of the data: to learn from, to choose by, to measure with once.

import * as Plot from '@observablehq/plot'
import { random } from 'athanor'
import { DecisionTreeClassifier, trainTestSplit } from 'athanor/classic'
import { colours, namedLines, picture } from '../picture.js'

// Two kinds of points that overlap: nobody can tell all of them apart.
random.seed(3)
const noise = (await random.normal([1200, 2]).array()) as number[][]
const kinds = noise.map((_, i) => (i % 2 === 0 ? 'round' : 'square'))
const points = noise.map(([x, y], i) => (kinds[i] === 'round' ? [x, y] : [x + 1.5, y + 1]))

const [rest, testX, restKinds, testKinds] = trainTestSplit(points, kinds, {
  testSize: 400,
  randomState: 0,
})
const [trainX, validationX, trainKinds, validationKinds] = trainTestSplit(rest, restKinds, {
  testSize: 400,
  randomState: 0,
})

const depths = Array.from({ length: 12 }, (_, i) => i + 1)
const scores: { depth: number; training: number; validation: number; test: number }[] = []
for (const depth of depths) {
  const tree = await new DecisionTreeClassifier({ maxDepth: depth }).fit(trainX, trainKinds)
  const training = await tree.score(trainX, trainKinds)
  const validation = await tree.score(validationX, validationKinds)
  scores.push({ depth, training, validation, test: await tree.score(testX, testKinds) })
}
const best = scores.reduce((a, b) => (b.validation > a.validation ? b : a))
const percent = (share: number) => `${(100 * share).toFixed(1)} %`

console.log(
  `rows: ${trainX.length} training, ${validationX.length} validation, ${testX.length} test`,
)
console.log(
  `depth 12: training ${percent(scores[11].training)}, validation ${percent(scores[11].validation)}`,
)
console.log(`chosen by validation: depth ${best.depth}, ${percent(best.validation)}`)
console.log(`test of the chosen one: ${percent(best.test)}`)

const lines = (['training', 'validation'] as const).flatMap(name =>
  scores.map(score => ({ name, x: score.depth, y: 100 * score[name] })),
)
const end = [{ x: best.depth, y: 100 * best.test, name: 'test, once' }]
picture('01-three-parts', {
  marginRight: 80,
  x: { label: 'depth of the tree', ticks: depths },
  y: { label: 'right answers, %', grid: true },
  color: { range: colours },
  marks: [
    namedLines(lines),
    Plot.dot(end, { x: 'x', y: 'y', fill: colours[2], r: 5 }),
    Plot.text(end, { x: 'x', y: 'y', text: 'name', fill: colours[2], dy: 16 }),
  ],
})
