// The compiled steps of a functional model with several inputs or outputs: one program each, as for one.

import type { TypedArray } from '../base/dtype.js'
import type { Shape } from '../base/shape.js'
import type { GraphModel } from '../nn/graph-model.js'
import type { BatchMetric } from '../nn/metrics.js'
import { partsOfOutput } from '../nn/module-output.js'
import type { SymbolicTree } from '../nn/symbolic.js'
import type { Optimizer } from '../optim/optimizer.js'
import { type Compiled, compile } from '../tensor/compile.js'
import { noGrad } from '../tensor/differentiate.js'
import { add, mul } from '../tensor/operations.js'
import { type Tensor, tensorOver } from '../tensor/tensor.js'
import type { RowType, SeveralBatch, SeveralSource } from './batches.js'
import { partsByName } from './several-tables.js'
import { besides, counted, type LossFunction, read, type StepResult, scalarLoss } from './steps.js'
import type { BatchResult, StepsOn } from './training.js'

/** What is asked of one output. */
export interface OutputGoal {
  readonly name: string
  readonly loss: LossFunction
  /** Its share in the sum of losses. */
  readonly weight: number
  readonly metrics: readonly BatchMetric[]
}

type Lists = [x: readonly Tensor[], y: readonly Tensor[], weights: Tensor | null]

export class SeveralSteps implements StepsOn<SeveralBatch, SeveralSource> {
  private readonly trainStep: Compiled<Lists, StepResult>
  private readonly evaluateStep: Compiled<Lists, StepResult>
  private readonly predictStep: Compiled<[readonly Tensor[]], readonly Tensor[]>

  constructor(
    private readonly module: GraphModel<SymbolicTree>,
    private readonly goals: readonly OutputGoal[],
    private readonly optimizer: Optimizer | null,
  ) {
    this.trainStep = compile((...lists: Lists) => {
      const result = this.forward(lists, true)
      result.loss.backward()
      this.optimizer!.step()
      return result
    })
    this.evaluateStep = compile((...lists: Lists) => noGrad(() => this.forward(lists, false)))
    this.predictStep = compile((x: readonly Tensor[]) => noGrad(() => this.outputs(x)))
  }

  private outputs(x: readonly Tensor[]): readonly Tensor[] {
    return partsOfOutput(this.module.forward(...x))
  }

  private forward([x, y, weights]: Lists, training: boolean): StepResult {
    const predictions = this.outputs(x)
    const metrics: StepResult['metrics'] = []
    const losses = this.goals.map(({ loss }, i) => {
      const target = besides(y[i], predictions[i])
      return scalarLoss(loss(target, predictions[i], weights ?? undefined), predictions[i])
    })
    if (this.goals.length > 1)
      losses.forEach((loss, i) => {
        const rows = predictions[i].shape[0]
        metrics.push({ total: mul(loss, rows), count: counted(rows) })
      })
    this.goals.forEach((goal, i) => {
      const target = besides(y[i], predictions[i])
      for (const metric of goal.metrics)
        metrics.push(metric.compute(target, predictions[i], weights ?? undefined))
    })
    const weighted = losses.map((loss, i) => {
      const { weight } = this.goals[i]
      return weight === 1 ? loss : mul(loss, weight)
    })
    const penalties = training ? this.module.regularizationLosses() : []
    return { loss: [...weighted, ...penalties].reduce((a, b) => add(a, b)), metrics }
  }

  async train(batch: SeveralBatch, source: SeveralSource): Promise<BatchResult> {
    return read(await this.trainStep.async(...this.lists(batch, source)))
  }

  async evaluate(batch: SeveralBatch, source: SeveralSource): Promise<BatchResult> {
    return read(await this.evaluateStep.async(...this.lists(batch, source)))
  }

  lossOf(batch: SeveralBatch, source: SeveralSource): Tensor {
    return this.forward(this.lists(batch, source), true).loss
  }

  explain(batch: SeveralBatch, source: SeveralSource): string {
    return this.trainStep.explain(...this.lists(batch, source))
  }

  /** The outputs for flat arrays of `rows` rows each. */
  predict(x: readonly Tensor[]): Promise<readonly Tensor[]> {
    return this.predictStep.async(x)
  }

  private lists(batch: SeveralBatch, source: SeveralSource): Lists {
    const { rows, weights } = batch
    const { inputNames, outputNames } = this.module
    const tensors = (side: 'x' | 'y', names: readonly string[]) => {
      const types = partsByName<RowType>(`batches (${side})`, source[side], names)
      const values = partsByName<TypedArray>(`batches (${side})`, batch[side], names)
      const own = batch[`${side}Shapes`]
      const shapes =
        own === undefined
          ? types.map(({ shape }) => shape)
          : partsByName<Shape>(`batches (${side}Shapes)`, own, names)
      return values.map((one, i) => tensorOver(one, [rows, ...shapes[i]], types[i].dtype))
    }
    return [
      tensors('x', inputNames),
      tensors('y', outputNames),
      weights === undefined ? null : tensorOver(weights, [rows], 'float32'),
    ]
  }
}
