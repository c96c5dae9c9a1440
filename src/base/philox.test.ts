import { describe, expect, it } from 'vitest'
import { philox4x32, Random } from './philox.js'

const hex = (words: Uint32Array) => [...words].map(w => w.toString(16).padStart(8, '0')).join(' ')

describe('philox4x32', () => {
  // Known answers of the authors' Random123 library (kat_vectors, philox4x32 10).
  it.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ])('gives the published words', (counter, key, words) => {
    expect(hex(philox4x32(counter, key))).toBe(words)
  })
})

describe('Random', () => {
  it('repeats for the same seed and stream, differs otherwise', () => {
    const draw = (seed: number, stream: number) => {
      const random = new Random(seed, stream)
      return Array.from({ length: 9 }, () => random.uniform())
    }
    expect(draw(7, 1)).toEqual(draw(7, 1))
    expect(draw(7, 1)).not.toEqual(draw(7, 2))
    expect(draw(7, 1)).not.toEqual(draw(8, 1))
    expect(draw(7, 0)).not.toEqual(draw(7 + 2 ** 32, 0))
  })

  it('draws whole numbers evenly and shuffles without loss', () => {
    const random = new Random(1)
    const counts = [0, 0, 0]
    for (let i = 0; i < 30000; i++) counts[random.integer(3)]++
    for (const count of counts) expect(Math.abs(count - 10000)).toBeLessThan(400)
    const shuffled = random.shuffle(Uint32Array.from({ length: 1000 }, (_, i) => i))
    expect([...shuffled]).not.toEqual([...shuffled].sort((a, b) => a - b))
    expect(new Set(shuffled).size).toBe(1000)
  })

  it('refuses what is not a seed', () => {
    expect(() => new Random(-1)).toThrow('seed')
    expect(() => new Random(0.5)).toThrow('seed')
  })
})
