// Tables of the options that operations on tensors share.

import { type DType, dtypes } from '../base/dtype.js'
import { shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, type Shape } from '../base/shape.js'
import { oneOf, tested, trueOrFalse, type ValueKind, valueWords } from '../base/value-kinds.js'

export const elementType: ValueKind<DType> = oneOf(Object.keys(dtypes) as DType[])

/** A list; its sizes are checked where they are used, as an error of shapes. */
export const someShape: ValueKind<Shape> = tested('a list of whole numbers', Array.isArray, [
  2,
  '2',
  null,
])

const isNumber = (value: unknown) => typeof value === 'number'

/** The axis, or axes, that an operation works along. */
export const oneAxis: ValueKind<number> = tested('a whole number', isNumber, ['0', null, []])

export const someAxes: ValueKind<number | readonly number[]> = tested(
  'a whole number or a list of them',
  value => isNumber(value) || (Array.isArray(value) && value.every(isNumber)),
  ['0', null],
)

/** The element type of a new tensor. */
export interface CreationOptions {
  /** Default: float32. */
  readonly dtype?: DType
}

export const creationOptions = new OptionTable<CreationOptions>({ dtype: elementType })

/** Options of an operation along one axis. */
export interface AxisOption {
  /** Negative ones count from the end. */
  readonly axis?: number
}

export const axisOption = new OptionTable<AxisOption>({ axis: oneAxis })

/** Options of a reduction. */
export interface ReduceOptions {
  /** Axis or axes to reduce; negative ones count from the end. Default: all. */
  readonly axis?: number | readonly number[]
  /** Keep the reduced axes with size 1. Default: false. */
  readonly keepDims?: boolean
}

export const reduceOptions = new OptionTable<ReduceOptions>({
  axis: someAxes,
  keepDims: trueOrFalse,
})

/** @throws AthanorError SHAPE for anything but a list of whole numbers ≥ 0. */
export function checkShape(operation: string, shape: Shape): void {
  if (!Array.isArray(shape) || shape.some(n => !Number.isInteger(n) || n < 0))
    throw shapeError(
      operation,
      'a list of whole numbers ≥ 0',
      Array.isArray(shape) ? formatShape(shape) : valueWords(shape),
    )
}
