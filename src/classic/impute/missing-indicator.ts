// Features that say where values are missing.

import { AthanorError } from '../../base/errors.js'
import { booleanParameter, choiceParameter, type GivenParameters } from '../../base/parameters.js'
import { countMissing } from '../../data/column.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { FrameTransformer } from '../../estimator/base-frame-transformer.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import type { Matrix } from '../../estimator/matrix.js'
import type { RawColumns } from '../../estimator/raw-columns.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { int32s } from '../../estimator/state.js'
import {
  columnsWithMissing,
  imputerParameters,
  indicatorNames,
  indicatorOf,
  markMissing,
} from './missing.js'

const missingIndicatorParameters = {
  missingValues: imputerParameters.missingValues,
  features: choiceParameter(['missingOnly', 'all'], {
    default: 'missingOnly',
    doc: 'Columns that have an indicator: those with missing values in fit, or all.',
  }),
  sparse: booleanParameter({ default: false, doc: 'Whether the result is a SparseMatrix.' }),
  errorOnNew: booleanParameter({
    default: true,
    doc: 'With missingOnly: whether missing values in a column that had none in fit are an error.',
  }),
}

interface State {
  readonly features: Int32Array
}

const definition = defineEstimator({
  name: 'MissingIndicator',
  parameters: missingIndicatorParameters,
  state: { features: int32s({ low: 0 }) },
  tags: { input: 'table', allowNaN: true, noSampleWeight: true },
  check({ features, nFeaturesIn }, _, json) {
    if (features.some((j, i) => j >= nFeaturesIn || (i > 0 && j <= features[i - 1])))
      json.fail('places of columns, ascending', 'others')
  },
})

/**
 * 1 where a value is missing, 0 elsewhere: to be put beside imputed features (an imputer's `addIndicator` does
 * both). As scikit-learn's `MissingIndicator`; the result is dense unless `sparse` is set.
 *
 * @example
 * ```ts
 * const indicator = await new MissingIndicator().fit([[1, null], [2, 3]])
 * await indicator.transform([[1, null], [2, 4]]) // { x: Float64Array [1, 0], … }
 * ```
 */
export class MissingIndicator extends FrameTransformer<typeof missingIndicatorParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof missingIndicatorParameters> = {}) {
    super(definition, params)
  }

  /** The places of the columns that have an indicator. */
  get features(): Int32Array {
    return this.fitted('features').features
  }

  protected namesOf(inputs: readonly string[], { features }: State): readonly string[] {
    return indicatorNames(inputs, features)
  }

  protected learn({ x, width }: TransformerTraining<RawColumns>): State {
    const all = this.params.features === 'all'
    const marked = markMissing(x, this.params.missingValues)
    return {
      features: all ? Int32Array.from({ length: width }, (_, j) => j) : columnsWithMissing(marked),
    }
  }

  protected apply(given: RawColumns, { features }: Frame & State): Matrix | SparseMatrix {
    const x = markMissing(given, this.params.missingValues)
    if (this.params.errorOnNew)
      x.columns.forEach((column, j) => {
        if (features.includes(j) || countMissing(column) === 0) return
        throw new AthanorError('DATA', {
          operation: 'MissingIndicator.transform',
          expected: 'missing values only in columns that had some in fit',
          received: `some in column '${column.name}'`,
          fix: "Set errorOnNew to false, or features to 'all'",
        })
      })
    const width = features.length
    const out = new Float64Array(x.rows * width)
    features.forEach((j, k) => {
      const marks = indicatorOf(x.columns[j], x.rows)
      for (let row = 0; row < x.rows; row++) out[row * width + k] = marks[row]
    })
    const dense = { x: out, rows: x.rows, width }
    return this.params.sparse ? SparseMatrix.fromDense(dense) : dense
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): MissingIndicator {
    return restore(MissingIndicator, json)
  }
}
