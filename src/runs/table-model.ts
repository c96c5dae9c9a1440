// A trained table model: raw rows in, predictions out. Runs in Node and in a browser alike.

import { AthanorError } from '../base/errors.js'
import { JsonReader } from '../base/json-reader.js'
import type { Table } from '../data/table.js'
import type { RawRow, RawRowOptions } from '../features/raw-rows.js'
import { TablePreprocessor } from '../features/table-preprocessor.js'
import { type Label, TargetEncoder } from '../features/target-encoder.js'
import type { Container, Json } from '../modelfile/index.js'
import type { Model } from '../train/model.js'
import type { MetricValues } from './report/report-data.js'
import { NetCore, type TableCore } from './table-core.js'
import { TextCore } from './text/text-core.js'

export interface Prediction {
  /** The class, in the type its column had, or the number. */
  readonly prediction: Label
  /** Classes: the probability of each. */
  readonly probabilities?: Readonly<Record<string, number>>
}

/** What a table model knows beside its weights. */
export interface TableModelFacts {
  readonly threshold: number
  readonly metrics: Readonly<Record<string, MetricValues>>
}

const formatVersion = 1

export class TableModel {
  constructor(
    /** The net or the estimator. */
    readonly core: TableCore,
    readonly encoder: TargetEncoder,
    readonly facts: TableModelFacts,
  ) {}

  /** Reads raw rows: types and names of the columns. */
  get preprocessor(): TablePreprocessor {
    return this.core.preprocessor
  }

  get target(): string {
    return this.encoder.name
  }

  get task(): 'classification' | 'regression' {
    return this.encoder.task
  }

  /** Names of the classes in the order of their probabilities; empty for a regression. */
  get classes(): readonly string[] {
    return this.encoder.classes
  }

  /** Columns that a row must have. */
  get inputs(): readonly string[] {
    return this.preprocessor.inputs.filter(input => input.used).map(input => input.name)
  }

  /** Metrics of the run that made it, by part. */
  get metrics(): Readonly<Record<string, MetricValues>> {
    return this.facts.metrics
  }

  /**
   * Predictions for raw rows, as they stand in the data: texts, numbers, dates, null where unknown. A model of one
   * column also takes plain texts.
   *
   * @throws AthanorError DATA naming fields that are missing (with the name probably meant), and values
   * that cannot be read.
   * @example
   * ```ts
   * const model = await loadModel(run.path)
   * await model.predict([{ plan: 'pro', age: 31 }]) // [{ prediction: 'no', probabilities: { … } }]
   * ```
   */
  async predict(
    rows: readonly (RawRow | string)[],
    options: RawRowOptions = {},
  ): Promise<Prediction[]> {
    if (!Array.isArray(rows))
      throw new AthanorError('ARGUMENT', {
        operation: 'predict',
        expected: 'an array of rows',
        received: typeof rows,
        fix: 'Give [row] for a single one',
      })
    if (rows.length === 0) return []
    const { inputs } = this
    const objects = rows.map(row =>
      typeof row === 'string' && inputs.length === 1 ? { [inputs[0]]: row } : (row as RawRow),
    )
    return this.predictTable(this.preprocessor.fromObjects(objects, options))
  }

  /** Predictions for the rows of a table (all by default), in their order. */
  async predictTable(table: Table, rowIds?: Uint32Array): Promise<Prediction[]> {
    const outputs = await this.outputs(table, rowIds)
    if (this.task === 'regression') return Array.from(outputs, prediction => ({ prediction }))
    const { classes } = this
    const labels = this.encoder.decode(Array.from(classes.keys()))
    const chosen = chooseClasses(outputs, classes.length, this.facts.threshold)
    return Array.from(chosen, (label, row) => ({
      prediction: labels[label],
      probabilities: Object.fromEntries(
        classes.map((name, c) => [name, outputs[row * classes.length + c]]),
      ),
    }))
  }

  /** Classes: probabilities, row-major. Numbers: predictions in the target's unit. */
  outputs(table: Table, rowIds?: Uint32Array): Promise<Float64Array> {
    const ids = rowIds ?? Uint32Array.from({ length: table.rows }, (_, i) => i)
    return this.core.outputs(table, ids)
  }

  /** The model file. */
  toBytes(): Uint8Array {
    return this.core.toBytes({
      format: formatVersion,
      target: this.encoder.toJSON() as unknown as Json,
      threshold: this.facts.threshold,
      metrics: this.facts.metrics as unknown as Json,
    })
  }

  /** The table model in a net that was read from a file; undefined where there is none. */
  static fromNet(net: Model, source: string): TableModel | undefined {
    if (!Object.hasOwn(net.extra, 'table')) return undefined
    const reader = new JsonReader(source, net.extra.table)
    const { encoder, facts } = readFacts(reader, 'preprocessor', 'text')
    const preprocessor = TablePreprocessor.fromJSON(reader.get('preprocessor').value)
    const outputs = encoder.task === 'regression' ? 1 : encoder.classes.length
    if (reader.has('text')) {
      const core = TextCore.fromJSON(net, preprocessor, outputs, reader.get('text'))
      return new TableModel(core, encoder, facts)
    }
    const [first, last] = [net.parameters()[0], net.parameters().at(-1)]
    if (first?.shape[0] !== preprocessor.width || last?.shape.at(-1) !== outputs)
      throw new AthanorError('FORMAT', {
        operation: `reading ${source}`,
        expected: `a net from ${preprocessor.width} features to ${outputs} outputs`,
        received: `one from ${first?.shape[0]} to ${last?.shape.at(-1)}`,
        fix: 'The file was altered; use another copy',
      })
    return new TableModel(new NetCore(net, preprocessor, encoder), encoder, facts)
  }

  /** The table model in the file of an estimator. */
  static async fromEstimator(container: Container, source: string): Promise<TableModel> {
    new JsonReader(source, container.metadata).only('estimator', 'table')
    const reader = new JsonReader(source, container.metadata.table)
    const { encoder, facts } = readFacts(reader, 'features', 'unit')
    const { EstimatorCore } = await import('./estimator-core.js')
    const core = await EstimatorCore.read(container, encoder, source)
    return new TableModel(core, encoder, facts)
  }
}

/** What stands in every file of a table model, whatever its core. */
function readFacts(
  reader: JsonReader,
  ...others: readonly string[]
): { encoder: TargetEncoder; facts: TableModelFacts } {
  const format = reader.get('format').integer(1)
  if (format > formatVersion)
    throw new AthanorError('FORMAT', {
      operation: `reading ${reader.operation}`,
      expected: `a table model of format ${formatVersion} or older`,
      received: `format ${format}`,
      fix: 'It was written by a newer version of Athanor: update this one',
    })
  reader.only('format', 'target', 'threshold', 'metrics', ...others)
  return {
    encoder: TargetEncoder.fromJSON(reader.get('target').value),
    facts: {
      threshold: reader.get('threshold').number(0, 1),
      metrics: reader.get('metrics').value as TableModelFacts['metrics'],
    },
  }
}

/** The most probable class of each row; of two, number 1 from the threshold on. */
export function chooseClasses(
  probabilities: ArrayLike<number>,
  classes: number,
  threshold = 0.5,
): Int32Array {
  const chosen = new Int32Array(probabilities.length / classes)
  for (let row = 0; row < chosen.length; row++) {
    const at = row * classes
    if (classes === 2) chosen[row] = probabilities[at + 1] >= threshold ? 1 : 0
    else
      for (let c = 1; c < classes; c++)
        if (probabilities[at + c] > probabilities[at + chosen[row]]) chosen[row] = c
  }
  return chosen
}
