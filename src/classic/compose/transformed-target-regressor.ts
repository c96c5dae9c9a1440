// A regressor that learns a transformed target, and predicts in the target's own unit.

import { AthanorError, argumentError } from '../../base/errors.js'
import {
  choiceParameter,
  type GivenParameters,
  optionalParameter,
  type Parameter,
} from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import type {
  EstimatorCore,
  FitOptions,
  Regressor,
  ScoreOptions,
  Tags,
  Transformed,
  Transformer,
} from '../../estimator/contract.js'
import { estimatorCodec } from '../../estimator/estimator-codec.js'
import { estimatorParameter } from '../../estimator/estimator-parameter.js'
import { featuresFor, givenTo, innerTags } from '../../estimator/inner-features.js'
import {
  type Features,
  type FeaturesLike,
  type Matrix,
  type MatrixLike,
  type MatrixNeeds,
  matrixOf,
} from '../../estimator/matrix.js'
import { optional } from '../../estimator/state.js'
import type { Targets } from '../../estimator/targets.js'
import { LinearRegression } from '../linear/linear-regression.js'
import {
  type FunctionName,
  functionNames,
  functionOf,
  inverseOf,
} from '../preprocessing/named-functions.js'
import { type AnyStep, isLikeStep, isTransformer } from './steps.js'

const transformedTargetRegressorParameters = {
  regressor: estimatorParameter<Regressor>({
    default: new LinearRegression(),
    doc: 'What learns the transformed target; it is cloned.',
    as: {
      expected: 'a regressor',
      accepts: value => (value as AnyStep).estimatorType === 'regressor',
    },
  }),
  transformer: optionalParameter(
    estimatorParameter<Transformer>({
      doc: 'A transformer with inverseTransform for the target, as one column; null: func.',
      as: {
        expected: 'a transformer with inverseTransform',
        accepts: value =>
          isTransformer(value) && typeof (value as AnyStep).inverseTransform === 'function',
      },
    }),
  ) as Parameter<Transformer | undefined>,
  func: optionalParameter(
    choiceParameter(functionNames, {
      doc: 'A function of the target, undone after prediction; null: none.',
      search: { choices: ['log1p', 'sqrt', 'asinh'] },
    }),
  ),
  inverseFunc: optionalParameter(
    choiceParameter(functionNames, { doc: 'What undoes func; follows from it.' }),
  ),
}

interface State {
  readonly regressor: EstimatorCore
  readonly transformer: EstimatorCore | undefined
}

const definition = defineEstimator({
  name: 'TransformedTargetRegressor',
  parameters: transformedTargetRegressorParameters,
  state: { regressor: estimatorCodec, transformer: optional(estimatorCodec) },
  check({ regressor, transformer }, params, json) {
    if (!isLikeStep(regressor, params.regressor))
      json.fail('the regressor of the parameters', 'another')
    if (
      transformer === undefined
        ? params.transformer !== undefined
        : !isLikeStep(transformer, params.transformer)
    )
      json.fail('the transformer of the parameters', 'another')
  },
})

/**
 * Learns a transformed target (its logarithm, its ranks …) and turns predictions back. `func` is the name of a
 * function, so that the model can be saved; `transformer` is any transformer with a way back. As scikit-learn's
 * `TransformedTargetRegressor`.
 *
 * Errors: ARGUMENT for func and transformer together, and for an inverseFunc that doesn't undo func; DATA for
 * targets that func has no number for; those of the regressor.
 *
 * @example
 * ```ts
 * const model = new TransformedTargetRegressor({ regressor: new Ridge({ alpha: 1e-9 }), func: 'log' })
 * await model.fit([[0], [1], [2]], [1, 10, 100])
 * await model.predict([[3]]) // about [1000]
 * ```
 */
