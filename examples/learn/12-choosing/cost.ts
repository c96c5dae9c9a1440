// What models cost: time to train, time to answer, bytes to keep; with 500 rows and with sixteen times as many.

import * as Plot from '@observablehq/plot'
import * as classic from 'athanor/classic'
import { moons } from '../moons.js'
import { colours, halo, picture } from '../picture.js'

const models = {
  'logistic regression': () => new classic.LogisticRegression(),
  net: () => new classic.MLPClassifier({ hiddenLayerSizes: [16, 16], maxIter: 30 }),
  'tree, depth 5': () => new classic.DecisionTreeClassifier({ maxDepth: 5 }),
  'support vectors': () => new classic.SVC(),
  '25 neighbours': () => new classic.KNeighborsClassifier({ nNeighbors: 25 }),
  'gradient boosting': () => new classic.HistGradientBoostingClassifier(),
  'random forest': () => new classic.RandomForestClassifier(),
}
// As many as there are microseconds in a millisecond.
const asked = (await moons(1000, 0.3, 2)).points

/** The shortest of eight times, in milliseconds. */
async function shortest(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 8; i++) {
    const began = performance.now()
    await work()
    least = Math.min(least, performance.now() - began)
  }
  return least
}

const costs: { name: string; rows: string; cost: string; value: number }[] = []
for (const [name, make] of Object.entries(models))
  for (const count of [500, 8000]) {
    const { points, kinds } = await moons(count, 0.3, 1)
    const model = make()
    const rows = `${count} rows`
    const note = (cost: string, value: number) => costs.push({ name, rows, cost, value })
    note('training, ms', await shortest(() => model.fit(points, kinds)))
    note('one answer, µs', await shortest(() => model.predict(asked)))
    const kilobytes = JSON.stringify(model.toJSON()).length / 1000
    note('saved, kB', kilobytes)
    console.log(`${name}, ${rows}: ${kilobytes.toFixed(kilobytes < 10 ? 1 : 0)} kB`)
  }

const at = { fx: 'cost', x: 'value', y: 'name' }
const names = ['500 rows', '8000 rows'].map((rows, i) => {
  return { cost: 'training, ms', value: 200, name: Object.keys(models)[2 * i], rows }
})
const ticks = { ticks: [0.1, 10, 1000], tickFormat: String }
picture('12-cost', {
  ...{ width: 760, height: 340, marginLeft: 130, marginRight: 20, color: { range: colours } },
  fx: { label: null, domain: ['training, ms', 'one answer, µs', 'saved, kB'] },
  x: { type: 'log', label: null, grid: true, domain: [0.01, 10000], ...ticks },
  y: { label: null, domain: Object.keys(models), padding: 1 },
  marks: [
    Plot.line(costs, { ...at, z: 'name', stroke: '#a8a29e', strokeWidth: 2 }),
    Plot.dot(costs, { ...at, fill: 'rows', r: 5 }),
    Plot.text(names, { ...at, text: 'rows', fill: 'rows', ...halo }),
  ],
})
