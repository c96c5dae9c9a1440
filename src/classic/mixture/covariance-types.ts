// How covariances of a mixture's components are kept, and the triangles that stand for their inverses.

import { AthanorError, shapeError } from '../../base/errors.js'
import type { Parameter } from '../../base/parameters.js'

export const covarianceTypes = ['full', 'tied', 'diag', 'spherical'] as const
export type CovarianceType = (typeof covarianceTypes)[number]

/** Sizes of the array of all covariances. */
export function covarianceShape(type: CovarianceType, components: number, width: number): number[] {
  return {
    full: [components, width, width],
    tied: [width, width],
    diag: [components, width],
    spherical: [components],
  }[type]
}

/** Numbers in lists, in lists of lists, … */
export type NestedNumbers = readonly (number | NestedNumbers)[]

/** A parameter of nested lists of finite numbers; their shape is checked where it is known. */
export function nestedNumbersParameter(options: {
  readonly doc: string
}): Parameter<NestedNumbers> {
  return {
    kind: 'list',
    doc: options.doc,
    expected: 'numbers in lists',
    accepts: (value): value is NestedNumbers => isNested(value, 3),
    bad: [0, 'x', null, [], [[]], ['x'], [Number.NaN], [[1], 2]],
    parse: () => undefined,
  }
}

function isNested(value: unknown, depth: number): boolean {
  if (!Array.isArray(value) || value.length === 0 || depth === 0) return false
  return Array.isArray(value[0])
    ? value.every(item => isNested(item, depth - 1))
    : value.every(Number.isFinite)
}

/** The numbers of nested lists of a shape, in order. Errors: SHAPE. */
export function flatten(
  operation: string,
  name: string,
  value: NestedNumbers,
  shape: readonly number[],
): Float64Array {
  const fits = (item: NestedNumbers | number, level: number): boolean =>
    typeof item === 'number'
      ? level === shape.length
      : item.length === shape[level] && item.every(inner => fits(inner, level + 1))
  if (!fits(value, 0))
    throw shapeError(operation, `${name} of [${shape.join(', ')}]`, 'another shape')
  return Float64Array.from((value as number[]).flat(3) as number[])
}

/** P with P · Pᵀ = precision, an upper triangle, for each precision matrix; square roots of numbers. */
export function factorsOf(
  operation: string,
  precisions: Float64Array,
  type: CovarianceType,
  width: number,
): Float64Array {
  const out = new Float64Array(precisions.length)
  const size = type === 'full' || type === 'tied' ? width : 1
  for (let at = 0; at < precisions.length; at += size * size)
    if (!factor(precisions.subarray(at, at + size * size), size, out.subarray(at)))
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: 'precisionsInit of symmetric, positive definite precisions',
        received: 'others',
      })
  return out
}

/** Cholesky's factorisation from the last row up, which leaves an upper triangle. */
function factor(a: Float64Array, n: number, out: Float64Array): boolean {
  for (let j = n - 1; j >= 0; j--)
    for (let i = j; i >= 0; i--) {
      if (Math.abs(a[i * n + j] - a[j * n + i]) > 1e-8 + 1e-5 * Math.abs(a[i * n + j])) return false
      let sum = a[i * n + j]
      for (let k = j + 1; k < n; k++) sum -= out[i * n + k] * out[j * n + k]
      if (i === j && !(sum > 0)) return false
      out[i * n + j] = i === j ? Math.sqrt(sum) : sum / out[j * n + j]
    }
  return true
}

/** The precisions that factors stand for. */
export function precisionsOf(
  factors: Float64Array,
  type: CovarianceType,
  width: number,
): Float64Array {
  if (type === 'diag' || type === 'spherical') return factors.map(value => value * value)
  const out = new Float64Array(factors.length)
  const cells = width * width
  for (let at = 0; at < factors.length; at += cells)
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) {
        let sum = 0
        for (let k = Math.max(i, j); k < width; k++)
          sum += factors[at + i * width + k] * factors[at + j * width + k]
        out[at + i * width + j] = sum
      }
  return out
}