export class TransformedTargetRegressor extends BaseRegressor<
  typeof transformedTargetRegressorParameters,
  State
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof transformedTargetRegressorParameters> = {}) {
    super(definition, params)
    const { func, inverseFunc, transformer } = this.params
    const operation = 'TransformedTargetRegressor'
    if (transformer !== undefined && (func !== undefined || inverseFunc !== undefined))
      throw argumentError(operation, 'either transformer or func', 'both')
    if (inverseFunc !== undefined && (func === undefined || inverseOf(func) !== inverseFunc))
      throw argumentError(
        operation,
        func === undefined ? 'func beside inverseFunc' : `inverseFunc '${inverseOf(func)}'`,
        `'${inverseFunc}'`,
      )
  }

  override get tags(): Tags {
    return { ...innerTags([this.params.regressor]), targets: undefined }
  }

  /** The fitted regressor. Errors: STATE before fit. */
  get regressor(): Regressor {
    return this.fitted('regressor').regressor as Regressor
  }

  /** The fitted transformer, where there is one. Errors: STATE before fit. */
  get transformer(): Transformer | undefined {
    return this.fitted('transformer').transformer as Transformer | undefined
  }

  override fit(x: FeaturesLike, y: Targets, options: FitOptions = {}): Promise<this> {
    return super.fit(x as MatrixLike, y, options)
  }

  override predict(x: FeaturesLike): Promise<Float64Array> {
    return super.predict(x as MatrixLike)
  }

  override score(x: FeaturesLike, y: Targets, options: ScoreOptions = {}): Promise<number> {
    return super.score(x as MatrixLike, y, options)
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return featuresFor(this.tags, operation, x, needs)
  }

  protected async learn(training: RegressorTraining): Promise<State> {
    const { operation, x, y, sampleWeight, signal, onProgress } = training
    const { func } = this.params
    const transformer = this.params.transformer?.clone() as AnyStep | undefined
    if (transformer !== undefined) await transformer.fit(columnOf(y), undefined, { signal })
    const targets =
      transformer === undefined
        ? mapped(operation, y, func)
        : await numbersOf(operation, await transformer.transform!(columnOf(y)), y.length)
    const regressor = this.params.regressor.clone() as Regressor
    const options = { signal, onProgress, ...(sampleWeight && { sampleWeight }) }
    await regressor.fit(givenTo(x) as MatrixLike, targets, options)
    return { regressor, transformer }
  }

  protected async valuesOf(x: Matrix, { regressor, transformer }: Frame & State) {
    const operation = 'TransformedTargetRegressor.predict'
    const found = await (regressor as Regressor).predict(givenTo(x) as MatrixLike)
    const values = Float64Array.from(found)
    const { func } = this.params
    if (transformer === undefined)
      return mapped(operation, values, func === undefined ? undefined : inverseOf(func))
    const back = (await (transformer as AnyStep).inverseTransform!(columnOf(values))) as Transformed
    return numbersOf(operation, back, values.length)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): TransformedTargetRegressor {
    return restore(TransformedTargetRegressor, json)
  }
}

function columnOf(x: Float64Array): Matrix {
  return { x, rows: x.length, width: 1 }
}

async function numbersOf(operation: string, out: Transformed, rows: number): Promise<Float64Array> {
  const { x, width } = (await matrixOf(operation, out, { allowNaN: true })) as Matrix
  if (width !== 1 || x.length !== rows)
    throw new AthanorError('SHAPE', {
      operation,
      expected: `a transformer that gives one column of ${rows} rows`,
      received: `[${x.length / width}, ${width}]`,
    })
  return Float64Array.from(x)
}

function mapped(operation: string, y: Float64Array, name: FunctionName | undefined): Float64Array {
  if (name === undefined) return y
  const apply = functionOf(name)
  return y.map((value, row) => {
    const out = apply(value)
    if (out - out === 0) return out
    throw new AthanorError('DATA', {
      operation,
      expected: `values that ${name} has a finite number for`,
      received: `${value} at row ${row}`,
    })
  })
}
