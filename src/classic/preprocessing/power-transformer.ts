// Features made more normal by a power of each (Yeo & Johnson 2000; Box & Cox 1964), the power chosen by
// maximum likelihood.

import { AthanorError } from '../../base/errors.js'
import { booleanParameter, choiceParameter, type GivenParameters } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import { isAllFinite, type Matrix } from '../../estimator/matrix.js'
import { forRowBlocks } from '../../estimator/row-blocks.js'
import { float64s, optional } from '../../estimator/state.js'
import { momentsOf } from '../../features/moments.js'
import { minimumBetween } from './brent.js'
import { InvertibleTransformer, mapDense, scaleColumns, unscaleColumns } from './columnwise.js'
import { columnReader, denseMoments } from './dense-columns.js'
import { boxCox, inverseBoxCox, inverseYeoJohnson, yeoJohnson } from './powers.js'

const powerTransformerParameters = {
  method: choiceParameter(['yeo-johnson', 'box-cox'], {
    default: 'yeo-johnson',
    doc: 'Yeo-Johnson takes any numbers, Box-Cox those above 0 only.',
  }),
  standardize: booleanParameter({
    default: true,
    doc: 'Whether the result is brought to mean 0 and deviation 1.',
  }),
}

interface State {
  readonly lambdas: Float64Array
  readonly mean: Float64Array | undefined
  /** 0 where a feature is constant. */
  readonly std: Float64Array | undefined
}

const definition = defineEstimator({
  name: 'PowerTransformer',
  parameters: powerTransformerParameters,
  state: {
    lambdas: float64s(),
    mean: optional(float64s({ anyValue: true })),
    std: optional(float64s({ anyValue: true })),
  },
  tags: { allowNaN: true, noSampleWeight: true },
  check({ lambdas, mean, std, nFeaturesIn }, { standardize }, json) {
    const lengths = [lambdas, mean, std].map(values => values?.length ?? nFeaturesIn)
    if (lengths.some(length => length !== nFeaturesIn))
      json.fail(`${nFeaturesIn} values a field`, `${lengths}`)
    if (standardize !== (mean !== undefined) || standardize !== (std !== undefined))
      json.fail('what the parameters ask for', 'something else')
    if (std?.some(value => value < 0 || value === Number.POSITIVE_INFINITY) === true)
      json.fail('deviations of 0 or more', 'others')
  },
})

/** Powers are sought within; a feature whose values hardly differ from 0 could ask for any. */
const largestPower = 1e4

/**
 * Makes features more normal by a monotone power transform each. Missing values (NaN) are left out in
 * `fit` and stay missing. As scikit-learn's `PowerTransformer`; constant features are left as they are with
 * both methods.
 *
 * @example
 * ```ts
 * const power = await new PowerTransformer().fit([[1, 2], [3, 2], [4, 5]])
 * power.lambdas // about [1.386, -3.1]
 * ```
 */
