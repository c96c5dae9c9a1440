// Several inputs or outputs, in lists or by name: functional models.

import { argumentError } from '../base/errors.js'
import type { Shape } from '../base/shape.js'
import type { GraphModel } from '../nn/graph-model.js'
import { takesClassNumbers } from '../nn/losses/class-numbers.js'
import { getLoss, type LossLike } from '../nn/losses/index.js'
import type { MetricLike } from '../nn/metrics.js'
import { inMode, probe } from '../nn/mode.js'
import { arranged, type ModuleOutput, partsOfOutput } from '../nn/module-output.js'
import type { SymbolicTree } from '../nn/symbolic.js'
import type { SymbolicShape } from '../nn/symbolic-shape.js'
import type { Optimizer } from '../optim/optimizer.js'
import { zeros } from '../tensor/creation.js'
import { type Tensor, tensorOver } from '../tensor/tensor.js'
import { type FlatRows, flatRows, type Rows, type SeveralSource } from './batches.js'
import type { DataForm, MetricColumn, RowData } from './data-form.js'
import type { CompileOptions } from './model-options.js'
import { predictInBatches } from './predict.js'
import type { WeightOptions } from './row-weights.js'
import { type OutputGoal, SeveralSteps } from './several-steps.js'
import { partsByName, SeveralData } from './several-tables.js'
import { stepMetric } from './single-form.js'
import { weightedLoss } from './steps.js'
import { type AnyBatch, type SourceOf, type Training, training } from './training.js'

export class SeveralForm implements DataForm<ModuleOutput> {
  metrics: readonly MetricColumn[] = []
  readonly inputShape: Shape | null = null
  private goals: readonly (OutputGoal & { readonly wholeTargets: boolean })[] = []
  private optimizer: Optimizer | null = null
  private steps: SeveralSteps | null = null

  constructor(private readonly module: GraphModel<SymbolicTree>) {}

  compile(options: CompileOptions, optimizer: Optimizer): void {
    const names = this.module.outputNames
    const all = <T>(name: string, given: unknown, isOne: boolean): T[] =>
      isOne ? names.map(() => given as T) : partsByName(`compile (${name})`, given, names)
    const { loss, lossWeights, metrics = [] } = options
    const losses = all<LossLike>('loss', loss, typeof loss !== 'object')
    const weights = all<number>('lossWeights', lossWeights ?? 1, lossWeights === undefined)
    const lists = metricLists(metrics, names)
    if (weights.every(weight => weight === 0))
      throw argumentError('compile', 'at least one loss weight above 0', 'weights of 0 alone')
    this.goals = names.map((name, i) => ({
      name,
      loss: weightedLoss(getLoss(losses[i])),
      weight: weights[i],
      metrics: lists[i].map((metric, k) => stepMetric(metric, losses[i], k)),
      wholeTargets: takesClassNumbers(getLoss(losses[i])),
    }))
    this.metrics = namedMetrics(this.goals)
    this.optimizer = optimizer
    this.steps = null
  }

  async data(operation: string, x: unknown, y: unknown, given: WeightOptions): Promise<RowData> {
    const flatY: Record<string, FlatRows> = {}
    const targets = partsByName<Rows>(`${operation} (y)`, y, this.module.outputNames)
    for (const [i, { name, wholeTargets }] of this.goals.entries()) {
      const shape = ArrayBuffer.isView(targets[i]) ? this.targetShape(i, wholeTargets) : null
      const dtype = wholeTargets ? 'int32' : null
      flatY[name] = await flatRows(`${operation} (y, ${name})`, targets[i], shape, dtype)
    }
    return new SeveralData(operation, await this.inputs(operation, x), flatY, given)
  }

  /** Flat typed targets are shaped like what the model puts out. */
  private targetShape(output: number, wholeTargets: boolean): SymbolicShape {
    const { shape } = this.module.outputs[output]
    return wholeTargets ? shape.slice(0, -1) : shape
  }

  private async inputs(operation: string, x: unknown): Promise<Record<string, FlatRows>> {
    const { inputs, inputNames } = this.module
    const tables = partsByName<Rows>(`${operation} (x)`, x, inputNames)
    const flat: Record<string, FlatRows> = {}
    for (const [i, name] of inputNames.entries()) {
      const { shape, dtype } = inputs[i]
      flat[name] = await flatRows(`${operation} (x, ${name})`, tables[i], shape, dtype)
    }
    return flat
  }

  training(source: SourceOf<AnyBatch>): Training {
    if (this.steps === null) {
      if (!this.optimizer!.isBound) this.optimizer!.bind(this.module.parameters())
      this.steps = new SeveralSteps(this.module, this.goals, this.optimizer)
    }
    return training(this.steps, source as SeveralSource)
  }

  async predict(x: unknown, most: number): Promise<ModuleOutput> {
    const { module } = this
    const tables = Object.values(await this.inputs('predict', x))
    const [{ rows }] = tables
    const uneven = tables.find(table => table.rows !== rows)
    if (uneven !== undefined)
      throw argumentError('predict', `as many rows in each input (${rows})`, String(uneven.rows))
    const steps = this.steps ?? new SeveralSteps(module, [], null)
    const outputs =
      rows === 0
        ? this.empty(tables)
        : await inMode(module, false, () =>
            predictInBatches(module, rows, tables, most, (parts, count) =>
              steps.predict(
                parts.map((part, i) =>
                  tensorOver(part, [count, ...tables[i].shape], tables[i].dtype),
                ),
              ),
            ),
          )
    return arranged(outputs, module.outputArrangement) as ModuleOutput
  }

  /** The outputs for no rows. */
  private empty(tables: readonly FlatRows[]): Tensor[] {
    const none = tables.map(({ shape, dtype }) => zeros([0, ...shape], { dtype }))
    const outputs = probe(this.module, () => this.module.forward(...none))
    return partsOfOutput(outputs).map(({ shape, dtype }) => zeros(shape, { dtype }))
  }
}

/** The metrics of each output: a flat list is for all of them. */
function metricLists(given: unknown, names: readonly string[]): (readonly MetricLike[])[] {
  const isFlat = Array.isArray(given) && !given.some(Array.isArray)
  if (isFlat) return names.map(() => given as readonly MetricLike[])
  const none = Object.fromEntries(names.map(name => [name, []]))
  const lists = Array.isArray(given) ? given : { ...none, ...(given as object) }
  return partsByName<MetricLike | readonly MetricLike[]>('compile (metrics)', lists, names).map(
    one => (Array.isArray(one) ? one : [one]) as readonly MetricLike[],
  )
}

/** As `SeveralSteps` puts them out: each output's loss, then each output's metrics. */
function namedMetrics(goals: readonly OutputGoal[]): readonly MetricColumn[] {
  if (goals.length === 1) return goals[0].metrics
  const named = (goal: OutputGoal, { name, finish }: MetricColumn): MetricColumn => ({
    name: `${goal.name}${name[0].toUpperCase()}${name.slice(1)}`,
    ...(finish && { finish }),
  })
  return [
    ...goals.map(goal => named(goal, { name: 'loss' })),
    ...goals.flatMap(goal => goal.metrics.map(metric => named(goal, metric))),
  ]
}
