// Numbers, nested arrays and typed arrays into flat typed arrays, and back.

import { type DType, dtypeOfArray, dtypes, type TypedArray } from '../base/dtype.js'
import { argumentError, shapeError } from '../base/errors.js'
import { formatShape, type Shape, sizeOf } from '../base/shape.js'

/** Arrays of numbers or booleans in any nesting. */
export type NestedArray = readonly (number | boolean | NestedArray)[]

/** Values that a tensor can be made from. */
export type Values = number | boolean | NestedArray | TypedArray

export interface Flat {
  readonly values: TypedArray
  readonly shape: Shape
  readonly dtype: DType
}

export function isTypedArray(value: unknown): value is TypedArray {
  return (
    value instanceof Float32Array ||
    value instanceof Float64Array ||
    value instanceof Int32Array ||
    value instanceof Uint8Array
  )
}

/** A copy of `values` as one flat array with its shape. */
export function flatten(operation: string, values: Values, shape?: Shape, dtype?: DType): Flat {
  if (isTypedArray(values)) {
    const own: DType =
      values instanceof Uint8Array && dtype !== 'bool' ? 'int32' : dtypeOfArray(values)
    const type = dtype ?? own
    const outShape = shape ?? [values.length]
    checkCount(operation, values.length, outShape)
    return { values: converted(operation, values, type), shape: outShape, dtype: type }
  }
  if (typeof values === 'number' || typeof values === 'boolean') {
    const type = dtype ?? (typeof values === 'boolean' ? 'bool' : 'float32')
    checkCount(operation, 1, shape ?? [])
    return { values: converted(operation, [Number(values)], type), shape: shape ?? [], dtype: type }
  }
  if (!Array.isArray(values))
    throw argumentError(
      operation,
      'a number, an array (nested or typed) or a tensor',
      describe(values),
    )
  const nestedShape = shapeOfNested(values)
  const flat: number[] = []
  let allBoolean = true
  const walk = (part: unknown, depth: number): void => {
    if (depth === nestedShape.length) {
      if (typeof part === 'boolean') flat.push(part ? 1 : 0)
      else if (typeof part === 'number') {
        allBoolean = false
        flat.push(part)
      } else throw argumentError(operation, 'numbers or booleans', describe(part))
      return
    }
    if (!Array.isArray(part) || part.length !== nestedShape[depth])
      throw shapeError(
        operation,
        `nested arrays of equal lengths (${formatShape(nestedShape)})`,
        Array.isArray(part)
          ? `one of length ${part.length} at depth ${depth}`
          : `${describe(part)} at depth ${depth}`,
      )
    for (const item of part) walk(item, depth + 1)
  }
  walk(values, 0)
  const type = dtype ?? (allBoolean && flat.length > 0 ? 'bool' : 'float32')
  const outShape = shape ?? nestedShape
  checkCount(operation, flat.length, outShape)
  return { values: converted(operation, flat, type), shape: outShape, dtype: type }
}

function shapeOfNested(values: unknown): number[] {
  const shape: number[] = []
  let part = values
  while (Array.isArray(part)) {
    shape.push(part.length)
    part = part[0]
  }
  return shape
}

function checkCount(operation: string, count: number, shape: Shape): void {
  if (shape.some(n => !Number.isInteger(n) || n < 0))
    throw shapeError(operation, 'a shape of whole numbers ≥ 0', formatShape(shape))
  if (sizeOf(shape) !== count)
    throw shapeError(
      operation,
      `${sizeOf(shape)} values for shape ${formatShape(shape)}`,
      String(count),
    )
}

function converted(operation: string, values: ArrayLike<number>, dtype: DType): TypedArray {
  if (dtypes[dtype] === undefined)
    throw argumentError(operation, `a dtype (${Object.keys(dtypes).join(', ')})`, String(dtype))
  const out = new dtypes[dtype].array(values.length)
  if (dtype === 'bool') for (let i = 0; i < values.length; i++) out[i] = values[i] !== 0 ? 1 : 0
  else if (dtype === 'int32') {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      if (!(value >= -2147483648 && value <= 2147483647))
        throw argumentError(
          operation,
          'numbers that fit int32',
          String(value),
          "Use dtype: 'float64'",
        )
      if (!Number.isInteger(value))
        throw argumentError(
          operation,
          'whole numbers for int32',
          String(value),
          "Round them, or leave out dtype: 'int32'",
        )
      out[i] = value
    }
  } else out.set(values)
  return out
}

function describe(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
}

export type Nested = number | boolean | Nested[]

/** Flat values as nested arrays; booleans for bool. */
export function nest(values: TypedArray, shape: Shape, dtype: DType): Nested {
  let at = 0
  const build = (axis: number): Nested => {
    if (axis === shape.length) {
      const value = values[at++]
      return dtype === 'bool' ? value !== 0 : value
    }
    return Array.from({ length: shape[axis] }, () => build(axis + 1))
  }
  return build(0)
}