export class PowerTransformer extends InvertibleTransformer<
  typeof powerTransformerParameters,
  State
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof powerTransformerParameters> = {}) {
    super(definition, params)
  }

  /** The power of each feature; 1 leaves it as it is. */
  get lambdas(): Float64Array {
    return this.fitted('lambdas').lambdas
  }

  protected async learn(training: TransformerTraining<AnyMatrix>): Promise<State> {
    const { operation, signal } = training
    const x = training.x as Matrix
    this.refuseNegative(operation, x)
    const lambdas = new Float64Array(x.width)
    const column = columnReader(x)
    for (let j = 0; j < x.width; j++)
      lambdas[j] = await this.powerFor(
        operation,
        column(j).filter(value => !Number.isNaN(value)),
        signal,
      )
    if (!this.params.standardize) return { lambdas, mean: undefined, std: undefined }
    const powered = await this.powered(operation, x, lambdas)
    const { mean, std } = await denseMoments(operation, powered, undefined, signal)
    return { lambdas, mean, std }
  }

  private async powerFor(
    operation: string,
    values: Float64Array,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const isBoxCox = this.params.method === 'box-cox'
    if (momentsOf(values).std === 0 || values.length === 0) return 1
    const transform = isBoxCox ? boxCox : yeoJohnson
    const logs = isBoxCox
      ? values.map(Math.log)
      : values.map(value => Math.sign(value) * Math.log1p(Math.abs(value)))
    const slope = logs.reduce((a, b) => a + b, 0)
    const powered = new Float64Array(values.length)
    const loss = async (lambda: number) => {
      await forRowBlocks(
        operation,
        { rows: values.length, width: 1 },
        (from, to) => {
          for (let i = from; i < to; i++) powered[i] = transform(values[i], lambda)
        },
        signal,
      )
      const { std } = momentsOf(powered)
      const loss = values.length * Math.log(std) - (lambda - 1) * slope
      const fine = std > 0 && Number.isFinite(loss) && isAllFinite(powered)
      return fine ? loss : Number.POSITIVE_INFINITY
    }
    const [low, high] = isBoxCox ? boundsBoxCox(logs) : boundsYeoJohnson(values)
    // Values at the end of float64 can't be raised to any other power.
    return low < high ? minimumBetween(loss, low, high) : 1
  }

  private refuseNegative(operation: string, { x, width }: Matrix): void {
    if (this.params.method !== 'box-cox') return
    const bad = x.findIndex((value: number) => value <= 0)
    if (bad < 0) return
    throw new AthanorError('DATA', {
      operation,
      expected: 'features above 0 for Box-Cox',
      received: `${x[bad]} in row ${Math.floor(bad / width)}, feature ${bad % width}`,
      fix: "Use the method 'yeo-johnson'",
    })
  }

  private powered(operation: string, x: Matrix, lambdas: Float64Array): Promise<Matrix> {
    const transform = this.params.method === 'box-cox' ? boxCox : yeoJohnson
    return mapColumns(operation, x, (value, j) => transform(value, lambdas[j]))
  }

  protected async apply(x: AnyMatrix, { lambdas, mean, std }: Frame & State): Promise<AnyMatrix> {
    const operation = 'PowerTransformer.transform'
    this.refuseNegative(operation, x as Matrix)
    const powered = await this.powered(operation, x as Matrix, lambdas)
    return mean === undefined ? powered : scaleColumns(operation, powered, mean, scaleOf(std))
  }

  /** NaN where no number is mapped to a value. */
  protected async invert(x: AnyMatrix, { lambdas, mean, std }: Frame & State): Promise<AnyMatrix> {
    const operation = 'PowerTransformer.inverseTransform'
    const invert = this.params.method === 'box-cox' ? inverseBoxCox : inverseYeoJohnson
    const powered = mean === undefined ? x : await unscaleColumns(operation, x, mean, scaleOf(std))
    return mapColumns(operation, powered as Matrix, (value, j) => invert(value, lambdas[j]))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): PowerTransformer {
    return restore(PowerTransformer, json)
  }
}

function scaleOf(std: Float64Array | undefined): Float64Array | undefined {
  return std?.map(value => (value === 0 ? 1 : value))
}

function mapColumns(
  operation: string,
  x: Matrix,
  change: (value: number, column: number) => number,
): Promise<Matrix> {
  const { width } = x
  return mapDense(operation, x, (values, out, from, to) => {
    for (let row = from; row < to; row++)
      for (let j = 0; j < width; j++) out[row * width + j] = change(values[row * width + j], j)
  })
}

/** Half of the exponents of float64, so that variances of what is transformed can be computed. */
const logTiny = -336
const logHuge = 336

/** As scipy's yeojohnson_normmax: where values up to 20 times the largest don't overflow. */
function boundsYeoJohnson(values: Float64Array): [number, number] {
  let largest = 0
  let negative = 0
  for (let i = 0; i < values.length; i++) {
    largest = Math.max(largest, Math.abs(values[i]))
    if (values[i] < 0) negative++
  }
  const log = Math.log1p(Math.min(Number.MAX_VALUE, 20 * largest))
  const low = Math.max(-largestPower, logTiny / log)
  const high = Math.min(largestPower, logHuge / log)
  if (negative === values.length) return [2 - high, 2 - low]
  return negative > 0 ? [Math.max(2 - high, low), Math.min(2 - low, high)] : [low, high]
}

function boundsBoxCox(logs: Float64Array): [number, number] {
  const largest = logs.reduce((most, log) => Math.max(most, Math.abs(log)), 0)
  const bound = Math.min(largestPower, logHuge / largest)
  return [-bound, bound]
}
