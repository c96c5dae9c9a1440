// Nine models, from no question at all to thousands of them, on the same folds.

import * as Plot from '@observablehq/plot'
import * as classic from 'athanor/classic'
import { colours, halo, picture } from '../picture.js'
import { known, lastYear, scaled, summary } from '../rain.js'

// The simplest first.
const models: Record<string, classic.Classifier> = {
  'always dry': new classic.DummyClassifier(),
  'tree, one question': new classic.DecisionTreeClassifier({ maxDepth: 1 }),
  'tree, depth 5': new classic.DecisionTreeClassifier({ maxDepth: 5 }),
  'logistic regression': new classic.LogisticRegression(),
  net: new classic.MLPClassifier({ hiddenLayerSizes: [16, 16], maxIter: 60 }),
  'support vectors': new classic.SVC(),
  '25 neighbours': new classic.KNeighborsClassifier({ nNeighbors: 25 }),
  'gradient boosting': new classic.HistGradientBoostingClassifier({ maxIter: 30 }),
  'random forest': new classic.RandomForestClassifier({ minSamplesLeaf: 5 }),
}
const cv = new classic.StratifiedKFold({ nSplits: 10, shuffle: true, randomState: 0 })
const board: { name: string; score: number; error: number; test: number }[] = []
for (const [name, model] of Object.entries(models)) {
  const candidate = scaled(model)
  const { score, error } = summary(
    await classic.crossValScore(candidate, known.features, known.answers, { cv }),
  )
  await candidate.fit(known.features, known.answers)
  const test = 100 * (await candidate.score(lastYear.features, lastYear.answers))
  board.push({ name, score, error, test })
  const [mean, spread, once] = [score, error, test].map(value => value.toFixed(1))
  console.log(`${name}: ${mean} ± ${spread} %, the year 2015 ${once} %`)
}
const best = board.reduce((a, b) => (b.score > a.score ? b : a))
const enough = best.score - best.error
const chosen = board.filter(({ score }) => score >= enough)[0]
console.log(`the best minus one standard error: ${enough.toFixed(1)} %`)
console.log(`the simplest above it: ${chosen.name}`)

const names = [
  { x: 73.55, y: chosen.name, text: 'chosen', fill: colours[0] },
  { x: 60.7, y: 'always dry', text: 'the year 2015', fill: colours[1] },
  { x: 56.6, y: 'always dry', text: 'ten folds', fill: colours[0] },
  { x: 65.7, y: 'always dry', text: 'best − standard error', fill: '#57534e' },
]
picture('12-leaderboard', {
  ...{ marginLeft: 140, height: 380, marginRight: 30 },
  x: { label: 'right answers, %', grid: true, domain: [55, 76] },
  y: { label: null, domain: Object.keys(models), padding: 1 },
  marks: [
    Plot.ruleX([enough], { stroke: '#57534e', strokeDasharray: '5 4' }),
    Plot.ruleY(board, { y: 'name', x1: d => d.score - d.error, x2: d => d.score + d.error }),
    Plot.dot(board, { x: 'score', y: 'name', fill: colours[0], r: 4 }),
    Plot.dot(board, { x: 'test', y: 'name', stroke: colours[1], strokeWidth: 2, r: 4 }),
    Plot.dot([chosen], { x: 'score', y: 'name', stroke: colours[0], strokeWidth: 2, r: 8 }),
    Plot.text(names, {
      ...{ x: 'x', y: 'y', text: 'text', fill: 'fill', textAnchor: 'start', dx: 5 },
      ...{ ...halo, fontSize: 12 },
    }),
  ],
})
