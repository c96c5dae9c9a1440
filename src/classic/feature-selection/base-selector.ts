// Transformers that keep some of the features as they are.

import type { ParameterTable } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Frame } from '../../estimator/base-estimator.js'
import { BaseTransformer, withNames } from '../../estimator/base-transformer.js'
import { selectColumns } from '../../estimator/column-blocks.js'
import { isSparse, type Matrix, type MatrixLike, matrixOf } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'

/** A selector: a subclass says which features are kept. */
export abstract class BaseSelector<
  P extends ParameterTable,
  S extends object,
> extends BaseTransformer<P, S, AnyMatrix> {
  /** 1 for each feature that is kept. */
  protected abstract supportOf(state: Frame & S): Uint8Array

  /** Whether each feature is kept: 1 or 0. Errors: STATE before fit. */
  get support(): Uint8Array {
    return this.supportOf(this.fitted('support'))
  }

  /** The places of the features kept. Errors: STATE before fit. */
  get supportIndices(): Int32Array {
    return placesIn(this.support)
  }

  protected namesOf(inputs: readonly string[], state: Frame & S): readonly string[] {
    return Array.from(placesIn(this.supportOf(state)), j => inputs[j])
  }

  protected apply(x: AnyMatrix, state: Frame & S): AnyMatrix {
    return selectColumns(x, placesIn(this.supportOf(state)))
  }

  /** All features again, 0 in those that were left out. Errors: SHAPE, STATE. */
  async inverseTransform(x: MatrixLike): Promise<AnyMatrix> {
    const state = this.fitted('inverseTransform')
    const { nFeaturesIn: width, featureNamesIn } = state
    const places = placesIn(this.supportOf(state))
    const given = await matrixOf(`${this.definition.name}.inverseTransform`, x, {
      ...{ width: places.length, sparse: true, allowNaN: true },
    })
    const out = isSparse(given) ? spreadSparse(given, places, width) : spread(given, places, width)
    return featureNamesIn === undefined ? out : withNames(out, featureNamesIn)
  }
}

function placesIn(support: Uint8Array): Int32Array {
  return Int32Array.from(Array.from(support.keys()).filter(j => support[j] === 1))
}

function spread({ x, rows, width }: Matrix, places: Int32Array, wanted: number): Matrix {
  const out = new Float64Array(rows * wanted)
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < width; k++) out[row * wanted + places[k]] = x[row * width + k]
  return { x: out, rows, width: wanted }
}

function spreadSparse(x: SparseMatrix, places: Int32Array, width: number): SparseMatrix {
  const { rows, indptr, indices, values } = x
  return new SparseMatrix({ rows, width, indptr, indices: indices.map(k => places[k]), values })
}
