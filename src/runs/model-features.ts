// The features that a model of a run sees: one of four views of a table's fitted preprocessing.

import type { JsonReader } from '../base/json-reader.js'
import type { Table } from '../data/table.js'
import type { Matrix } from '../estimator/matrix.js'
import type { RawColumn } from '../features/raw-columns.js'
import type { RawFeatures } from '../features/raw-features.js'
import { type InputColumn, TablePreprocessor } from '../features/table-preprocessor.js'
import { describeTreatment } from '../features/treatment.js'

/**
 * `plain`: scaled numbers, one-hot categories. `binned`: the same with piecewise-linear bins.
 * `numbers`: numbers as they are, few categories one-hot. `codes`: the same, categories as codes.
 */
export const featureKinds = ['plain', 'binned', 'numbers', 'codes'] as const
export type FeatureKind = (typeof featureKinds)[number]

/** Columns of up to so many categories get a feature for each where trees split on numbers alone. */
const fewCategories = 8

export class ModelFeatures {
  readonly names: readonly string[]
  readonly width: number
  private readonly raw: RawFeatures | undefined

  private constructor(
    readonly kind: FeatureKind,
    /** Reads raw rows, and makes the features of the first two kinds. */
    readonly preprocessor: TablePreprocessor,
  ) {
    if (kind === 'numbers') this.raw = preprocessor.raw({ oneHotUpTo: fewCategories })
    if (kind === 'codes') this.raw = preprocessor.raw({ oneHotUpTo: 0 })
    const made = this.raw ?? preprocessor
    this.names = made.outputNames
    this.width = made.width
  }

  static of(kind: FeatureKind, preprocessor: TablePreprocessor): ModelFeatures {
    return new ModelFeatures(kind, kind === 'binned' ? preprocessor : preprocessor.plain())
  }

  /** Places of the features that are codes without an order. */
  get categorical(): readonly number[] {
    return this.raw?.categorical ?? []
  }

  /** The columns, with what this kind does with each. */
  get inputs(): readonly InputColumn[] {
    const { raw, preprocessor } = this
    if (raw === undefined) return preprocessor.inputs
    const columns = new Map(raw.columns.map(column => [column.name, column]))
    return preprocessor.inputs.map(input => {
      const column = columns.get(input.name)
      return column === undefined ? input : { ...input, ...asInput(column) }
    })
  }

  matrix(table: Table, rowIds?: ArrayLike<number>): Matrix {
    const { raw, preprocessor } = this
    const { x, rows, width } =
      raw === undefined ? preprocessor.transform(table, rowIds) : raw.transform(table, rowIds)
    return { x, rows, width, names: this.names }
  }

  /** The column that each feature was made from, and the value it stands for where it has one. */
  get sources(): readonly string[] {
    const parts = this.raw?.columns ?? this.preprocessor.inputs.filter(input => input.used)
    return parts.flatMap(part => {
      const count = 'outputs' in part ? part.outputs.length : part.features
      return Array.from({ length: count }, () => part.name)
    })
  }

  toJSON() {
    return { kind: this.kind, preprocessor: this.preprocessor.toJSON() }
  }

  static fromJSON(json: JsonReader): ModelFeatures {
    json.only('kind', 'preprocessor')
    const kind = json.get('kind').oneOf(featureKinds)
    return new ModelFeatures(kind, TablePreprocessor.fromJSON(json.get('preprocessor').value))
  }
}

function asInput({ treatment, outputs }: RawColumn) {
  return { treatment, rule: describeTreatment(treatment), features: outputs.length }
}
