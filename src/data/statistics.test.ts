import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DistinctCounter } from './distinct.js'
import { numberStatistics, quantileOfSorted, StatisticsBuilder } from './statistics.js'

describe('numberStatistics', () => {
  it('of a small array', () => {
    const stats = numberStatistics(Float64Array.of(4, Number.NaN, 1, 3, 2))!
    expect(stats).toMatchObject({ min: 1, max: 4, mean: 2.5 })
    expect(stats.std).toBeCloseTo(Math.sqrt(1.25), 14)
    expect(stats.quantiles[3]).toBe(2.5)
    expect(stats.histogram.counts.reduce((a, b) => a + b)).toBe(4)
    expect(numberStatistics(Float64Array.of(Number.NaN))).toBeUndefined()
  })

  it('keeps digits far from zero, and at the ends of the range', () => {
    const near = numberStatistics(Float64Array.of(1e9 + 1, 1e9 + 2, 1e9 + 3))!
    expect(near.std).toBeCloseTo(Math.sqrt(2 / 3), 9)
    for (const scale of [1e300, 1e-300, 1e308]) {
      const stats = numberStatistics(Float64Array.of(scale, -scale, scale, -scale))!
      expect(stats.mean).toBe(0)
      expect(stats.std / scale).toBeCloseTo(1, 12)
    }
  })

  it('is the same in blocks as at once', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    })
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (list, size) => {
        const whole = numberStatistics(Float64Array.from(list))!
        const builder = new StatisticsBuilder()
        for (let i = 0; i < list.length; i += size)
          builder.add(Float64Array.from(list.slice(i, i + size)))
        const parts = builder.finish()!
        expect(parts.min).toBe(whole.min)
        expect(parts.max).toBe(whole.max)
        expect(parts.mean).toBeCloseTo(whole.mean, 6)
        expect(parts.std).toBeCloseTo(whole.std, 6)
        expect(parts.quantiles).toEqual(whole.quantiles)
      }),
    )
  })

  it('samples long columns evenly', () => {
    const builder = new StatisticsBuilder()
    for (let block = 0; block < 10; block++)
      builder.add(Float64Array.from({ length: 65_536 }, (_, i) => block * 65_536 + i))
    const { quantiles } = builder.finish()!
    expect(quantiles[3] / 655_360).toBeCloseTo(0.5, 2)
    expect(quantiles[5] / 655_360).toBeCloseTo(0.95, 2)
  })
})

it('quantileOfSorted interpolates', () => {
  expect(quantileOfSorted([1, 2, 4], 0.25)).toBe(1.5)
  expect(quantileOfSorted([], 0.5)).toBeNaN()
})

describe('DistinctCounter', () => {
  it('is exact while there are few', () => {
    const counter = new DistinctCounter()
    counter.add(Float64Array.of(1, 2, 2, Number.NaN, 0, -0, 1e300))
    expect(counter.distinct).toBe(4)
    expect(counter.estimated).toBe(false)
  })

  it.each([10_000, 300_000])('estimates %d within 5 %', many => {
    const counter = new DistinctCounter()
    for (let k = 0; k < 3; k++)
      counter.add(Float64Array.from({ length: many }, (_, i) => i * 1.25 - 7))
    expect(counter.estimated).toBe(true)
    expect(Math.abs(counter.distinct / many - 1)).toBeLessThan(0.05)
    const texts = new DistinctCounter()
    texts.addTexts(Array.from({ length: many }, (_, i) => `row ${i}`))
    expect(Math.abs(texts.distinct / many - 1)).toBeLessThan(0.05)
  })
})
