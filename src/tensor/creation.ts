// Tensors that are made from a rule instead of values.

import type { DType } from '../base/dtype.js'
import { argumentError, shapeError } from '../base/errors.js'
import { formatShape, type Shape } from '../base/shape.js'
import * as g from '../graph/build.js'
import { makeElementwise } from '../graph/ops.js'
import { scalarLeaf } from './engine.js'
import { asTensor, Tensor, type TensorLike, tensor } from './tensor.js'

/** The element type of a new tensor. */
export interface CreationOptions {
  /** Default: float32. */
  readonly dtype?: DType
}

function checkShape(operation: string, shape: Shape): void {
  if (!Array.isArray(shape) || shape.some(n => !Number.isInteger(n) || n < 0))
    throw shapeError(
      operation,
      'a list of whole numbers ≥ 0',
      Array.isArray(shape) ? formatShape(shape) : String(shape),
    )
}

/** `value` everywhere. */
export function full(shape: Shape, value: number, options: CreationOptions = {}): Tensor {
  checkShape('full', shape)
  return new Tensor(g.filled(shape, value, options.dtype ?? 'float32'))
}

/** 0 everywhere. */
export function zeros(shape: Shape, options: CreationOptions = {}): Tensor {
  return full(shape, 0, options)
}

/** 1 everywhere. */
export function ones(shape: Shape, options: CreationOptions = {}): Tensor {
  return full(shape, 1, options)
}

/** Zeros in the shape and type of another tensor. */
export function zerosLike(x: TensorLike): Tensor {
  const t = asTensor(x)
  return zeros(t.shape, { dtype: t.dtype })
}

/** Ones in the shape and type of another tensor. */
export function onesLike(x: TensorLike): Tensor {
  const t = asTensor(x)
  return ones(t.shape, { dtype: t.dtype })
}

/** 1 on the diagonal, 0 elsewhere. */
export function eye(rows: number, columns = rows, options: CreationOptions = {}): Tensor {
  const shape = [rows, columns]
  checkShape('eye', shape)
  const hit = makeElementwise('equal', g.iota(shape, 0, 'int32'), g.iota(shape, 1, 'int32'))
  return new Tensor(g.cast(hit, options.dtype ?? 'float32'))
}

/** start, start + step, … below stop. */
export function arange(
  start: number,
  stop: number,
  step = 1,
  options: CreationOptions = {},
): Tensor {
  if (!Number.isFinite(start) || !Number.isFinite(stop) || !Number.isFinite(step) || step === 0)
    throw argumentError(
      'arange',
      'finite numbers and a step other than 0',
      `${start}, ${stop}, ${step}`,
    )
  const count = Math.max(0, Math.ceil((stop - start) / step))
  const whole = Number.isInteger(start) && Number.isInteger(step)
  const dtype = options.dtype ?? (whole ? 'int32' : 'float32')
  return tensor(
    Float64Array.from({ length: count }, (_, i) => start + i * step),
    { dtype },
  )
}

/** `count` evenly spaced values from start to stop, both included. */
export function linspace(
  start: number,
  stop: number,
  count: number,
  options: CreationOptions = {},
): Tensor {
  if (!Number.isInteger(count) || count < 0)
    throw argumentError('linspace', 'a whole count ≥ 0', String(count))
  return tensor(
    Float64Array.from({ length: count }, (_, i) =>
      count === 1 ? start : i === count - 1 ? stop : start + ((stop - start) * i) / (count - 1),
    ),
    { dtype: options.dtype ?? 'float32' },
  )
}

/**
 * A number that is read anew at every run and never becomes part of a program: a learning rate, a
 * loss weight. Changing it compiles nothing.
 *
 * @example
 * ```ts
 * let rate = 0.1
 * const step = compile((x: Tensor) => x.mul(runtimeScalar(() => rate)))
 * ```
 */
export function runtimeScalar(read: () => number, options: CreationOptions = {}): Tensor {
  return new Tensor(scalarLeaf(options.dtype ?? 'float32', read))
}
