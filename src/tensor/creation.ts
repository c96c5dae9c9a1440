// Tensors that are made from a rule instead of values.

import { argumentError } from '../base/errors.js'
import type { Shape } from '../base/shape.js'
import { valueWords } from '../base/value-kinds.js'
import * as g from '../graph/build.js'
import { makeElementwise } from '../graph/ops.js'
import { scalarLeaf } from './engine.js'
import { type CreationOptions, checkShape, creationOptions } from './options.js'
import { asTensor, Tensor, type TensorLike, tensor } from './tensor.js'

export type { CreationOptions } from './options.js'

function filled(operation: string, shape: Shape, value: number, options?: CreationOptions): Tensor {
  checkShape(operation, shape)
  if (typeof value !== 'number') throw argumentError(operation, 'a number', valueWords(value))
  const { dtype = 'float32' } = creationOptions.check(operation, options)
  return new Tensor(g.filled(shape, value, dtype))
}

/** `value` everywhere. */
export function full(shape: Shape, value: number, options?: CreationOptions): Tensor {
  return filled('full', shape, value, options)
}

/** 0 everywhere. */
export function zeros(shape: Shape, options?: CreationOptions): Tensor {
  return filled('zeros', shape, 0, options)
}

/** 1 everywhere. */
export function ones(shape: Shape, options?: CreationOptions): Tensor {
  return filled('ones', shape, 1, options)
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
  const { dtype = 'float32' } = creationOptions.check('eye', options)
  const hit = makeElementwise('equal', g.iota(shape, 0, 'int32'), g.iota(shape, 1, 'int32'))
  return new Tensor(g.cast(hit, dtype))
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
  const { dtype = whole ? 'int32' : 'float32' } = creationOptions.check('arange', options)
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
  if (!Number.isFinite(start) || !Number.isFinite(stop))
    throw argumentError('linspace', 'finite numbers', `${start}, ${stop}`)
  const { dtype = 'float32' } = creationOptions.check('linspace', options)
  return tensor(
    Float64Array.from({ length: count }, (_, i) =>
      count === 1 ? start : i === count - 1 ? stop : start + ((stop - start) * i) / (count - 1),
    ),
    { dtype },
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
  if (typeof read !== 'function')
    throw argumentError('runtimeScalar', 'a function that gives a number', valueWords(read))
  const { dtype = 'float32' } = creationOptions.check('runtimeScalar', options)
  return new Tensor(scalarLeaf(dtype, read))
}
