// Transformers: features in, features out, row by row the same rows.

import { AthanorError } from '../base/errors.js'
import type { Labels } from '../base/label.js'
import type { ParametersOf, ParameterTable } from '../base/parameters.js'
import { Table } from '../data/table.js'
import { BaseEstimator, type Frame, type Training } from './base-estimator.js'
import type { FitOptions, MaybePromise, Transformed, Transformer } from './contract.js'
import type { Features, Matrix, MatrixLike } from './matrix.js'
import { RawColumns } from './raw-columns.js'
import { SparseMatrix } from './sparse.js'
import type { Targets } from './targets.js'
import { targetsOf } from './targets.js'

/** What a transformer's `learn` works from. */
export interface TransformerTraining<X = Matrix> extends Training<X> {
  /** As given; undefined where fit got none. */
  readonly y: Labels | undefined
}

/** A transformer of numeric features. */
export abstract class BaseTransformer<
    P extends ParameterTable,
    S extends object,
    X extends Features = Matrix,
    Out extends Transformed = Matrix | SparseMatrix,
  >
  extends BaseEstimator<P, S>
  implements Transformer<ParametersOf<P>>
{
  readonly estimatorType = 'transformer'

  protected abstract learn(training: TransformerTraining<X>): MaybePromise<S>

  /** The new features; names are added by `namesOf`. */
  protected abstract apply(x: X, state: Frame & S): MaybePromise<Out>

  /** Names of the new features from those of the old ones. */
  protected abstract namesOf(inputs: readonly string[], state: Frame & S): readonly string[]

  /**
   * Learns from features (and, where it needs them, targets). Options: see `FitOptions`.
   *
   * @throws AthanorError SHAPE, DATA, ARGUMENT for what it cannot learn from; INTERRUPTED after `signal`.
   */
  async fit(x: MatrixLike, y?: Targets, options: FitOptions = {}): Promise<this> {
    const { training, targetName } = await this.prepare(x, y, options)
    const state = await this.learn(training)
    return this.keep(training, { ...this.frameOf(training, targetName), ...state })
  }

  /** Features and targets of a fit, checked. */
  protected async prepare(x: MatrixLike, y: Targets | undefined, options: FitOptions) {
    const targetName = typeof y === 'string' ? y : undefined
    const given = await this.trainingOf(x, options, targetName)
    const { operation, rows } = given
    if (y === undefined && this.tags.needsTargets === true)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: 'targets beside the features',
        received: 'none',
      })
    const targets = y === undefined ? undefined : await targetsOf(operation, x, y)
    if (targets !== undefined && targets.length !== rows)
      throw new AthanorError('SHAPE', {
        operation,
        expected: `${rows} targets, one a row`,
        received: String(targets.length),
      })
    const training: TransformerTraining<X> = { ...given, x: given.x as unknown as X, y: targets }
    return { training, targetName }
  }

  /** The new features, as many rows as there came. */
  async transform(x: MatrixLike): Promise<Out> {
    const state = this.fitted('transform')
    const features = (await this.readInput('transform', x)) as unknown as X
    return this.named(await this.apply(features, state), state, features)
  }

  /** `fit` and `transform` of the same rows. */
  async fitTransform(x: MatrixLike, y?: Targets, options: FitOptions = {}): Promise<Out> {
    return (await this.fit(x, y, options)).transform(x)
  }

  /** Names of the new features; `x0`, `x1`, … stand for columns without names. */
  get featureNamesOut(): readonly string[] {
    const state = this.fitted('featureNamesOut')
    return this.namesOf(inputNames(state), state)
  }

  /** The same from other names of the old features, as a pipeline's steps pass them on. */
  namesFrom(inputs: readonly string[]): readonly string[] {
    return this.namesOf(inputs, this.fitted('namesFrom'))
  }

  protected named(out: Out, state: Frame & S, from: Features): Out {
    if (state.featureNamesIn === undefined && from.names === undefined) return out
    return withNames(out, this.namesOf(from.names ?? inputNames(state), state))
  }
}

/** The same values under other names. */
export function withNames<T extends Transformed>(features: T, names: readonly string[]): T {
  if (features instanceof RawColumns) {
    const columns = features.columns.map((column, j) => ({ ...column, name: names[j] }))
    return new RawColumns(new Table(columns, features.rows), true) as T
  }
  if (!(features instanceof SparseMatrix)) {
    const { x, rows, width } = features as Matrix
    return { x, rows, width, names } as Matrix as T
  }
  const { rows, width, indptr, indices, values } = features
  return new SparseMatrix({ rows, width, indptr, indices, values, names }) as SparseMatrix as T
}

/** Names of the features of fit. */
export function inputNames({ featureNamesIn, nFeaturesIn }: Frame): readonly string[] {
  return featureNamesIn ?? Array.from({ length: nFeaturesIn }, (_, i) => `x${i}`)
}
