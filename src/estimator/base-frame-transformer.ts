// Transformers of raw columns (categories, texts, numbers with gaps) and of texts.

import type { ParametersOf, ParameterTable } from '../base/parameters.js'
import type { Frame } from './base-estimator.js'
import { BaseTransformer } from './base-transformer.js'
import type { FitOptions, Transformed, Transformer } from './contract.js'
import { type FrameNeeds, frameOf } from './frame.js'
import type { Features, FeaturesLike, Matrix, MatrixLike, MatrixNeeds } from './matrix.js'
import type { RawColumns } from './raw-columns.js'
import type { SparseMatrix } from './sparse.js'
import type { Targets } from './targets.js'
import { type Texts, textsOf } from './texts.js'

/** A transformer that takes more than numbers; `fit` and `transform` as in `BaseTransformer`. */
abstract class RawTransformer<
    P extends ParameterTable,
    S extends object,
    X extends Features,
    In extends FeaturesLike,
    Out extends Transformed,
  >
  extends BaseTransformer<P, S, X, Out>
  implements Transformer<ParametersOf<P>>
{
  override fit(x: In | MatrixLike, y?: Targets, options: FitOptions = {}): Promise<this> {
    return super.fit(x as MatrixLike, y, options)
  }

  override transform(x: In | MatrixLike): Promise<Out> {
    return super.transform(x as MatrixLike)
  }

  override fitTransform(x: In | MatrixLike, y?: Targets, options: FitOptions = {}): Promise<Out> {
    return super.fitTransform(x as MatrixLike, y, options)
  }
}

/**
 * A transformer of raw columns: its `learn` and `apply` see `RawColumns`. Set the tag `input: 'table'`.
 */
export abstract class FrameTransformer<
  P extends ParameterTable,
  S extends object,
  Out extends Transformed = Matrix | SparseMatrix,
> extends RawTransformer<P, S, RawColumns, FeaturesLike, Out> {
  /** Columns of fit that needn't be there in `transform`. */
  protected optionalColumns(_state: Frame & S): ReadonlySet<string> | undefined {
    return undefined
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    const optional =
      needs.names === undefined ? undefined : this.optionalColumns(this.fitted('transform'))
    return frameOf(operation, x, { ...(needs as FrameNeeds), optional })
  }
}

/** A transformer of texts, one a row. Set the tag `input: 'texts'`. */
export abstract class TextTransformer<
  P extends ParameterTable,
  S extends object,
> extends RawTransformer<P, S, Texts, FeaturesLike, Matrix | SparseMatrix> {
  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return textsOf(operation, x, needs)
  }
}
