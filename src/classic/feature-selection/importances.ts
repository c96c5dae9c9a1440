// How much a fitted estimator makes of each feature: its coefficients or importances.

import { argumentError } from '../../base/errors.js'
import { textParameter } from '../../base/parameters.js'
import type { EstimatorCore } from '../../estimator/contract.js'

export const importanceGetterParameter = textParameter({
  default: 'auto',
  doc: "Where importances are found: 'auto' (coef or featureImportances, of a pipeline's last step), or names with dots: 'namedSteps.svc.coef'.",
})

/** Values, some sets of them one after the other where there are several outputs. Errors: ARGUMENT. */
export function importancesOf(
  operation: string,
  estimator: EstimatorCore,
  getter: string,
  width: number,
): Float64Array {
  const found = getter === 'auto' ? automatic(estimator) : at(estimator, getter.split('.'))
  const values = Array.isArray(found)
    ? Float64Array.from(found.flatMap(part => Array.from(part as ArrayLike<number>)))
    : ArrayBuffer.isView(found)
      ? Float64Array.from(found as Float64Array)
      : undefined
  if (values === undefined || values.length === 0 || values.length % width !== 0)
    throw argumentError(
      operation,
      `an estimator with coef or featureImportances of ${width} features`,
      values === undefined
        ? `${estimator.constructor.name}, which has none at '${getter}'`
        : `${values.length} values`,
      "Take another estimator, or say where they are with importanceGetter: 'namedSteps.svc.coef'",
    )
  return values
}

function automatic(estimator: EstimatorCore): unknown {
  const { namedSteps } = estimator as { namedSteps?: Record<string, unknown> }
  const last = namedSteps === undefined ? estimator : Object.values(namedSteps).pop()
  const { coef, featureImportances } = (last ?? {}) as Record<string, unknown>
  return coef ?? featureImportances
}

function at(from: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as never)[name] : undefined,
    from,
  )
}

/** For each feature the sum of its squares over outputs. */
export function squaresOf(values: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width)
  values.forEach((value, i) => {
    out[i % width] += value * value
  })
  return out
}

/** For each feature its norm over outputs. */
export function normsOf(values: Float64Array, width: number, order: number): Float64Array {
  const out = new Float64Array(width)
  values.forEach((value, i) => {
    const size = Math.abs(value)
    if (order === Number.POSITIVE_INFINITY) out[i % width] = Math.max(out[i % width], size)
    else out[i % width] += size ** order
  })
  return order === Number.POSITIVE_INFINITY ? out : out.map(sum => sum ** (1 / order))
}
