import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dtypes } from '../base/dtype.js'
import { aligned, planMemory, type Use, type VirtualBuffer } from './plan.js'

/** Random programs: each instruction reads some earlier values and writes one or two new ones. */
const programs = fc
  .array(
    fc.record({
      writes: fc.array(fc.record({ length: fc.nat(300), wide: fc.boolean() }), {
        minLength: 1,
        maxLength: 2,
      }),
      reads: fc.array(fc.nat(1000), { maxLength: 3 }),
      replaces: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map(steps => {
    const virtual: VirtualBuffer[] = []
    const uses: Use[] = []
    for (const step of steps) {
      const reads =
        virtual.length === 0 ? [] : [...new Set(step.reads.map(r => r % virtual.length))]
      const writes = step.writes.map(({ length, wide }) => {
        virtual.push({ dtype: wide ? 'float64' : 'float32', length, fixed: null })
        return virtual.length - 1
      })
      const mayReplace = step.replaces
        ? writes.flatMap(w =>
            reads
              .filter(
                r =>
                  virtual[r].length === virtual[w].length && virtual[r].dtype === virtual[w].dtype,
              )
              .map(r => [w, r] as const),
          )
        : []
      uses.push({ reads, writes, mayReplace })
    }
    return { virtual, uses }
  })

describe('planMemory', () => {
  it('never lets two living values share bytes, unless one takes the dying other’s place', () => {
    fc.assert(
      fc.property(programs, ({ virtual, uses }) => {
        const { buffers, arenaBytes } = planMemory(virtual, uses)
        const bytes = virtual.map(v => v.length * dtypes[v.dtype].bytes)
        const last = new Map<number, number>()
        const first = new Map<number, number>()
        uses.forEach((use, i) => {
          for (const id of [...use.reads, ...use.writes]) {
            last.set(id, i)
            if (!first.has(id)) first.set(id, i)
          }
        })
        for (let a = 0; a < virtual.length; a++) {
          expect(buffers[a].byteOffset % 64).toBe(0)
          expect(buffers[a].byteOffset + bytes[a]).toBeLessThanOrEqual(arenaBytes)
          for (let b = a + 1; b < virtual.length; b++) {
            if (bytes[a] === 0 || bytes[b] === 0) continue
            const together = first.get(a)! <= last.get(b)! && first.get(b)! <= last.get(a)!
            if (!together) continue
            const apart =
              buffers[a].byteOffset >= buffers[b].byteOffset + bytes[b] ||
              buffers[b].byteOffset >= buffers[a].byteOffset + bytes[a]
            const handedOver =
              last.get(a) === first.get(b) &&
              uses[first.get(b)!].mayReplace.some(([w, r]) => w === b && r === a) &&
              buffers[a].byteOffset === buffers[b].byteOffset
            expect(apart || handedOver).toBe(true)
          }
        }
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it('reuses memory: a chain needs two places, and one where values may be replaced', () => {
    const virtual: VirtualBuffer[] = Array.from({ length: 20 }, () => ({
      dtype: 'float32',
      length: 100,
      fixed: null,
    }))
    const chain = (replace: boolean): Use[] =>
      virtual.map((_, i) => ({
        reads: i === 0 ? [] : [i - 1],
        writes: [i],
        mayReplace: replace && i > 0 ? [[i, i - 1] as const] : [],
      }))
    expect(planMemory(virtual, chain(false)).arenaBytes).toBe(2 * aligned(400))
    expect(planMemory(virtual, chain(true)).arenaBytes).toBe(aligned(400))
  })
})
