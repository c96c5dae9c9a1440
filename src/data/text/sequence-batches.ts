// The form of what the sources of this folder give; a BatchSource of training, said without knowing it.

import type { Shape } from '../../base/shape.js'

/** Ids x and targets y of some rows, flat and row-major. */
export interface SequenceBatch {
  readonly x: Int32Array
  readonly y: Int32Array
  readonly rows: number
  /** Shape of a row of x where it differs from batch to batch. */
  readonly xShape?: Shape
}

/** Which batches of an epoch are wanted. */
export interface SequenceOrder {
  readonly epoch: number
  readonly batchSize: number
  readonly shuffle: boolean
  readonly seed: number
  /** Batches to skip, when an epoch is resumed in the middle. */
  readonly from: number
}

/** Shape of a row and type of its elements. */
export interface SequenceRowType {
  readonly shape: Shape
  readonly dtype: 'int32'
}

/** Batches that are a function of the order alone; `model.fit` takes it. */
export interface SequenceSource {
  /** Rows of an epoch. */
  readonly rows: number
  readonly x: SequenceRowType
  readonly y: SequenceRowType
  batches(order: SequenceOrder): Iterable<SequenceBatch>
}
