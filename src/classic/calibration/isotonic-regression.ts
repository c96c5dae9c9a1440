// Isotonic regression: the best function of one feature that never falls (Barlow et al. 1972).

import { AthanorError, argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  type GivenParameters,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import type { Matrix } from '../../estimator/matrix.js'
import { flag, float64s } from '../../estimator/state.js'
import { fitIsotonic, isotonicValue } from './isotonic.js'

const isotonicRegressionParameters = {
  yMin: optionalParameter(numberParameter({ doc: 'The lowest value that is predicted.' })),
  yMax: optionalParameter(numberParameter({ doc: 'The highest.' })),
  increasing: eitherParameter(
    booleanParameter({ doc: 'Whether it rises or falls.' }),
    choiceParameter(['auto'], { doc: 'By the sign of Spearman’s correlation.' }),
    { default: true, doc: 'Whether it rises (true), falls (false), or as the data do (auto).' },
  ),
  outOfBounds: choiceParameter(['clip', 'raise'], {
    default: 'clip',
    doc: 'Beyond the training range: the nearest step’s value, or an error. (scikit-learn says NaN by default.)',
  }),
}

interface State {
  readonly xThresholds: Float64Array
  readonly yThresholds: Float64Array
  readonly rises: boolean
}

const definition = defineEstimator({
  name: 'IsotonicRegression',
  parameters: isotonicRegressionParameters,
  state: { xThresholds: float64s(), yThresholds: float64s(), rises: flag },
  tags: { features: 1 },
  check({ xThresholds, yThresholds, nFeaturesIn }, _, json) {
    const ascending = xThresholds.every((x, i) => i === 0 || x > xThresholds[i - 1])
    if (nFeaturesIn !== 1 || xThresholds.length === 0 || xThresholds.length !== yThresholds.length)
      json.fail('steps of one feature', 'others')
    if (!ascending) json.fail('ascending steps', 'others')
  },
})

/**
 * A monotone step function of one feature, linear between its steps. As scikit-learn's
 * `IsotonicRegression`.
 *
 * @example
 * ```ts
 * const model = await new IsotonicRegression().fit([[1], [2], [3]], [1, 3, 2])
 * await model.predict([[1], [2], [3]]) // [1, 2.5, 2.5]
 * ```
 */
export class IsotonicRegression extends BaseRegressor<typeof isotonicRegressionParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof isotonicRegressionParameters> = {}) {
    super(definition, params)
  }

  /** Where the steps lie. */
  get xThresholds(): Float64Array {
    return this.fitted('xThresholds').xThresholds
  }

  /** The value at each step. */
  get yThresholds(): Float64Array {
    return this.fitted('yThresholds').yThresholds
  }

  /** Whether it rises. */
  get increasing(): boolean {
    return this.fitted('increasing').rises
  }

  protected learn({ operation, x, y, width, sampleWeight }: RegressorTraining): State {
    if (width !== 1)
      throw new AthanorError('SHAPE', {
        operation,
        expected: 'one feature',
        received: String(width),
      })
    const { yMin, yMax, increasing } = this.params
    if (yMin !== undefined && yMax !== undefined && yMin > yMax)
      throw argumentError(operation, 'yMin of at most yMax', `${yMin} and ${yMax}`)
    const rises = increasing === 'auto' ? rankCorrelation(x.x, y) >= 0 : increasing
    const steps = fitIsotonic(x.x, y, sampleWeight, {
      increasing: rises,
      ...(yMin === undefined ? {} : { low: yMin }),
      ...(yMax === undefined ? {} : { high: yMax }),
    })
    return { ...steps, rises }
  }

  protected valuesOf({ x, rows }: Matrix, state: Frame & State): Float64Array {
    const { xThresholds } = state
    const [low, high] = [xThresholds[0], xThresholds[xThresholds.length - 1]]
    if (this.params.outOfBounds !== 'clip') {
      const bad = x.findIndex((value: number) => value < low || value > high)
      if (bad >= 0)
        throw new AthanorError('DATA', {
          operation: 'IsotonicRegression.predict',
          expected: `values from ${low} to ${high}, as in fit`,
          received: `${x[bad]} at row ${bad}`,
          fix: "Set outOfBounds to 'clip'",
        })
    }
    return Float64Array.from({ length: rows }, (_, row) => isotonicValue(state, x[row]))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): IsotonicRegression {
    return restore(IsotonicRegression, json)
  }
}

/** Spearman's correlation, up to its scale. */
function rankCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [a, b] = [ranksOf(x), ranksOf(y)]
  const middle = (a.length - 1) / 2
  return a.reduce((sum, rank, i) => sum + (rank - middle) * (b[i] - middle), 0)
}

function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => values[a] - values[b],
  )
  const ranks = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to < order.length && values[order[to]] === values[order[from]]) to++
    for (let i = from; i < to; i++) ranks[order[i]] = (from + to - 1) / 2
    from = to
  }
  return ranks
}
