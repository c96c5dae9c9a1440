// CTC by hand: all ways to fill five steps, those of them that read as a word, and the loss of their sum.

import { losses, type Tensor, tensor, valueAndGrad } from 'athanor'
import { drawAlignments } from '../speech.js'

// What a net says at each of five steps: the probability of the blank, of s and of e.
const given = [
  [0.1, 0.8, 0.1],
  [0.2, 0.3, 0.5],
  [0.5, 0.1, 0.4],
  [0.3, 0.1, 0.6],
  [0.6, 0.1, 0.3],
]
const see = [1, 2, 2]

/** Repetitions become one, then blanks go. */
const read = (way: number[]) => way.filter((c, t) => c !== way[t - 1]).filter(c => c !== 0)
const chanceOf = (way: number[]) => way.reduce((product, c, t) => product * given[t][c], 1)
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

let ways: number[][] = [[]]
for (const chances of given) ways = ways.flatMap(way => chances.map((_, c) => [...way, c]))
const alignments = ways.filter(way => read(way).join() === see.join())
const together = sum(alignments.map(chanceOf))
console.log(`ways to fill ${given.length} steps: ${ways.length}, of them see: ${alignments.length}`)
console.log(`their probability: ${together.toFixed(4)}, loss ${(-Math.log(together)).toFixed(4)}`)

/** The same sum, step by step: what has led to each place of _ s _ e _ e _ so far. */
function sumOfWays(word: number[], chances: number[][]): number {
  const places = [0, ...word.flatMap(label => [label, 0])]
  let sums = places.map((_, i): number => (i === 0 ? 1 : 0))
  for (const chance of chances)
    sums = places.map((c, i) => {
      const mayLeap = c !== 0 && c !== places[i - 2]
      return chance[c] * sum(sums.slice(Math.max(0, i - (mayLeap ? 2 : 1)), i + 1))
    })
  return sum(sums.slice(-2))
}
console.log(`step by step: loss ${(-Math.log(sumOfWays(see, given))).toFixed(4)}`)

const logits = tensor([given.map(chances => chances.map(Math.log))])
const { value, gradient } = valueAndGrad((z: Tensor) => losses.ctc([see], z))(logits)
console.log(`by losses.ctc: loss ${(await value.item()).toFixed(4)}`)
const wanted = sum(alignments.filter(way => way[2] === 0).map(chanceOf)) / together
console.log(`blank at step 3: given ${given[2][0]}, wanted ${wanted.toFixed(3)}`)
const slope = ((await gradient.array()) as number[][][])[0][2][0]
console.log(`difference ${(given[2][0] - wanted).toFixed(3)}, gradient ${slope.toFixed(3)}`)
const chances = Array.from({ length: 20 }, () => Array<number>(5).fill(1))
console.log(`ways to read seven in 20 steps: ${sumOfWays([1, 2, 3, 2, 4], chances)}`)

drawAlignments(
  '11-ctc',
  'see',
  alignments.map(way => ({ letters: way.map(c => '_see'[c]), probability: chanceOf(way) })),
)
