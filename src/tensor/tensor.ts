// The user's Tensor: an immutable value that is computed when it is needed. Operations are added to
// it in operations.ts and structure.ts.

import { type DType, dtypes, type TypedArray } from '../base/dtype.js'
import { AthanorError, argumentError, shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, type Shape, sizeOf } from '../base/shape.js'
import type { HostStorage } from '../execute/host-storage.js'
import { constant } from '../graph/build.js'
import { describeNode, type Node } from '../graph/node.js'
import { type InputSource, refuseWhileTracing, type StateSource } from './context.js'
import { flatten, isTypedArray, type Nested, nest, type Values } from './convert.js'
import { display } from './display.js'
import { leafOf } from './engine.js'
import { evaluate, evaluateAsync, recordBackward } from './flush.js'
import { elementType, someShape } from './options.js'

/** Anything that stands for a tensor: a tensor, a number, nested arrays or a typed array. */
export type TensorLike = Tensor | Values

/**
 * An n-dimensional array. Operations record; values are computed together when one is read, when an
 * optimizer steps, or when a compiled function runs.
 *
 * @example
 * ```ts
 * const x = tensor([[1, 2], [3, 4]])
 * console.log(await x.matmul(x).add(1).data()) // Float32Array [8, 11, 16, 23]
 * ```
 */
export class Tensor {
  /** @internal The graph node behind it. */
  protected readonly own: Node

  /** @internal */
  constructor(node: Node) {
    this.own = node
  }

  /** @internal */
  get node(): Node {
    return this.own
  }

  /** Size of each axis; `[]` for a scalar. */
  get shape(): Shape {
    return this.own.shape
  }

  get dtype(): DType {
    return this.own.dtype
  }

