// Metrics of batches against the metrics over whole columns (src/estimator/metrics), in batches of
// different sizes and with weights.

import { describe, expect, it } from 'vitest'
import { Random } from '../base/philox.js'
import * as whole from '../estimator/metrics/index.js'
import { ReferenceExecutor } from '../execute/reference.js'
import { useExecutor } from '../tensor/engine.js'
import { type Tensor, tensor } from '../tensor/index.js'
import * as metrics from './metrics.js'
import { type BatchMetric, getMetric } from './metrics.js'

useExecutor(new ReferenceExecutor())

const rows = 50
const classes = 7
const random = new Random(3)
const scores = Float32Array.from({ length: rows * classes }, () => random.uniform())
const labels = Int32Array.from({ length: rows }, () => random.integer(classes))
const binary = Int32Array.from({ length: rows }, () => random.integer(2))
const probability = Float32Array.from({ length: rows }, () => random.uniform())
const numbers = Float32Array.from({ length: rows }, () => 2 * random.uniform() - 1)
const weights = Float32Array.from({ length: rows }, () => random.integer(3))
const oneHot = Float32Array.from({ length: rows * classes }, (_, i) =>
  labels[Math.floor(i / classes)] === i % classes ? 1 : 0,
)
const predicted = Int32Array.from({ length: rows }, (_, r) => {
  let best = 0
  for (let c = 1; c < classes; c++)
    if (scores[r * classes + c] > scores[r * classes + best]) best = c
  return best
})

type Slices = (from: number, to: number) => Tensor

const wide =
  (values: Float32Array): Slices =>
  (from, to) =>
    tensor(values.slice(from * classes, to * classes), { shape: [to - from, classes] })
const column =
  (values: Float32Array | Int32Array): Slices =>
  (from, to) =>
    tensor(values.slice(from, to), { shape: [to - from, 1] })

/** The value over batches of 16 rows and a last one of 2. */
function overBatches(metric: BatchMetric, yTrue: Slices, yPred: Slices, weighted = false): number {
  let total = 0
  let count = 0
  for (let from = 0; from < rows; from += 16) {
    const to = Math.min(rows, from + 16)
    const w = weighted ? tensor(weights.slice(from, to)) : undefined
    const part = metric.compute(yTrue(from, to), yPred(from, to), w)
    total += part.total.itemSync()
    count += part.count.itemSync()
  }
  const value = total / count
  return metric.finish?.(value) ?? value
}

describe('metrics in batches', () => {
  const hard = Int32Array.from(probability, p => (p > 0.5 ? 1 : 0))
  const sides = [column(binary), column(probability)] as const
  const regression = [column(numbers), column(probability)] as const
  const sparse = [column(labels), wide(scores)] as const
  const rowsOfScores = Array.from({ length: rows }, (_, r) =>
    scores.slice(r * classes, (r + 1) * classes),
  )

  it.each([
    ['binaryAccuracy', sides, whole.accuracy(binary, hard)],
    ['accuracy', sides, whole.accuracy(binary, hard)],
    ['accuracy', sparse, whole.accuracy(labels, predicted)],
    ['accuracy', [wide(oneHot), wide(scores)] as const, whole.accuracy(labels, predicted)],
    ['sparseCategoricalAccuracy', sparse, whole.accuracy(labels, predicted)],
    [
      'categoricalAccuracy',
      [wide(oneHot), wide(scores)] as const,
      whole.accuracy(labels, predicted),
    ],
    ['precision', sides, whole.precision(binary, hard)],
    ['recall', sides, whole.recall(binary, hard)],
    ['f1', sides, whole.f1(binary, hard)],
    ['meanSquaredError', regression, whole.meanSquaredError(numbers, probability)],
    ['rootMeanSquaredError', regression, whole.rootMeanSquaredError(numbers, probability)],
    ['meanAbsoluteError', regression, whole.meanAbsoluteError(numbers, probability)],
  ] as const)('%s', (name, [yTrue, yPred], expected) => {
    expect(overBatches(getMetric(name), yTrue, yPred)).toBeCloseTo(expected, 5)
  })

  it('top k', () => {
    for (const k of [1, 2, 3, 7]) {
      let hits = 0
      rowsOfScores.forEach((row, r) => {
        if ([...row].filter(v => v > row[labels[r]]).length < k) hits++
      })
      expect(overBatches(metrics.sparseTopKCategoricalAccuracy({ k }), ...sparse)).toBeCloseTo(
        hits / rows,
        6,
      )
      expect(
        overBatches(metrics.topKCategoricalAccuracy({ k }), wide(oneHot), wide(scores)),
      ).toBeCloseTo(hits / rows, 6)
    }
  })

  it('weights rows', () => {
    let total = 0
    let count = 0
    for (let r = 0; r < rows; r++) {
      total += weights[r] * (labels[r] === predicted[r] ? 1 : 0)
      count += weights[r]
    }
    expect(overBatches(getMetric('accuracy'), ...sparse, true)).toBeCloseTo(total / count, 6)
  })

  it('cross-entropies are the losses', () => {
    const p = probability.map(v => 0.1 + 0.8 * v)
    let expected = 0
    for (let r = 0; r < rows; r++) expected -= Math.log(binary[r] === 1 ? p[r] : 1 - p[r]) / rows
    expect(overBatches(getMetric('binaryCrossentropy'), column(binary), column(p))).toBeCloseTo(
      expected,
      5,
    )
  })

  it('logits have the threshold 0', () => {
    const logits = Float32Array.from(probability, p => Math.log(p / (1 - p)))
    for (const make of [metrics.accuracy, metrics.binaryAccuracy])
      expect(overBatches(make({ threshold: 0 }), column(binary), column(logits))).toBeCloseTo(
        whole.accuracy(binary, hard),
        6,
      )
  })

  it('suggests the nearest name', () => {
    expect(() => getMetric('acuracy' as never)).toThrow(/accuracy/)
  })
})
