// Compiled steps together with the batches that they run on: all that the loop knows of data and model.

import type { Tensor } from '../tensor/tensor.js'
import type { BatchOrder } from './batches.js'

/** What the loop looks at in a batch. */
export interface AnyBatch {
  readonly rows: number
}

export interface BatchResult {
  readonly loss: number
  /** [total, count] of each metric. */
  readonly metrics: readonly (readonly [number, number])[]
}

/** A source of batches of one kind. */
export interface SourceOf<B extends AnyBatch> {
  readonly rows: number
  batches(order: BatchOrder): Iterable<B> | AsyncIterable<B>
}

/** Steps on batches of one kind, from sources that say the batches' types. */
export interface StepsOn<B extends AnyBatch, S extends SourceOf<B>> {
  train(batch: B, source: S): Promise<BatchResult>
  evaluate(batch: B, source: S): Promise<BatchResult>
  /** The loss in training, outside compiled steps: to find the cause of one that is not finite. */
  lossOf(batch: B, source: S): Tensor
  explain(batch: B, source: S): string
}

/** A source with the steps for its batches. Batches come from its own `batches`. */
export interface Training extends SourceOf<AnyBatch> {
  train(batch: AnyBatch): Promise<BatchResult>
  evaluate(batch: AnyBatch): Promise<BatchResult>
  lossOf(batch: AnyBatch): Tensor
  explain(batch: AnyBatch): string
}

export function training<B extends AnyBatch, S extends SourceOf<B>>(
  steps: StepsOn<B, S>,
  source: S,
): Training {
  return {
    rows: source.rows,
    batches: order => source.batches(order),
    train: batch => steps.train(batch as B, source),
    evaluate: batch => steps.evaluate(batch as B, source),
    lossOf: batch => steps.lossOf(batch as B, source),
    explain: batch => steps.explain(batch as B, source),
  }
}
