// Training data as batches. Arrays are cut into batches here; larger data come as a BatchSource of
// the caller's.

import { type DType, dtypes, type TypedArray } from '../base/dtype.js'
import { AthanorError, argumentError, shapeError } from '../base/errors.js'
import { Random } from '../base/philox.js'
import { formatShape, type Shape, sizeOf } from '../base/shape.js'
import { formatSymbolic, isKnown, isOneOf, type SymbolicShape } from '../nn/symbolic-shape.js'
import { flatten, isTypedArray, type Values } from '../tensor/convert.js'
import { Tensor } from '../tensor/tensor.js'

/** Rows of a table, pictures, … : the first axis counts them. */
export type Rows = Tensor | Values

/** One batch: flat row-major arrays of `rows` rows. */
export interface Batch {
  readonly x: TypedArray
  readonly y: TypedArray
  /** Weight of each row in the loss. */
  readonly weights?: Float32Array
  readonly rows: number
  /** Shape of a row of x, where batches differ in it: sequences padded to a length of their own. */
  readonly xShape?: Shape
  /** The same of y, where every step has a target. */
  readonly yShape?: Shape
}

/** Which batches of an epoch are wanted, and in which order. */
export interface BatchOrder {
  readonly epoch: number
  readonly batchSize: number
  readonly shuffle: boolean
  readonly seed: number
  /** Batches to skip, when an epoch is resumed in the middle. */
  readonly from: number
}

/**
 * Where batches come from. The order must be a pure function of what `batches` is given. A batch is
 * asked for while the step of the one before still reads its arrays: make new ones, or take turns.
 */
export interface BatchSource {
  readonly rows: number
  readonly x: RowType
  readonly y: RowType
  batches(order: BatchOrder): Iterable<Batch> | AsyncIterable<Batch>
}

/** Several things in a list, or by name. */
export type Several<T> = readonly T[] | Readonly<Record<string, T>>

/** Rows of one input or output, or of several. */
export type Tables = Rows | Several<Rows>

/** One batch for a functional model of several inputs or outputs: flat arrays in a list or by name. */
export interface SeveralBatch {
  readonly x: TypedArray | Several<TypedArray>
  readonly y: TypedArray | Several<TypedArray>
  /** Weight of each row in all losses. */
  readonly weights?: Float32Array
  readonly rows: number
  /** Shape of a row of each input, in a list or by name, where batches differ in it. */
  readonly xShapes?: Several<Shape>
  /** The same of each target. */
  readonly yShapes?: Several<Shape>
}

/** Where batches of several inputs or outputs come from; as for `BatchSource` otherwise. */
export interface SeveralSource {
  readonly rows: number
  readonly x: RowType | Several<RowType>
  readonly y: RowType | Several<RowType>
  batches(order: BatchOrder): Iterable<SeveralBatch> | AsyncIterable<SeveralBatch>
}

/** A source of batches for any model. */
export type AnySource = BatchSource | SeveralSource

export function isBatchSource(value: unknown): value is AnySource {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as BatchSource).batches === 'function'
  )
}

/** Shape (without the batch axis) and type of a row. */
export interface RowType {
  readonly shape: Shape
  readonly dtype: DType
}

export interface FlatRows extends RowType {
  readonly values: TypedArray
  readonly rows: number
}

/**
 * Rows as one flat array. `rowShape`, where known, gives flat typed arrays their shape and lets a
 * list of numbers stand for rows of one number; data say the sizes that are null in it.
 */
export async function flatRows(
  operation: string,
  data: Rows,
  rowShape: SymbolicShape | null,
  dtype: DType | null,
  freeAxes = 0,
): Promise<FlatRows> {
  if (data === undefined || data === null)
    throw argumentError(
      operation,
      'an array with one entry a row, or a tensor',
      data === null ? 'null' : 'nothing',
    )
  if (data instanceof Tensor) {
    if (data.rank === 0) throw shapeError(operation, 'rows along the first axis', '[]')
    const values = await data.data()
    const cast =
      dtype === null || dtype === data.dtype ? values : castValues(operation, values, dtype)
    return fitted(operation, cast, data.shape, dtype ?? data.dtype, rowShape, freeAxes)
  }
  if (isTypedArray(data)) {
    const own: DType =
      data instanceof Float64Array
        ? 'float64'
        : data instanceof Int32Array || data instanceof Uint8Array
          ? 'int32'
          : 'float32'
    const type = dtype ?? (own === 'float64' ? 'float32' : own)
    const values =
      type === own && !(data instanceof Uint8Array) ? data : castValues(operation, data, type)
    if (rowShape !== null && !isKnown(rowShape))
      throw argumentError(
        operation,
        `rows of shape ${formatSymbolic(rowShape)} that say their length`,
        'a flat typed array',
        'Give tensor(values, { shape: [rows, …] }), or an array of rows',
      )
    const width = rowShape === null ? 1 : sizeOf(rowShape)
    if (width === 0 || data.length % width !== 0)
      throw shapeError(
        operation,
        `a multiple of ${width} values, one row of ${formatShape(rowShape ?? [])} each`,
        String(data.length),
      )
    return { values, rows: data.length / width, shape: rowShape ?? [], dtype: type }
  }
  const flat = flatten(operation, data, undefined, dtype ?? undefined)
  if (flat.shape.length === 0)
    throw argumentError(operation, 'an array with one entry a row', String(data))
  return fitted(operation, flat.values, flat.shape, flat.dtype, rowShape, freeAxes)
}