  /** Number of axes. */
  get rank(): number {
    return this.own.shape.length
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.own.shape)
  }

  /** The values, row-major, as a fresh typed array (Uint8Array of 0 and 1 for bool). */
  async data(): Promise<TypedArray> {
    refuseWhileTracing('data()')
    const { node } = this
    if (node.source === null) await evaluateAsync([node])
    await (node.source as InputSource).pending
    return valuesOf(node)
  }

  /** The values at once. Large programs block the thread meanwhile; prefer `await data()`. */
  dataSync(): TypedArray {
    refuseWhileTracing('dataSync()')
    const { node } = this
    if (node.source === null) evaluate([node])
    return valuesOf(node)
  }

  /** The values as nested arrays (a number for a scalar; booleans for bool). */
  async array(): Promise<Nested> {
    return nest(await this.data(), this.shape, this.dtype)
  }

  arraySync(): Nested {
    return nest(this.dataSync(), this.shape, this.dtype)
  }

  /** The value of a tensor with one element. */
  async item(): Promise<number> {
    this.checkSingle('item')
    return (await this.data())[0]
  }

  itemSync(): number {
    this.checkSingle('itemSync')
    return this.dataSync()[0]
  }

  private checkSingle(operation: string): void {
    if (this.size !== 1)
      throw shapeError(
        operation,
        'a tensor with one element',
        formatShape(this.shape),
        'Use data() or array()',
      )
  }

  /**
   * Records that the gradients of this scalar are wanted: they are computed by the next
   * `optimizer.step()`, together with everything else, or when a variable's `grad` is read.
   */
  backward(): void {
    recordBackward(this.node)
  }

  /** Frees the values at once, if they have been computed. Never needed: the collector does it too. */
  dispose(): void {
    const { source } = this.own
    if (source?.kind === 'input') (source as InputSource).storage.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  toString(): string {
    const head = `Tensor ${formatShape(this.shape)} ${this.dtype}`
    const { source } = this.node
    if (source?.kind === 'input' && (source as InputSource).pending === null)
      return `${head}\n${display(valuesOf(this.node), this.shape, this.dtype)}`
    if (source?.kind === 'state')
      return `${head}\n${display(valuesOf(this.node), this.shape, this.dtype)}`
    return `${head} (not computed yet)`
  }

  /** What `console.log` prints: values are computed for it, except while tracing. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    try {
      if (this.node.source === null) evaluate([this.node])
    } catch {
      return this.toString()
    }
    return this.toString()
  }
}

/** @internal A tensor's own values, no copy, where they are there already; null while they are traced or to be computed. */
export function knownValues({ node }: Tensor): TypedArray | null {
  if (node.source?.kind !== 'input') return null
  const { storage, pending } = node.source as Omit<InputSource, 'storage'> & {
    /** A placeholder of a trace has none. */
    readonly storage: HostStorage | null
  }
  return pending === null && storage !== null ? storage.values : null
}

/** A copy of the values of a node that has some. */
export function valuesOf(node: Node): TypedArray {
  const source = node.source as InputSource | StateSource
  if (source.kind === 'state') {
    if (source.cell.version !== source.version) throw staleRead(node)
    return source.cell.storage.read()
  }
  if (source.pending !== null)
    throw new AthanorError('STATE', {
      operation: `dataSync of ${describeNode(node)}`,
      expected: 'finished values',
      received: 'a run that is still going on',
      fix: 'Use await data()',
    })
  return (source.storage as HostStorage).read()
}

function staleRead(node: Node): AthanorError {
  return new AthanorError('STATE', {
    operation: `reading ${describeNode(node)}`,
    expected: 'the variable’s present value',
    received: 'one that has been replaced',
    fix: 'Read the variable again',
  })
}

/** Shape and element type of a tensor made from values. */
export interface TensorOptions {
  /** Default: the nesting of the values, or [length] of a typed array. */
  readonly shape?: Shape
  /** Default: float32 for numbers, bool for booleans, a typed array's own (Uint8Array: int32). */
  readonly dtype?: DType
}

export const tensorOptions = new OptionTable<TensorOptions>({
  shape: someShape,
  dtype: elementType,
})

/**
 * A tensor of the given values, which are copied.
 *
 * @throws AthanorError SHAPE when nested arrays are ragged or the count does not fit `shape`;
 * ARGUMENT when a value is no number or does not fit an integer type.
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]])                          // float32 [2, 2]
 * tensor(new Float32Array(6), { shape: [2, 3] })
 * tensor([0, 1, 1], { dtype: 'int32' })
 * ```
 */
export function tensor(values: TensorLike, options?: TensorOptions): Tensor {
  if (values instanceof Tensor)
    throw argumentError('tensor', 'values', 'a tensor', 'Use it as it is, or cast() and reshape()')
  const { shape, dtype } = tensorOptions.check('tensor', options)
  const flat = flatten('tensor', values, shape, dtype)
  return new Tensor(leafOf(flat.values, flat.dtype, flat.shape))
}

/** Wraps a typed array without copying: the caller must not change it afterwards. */
export function tensorOver(values: TypedArray, shape: Shape, dtype: DType): Tensor {
  return new Tensor(leafOf(values, dtype, shape))
}

/** The tensor that `value` stands for; numbers take the type of `like` where that makes sense. */
export function asTensor(value: TensorLike, like?: Tensor): Tensor {
  if (value instanceof Tensor) return value
  if (typeof value === 'number' && like !== undefined) {
    const fits = dtypes[like.dtype].isFloat || (like.dtype === 'int32' && Number.isInteger(value))
    return constantTensor(value, fits ? like.dtype : 'float32')
  }
  if (typeof value === 'number') return constantTensor(value, 'float32')
  if (typeof value === 'boolean') return constantTensor(value ? 1 : 0, 'bool')
  if (isTypedArray(value) || Array.isArray(value))
    return tensor(
      value,
      like === undefined || typeof like.dtype !== 'string' ? {} : floatLike(like, value),
    )
  throw argumentError(
    'tensor',
    'a number, an array or a tensor',
    value === null ? 'null' : typeof value,
  )
}

/** Plain arrays beside a float64 tensor become float64 too. */
function floatLike(like: Tensor, value: Values): TensorOptions {
  return like.dtype === 'float64' && !isTypedArray(value) ? { dtype: 'float64' } : {}
}

function constantTensor(value: number, dtype: DType): Tensor {
  return new Tensor(constant(value, dtype))
}
