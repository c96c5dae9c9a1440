import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Split, splitRows } from './split.js'

const fractions = fc
  .tuple(
    fc.integer({ min: 1, max: 10 }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 0, max: 5 }),
  )
  .map(([a, b, c]) => {
    const sum = a + b + c
    return { train: 1 - (b + c) / sum, validation: b / sum, test: c / sum }
  })
const seed = fc.integer({ min: 0, max: 2 ** 31 })
const parts = (split: Split) => [split.train, split.validation, split.test]

function expectPartition(split: Split, rows: number) {
  const all = parts(split).flatMap(part => [...part])
  expect(all).toHaveLength(rows)
  expect(new Set(all).size).toBe(rows)
  expect(all.every(row => row < rows)).toBe(true)
}

describe('splitRows', () => {
  it('random: every row once, sizes within one of the fractions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fractions, seed, (rows, shares, seed) => {
        const split = splitRows({ rows, fractions: shares, seed })
        expectPartition(split, rows)
        const wanted = [shares.train, shares.validation, shares.test]
        parts(split).forEach((part, i) => {
          expect(Math.abs(part.length - wanted[i] * rows)).toBeLessThan(rows < 20 ? 2.01 : 1.01)
          if (wanted[i] > 0 && rows >= 3) expect(part.length).toBeGreaterThan(0)
          if (wanted[i] === 0) expect(part.length).toBe(0)
        })
      }),
    )
  })

  it('stratified: the same within every class, and in the whole', () => {
    const labels = fc.array(fc.integer({ min: -1, max: 4 }), { minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(labels, fractions, seed, (list, shares, seed) => {
        const rows = list.length
        const split = splitRows({
          rows,
          fractions: shares,
          seed,
          method: 'stratified',
          labels: Int32Array.from(list),
        })
        expectPartition(split, rows)
        const wanted = [shares.train, shares.validation, shares.test]
        for (const label of new Set(list)) {
          const members = list.filter(other => other === label).length
          parts(split).forEach((part, i) => {
            const here = [...part].filter(row => list[row] === label).length
            if (members === 1) expect(here).toBe(i === 0 ? 1 : 0)
            else expect(Math.abs(here - wanted[i] * members)).toBeLessThan(2.01)
          })
        }
      }),
    )
  })

  it('stratified: 70/15/15 of classes of 50 each are exact in the whole', () => {
    const labels = Int32Array.from({ length: 150 }, (_, i) => Math.floor(i / 50))
    const split = splitRows({ rows: 150, method: 'stratified', labels, seed: 5 })
    expect(split.train).toHaveLength(105)
    expect(Math.abs(split.validation.length - split.test.length)).toBeLessThanOrEqual(1)
  })

  it('group: no group in two parts', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(groups, fractions, seed, (list, shares, seed) => {
        const rows = list.length
        const split = splitRows({
          rows,
          fractions: shares,
          seed,
          method: 'group',
          groups: Int32Array.from(list),
        })
        expectPartition(split, rows)
        const partOf = new Map<number, number>()
        parts(split).forEach((part, i) => {
          expect([...part].every(row => (partOf.get(list[row]) ?? i) === i)).toBe(true)
          for (const row of part) partOf.set(list[row], i)
        })
      }),
    )
  })

  it('time: train is older than validation, validation older than test', () => {
    const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(Number.NaN)), {
      minLength: 1,
      maxLength: 300,
    })
    fc.assert(
      fc.property(times, fractions, (list, shares) => {
        const rows = list.length
        const split = splitRows({
          rows,
          fractions: shares,
          method: 'time',
          time: Float64Array.from(list),
        })
        expectPartition(split, rows)
        const key = (row: number) => (Number.isNaN(list[row]) ? -1 : list[row])
        let latest = Number.NEGATIVE_INFINITY
        for (const part of parts(split)) {
          expect([...part].every(row => key(row) > latest)).toBe(true)
          for (const row of part) latest = Math.max(latest, key(row))
        }
      }),
    )
  })

  it('is a function of its seed', () => {
    const one = splitRows({ rows: 1000, seed: 1 })
    expect(splitRows({ rows: 1000, seed: 1 })).toEqual(one)
    expect(splitRows({ rows: 1000, seed: 2 }).test).not.toEqual(one.test)
    expect([...one.train.slice(0, 5)]).toEqual([...one.train.slice(0, 5)].sort((a, b) => a - b))
  })

  it('refuses what cannot be', () => {
    expect(() =>
      splitRows({ rows: 9, fractions: { train: 0.5, validation: 0.1, test: 0.1 } }),
    ).toThrow('add up')
    expect(() => splitRows({ rows: 9, method: 'stratified' })).toThrow('labels')
    expect(() => splitRows({ rows: 9, method: 'group', groups: new Int32Array(8) })).toThrow(
      'groups',
    )
    expect(() => splitRows({ rows: 9, method: 'alphabetical' as never })).toThrow('method')
  })
})
