// The form in which a model takes its data: one table of inputs and one of targets, or several of either.

import type { Shape } from '../base/shape.js'
import type { BatchMetric } from '../nn/metrics.js'
import type { ModuleOutput } from '../nn/module-output.js'
import type { Optimizer } from '../optim/optimizer.js'
import type { CompileOptions } from './model-options.js'
import type { WeightOptions } from './row-weights.js'
import type { AnyBatch, SourceOf, Training } from './training.js'

/** What is said of a metric's sums. */
export type MetricColumn = Pick<BatchMetric, 'name' | 'finish'>

/** Rows in memory. */
export interface RowData {
  readonly rows: number
  /** Some of them as a source; for validation, class weights do not count. */
  source(from: number, to: number, use: 'training' | 'validation'): SourceOf<AnyBatch>
  /** All of them as one batch. */
  batch(): AnyBatch
}

export interface DataForm<Output extends ModuleOutput> {
  /** Computed in each step, in this order. */
  readonly metrics: readonly MetricColumn[]
  /** Shape of one input row where it is known and the only one. */
  readonly inputShape: Shape | null
  compile(options: CompileOptions, optimizer: Optimizer): void
  /** Checks and flattens what `fit` and the others were given. */
  data(operation: string, x: unknown, y: unknown, weights: WeightOptions): Promise<RowData>
  /** Steps on a source of this form; builds what waits for its input size. */
  training(source: SourceOf<AnyBatch>): Training
  predict(x: unknown, batchSize: number): Promise<Output>
}
