// A sample that is not like what the model will meet.

import * as Plot from '@observablehq/plot'
import { KNeighborsClassifier, Pipeline, StandardScaler, trainTestSplit } from 'athanor/classic'
import { colours, halo, picture } from '../picture.js'
import { rowsOf } from '../rows.js'

const penguins = (await rowsOf('penguins.csv')).filter(row => row.body_mass_g !== null)
const features = (row: Record<string, unknown>) =>
  [row.beak_length_mm, row.flipper_length_mm].map(Number)
const speciesOf = (row: Record<string, unknown>) => String(row.species)

const [forTraining, apart] = trainTestSplit(penguins, { testSize: 0.5, randomState: 0 })
const onBiscoe = forTraining.filter(row => row.island === 'Biscoe')
const anywhere = forTraining.slice(0, onBiscoe.length)
const apartOnBiscoe = apart.filter(row => row.island === 'Biscoe')

const learn = (rows: Record<string, unknown>[]) =>
  new Pipeline({
    steps: [
      ['scale', new StandardScaler()],
      ['model', new KNeighborsClassifier({ nNeighbors: 5 })],
    ],
  }).fit(rows.map(features), rows.map(speciesOf))
const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const scoreOn = async (model: Awaited<ReturnType<typeof learn>>, rows: typeof penguins) =>
  percent(await model.score(rows.map(features), rows.map(speciesOf)))

const biased = await learn(onBiscoe)
const fair = await learn(anywhere)
console.log(`penguins to learn from: ${onBiscoe.length} each time`)
console.log(`learned on Biscoe, measured on Biscoe: ${await scoreOn(biased, apartOnBiscoe)}`)
console.log(`learned on Biscoe, measured everywhere: ${await scoreOn(biased, apart)}`)
console.log(`learned everywhere, measured everywhere: ${await scoreOn(fair, apart)}`)

const guesses = await biased.predict(apart.map(features))
const shown = apart.map((row, i) => ({
  ...{ x: row.flipper_length_mm, y: row.beak_length_mm, species: speciesOf(row) },
  isWrong: guesses[i] !== row.species,
}))
picture('01-bias', {
  x: { label: 'flipper, mm' },
  y: { label: 'beak, mm', grid: true },
  color: { range: colours },
  marks: [
    Plot.dot(shown, { x: 'x', y: 'y', fill: 'species', r: 3 }),
    Plot.dot(
      shown.filter(d => d.isWrong),
      { x: 'x', y: 'y', r: 6, stroke: '#1c1917' },
    ),
    Plot.text(
      shown,
      Plot.groupZ(
        { x: 'median', y: 'median', text: 'first' },
        { x: 'x', y: 'y', z: 'species', fill: 'species', text: 'species', ...halo },
      ),
    ),
  ],
})
