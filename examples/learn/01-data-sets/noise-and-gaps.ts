// Wrong answers in the training data, and cells without a value.

import { random } from 'athanor'
import { KNeighborsClassifier, SimpleImputer, trainTestSplit } from 'athanor/classic'
import { colours, namedLines, picture } from '../picture.js'

random.seed(4)
const noise = (await random.normal([2000, 2]).array()) as number[][]
const kinds = noise.map((_, i) => (i % 2 === 0 ? 'round' : 'square'))
const points = noise.map(([x, y], i) => (kinds[i] === 'round' ? [x, y] : [x + 2.5, y + 2.5]))
const [trainX, testX, trainKinds, testKinds] = trainTestSplit(points, kinds, { randomState: 0 })

// A number between 0 and 1 for each cell decides whether it is spoiled.
const luck = (await random.uniform([trainX.length + testX.length, 3]).array()) as number[][]
const other = (kind: string) => (kind === 'round' ? 'square' : 'round')
const withGaps = (rows: number[][], from: number, share: number) =>
  rows.map((row, i) => row.map((value, j) => (luck[from + i][j] < share ? Number.NaN : value)))

const shares = [0, 0.1, 0.2, 0.3, 0.4]
const lines: { name: string; x: number; y: number }[] = []
for (const share of shares) {
  const wrong = trainKinds.map((kind, i) => (luck[i][2] < share ? other(kind) : kind))
  const taught = await new KNeighborsClassifier({ nNeighbors: 1 }).fit(trainX, wrong)
  const crowd = await new KNeighborsClassifier({ nNeighbors: 25 }).fit(trainX, wrong)

  const fill = await new SimpleImputer({ strategy: 'mean' }).fit(withGaps(trainX, 0, share))
  const filled = await fill.transform(withGaps(trainX, 0, share))
  const model = await new KNeighborsClassifier({ nNeighbors: 25 }).fit(filled, trainKinds)
  const asked = await fill.transform(withGaps(testX, trainX.length, share))

  const scores = {
    'noise, 1 neighbour': await taught.score(testX, testKinds),
    'noise, 25 neighbours': await crowd.score(testX, testKinds),
    'gaps, 25 neighbours': await model.score(asked, testKinds),
  }
  const shown = Object.entries(scores).map(
    ([name, score]) => `${name} ${(100 * score).toFixed(1)} %`,
  )
  console.log(`${100 * share} % spoiled: ${shown.join(', ')}`)
  for (const [name, score] of Object.entries(scores))
    lines.push({ name, x: 100 * share, y: 100 * score })
}

picture('01-noise-and-gaps', {
  marginRight: 140,
  x: { label: 'spoiled, %' },
  y: { label: 'right answers on clean rows, %', grid: true },
  color: { range: colours },
  marks: [namedLines(lines)],
})
