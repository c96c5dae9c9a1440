// Missing values replaced by the mean of the nearest rows that have them (Troyanskaya et al. 2001).

import { choiceParameter, type GivenParameters, integerParameter } from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { BaseTransformer, type TransformerTraining } from '../../estimator/base-transformer.js'
import { denseBeside, selectColumns } from '../../estimator/column-blocks.js'
import { type Matrix, takeRows } from '../../estimator/matrix.js'
import { float64s, int32s } from '../../estimator/state.js'
import { runJob } from '../../execute/jobs.js'
import { denseMoments } from '../preprocessing/dense-columns.js'
import { imputerParameters, indicatorNames, markMatrix } from './missing.js'

const knnImputerParameters = {
  missingValues: imputerParameters.missingValues,
  nNeighbors: integerParameter({
    default: 5,
    min: 1,
    doc: 'Rows whose mean is taken.',
    search: { scale: 'log', low: 1, high: 30, whole: true },
  }),
  weights: choiceParameter(['uniform', 'distance'], {
    default: 'uniform',
    doc: 'Whether all of them count the same, or by one over their distance.',
    search: { choices: ['uniform', 'distance'] },
  }),
  addIndicator: imputerParameters.addIndicator,
  keepEmptyFeatures: imputerParameters.keepEmptyFeatures,
}

interface State {
  /** The rows of fit, row-major; NaN where missing. */
  readonly fitX: Float64Array
  /** The mean of each feature, where no row is near; NaN where a feature has no values. */
  readonly means: Float64Array
  readonly indicators: Int32Array
}

const definition = defineEstimator({
  name: 'KNNImputer',
  parameters: knnImputerParameters,
  state: {
    fitX: float64s({ anyValue: true }),
    means: float64s({ anyValue: true }),
    indicators: int32s({ low: 0 }),
  },
  tags: { allowNaN: true, fillsMissing: true, noSampleWeight: true },
  check({ fitX, means, indicators, nFeaturesIn }, _, json) {
    if (means.length !== nFeaturesIn || fitX.length === 0 || fitX.length % nFeaturesIn !== 0)
      json.fail(`rows of ${nFeaturesIn} features`, `${fitX.length} values`)
    if (fitX.some(value => value - value !== 0 && !Number.isNaN(value)))
      json.fail('finite or missing features', 'others')
    if (indicators.some((j, i) => j >= nFeaturesIn || (i > 0 && j <= indicators[i - 1])))
      json.fail('places of features, ascending', 'others')
  },
})

/**
 * Replaces each missing value by the mean of the `nNeighbors` rows of `fit` that are nearest and have the value;
 * distances are Euclidean over the features that both rows have, scaled up to all. Where no row has a feature in
 * common, the feature's mean is taken. Scale features first. As scikit-learn's `KNNImputer` with its metric
 * nan_euclidean; of equally near rows the first ones count.
 *
 * @example
 * ```ts
 * const imputer = new KNNImputer({ nNeighbors: 2 })
 * await imputer.fitTransform([[1, 2], [3, 4], [null, 6], [8, 8]]) // row 2: [5.5, 6]
 * ```
 */
export class KNNImputer extends BaseTransformer<typeof knnImputerParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof knnImputerParameters> = {}) {
    super(definition, params)
  }

  protected namesOf(inputs: readonly string[], state: State): readonly string[] {
    return [...this.kept(state).map(j => inputs[j]), ...indicatorNames(inputs, state.indicators)]
  }

  /** Features that are results. */
  private kept({ means }: State): number[] {
    const { keepEmptyFeatures } = this.params
    return Array.from(means.keys()).filter(j => keepEmptyFeatures || !Number.isNaN(means[j]))
  }

  protected async learn({ operation, x, width, signal }: TransformerTraining): Promise<State> {
    const marked = markMatrix(x, this.params.missingValues)
    const { count, mean } = await denseMoments(operation, marked, undefined, signal)
    const lacking = Array.from({ length: width }, (_, j) => j).filter(j => count[j] < x.rows)
    return {
      fitX: Float64Array.from(marked.x),
      means: mean,
      indicators: this.params.addIndicator ? Int32Array.from(lacking) : new Int32Array(0),
    }
  }

  protected async apply(given: Matrix, state: Frame & State): Promise<Matrix> {
    const { indicators, means } = state
    const x = markMatrix(given, this.params.missingValues)
    const filled = selectColumns(await this.filled(x, state), this.kept(state))
    // Features without a value in fit that are kept become 0.
    this.kept(state).forEach((j, k) => {
      if (Number.isNaN(means[j]))
        for (let row = 0; row < x.rows; row++) filled.x[row * filled.width + k] = 0
    })
    if (indicators.length === 0) return filled
    const gaps = selectColumns(x, indicators)
    const marks = { ...gaps, x: gaps.x.map((v: number) => (Number.isNaN(v) ? 1 : 0)) }
    return denseBeside('KNNImputer.transform', [filled, marks], x.rows)
  }

  private async filled(x: Matrix, { fitX, means }: State): Promise<Matrix> {
    const { width, rows } = x
    const { nNeighbors, weights } = this.params
    const lacking = rowsWithGaps(x, means)
    const out = { x: Float64Array.from(x.x), rows, width }
    if (lacking.length === 0) return out
    const [buffer] = await runJob('KNNImputer.transform', {
      kind: 'knnImpute',
      numbers: [
        ...[fitX.length / width, lacking.length, width, nNeighbors],
        ...[weights === 'distance' ? 1 : 0, unitFor(fitX)],
      ],
      arrays: [fitX, Float64Array.from(takeRows(x, lacking).x), means],
    })
    const values = new Float64Array(buffer)
    lacking.forEach((row, i) => {
      out.x.set(values.subarray(i * width, (i + 1) * width), row * width)
    })
    return out
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): KNNImputer {
    return restore(KNNImputer, json)
  }
}

/** Rows that lack a feature which fit had values of. */
function rowsWithGaps({ x, rows, width }: Matrix, means: Float64Array): number[] {
  const found: number[] = []
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < width; j++)
      if (Number.isNaN(x[row * width + j]) && !Number.isNaN(means[j])) {
        found.push(row)
        break
      }
  return found
}

/** A power of two that keeps squares of differences finite and above 0. */
function unitFor(values: Float64Array): number {
  let largest = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i])
    if (size > largest) largest = size
  }
  if (largest > 1e140) return 2 ** -Math.floor(Math.log2(largest))
  return largest > 0 && largest < 1e-140 ? 2 ** Math.min(1000, -Math.ceil(Math.log2(largest))) : 1
}
