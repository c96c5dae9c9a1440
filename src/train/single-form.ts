// One table of inputs and one of targets: what most models take.

import { argumentError, shapeError } from '../base/errors.js'
import { type Shape, sizeOf } from '../base/shape.js'
import { GraphModel } from '../nn/graph-model.js'
import { takesClassNumbers } from '../nn/losses/class-numbers.js'
import { getLoss, type LossLike } from '../nn/losses/index.js'
import { type BatchMetric, getMetric, type MetricLike } from '../nn/metrics.js'
import { inMode, probe } from '../nn/mode.js'
import type { Module } from '../nn/module.js'
import type { SymbolicTensor } from '../nn/symbolic.js'
import { knownShape } from '../nn/symbolic-shape.js'
import type { Optimizer } from '../optim/optimizer.js'
import { zeros } from '../tensor/creation.js'
import type { Tensor } from '../tensor/tensor.js'
import {
  ArraySource,
  type Batch,
  type BatchSource,
  type FlatRows,
  flatRows,
  type Rows,
  type RowType,
} from './batches.js'
import type { DataForm, RowData } from './data-form.js'
import type { CompileOptions } from './model-options.js'
import { predictInBatches } from './predict.js'
import { rowWeights, type WeightOptions } from './row-weights.js'
import { functionMetric, type LossFunction, Steps, weightedLoss } from './steps.js'
import { type AnyBatch, type SourceOf, type Training, training } from './training.js'

export class SingleForm implements DataForm<Tensor> {
  metrics: readonly BatchMetric[] = []
  private loss: LossFunction | null = null
  /** Targets are class numbers: fractions are refused rather than cut off. */
  private wholeTargets = false
  private optimizer: Optimizer | null = null
  private steps: Steps | null = null
  private rowType: RowType | null = null
  private targetType: RowType | null = null

  constructor(private readonly module: Module) {
    if (module.givesSeveral)
      throw argumentError(
        'Model',
        'a module that gives one tensor, or a model({ inputs, outputs })',
        `${module.label || module.constructor.name}, which gives several`,
        'Connect it with apply',
      )
  }

  compile(options: CompileOptions, optimizer: Optimizer): void {
    const { loss, metrics = [], lossWeights } = options
    refuseSeveral({ loss, lossWeights, metrics })
    const lossFunction = getLoss(loss as LossLike)
    this.loss = weightedLoss(lossFunction)
    this.metrics = (metrics as readonly MetricLike[]).map((metric, i) =>
      stepMetric(metric, loss as LossLike, i),
    )
    this.wholeTargets = takesClassNumbers(lossFunction)
    this.optimizer = optimizer
    this.steps = null
  }

  get inputShape(): Shape | null {
    if (this.declared !== null) return knownShape(this.declared.shape)
    return this.rowType?.shape ?? this.module.builtShapes()?.[0] ?? null
  }

  /** What a functional model says of its input. */
  private get declared(): SymbolicTensor | null {
    return this.module instanceof GraphModel ? this.module.inputs[0] : null
  }

  private async rowsOf(operation: string, x: Rows): Promise<FlatRows> {
    const { shape = this.inputShape, dtype = null } = this.declared ?? {}
    const rows = await flatRows(`${operation} (x)`, x, shape, dtype, this.module.freeAxes)
    if (rows.shape.length > 0 || this.inputShape !== null) return rows
    return { ...rows, shape: [1] }
  }

  async data(operation: string, x: unknown, y: unknown, given: WeightOptions): Promise<RowData> {
    const flatX = await this.rowsOf(operation, x as Rows)
    // Flat typed targets of single batches are shaped like those of the last fit.
    const known = operation === 'trainOnBatch' || operation === 'explain'
    const shape = known && ArrayBuffer.isView(y) ? (this.targetType?.shape ?? null) : null
    const dtype = this.wholeTargets ? 'int32' : null
    const flatY = await flatRows(`${operation} (y)`, y as Rows, shape, dtype)
    return new SingleData(operation, flatX, flatY, given)
  }

  training(source: SourceOf<AnyBatch>): Training {
    const { x, y } = source as BatchSource
    this.build(x)
    const { optimizer, loss, metrics } = this
    if (this.steps === null) {
      if (!optimizer!.isBound) optimizer!.bind(this.module.parameters())
      this.steps = new Steps(this.module, loss, metrics, optimizer)
    }
    this.targetType = y
    return training<Batch, BatchSource>(this.steps, source as BatchSource)
  }

  private build(x: RowType): void {
    if (this.rowType !== null) return
    this.probed(1, x)
    this.rowType = x
  }

  private probed(rows: number, { shape, dtype }: RowType): Tensor {
    return probe(this.module, () => this.module.forward(zeros([rows, ...shape], { dtype })))
  }

  async predict(x: unknown, most: number): Promise<Tensor> {
    const rows = await this.rowsOf('predict', x as Rows)
    this.build(rows)
    const steps = this.steps ?? new Steps(this.module, null, [], null)
    if (rows.rows === 0) {
      const { shape, dtype } = this.probed(0, rows)
      return zeros(shape, { dtype })
    }
    const [out] = await inMode(this.module, false, () =>
      predictInBatches(this.module, rows.rows, [rows], most, async ([part], count) => [
        await steps.predict(part, count, rows),
      ]),
    )
    return out
  }
}

/** Options in the form for several outputs. */
function refuseSeveral({ loss, lossWeights, metrics }: Partial<CompileOptions>): void {
  const several = [
    typeof loss === 'object' && 'loss',
    lossWeights !== undefined && 'lossWeights',
    (!Array.isArray(metrics) || metrics.some(Array.isArray)) && 'metrics',
  ].find(name => name !== false)
  if (several !== undefined)
    throw argumentError(
      'compile',
      `${several} for one output`,
      'one for each of several',
      'A model of several outputs is made with model({ inputs, outputs: [ … ] })',
    )
}

/** The metric of a name, beside a loss; a plain function by its own name. */
export function stepMetric(metric: MetricLike, loss: LossLike, i: number): BatchMetric {
  if (typeof metric === 'function') return functionMetric(metric.name || `metric${i + 1}`, metric)
  return getMetric(metric, typeof loss === 'string' ? loss : loss.name)
}

class SingleData implements RowData {
  readonly rows: number

  constructor(
    private readonly operation: string,
    private readonly x: FlatRows,
    private readonly y: FlatRows,
    private readonly given: WeightOptions,
  ) {
    this.rows = x.rows
    if (x.rows !== y.rows)
      throw shapeError(operation, `as many targets as rows (${x.rows})`, String(y.rows))
  }

  source(from: number, to: number, use: 'training' | 'validation'): ArraySource {
    const { operation, x, y, given } = this
    const { sampleWeight } = given
    const weights =
      use === 'training'
        ? rowWeights(operation, y, given)
        : rowWeights(`${operation} (validationSplit)`, y, { sampleWeight })
    return new ArraySource(
      cutRows(x, from, to),
      cutRows(y, from, to),
      weights?.subarray(from, to) ?? null,
    )
  }

  batch() {
    return { x: this.x.values, y: this.y.values, rows: this.rows }
  }
}

/** Some of the rows, without copying them. */
export function cutRows(rows: FlatRows, from: number, to: number): FlatRows {
  const width = sizeOf(rows.shape)
  return { ...rows, rows: to - from, values: rows.values.subarray(from * width, to * width) }
}