function fitted(
  operation: string,
  values: TypedArray,
  shape: Shape,
  dtype: DType,
  rowShape: SymbolicShape | null,
  freeAxes: number,
): FlatRows {
  const own = shape.slice(1)
  const wanted = rowShape === null || differsFreely(own, rowShape, freeAxes) ? own : rowShape
  const isOneNumber = sizeOf(own) === 1 && isKnown(wanted) && sizeOf(wanted) === 1
  if (wanted !== own && !isOneNumber)
    throw shapeError(
      operation,
      `rows of shape ${formatSymbolic(wanted)}`,
      `rows of shape ${formatShape(own)} (data ${formatShape(shape)})`,
      'Reshape the data, or build the model for rows of the shape received (inputShape)',
    )
  return { values, rows: shape[0], shape: wanted as Shape, dtype }
}

/** Whether only the first axes, those that may, and those not known have other sizes. */
function differsFreely(own: Shape, wanted: SymbolicShape, freeAxes: number): boolean {
  return own.length === wanted.length && isOneOf(own.slice(freeAxes), wanted.slice(freeAxes))
}

/** Integer targets have to be whole: 1.5 is no class. */
function castValues(operation: string, values: TypedArray, dtype: DType): TypedArray {
  const out = new dtypes[dtype].array(values.length)
  for (let i = 0; i < values.length; i++) {
    if (dtype === 'int32' && !Number.isInteger(values[i]))
      throw new AthanorError('DATA', {
        operation,
        expected: 'whole numbers',
        received: String(values[i]),
      })
    if (dtype === 'int32' && values[i] !== (values[i] | 0))
      throw new AthanorError('DATA', {
        operation,
        expected: 'numbers that fit int32',
        received: String(values[i]),
      })
    out[i] = values[i]
  }
  return out
}

/** Whole arrays as a source; shuffled by (seed, epoch) alone. */
export class ArraySource implements BatchSource {
  readonly rows: number

  constructor(
    readonly x: FlatRows,
    readonly y: FlatRows,
    private readonly weights: Float32Array | null = null,
  ) {
    if (x.rows !== y.rows)
      throw shapeError('fit', `as many targets as rows (${x.rows})`, String(y.rows))
    if (weights !== null && weights.length !== x.rows)
      throw shapeError('fit', `one sample weight a row (${x.rows})`, String(weights.length))
    this.rows = x.rows
  }

  *batches(order: BatchOrder): Iterable<Batch> {
    for (const { rows, pick } of cuts(this.rows, order))
      yield {
        x: pick(this.x.values, sizeOf(this.x.shape)),
        y: pick(this.y.values, sizeOf(this.y.shape)),
        ...(this.weights === null ? {} : { weights: pick(this.weights, 1) }),
        rows,
      }
  }
}

interface Cut {
  readonly rows: number
  /** The values of the batch's rows, which are `width` each. */
  readonly pick: <T extends TypedArray>(values: T, width: number) => T
}

/** The batches of an epoch over `total` rows in memory. */
export function* cuts(
  total: number,
  { epoch, batchSize, shuffle, seed, from }: BatchOrder,
): Iterable<Cut> {
  const order = shuffle ? permutation(total, seed, epoch) : null
  for (let start = from * batchSize; start < total; start += batchSize) {
    const rows = Math.min(batchSize, total - start)
    const pick = <T extends TypedArray>(values: T, width: number): T =>
      order === null
        ? (values.slice(start * width, (start + rows) * width) as T)
        : gatherRows(values, width, order, start, rows)
    yield { rows, pick }
  }
}

export function permutation(rows: number, seed: number, epoch: number): Uint32Array {
  const order = new Uint32Array(rows)
  for (let i = 0; i < rows; i++) order[i] = i
  new Random(seed, epoch + 1).shuffle(order)
  return order
}

function gatherRows<T extends TypedArray>(
  values: T,
  width: number,
  order: Uint32Array,
  start: number,
  rows: number,
): T {
  const out = new (values.constructor as new (n: number) => T)(rows * width)
  if (width === 1) {
    for (let i = 0; i < rows; i++) out[i] = values[order[start + i]]
    return out
  }
  for (let i = 0; i < rows; i++) {
    const from = order[start + i] * width
    if (width < 24) {
      const at = i * width
      for (let k = 0; k < width; k++) out[at + k] = values[from + k]
    } else out.set(values.subarray(from, from + width) as never, i * width)
  }
  return out
}
