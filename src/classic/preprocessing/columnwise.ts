// Transformers that give every column a new value of its own, and can take it back.

import { AthanorError } from '../../base/errors.js'
import type { ParameterTable } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Frame } from '../../estimator/base-estimator.js'
import { BaseTransformer, withNames } from '../../estimator/base-transformer.js'
import type { MaybePromise } from '../../estimator/contract.js'
import {
  type FeaturesLike,
  isSparse,
  type Matrix,
  type MatrixLike,
  matrixOf,
} from '../../estimator/matrix.js'
import { forRowBlocks } from '../../estimator/row-blocks.js'
import { SparseMatrix } from '../../estimator/sparse.js'

/** What a transformer knows that learns nothing. */
export type Stateless = Record<never, never>

/** One new column for each old one, under the same name. */
export abstract class ColumnwiseTransformer<
  P extends ParameterTable,
  S extends object,
> extends BaseTransformer<P, S, AnyMatrix> {
  protected namesOf(inputs: readonly string[]): readonly string[] {
    return inputs
  }
}

/** The same with a way back. */
export abstract class InvertibleTransformer<
  P extends ParameterTable,
  S extends object,
> extends ColumnwiseTransformer<P, S> {
  protected abstract invert(x: AnyMatrix, state: Frame & S): MaybePromise<AnyMatrix>

  /** The features that `transform` made these from. NaN stays NaN. Errors: SHAPE, STATE. */
  async inverseTransform(x: MatrixLike): Promise<AnyMatrix> {
    const state = this.fitted('inverseTransform')
    const { nFeaturesIn: width, featureNamesIn: names } = state
    const matrix = await matrixOf(`${this.definition.name}.inverseTransform`, x, {
      ...{ width, names, allowNaN: true, sparse: this.tags.sparse },
    })
    const out = await this.invert(matrix, state)
    return names === undefined ? out : withNames(out, names)
  }
}

/** Refuses sparse features where centring would fill every zero. Errors: DATA. */
export function refuseCentring(
  operation: string,
  x: FeaturesLike,
  centres: boolean,
  parameter: string,
): void {
  if (!centres || !(x instanceof SparseMatrix)) return
  throw new AthanorError('DATA', {
    operation,
    expected: `dense features, or ${parameter}: false`,
    received: 'sparse features to be centred',
    fix: `Centring would fill every zero: set ${parameter} to false`,
  })
}

type Numbers = Float64Array | undefined

/** `(x − shift) ÷ scale` in every column; sparse features are scaled alone. */
export async function scaleColumns(
  operation: string,
  x: AnyMatrix,
  shift: Numbers,
  scale: Numbers,
): Promise<AnyMatrix> {
  if (isSparse(x))
    return mapStored(x, (value, j) => (scale === undefined ? value : value / scale[j]))
  const { width } = x
  const center = shift ?? new Float64Array(width)
  const spread = scale ?? new Float64Array(width).fill(1)
  return mapDense(operation, x, (values, out, from, to) => {
    let i = from * width
    for (let row = from; row < to; row++)
      for (let j = 0; j < width; j++, i++) {
        const value = values[i]
        let scaled = (value - center[j]) / spread[j]
        // The difference of two finite numbers may overflow.
        if (scaled - scaled !== 0 && value - value === 0)
          scaled = (value / 2 - center[j] / 2) / (spread[j] / 2)
        out[i] = scaled
      }
  })
}

/** `x · scale + shift`: the way back. */
export async function unscaleColumns(
  operation: string,
  x: AnyMatrix,
  shift: Numbers,
  scale: Numbers,
): Promise<AnyMatrix> {
  if (isSparse(x))
    return mapStored(x, (value, j) => (scale === undefined ? value : value * scale[j]))
  return mapDense(operation, x, (values, out, from, to) => {
    const { width } = x
    let i = from * width
    for (let row = from; row < to; row++)
      for (let j = 0; j < width; j++, i++)
        out[i] =
          values[i] * (scale === undefined ? 1 : scale[j]) + (shift === undefined ? 0 : shift[j])
  })
}

/** New stored values; zeros stay zeros. */
export function mapStored(
  x: SparseMatrix,
  change: (value: number, column: number) => number,
): SparseMatrix {
  const { rows, width, indptr, indices, names } = x
  const values = x.values.map((value, n) => change(value, indices[n]))
  return new SparseMatrix({ rows, width, indptr, indices, values, names })
}

/** New values of the same shape, block by block of rows. */
export async function mapDense(
  operation: string,
  x: Matrix,
  work: (values: Matrix['x'], out: Float64Array, from: number, to: number) => void,
): Promise<Matrix> {
  const out = new Float64Array(x.rows * x.width)
  await forRowBlocks(operation, x, (from, to) => work(x.x, out, from, to))
  return { x: out, rows: x.rows, width: x.width }
}
