import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Imputing } from './imputing.js'
import { normalQuantile } from './normal-quantile.js'
import { quantileOf } from './quantile.js'
import { RankNormal } from './rank-normal.js'
import { RowReservoir } from './row-reservoir.js'
import { Scaling } from './scaling.js'
import { forEachToken, hashOf } from './text-tokens.js'

const oracle = JSON.parse(
  readFileSync(new URL('./fixtures/transformations.json', import.meta.url), 'utf8'),
)
const sorted = Float64Array.from(oracle.x as number[]).sort()

describe('against scipy, NumPy and scikit-learn', () => {
  test('normal quantiles', () => {
    oracle.probabilities.forEach((p: number, i: number) => {
      const z = oracle.normalQuantiles[i]
      expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-13 * Math.max(1, Math.abs(z)))
    })
  })

  test('quantiles', () => {
    oracle.quantileLevels.forEach((p: number, i: number) => {
      expect(quantileOf(sorted, p)).toBeCloseTo(oracle.quantiles[i], 12)
    })
  })

  test('scaling, where nothing is clipped', () => {
    const standard = Scaling.fit(sorted)
    const robust = Scaling.fit(sorted, 'robust')
    oracle.x.forEach((value: number, i: number) => {
      expect(standard.apply(value)).toBeCloseTo(oracle.standard[i], 12)
      expect(robust.apply(value)).toBeCloseTo(oracle.robust[i], 12)
      expect(standard.invert(standard.apply(value))).toBeCloseTo(value, 12)
    })
  })

  test('ranks, but for half a rank at the ends', () => {
    const ranks = RankNormal.fit(sorted)
    oracle.x.forEach((value: number, i: number) => {
      const share = (oracle.ranks[i] * 40 + 0.5) / 41
      expect(ranks.apply(value)).toBeCloseTo(normalQuantile(share), 10)
    })
  })

  test('imputing', () => {
    const known = oracle.withMissing.filter((v: number | null) => v !== null)
    const values = Float64Array.from(known as number[]).sort()
    for (const rule of ['median', 'mean', 'mostFrequent'] as const)
      expect(Imputing.fit(values, 1, rule).value).toBeCloseTo(oracle.imputed[rule], 12)
    expect(Imputing.fit(values, 0, { constant: -1 })).toMatchObject({ value: -1, indicator: false })
  })
})

test('a sample of a stream is uniform and the same however it is cut', () => {
  const sample = (cuts: number[]) => {
    const reservoir = new RowReservoir(100, 7)
    const kept: number[] = []
    let start = 0
    for (const count of cuts) {
      const { rows, slots } = reservoir.take(count)
      for (const [k, slot] of slots.entries()) kept[slot] = start + rows[k]
      start += count
    }
    return kept
  }
  const whole = sample([10_000])
  expect(sample([1, 99, 1, 899, 9000])).toEqual(whole)
  expect(sample(Array.from({ length: 100 }, () => 100))).toEqual(whole)
  expect(new Set(whole).size).toBe(100)
  const mean = whole.reduce((a, b) => a + b) / 100
  expect(Math.abs(mean - 5000)).toBeLessThan(3 * 289)
})

test('tokens: words and pairs, Chinese by character, forms folded', () => {
  const tokens = (text: string) => {
    const out: string[] = []
    forEachToken(text, token => out.push(token))
    return out
  }
  expect(tokens("Don't stop")).toEqual(["don't", 'stop', "don't stop"])
  expect(tokens('服务好 OK')).toEqual(['服', '务', '服务', '好', '务好', 'ok', '好 ok'])
  expect(tokens('ＡＢＣ')).toEqual(['abc'])
  expect(tokens('…!')).toEqual([])
  expect(hashOf('a')).toBe(hashOf('a'))
  expect(hashOf('a')).not.toBe(hashOf('b'))
})
