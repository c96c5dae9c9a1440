// A function of one number, applied to every value.

import { AthanorError, argumentError } from '../../base/errors.js'
import { choiceParameter, type GivenParameters, optionalParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { isSparse } from '../../estimator/matrix.js'
import { InvertibleTransformer, mapDense, mapStored, type Stateless } from './columnwise.js'
import { type FunctionName, functionNames, functionOf, inverseOf } from './named-functions.js'

const functionTransformerParameters = {
  func: optionalParameter(
    choiceParameter(functionNames, { doc: 'What is applied to every value; null: nothing.' }),
  ),
}

const definition = defineEstimator<typeof functionTransformerParameters, Stateless>({
  name: 'FunctionTransformer',
  parameters: functionTransformerParameters,
  state: {},
  tags: { allowNaN: true, sparse: true, noSampleWeight: true },
})

/**
 * Applies a function to every value; `inverseTransform` applies the one that undoes it. Missing values (NaN) stay
 * missing. As scikit-learn's `FunctionTransformer`, for functions that have a name, so that it can be saved.
 *
 * Errors: DATA for values that the function has no number for, such as the log of 0.
 *
 * @example
 * ```ts
 * await new FunctionTransformer({ func: 'log1p' }).fitTransform([[0], [Math.E - 1]]) // { x: Float64Array [0, 1], … }
 * ```
 */
export class FunctionTransformer extends InvertibleTransformer<
  typeof functionTransformerParameters,
  Stateless
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof functionTransformerParameters> = {}) {
    super(definition, params)
  }

  protected learn(): Stateless {
    return {}
  }

  protected apply(x: AnyMatrix): Promise<AnyMatrix> | AnyMatrix {
    return mapped('FunctionTransformer.transform', x, this.params.func)
  }

  protected invert(x: AnyMatrix): Promise<AnyMatrix> | AnyMatrix {
    const { func } = this.params
    return mapped(
      'FunctionTransformer.inverseTransform',
      x,
      func === undefined ? undefined : inverseOf(func),
    )
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): FunctionTransformer {
    return restore(FunctionTransformer, json)
  }
}

function mapped(
  operation: string,
  x: AnyMatrix,
  name: FunctionName | undefined,
): Promise<AnyMatrix> | AnyMatrix {
  const apply = name === undefined ? (value: number) => value : functionOf(name)
  const checked = (value: number) => {
    const out = apply(value)
    if (out - out === 0 || Number.isNaN(value)) return out
    throw new AthanorError('DATA', {
      operation,
      expected: `values that ${name} has a finite number for`,
      received: String(value),
    })
  }
  if (!isSparse(x))
    return mapDense(operation, x, (values, out, from, to) => {
      for (let i = from * x.width; i < to * x.width; i++) out[i] = checked(values[i])
    })
  if (apply(0) !== 0)
    throw argumentError(
      operation,
      'a function that keeps zeros, for sparse features',
      `${name}`,
      'Pass x.toDense()',
    )
  return mapStored(x, checked)
}
