// How many neighbours? Ten folds, ten scores for each number.

import * as Plot from '@observablehq/plot'
import { KNeighborsClassifier, StratifiedKFold, validationCurve } from 'athanor/classic'
import { colours, halo, picture } from '../picture.js'
import { known, lastYear, scaled, summary } from '../rain.js'

const { features, answers } = known
const counts = [1, 3, 5, 9, 15, 25, 41, 67, 111, 181, 301]
const model = scaled(new KNeighborsClassifier())
const cv = new StratifiedKFold({ nSplits: 10, shuffle: true, randomState: 0 })
const curve = await validationCurve(model, features, answers, 'model__nNeighbors', counts, { cv })

const points = counts.map((x, i) => ({
  ...{ x, ...summary(curve.testScores[i]) },
  training: summary(curve.trainScores[i]).score,
}))
const best = points.reduce((a, b) => (b.score > a.score ? b : a))
console.log(`days: ${answers.length}, folds: 10`)
for (const { x, score, error, training } of points.filter(({ x }) =>
  [1, best.x, 41, 301].includes(x),
))
  console.log(
    `${x} neighbours: ${score.toFixed(1)} ± ${error.toFixed(1)} %, training ${training.toFixed(1)} %`,
  )
const atBest = Array.from(curve.testScores[counts.indexOf(best.x)], score => 100 * score)
console.log(`best fold of ${best.x} neighbours: ${Math.max(...atBest).toFixed(1)} %`)
console.log(`worst fold of ${best.x} neighbours: ${Math.min(...atBest).toFixed(1)} %`)

const chosen = scaled(new KNeighborsClassifier({ nNeighbors: best.x }))
await chosen.fit(features, answers)
const test = 100 * (await chosen.score(lastYear.features, lastYear.answers))
console.log(`the year 2015, ${best.x} neighbours: ${test.toFixed(1)} %`)

const folds = curve.testScores.flatMap((scores, i) =>
  Array.from(scores, (score, fold) => ({ x: counts[i], y: 100 * score, fold })),
)
const names = [
  { x: 3.6, y: 86, text: 'training', colour: colours[1] },
  { x: 230, y: 78, text: 'folds', colour: '#78716c' },
  { x: 3.4, y: 54, text: 'mean ± standard error', colour: colours[0] },
]
const ends = { y1: d => d.score - d.error, y2: d => d.score + d.error } as Plot.RuleXOptions
picture('12-folds', {
  ...{ height: 400, marginRight: 30 },
  x: { type: 'log', label: 'neighbours' },
  y: { label: 'right answers, %', grid: true, domain: [50, 100] },
  marks: [
    Plot.axisX(counts, { text: d => `${d}` } as Plot.AxisXOptions),
    Plot.line(folds, { x: 'x', y: 'y', z: 'fold', stroke: '#d6d3d1' }),
    Plot.line(points, { x: 'x', y: 'training', stroke: colours[1], strokeWidth: 2 }),
    Plot.line(points, { x: 'x', y: 'score', stroke: colours[0], strokeWidth: 2.5 }),
    Plot.ruleX(points, { x: 'x', ...ends, stroke: colours[0], strokeWidth: 2 }),
    Plot.dot(points, { x: 'x', y: 'score', fill: colours[0], r: 3.5 }),
    Plot.text(names, { x: 'x', y: 'y', text: 'text', fill: 'colour', ...halo }),
  ],
})
