// Two hyperparameters at once, by a grid and by chance; and how far the winner's score is to be believed.

import * as Plot from '@observablehq/plot'
import { GridSearchCV, RandomizedSearchCV, SVC, trainTestSplit } from 'athanor/classic'
import { colours, picture } from '../picture.js'
import { known, scaled, summary } from '../rain.js'

const estimator = scaled(new SVC())
const powers = (from: number, to: number, step: number) =>
  Array.from({ length: 1 + Math.round((to - from) / step) }, (_, i) => 10 ** (from + i * step))
const gridOf = (step: number) => {
  return { model__C: powers(-1, 3, step), model__gamma: powers(-4, 0, step) }
}
const paramDistributions = {
  model__C: { scale: 'log', low: 0.1, high: 1000 },
  model__gamma: { scale: 'log', low: 0.0001, high: 1 },
} as const
const searches = {
  'no search': () => new GridSearchCV({ estimator, paramGrid: { model__C: [1] } }),
  'grid search': () => new GridSearchCV({ estimator, paramGrid: gridOf(0.8) }),
  'random search': (randomState: number) =>
    new RandomizedSearchCV({ estimator, paramDistributions, nIter: 36, randomState }),
}
const { features, answers: stratify } = known
const sampleOf = (randomState: number) =>
  trainTestSplit(features, stratify, { trainSize: 80, randomState, stratify })

const [firstDays, , firstAnswers] = sampleOf(0)
const map = new GridSearchCV({ estimator, paramGrid: gridOf(0.2) })
await map.fit(firstDays, firstAnswers)
const cells = map.cvResults.map(({ params, meanTestScore }) => ({ ...params, meanTestScore }))

const marks: Plot.Markish[] = []
for (const [name, searchOf] of Object.entries(searches)) {
  const [found, kept]: number[][] = [[], []]
  for (let sample = 0; sample < 40; sample++) {
    const [days, otherDays, answers, otherAnswers] = sampleOf(sample)
    const search = await searchOf(sample).fit(days, answers)
    found.push(search.bestScore)
    kept.push(await search.score(otherDays, otherAnswers))
    if (sample > 0 || name === 'no search') continue
    const at = { fx: () => name, x: 'model__C', y: 'model__gamma' }
    const tried = search.cvResults.map(({ params }) => params)
    marks.push(
      Plot.contour(cells, { ...at, fill: 'meanTestScore', thresholds: 10 }),
      Plot.dot(tried, { ...at, fill: '#1c1917', r: 2.5 }),
      Plot.dot([search.bestParams], { ...at, stroke: colours[0], strokeWidth: 3, r: 8 }),
    )
  }
  const [best, others] = [summary(found).score, summary(kept).score].map(v => v.toFixed(1))
  console.log(`${name}: best score ${best} %, on other days ${others} %`)
}
const scale = (label: string, ticks: number[]) =>
  ({ type: 'log', label, ticks, tickFormat: (d: number) => `${+d.toPrecision(1)}` }) as const
picture('12-search', {
  ...{ marks, width: 680, fx: { label: null }, color: { range: ['white', colours[1]] } },
  ...{ x: scale('C', powers(-1, 3, 1)), y: scale('gamma', powers(-4, 0, 1)) },
})
