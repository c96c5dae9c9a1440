// A language model by counting: what followed after the last characters, in the part of the book that was read.

import * as Plot from '@observablehq/plot'
import { fresh, known, vocabulary } from '../book.js'
import { colours, namedLines, picture } from '../picture.js'

/** How often each character followed each context of `length` characters. */
function count(text: string, length: number) {
  const counts = new Map<string, Map<string, number>>()
  for (let i = length; i < text.length; i++) {
    const context = text.slice(i - length, i)
    const after = counts.get(context) ?? new Map<string, number>()
    after.set(text[i], (after.get(text[i]) ?? 0) + 1)
    counts.set(context, after)
  }
  return counts
}

// A hundredth of an occurrence for every character: none is impossible.
const extra = 0.01
function probability(after: ReadonlyMap<string, number> | undefined, character: string): number {
  const all = [...(after?.values() ?? [])].reduce((sum, n) => sum + n, 0)
  return ((after?.get(character) ?? 0) + extra) / (all + extra * vocabulary.length)
}

function bits(counts: ReturnType<typeof count>, text: string, length: number): number {
  let sum = 0
  for (let i = length; i < text.length; i++)
    sum -= Math.log2(probability(counts.get(text.slice(i - length, i)), text[i]))
  return sum / (text.length - length)
}

console.log(`characters: ${known.length}, different ones: ${vocabulary.length}`)
console.log(`bits if all were equally likely: ${Math.log2(vocabulary.length).toFixed(2)}`)
const points: { name: string; x: number; y: number }[] = []
for (let length = 0; length <= 7; length++) {
  const counts = count(known, length)
  const [learned, measured] = [known, fresh].map(text => bits(counts, text, length))
  points.push({ name: 'text that was counted', x: length, y: learned })
  points.push({ name: 'fresh text', x: length, y: measured })
  const contexts = `${counts.size} contexts`
  console.log(
    `${length} before, ${contexts}: ${learned.toFixed(2)} counted, ${measured.toFixed(2)} fresh`,
  )
}
const sevens = count(known, 7)
const isNew = Array.from(fresh.slice(7), (_, i) => !sevens.has(fresh.slice(i, i + 7)))
const newShare = isNew.filter(Boolean).length / isNew.length
console.log(`groups of 7 in the fresh text that are new: ${(100 * newShare).toFixed(0)} %`)
const afterWh = new Map([...(count(known, 2).get('wh') ?? [])].sort((a, b) => b[1] - a[1]))
for (const character of [...afterWh.keys()].slice(0, 4))
  console.log(`after 'wh' comes '${character}': ${probability(afterWh, character).toFixed(2)}`)

picture('10-counting', {
  marginRight: 150,
  x: { label: 'characters before' },
  y: { label: 'bits per character', grid: true, domain: [0, 5] },
  color: { range: colours },
  marks: [namedLines(points), Plot.dot(points, { x: 'x', y: 'y', fill: 'name', r: 3.5 })],
})
