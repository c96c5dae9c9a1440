// Weights with which every class counts as much as any other.

import type { Batch, BatchOrder, BatchSource } from '../train/batches.js'

/** What a row of each class counts for: rows ÷ (classes × rows of its class); 1 for classes without rows. */
export function balancedWeights(counts: ArrayLike<number>): Float32Array {
  let [rows, present] = [0, 0]
  for (let i = 0; i < counts.length; i++) {
    rows += counts[i]
    if (counts[i] > 0) present++
  }
  return Float32Array.from(counts, count => (count > 0 ? rows / (present * count) : 1))
}

/** Rows of each class. */
export function countClasses(labels: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++
  return counts
}

/** The weight of each row. */
export function balancedRowWeights(labels: ArrayLike<number>, classes: number): Float32Array {
  const weights = balancedWeights(countClasses(labels, classes))
  return Float32Array.from(labels, label => weights[label])
}

/** A source whose labels are classes, with weights for its rows. */
export class WeightedClasses implements BatchSource {
  readonly rows: number
  readonly x: BatchSource['x']
  readonly y: BatchSource['y']

  constructor(
    private readonly source: BatchSource,
    private readonly weights: Float32Array,
  ) {
    this.rows = source.rows
    this.x = source.x
    this.y = source.y
  }

  async *batches(order: BatchOrder): AsyncIterable<Batch> {
    for await (const batch of this.source.batches(order))
      yield {
        ...batch,
        weights: Float32Array.from(batch.y as Int32Array, label => this.weights[label]),
      }
  }
}
