import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AthanorError } from './errors.js'
import {
  broadcastShapes,
  broadcastStrides,
  normalizeAxes,
  reducedShape,
  sizeOf,
  stridesOf,
} from './shape.js'

/** A shape and one that broadcasts with it: some axes 1, some leading ones left out. */
const pairs = fc
  .array(fc.record({ size: fc.integer({ min: 0, max: 4 }), a: fc.boolean(), b: fc.boolean() }), {
    maxLength: 5,
  })
  .chain(axes =>
    fc.record({
      axes: fc.constant(axes),
      dropA: fc.nat(axes.length),
      dropB: fc.nat(axes.length),
    }),
  )
  .map(({ axes, dropA, dropB }) => {
    const cut = Math.min(dropA, dropB)
    const a = axes.map(({ size, a: one }) => (one ? 1 : size)).slice(dropA - cut)
    const b = axes.map(({ size, b: one }) => (one ? 1 : size)).slice(dropB - cut)
    return [a, b] as const
  })

describe('broadcasting', () => {
  it('is symmetric, and each operand is walked within its bounds', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const out = broadcastShapes('test', a, b)
        expect(broadcastShapes('test', b, a)).toEqual(out)
        expect(out.length).toBe(Math.max(a.length, b.length))
        for (const from of [a, b]) {
          const strides = broadcastStrides(from, out)
          const seen = new Set<number>()
          const size = sizeOf(out)
          const own = stridesOf(out)
          for (let n = 0; n < size; n++) {
            let at = 0
            out.forEach((count, i) => {
              at += (Math.floor(n / own[i]) % count) * strides[i]
            })
            expect(at).toBeGreaterThanOrEqual(0)
            expect(at).toBeLessThan(Math.max(sizeOf(from), 1))
            seen.add(at)
          }
          if (size > 0) expect(seen.size).toBe(sizeOf(from))
        }
      }),
      { seed: 2 },
    )
  })

  it('refuses sizes that differ where neither is 1', () => {
    expect(() => broadcastShapes('add', [2, 3], [4])).toThrow(AthanorError)
    expect(() => broadcastShapes('add', [2, 3], [4])).toThrow(
      /add: expected shapes that broadcast.*\[2, 3\] and \[4\]/,
    )
  })
})

describe('axes', () => {
  it('count from the end where negative, once each', () => {
    expect(normalizeAxes('sum', [-1, 0], 3)).toEqual([0, 2])
    expect(normalizeAxes('sum', undefined, 2)).toEqual([0, 1])
    expect(() => normalizeAxes('sum', [0, -3], 3)).toThrow(/each axis once/)
    expect(() => normalizeAxes('sum', 3, 3)).toThrow(/an axis between -3 and 2/)
    expect(reducedShape([2, 3, 4], [1], false)).toEqual([2, 4])
    expect(reducedShape([2, 3, 4], [0, 2], true)).toEqual([1, 3, 1])
  })
})
