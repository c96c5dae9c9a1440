// What one miss costs by three losses, how hard it pulls, and the guess at which the pulls cancel.

import * as Plot from '@observablehq/plot'
import { losses, type Tensor, tensor, valueAndGrad } from 'athanor'
import { colours, picture } from '../picture.js'

const { meanSquaredError, meanAbsoluteError, huber } = losses
const kinds = { squared: meanSquaredError, absolute: meanAbsoluteError, Huber: huber }

// Four weights in kilograms, and one with its point in the wrong place.
const weights = [3.25, 3.45, 3.75, 3.8, 36.5]
const guesses = Array.from({ length: 4001 }, (_, i) => i / 100)

const curves: { fx: string; name: string; x: number; y: number }[] = []
for (const [name, lossOf] of Object.entries(kinds)) {
  const costs = (miss: Tensor) => lossOf(miss.mul(0), miss, { reduction: 'none' })
  const pulls = valueAndGrad((miss: Tensor) => costs(miss).sum())
  const pullsOf = async (misses: number[][]) =>
    ((await pulls(tensor(misses)).gradient.array()) as number[][]).flat()
  const [small, large] = await pullsOf([[0.5], [10]])
  console.log(`${name}: a miss of 0.5 pulls by ${small.toFixed(1)}, of 10 by ${large.toFixed(1)}`)

  // A row for each guess: how far it is from each weight.
  const far = tensor(guesses.map(guess => weights.map(weight => guess - weight)))
  const totals = (await costs(far).array()) as number[]
  const best = guesses[totals.indexOf(Math.min(...totals))]
  console.log(`${name}: best guess for all five ${best.toFixed(2)}`)

  const misses = Array.from({ length: 301 }, (_, i) => [(i - 150) / 50])
  const heights = (await costs(tensor(misses)).array()) as number[]
  const slopes = await pullsOf(misses)
  misses.forEach(([x], i) => {
    curves.push({ fx: 'loss of a miss', name, x, y: heights[i] })
    curves.push({ fx: 'gradient', name, x, y: slopes[i] })
  })
}

// Names at the right ends, moved apart a little.
const moved = { squared: 0, absolute: 0.4, Huber: -0.4 } as Record<string, number>
const ends = curves.filter(c => c.x === 3).map(c => ({ ...c, y: c.y + moved[c.name] }))
const at = { fx: 'fx', x: 'x', y: 'y' }
picture('05-misses', {
  ...{ width: 700, marginRight: 70, x: { label: 'miss' }, y: { label: null, grid: true } },
  ...{ fx: { label: null, domain: ['loss of a miss', 'gradient'], paddingInner: 0.25 } },
  color: { range: colours, domain: Object.keys(kinds) },
  marks: [
    Plot.ruleX([0], { stroke: '#a8a29e' }),
    Plot.line(curves, { ...at, stroke: 'name', strokeWidth: 2.5 }),
    Plot.text(ends, { ...at, fill: 'name', text: 'name', textAnchor: 'start', dx: 5 }),
  ],
})
