// Rewrites that pay: what a graph becomes, and that its values stay.

import { expect, it } from 'vitest'
import { ReferenceExecutor } from '../execute/reference.js'
import { useExecutor } from '../tensor/engine.js'
import { compile, grad, maxPool, random, slice, type Tensor, tensor } from '../tensor/index.js'

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

/** γ · (v − mean) / √(variance + ε) over axes, weighted by w and added up. */
const normalized = (axis: number[], gamma: Tensor, w: Tensor) => (v: Tensor) => {
  const centered = v.sub(v.mean({ axis, keepDims: true }))
  const variance = centered.square().mean({ axis, keepDims: true })
  return centered.mul(variance.add(1e-3).rsqrt()).mul(gamma).mul(w).sum()
}

it.each([[[0, 1]], [[2]]])(
  'the gradient of a normalisation over axes %j takes two passes',
  axis => {
    const gamma = random.uniform([3], { low: 0.5, high: 2 })
    const weights = random.uniform([2, 9, 3])
    const gradient = grad(normalized(axis, gamma, weights))
    // By the textbook, δ being the gradient of x̂: (δ − mean(δ) − x̂ · mean(δ · x̂)) / √(variance + ε)
    const mean = (v: Tensor) => v.mean({ axis, keepDims: true })
    const centered = x.sub(mean(x))
    const rate = mean(centered.square()).add(1e-3).rsqrt()
    const hat = centered.mul(rate)
    const delta = weights.mul(gamma)
    const expected = delta
      .sub(mean(delta))
      .sub(hat.mul(mean(delta.mul(hat))))
      .mul(rate)
    const found = gradient(x).dataSync()
    expected.dataSync().forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 4)
    })
    const text = compile((v: Tensor) => gradient(v)).explain(x)
    const program = text.slice(text.indexOf('\nprogram'))
    const backward = program.slice(program.indexOf('rsqrt'))
    expect(backward.match(/: fused float32\[(?:54|18, 3)\]/g)?.length).toBe(2)
  },
)

it('factors that are known at run time alone keep their order: none overflows or vanishes before its time', () => {
  const times = compile((v: Tensor, a: Tensor, b: Tensor) => a.mul(v.mul(b)))
  const large = tensor([1e30])
  const small = tensor([1e-30])
  expect(times(tensor([1e-25, 2e-25]), large, large).arraySync()).toEqual([
    expect.closeTo(1e35, -30),
    expect.closeTo(2e35, -30),
  ])
  expect(
    times(tensor([1e25, 2e25]), small, small)
      .sum()
      .itemSync(),
  ).toBeGreaterThan(2.9e-35)
})

const row = random.uniform([3], { low: 1, high: 2 })
const column = random.uniform([2, 9, 1], { low: 1, high: 2 })
const rows = row.dataSync()
const columns = column.dataSync()

it.each<
  [string, (v: Tensor) => Tensor, number[], (v: number, i: number, meanOf: number) => number]
>([
  ['a row', v => v.mul(row).neg(), [0, 1], (v, i) => -v * rows[i % 3]],
  [
    'rows both ways',
    v => v.mul(column).mul(row),
    [0, 1],
    (v, i) => v * columns[Math.floor(i / 3)] * rows[i % 3],
  ],
  [
    'a column and a number',
    v => v.mul(column).mul(-2),
    [2],
    (v, i) => -2 * v * columns[Math.floor(i / 3)],
  ],
  ['a row and a number', v => row.mul(v.mul(3)), [0, 1], (v, i) => 3 * v * rows[i % 3]],
  ['a sum of two', v => v.mul(row).add(row), [0, 1], (v, i) => v * rows[i % 3] + rows[i % 3]],
  [
    'what deviates from a mean',
    v => v.mul(row).sub(v.sub(v.mean({ axis: [0, 1], keepDims: true }))),
    [0, 1],
    (v, i, meanOf) => v * rows[i % 3] - (v - meanOf),
  ],
])('the sum of %s keeps its value', (_, summand, axis, element) => {
  const values = [...x.dataSync()]
  const group = (i: number) => (axis.length === 2 ? i % 3 : Math.floor(i / 3))
  const groups = axis.length === 2 ? 3 : 18
  const means = new Array<number>(groups).fill(0)
  values.forEach((v, i) => {
    means[group(i)] += v / (54 / groups)
  })
  const expected = new Array<number>(groups).fill(0)
  values.forEach((v, i) => {
    expected[group(i)] += element(v, i, means[group(i)])
  })
  const found = compile((v: Tensor) => summand(v).sum({ axis }))(x).dataSync()
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 4)
  })
})

