// An answer that has leaked into the questions.

import * as Plot from '@observablehq/plot'
import { random } from 'athanor'
import { crossValScore, KNeighborsClassifier, Pipeline, SelectKBest } from 'athanor/classic'
import { colours, picture } from '../picture.js'
import { mean } from '../rows.js'

// A thousand columns of chance, and answers by a coin: there is nothing to learn.
random.seed(5)
const columns = (await random.normal([100, 1000]).array()) as number[][]
const coin = (await random.uniform([100]).array()) as number[]
const answers = coin.map(value => (value < 0.5 ? 'heads' : 'tails'))

// Wrong: the twenty columns that agree best with all answers, those to be tested among them.
const choice = await new SelectKBest({ k: 20 }).fit(columns, answers)
const chosen = await choice.transform(columns)
const leaked = await crossValScore(new KNeighborsClassifier(), chosen, answers, { cv: 5 })

// Right: each time the columns are chosen by the rows that are learned from.
const both = new Pipeline({
  steps: [
    ['choose', new SelectKBest({ k: 20 })],
    ['model', new KNeighborsClassifier()],
  ],
})
const honest = await crossValScore(both, columns, answers, { cv: 5 })

const scores = { 'chosen before the split': leaked, 'chosen within it': honest }
const shown = Object.entries(scores).map(([name, parts]) => ({
  name,
  y: 100 * mean(Array.from(parts)),
}))
for (const { name, y } of shown) console.log(`${name}: ${y.toFixed(1)} % right`)

picture('01-leakage', {
  height: 280,
  x: { label: null },
  y: { label: 'right answers, %', grid: true, domain: [0, 100] },
  marks: [
    Plot.barY(shown, { x: 'name', y: 'y', fill: colours[1], insetLeft: 80, insetRight: 80 }),
    Plot.ruleY([50], { stroke: colours[0], strokeDasharray: '5 4' }),
    Plot.text(shown, {
      x: 'name',
      y: 'y',
      text: d => `${d.y.toFixed(0)} %`,
      fill: 'white',
      dy: 14,
    }),
  ],
})
