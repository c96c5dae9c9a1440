// The compiled steps behind fit, evaluate, predict and trainOnBatch: forward, loss, metrics, backward
// and update as one program each.

import type { TypedArray } from '../base/dtype.js'
import { argumentError, shapeError } from '../base/errors.js'
import { formatShape, sameShape } from '../base/shape.js'
import type { LossOptions } from '../nn/losses/index.js'
import { reduceSamples } from '../nn/losses/loss.js'
import type { BatchMetric } from '../nn/metrics.js'
import type { Module } from '../nn/module.js'
import { averaged } from '../nn/row-averages.js'
import type { Optimizer } from '../optim/optimizer.js'
import { type Compiled, compile } from '../tensor/compile.js'
import { full } from '../tensor/creation.js'
import { noGrad } from '../tensor/differentiate.js'
import { mul } from '../tensor/operations.js'
import { Tensor, tensorOver } from '../tensor/tensor.js'
import type { Batch, BatchSource, RowType } from './batches.js'
import type { BatchResult, StepsOn } from './training.js'

/** Loss of a batch: a scalar, or one value a row, which is averaged. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor) => Tensor

export interface StepResult {
  loss: Tensor
  metrics: { total: Tensor; count: Tensor }[]
}

type Step = Compiled<[Tensor, Tensor, Tensor | null], StepResult>

/** The types of the rows that batches hold. */
type RowTypes = Pick<BatchSource, 'x' | 'y'>

export class Steps implements StepsOn<Batch, BatchSource> {
  private readonly trainStep: Step
  private readonly evaluateStep: Step
  private readonly predictStep: Compiled<[Tensor], Tensor>

  constructor(
    private readonly module: Module,
    private readonly loss: LossFunction | null,
    private readonly metrics: readonly BatchMetric[],
    private readonly optimizer: Optimizer | null,
  ) {
    this.trainStep = compile((x: Tensor, y: Tensor, weights: Tensor | null) => {
      const result = this.forward(x, y, weights, true)
      result.loss.backward()
      this.optimizer!.step()
      return result
    })
    this.evaluateStep = compile((x: Tensor, y: Tensor, weights: Tensor | null) =>
      noGrad(() => this.forward(x, y, weights, false)),
    )
    this.predictStep = compile((x: Tensor) => noGrad(() => this.module.forward(x)))
  }

  private forward(x: Tensor, y: Tensor, weights: Tensor | null, training: boolean): StepResult {
    const prediction = this.module.forward(x)
    const target = besides(y, prediction)
    const data = scalarLoss(this.loss!(target, prediction, weights ?? undefined), prediction)
    const penalties = training ? this.module.regularizationLosses() : []
    const loss = penalties.reduce((total, penalty) => total.add(penalty), data)
    const metrics = this.metrics.map(metric =>
      metric.compute(target, prediction, weights ?? undefined),
    )
    return { loss, metrics }
  }

  async train(batch: Batch, types: RowTypes): Promise<BatchResult> {
    return read(await this.trainStep.async(...tensors(batch, types)))
  }

  async evaluate(batch: Batch, types: RowTypes): Promise<BatchResult> {
    return read(await this.evaluateStep.async(...tensors(batch, types)))
  }

  lossOf(batch: Batch, types: RowTypes): Tensor {
    return this.forward(...tensors(batch, types), true).loss
  }

  explain(batch: Batch, types: RowTypes): string {
    return this.trainStep.explain(...tensors(batch, types))
  }

  predict(values: TypedArray, rows: number, x: RowType): Promise<Tensor> {
    return this.predictStep.async(tensorOver(values, [rows, ...x.shape], x.dtype))
  }
}

function tensors(batch: Batch, { x, y }: RowTypes): [Tensor, Tensor, Tensor | null] {
  const { rows, weights } = batch
  return [
    tensorOver(batch.x, [rows, ...(batch.xShape ?? x.shape)], x.dtype),
    tensorOver(batch.y, [rows, ...(batch.yShape ?? y.shape)], y.dtype),
    weights === undefined ? null : tensorOver(weights, [rows], 'float32'),
  ]
}

/**
 * Targets [n] and predictions [n, 1] stand for each other, here already: a plain function of both
 * would otherwise broadcast them to [n, n] without a word.
 */
export function besides(y: Tensor, prediction: Tensor): Tensor {
  if (sameShape([...y.shape, 1], prediction.shape) || sameShape(y.shape, [...prediction.shape, 1]))
    return y.reshape(prediction.shape)
  return y
}

/**
 * A loss of the user's own with weights for its rows: it may use `options.sampleWeight` itself, or
 * return one value a row, which are then weighted as the library's losses are.
 */
export function weightedLoss(
  loss: (yTrue: Tensor, yPred: Tensor, options: LossOptions) => Tensor,
): LossFunction {
  return (yTrue, yPred, sampleWeight) => {
    if (sampleWeight === undefined) return loss(yTrue, yPred, {})
    let used = false
    const options: LossOptions = {
      get sampleWeight() {
        used = true
        return sampleWeight
      },
    }
    const value = loss(yTrue, yPred, options)
    if (used) return value
    const rows = yPred.shape[0]
    if (!(value instanceof Tensor) || value.rank === 0 || value.shape[0] !== rows)
      throw argumentError(
        'loss',
        'a function that uses its third argument’s sampleWeight or returns one value a row',
        'one that returns a scalar without looking at the weights',
        'Hand the options on to the loss inside, or leave out sampleWeight and classWeight',
      )
    return reduceSamples('loss', value, { sampleWeight }, yPred)
  }
}

export function read({ loss, metrics }: StepResult): BatchResult {
  return {
    loss: loss.dataSync()[0],
    metrics: metrics.map(({ total, count }) => [total.dataSync()[0], count.dataSync()[0]] as const),
  }
}

/** Plain functions may return a value a row. */
export function scalarLoss(loss: Tensor, prediction: Tensor): Tensor {
  if (!(loss instanceof Tensor))
    throw argumentError('loss', 'a function that returns a tensor', typeof loss)
  return loss.size === 1 ? loss.reshape([]) : reduceSamples('loss', loss, {}, prediction)
}

/** A plain function (yTrue, yPred) → tensor as a metric: a scalar counts once for each row. */
export function functionMetric(
  name: string,
  metric: (yTrue: Tensor, yPred: Tensor) => Tensor,
): BatchMetric {
  return {
    name,
    compute: (yTrue, yPred, sampleWeight) => {
      const value = metric(yTrue, yPred)
      const rows = yPred.shape[0]
      const perRows = value.rank > 0 && value.shape[0] === rows
      if (value.size === 1 && !perRows)
        return { total: mul(value.reshape([]), rows), count: counted(rows) }
      if (!perRows)
        throw shapeError(
          `metric ${name}`,
          `a scalar or one value for each of ${rows} rows`,
          formatShape(value.shape),
        )
      return averaged(value, yPred, sampleWeight)
    },
  }
}

export function counted(rows: number): Tensor {
  return full([], rows)
}