it('numbers whose product is 0 or infinite are not multiplied first', () => {
  const every = (value: number) => x.mul(0).add(value)
  const shrinking = compile((v: Tensor) => v.mul(1e-30).mul(1e-30))
  const growing = compile((v: Tensor) => v.mul(1e30).mul(1e30))
  expect(shrinking(every(1e30)).dataSync()[0]).toBeCloseTo(1e-30, 35)
  expect(growing(every(1e-38)).dataSync()[0] / 1e22).toBeCloseTo(1, 5)
})

it('sums of sums that grow with every step are left as they are', () => {
  const doubled = (v: Tensor) => {
    let sum = v
    let product = v.mul(0).add(1)
    for (let i = 0; i < 60; i++) {
      sum = sum.add(sum)
      product = product.mul(product)
    }
    return sum.mul(product).sum()
  }
  const total = [...x.dataSync()].reduce((sum, value) => sum + value, 0)
  expect(compile(doubled)(x).dataSync()[0] / 2 ** 60).toBeCloseTo(total, 3)
})

it.each([
  { size: 2, strides: 2 },
  { size: 3, strides: 2 },
])('a relu before pooling is undone over the windows: $size by $strides', options => {
  const pictures = random.normal([2, 7, 7, 3])
  const weights = random.uniform(maxPool(pictures, options).shape)
  const bias = random.normal([3])
  const pooled = (v: Tensor, b: Tensor) => maxPool(v.add(b).relu(), options).mul(weights).sum()
  // The same with a relu that the rewriting does not know.
  const plain = (v: Tensor, b: Tensor) => maxPool(v.add(b).maximum(0), options).mul(weights).sum()
  const gradients = (f: typeof pooled) => [
    grad((v: Tensor) => f(v, bias))(pictures).dataSync(),
    grad((b: Tensor) => f(pictures, b))(bias).dataSync(),
  ]
  const expected = gradients(plain)
  gradients(pooled).forEach((values, i) => {
    expect(values.every((value, k) => Math.abs(value - expected[i][k]) < 1e-4)).toBe(true)
  })
  const text = compile((b: Tensor) => grad((c: Tensor) => pooled(pictures, c))(b)).explain(bias)
  const program = text.slice(text.indexOf('\nprogram'))
  expect(program).not.toMatch(/: maxPoolGradient/)
})

it('numbers are one number in whatever shape they come', () => {
  const loss = (v: Tensor) => v.square().mean()
  const program = compile((v: Tensor) => grad(loss)(v)).explain(x)
  expect(program).toContain('program\n1 kernel call')
})

it('the gradients of weights are made as the way back reaches them', () => {
  const [depth, rows, units] = [8, 256, 64]
  const weights = Array.from({ length: depth }, () => random.normal([units, units]))
  const forward = (all: Tensor[]) =>
    all.reduce((v, w) => v.matmul(w).relu(), random.normal([rows, units]))
  const step = compile((all: Tensor[]) => grad((ws: Tensor[]) => forward(ws).sum())(all))
  const [, kibibytes] = /arena of (\d+) KiB/.exec(step.explain(weights)) ?? []
  // What each layer answered, and room for two gradients on their way.
  const each = (4 * rows * units) / 1024
  expect(Number(kibibytes)).toBeLessThanOrEqual((depth + 2) * each)
})
