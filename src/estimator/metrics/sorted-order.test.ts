import { expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { sortedOrder } from './sorted-order.js'

test.each([10, 3000, 70_000])('%i numbers ascend, equal ones in their order', rows => {
  const random = new Random(3)
  const values = Float64Array.from({ length: rows }, (_, i) => {
    const kind = i % 5
    if (kind === 0) return random.integer(50) - 25
    if (kind === 1) return (random.uniform() - 0.5) * 1e300
    if (kind === 2) return (random.uniform() - 0.5) * 1e-300
    if (kind === 3) return i % 2 === 0 ? 0 : -0
    return random.uniform()
  })
  const expected = Uint32Array.from({ length: rows }, (_, i) => i).sort(
    (a, b) => values[a] - values[b] || a - b,
  )
  expect(sortedOrder(values)).toEqual(expected)
})

test('numbers that are all alike', () => {
  expect(sortedOrder(new Float64Array(5000).fill(2.5))).toEqual(
    Uint32Array.from({ length: 5000 }, (_, i) => i),
  )
})
