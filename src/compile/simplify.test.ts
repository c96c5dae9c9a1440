// Rewrites that pay: what a graph becomes, and that its values stay.

import { expect, it } from 'vitest'
import { ReferenceExecutor } from '../execute/reference.js'
import { useExecutor } from '../tensor/engine.js'
import { compile, grad, random, slice, type Tensor } from '../tensor/index.js'

useExecutor(new ReferenceExecutor())

const x = random.uniform([2, 9, 3])
x.dataSync()

/** Squares of parts along axis 1, each with a weight of its own. */
const parts =
  (...cuts: readonly [number, number][]) =>
  (v: Tensor) =>
    cuts
      .map(([from, to], i) =>
        slice(v, null, [from, to])
          .square()
          .sum()
          .mul(i + 1),
      )
      .reduce((a, b) => a.add(b))

it.each<[string, [number, number][], number]>([
  [
    'in order',
    [
      [0, 2],
      [2, 5],
      [5, 9],
    ],
    0,
  ],
  [
    'from the end',
    [
      [5, 9],
      [2, 5],
      [0, 2],
    ],
    0,
  ],
  [
    'with the middle last',
    [
      [2, 5],
      [0, 2],
      [5, 9],
    ],
    3,
  ],
  [
    'of which some are left out',
    [
      [1, 3],
      [3, 6],
    ],
    1,
  ],
  [
    'that overlap',
    [
      [0, 5],
      [4, 9],
    ],
    2,
  ],
])('the gradient of parts %s is joined, not added up', (_, cuts, fills) => {
  const gradient = grad(parts(...cuts))
  const expected = (x.arraySync() as number[][][]).map(rows =>
    rows.map((row, at) =>
      row.map(value =>
        cuts.reduce(
          (sum, [from, to], i) => (at >= from && at < to ? sum + 2 * (i + 1) * value : sum),
          0,
        ),
      ),
    ),
  )
  const found = gradient(x).arraySync() as number[][][]
  found.flat(2).forEach((value, i) => {
    expect(value).toBeCloseTo(expected.flat(2)[i], 5)
  })
  const text = compile((v: Tensor) => gradient(v)).explain(x)
  expect(text.match(/: fill float32\[54\] 0 /g)?.length ?? 0).toBe(fills)
})
