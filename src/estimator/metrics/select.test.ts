import { expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { select } from './select.js'

test.each<[string, (i: number, random: Random) => number]>([
  ['random numbers', (_, random) => random.uniform()],
  ['few values, often', (_, random) => random.integer(4)],
  ['all alike', () => 7],
  ['ascending', i => i],
  ['descending', i => -i],
  ['up and down', i => Math.min(i, 1000 - i)],
])('%s: every place as if sorted', (_, make) => {
  const random = new Random(2)
  const values = Float64Array.from({ length: 1001 }, (_, i) => make(i, random))
  const sorted = values.slice().sort()
  for (const k of [0, 1, 250, 499, 500, 501, 999, 1000])
    expect(select(values.slice(), k)).toBe(sorted[k])
})
