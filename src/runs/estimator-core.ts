// A fitted estimator as what answers for a table model, and its model file: JSON with its long arrays as
// tensors of the container.

import { AthanorError } from '../base/errors.js'
import { JsonReader } from '../base/json-reader.js'
import type { Table } from '../data/table.js'
import type { BaseEstimator } from '../estimator/base-estimator.js'
import type { Matrix } from '../estimator/matrix.js'
import { packArrays } from '../estimator/state.js'
import type { InputColumn, TablePreprocessor } from '../features/table-preprocessor.js'
import type { TargetEncoder } from '../features/target-encoder.js'
import {
  type Container,
  encodeContainer,
  type Json,
  putArrays,
  takeArrays,
} from '../modelfile/index.js'
import { estimatorClass, estimatorNames, type RunEstimator } from './estimator-classes.js'
import { ModelFeatures } from './model-features.js'
import { softmaxRows, type TableCore } from './table-core.js'

/** What a regressor's numbers are: the target's own, or `(value − mean) ÷ standard deviation`. */
export const targetUnits = ['own', 'scaled'] as const
export type TargetUnit = (typeof targetUnits)[number]

/** Kind of the container. */
export const estimatorFile = 'estimator'

/** Values of features that are made at once. */
const chunkValues = 4_000_000

export class EstimatorCore implements TableCore {
  constructor(
    readonly estimator: RunEstimator,
    readonly features: ModelFeatures,
    private readonly encoder: TargetEncoder,
    readonly unit: TargetUnit,
  ) {}

  get preprocessor(): TablePreprocessor {
    return this.features.preprocessor
  }

  get inputs(): readonly InputColumn[] {
    return this.features.inputs
  }

  async outputs(table: Table, ids: Uint32Array): Promise<Float64Array> {
    const { features, encoder } = this
    const width = encoder.task === 'regression' ? 1 : encoder.classes.length
    const result = new Float64Array(ids.length * width)
    const rows = Math.max(256, Math.floor(chunkValues / features.width))
    for (let start = 0; start < ids.length; start += rows) {
      const x = features.matrix(table, ids.subarray(start, start + rows))
      result.set(await this.answer(x), start * width)
    }
    return result
  }

  /** The same for features that are there already. */
  async answer(x: Matrix): Promise<ArrayLike<number>> {
    const { estimator, encoder, unit } = this
    if (estimator.estimatorType === 'classifier')
      return probabilitiesOf(estimator, x, encoder.classes.length)
    const values = await estimator.predict(x)
    return unit === 'own' ? values : Float64Array.from(encoder.decode(values), Number)
  }

  /** Bytes that it takes in a file, preprocessing aside. */
  get bytes(): number {
    const { json, tensors, arrays } = takeArrays(partsOf(this.estimator))
    const long = [...Object.values(tensors).map(({ values }) => values), ...Object.values(arrays)]
    const text = JSON.stringify(packArrays(json)).length
    return text + long.reduce((sum, values) => sum + values.byteLength, 0)
  }

  toBytes(table: Readonly<Record<string, Json>>): Uint8Array {
    const { json, tensors, arrays } = takeArrays(partsOf(this.estimator))
    const features = this.features.toJSON() as unknown as Json
    const metadata = {
      estimator: packArrays(json) as Json,
      table: { ...table, features, unit: this.unit },
    }
    return encodeContainer({ kind: estimatorFile, tensors, arrays, metadata })
  }

  /** Errors: FORMAT for anything that `toBytes` would not have written. */
  static async read(
    container: Container,
    encoder: TargetEncoder,
    source: string,
  ): Promise<EstimatorCore> {
    const { metadata } = container
    const operation = `reading ${source}`
    const table = new JsonReader(operation, metadata.table)
    const features = ModelFeatures.fromJSON(table.get('features'))
    const unit = table.get('unit').oneOf(targetUnits)
    const json = putArrays(metadata.estimator, container, source)
    const name = new JsonReader(operation, json).get('estimator').oneOf(estimatorNames)
    const Class = await estimatorClass(name)
    const estimator = Class.fromJSON(json)
    const isClassifier = estimator.estimatorType === 'classifier'
    const found = isClassifier ? estimator.classes : []
    const { nFeaturesIn } = estimator as unknown as { readonly nFeaturesIn: number }
    if (
      isClassifier !== (encoder.task === 'classification') ||
      nFeaturesIn !== features.width ||
      found.length !== encoder.classes.length ||
      found.some((label, i) => label !== i)
    )
      throw new AthanorError('FORMAT', {
        operation,
        expected: `an estimator of ${features.width} features for '${encoder.name}'`,
        received: `${name} of ${nFeaturesIn} features and ${found.length} classes`,
        fix: 'The file was altered; use another copy',
      })
    return new EstimatorCore(estimator, features, encoder, unit)
  }
}

/** Parameters that differ from the defaults of the class. */
export function givenParameters({ estimator }: EstimatorCore): Record<string, unknown> {
  const { definition } = estimator as unknown as {
    readonly definition: {
      readonly parameters: Readonly<Record<string, { readonly default?: unknown }>>
    }
  }
  return Object.fromEntries(
    Object.entries(estimator.params).filter(
      ([name, value]) =>
        JSON.stringify(value) !== JSON.stringify(definition.parameters[name]?.default),
    ),
  )
}

function partsOf(estimator: RunEstimator): unknown {
  return (estimator as unknown as BaseEstimator<never, never>).toParts()
}

/** Probabilities; of classifiers that only have scores, these through a sigmoid or softmax. */
async function probabilitiesOf(
  estimator: Extract<RunEstimator, { estimatorType: 'classifier' }>,
  x: Matrix,
  classes: number,
): Promise<ArrayLike<number>> {
  if (estimator.predictProba !== undefined && estimator.hasProbabilities !== false)
    return estimator.predictProba(x)
  const scores = (await estimator.decisionFunction?.(x)) as Float64Array
  if (classes > 2) return softmaxRows(scores, classes)
  const out = new Float64Array(2 * scores.length)
  for (let row = 0; row < scores.length; row++) {
    out[2 * row + 1] = 1 / (1 + Math.exp(-scores[row]))
    out[2 * row] = 1 - out[2 * row + 1]
  }
  return out
}
