// Clusterers and outlier detectors: they learn from features alone.

import type { ParametersOf, ParameterTable } from '../base/parameters.js'
import type { AnyMatrix } from './base-classifier.js'
import { BaseEstimator, type Frame, type Training } from './base-estimator.js'
import type { Clusterer, FitOptions, MaybePromise, OutlierDetector } from './contract.js'
import type { Matrix, MatrixLike } from './matrix.js'

/** Learns from features alone; what is common to both kinds. */
abstract class Unsupervised<
  P extends ParameterTable,
  S extends object,
  X extends AnyMatrix,
> extends BaseEstimator<P, S> {
  protected abstract learn(training: Training<X>): MaybePromise<S>

  /**
   * Learns from features; `y` is not looked at. Options: see `FitOptions`.
   *
   * @throws AthanorError SHAPE, DATA, ARGUMENT for what it cannot learn from; INTERRUPTED after `signal`.
   */
  async fit(x: MatrixLike, _y?: undefined, options: FitOptions = {}): Promise<this> {
    const training = await this.trainingOf(x, options, undefined)
    const state = await this.learn({ ...training, x: training.x as X })
    return this.keep(training, { ...this.frameOf(training, undefined), ...state })
  }
}

/** A clusterer; what it learns has a label for each training row. */
export abstract class BaseClusterer<
    P extends ParameterTable,
    S extends { readonly labels: Int32Array },
    X extends AnyMatrix = Matrix,
  >
  extends Unsupervised<P, S, X>
  implements Clusterer<ParametersOf<P>>
{
  readonly estimatorType = 'clusterer'

  /** The cluster of each training row, from 0; -1 is none. Errors: STATE before fit. */
  get labels(): Int32Array {
    return this.fitted('labels').labels
  }

  /** `fit`, then the cluster of each row. */
  async fitPredict(x: MatrixLike, y?: undefined, options: FitOptions = {}): Promise<Int32Array> {
    return (await this.fit(x, y, options)).labels
  }
}

/** An outlier detector: scores below 0 are outliers. */
export abstract class BaseOutlierDetector<
    P extends ParameterTable,
    S extends object,
    X extends AnyMatrix = Matrix,
  >
  extends Unsupervised<P, S, X>
  implements OutlierDetector<ParametersOf<P>>
{
  readonly estimatorType = 'outlierDetector'

  protected abstract decisionOf(x: X, state: Frame & S): MaybePromise<Float64Array>

  /** Below 0 for outliers; the lower, the stranger. */
  async decisionFunction(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('decisionFunction')
    return this.decisionOf((await this.readInput('decisionFunction', x)) as X, state)
  }

  /** 1 for an ordinary row, -1 for an outlier. */
  async predict(x: MatrixLike): Promise<Int32Array> {
    const state = this.fitted('predict')
    const scores = await this.decisionOf((await this.readInput('predict', x)) as X, state)
    return Int32Array.from(scores, score => (score < 0 ? -1 : 1))
  }
}
