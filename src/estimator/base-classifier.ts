// Classifiers: labels of any kind become places among the classes, and come back as labels.

import { AthanorError } from '../base/errors.js'
import type { Label } from '../base/label.js'
import type { ParametersOf, ParameterTable } from '../base/parameters.js'
import { BaseEstimator, type Frame, type Training } from './base-estimator.js'
import type { Classifier, FitOptions, MaybePromise, ScoreOptions } from './contract.js'
import type { Matrix, MatrixLike } from './matrix.js'
import { accuracy } from './metrics/accuracy.js'
import type { SparseMatrix } from './sparse.js'
import { decodeLabels, encodeLabels, type Targets, targetsOf } from './targets.js'

/** Features as an estimator sees them that takes sparse ones too (tag `sparse`); else `Matrix`. */
export type AnyMatrix = Matrix | SparseMatrix

/** What a classifier's `learn` works from. */
export interface ClassifierTraining<X = Matrix> extends Training<X> {
  /** Each row's class, from 0. Every class up to `classes` has a row. */
  readonly codes: Int32Array
  readonly classes: number
  /** Their labels, ascending. */
  readonly labels: readonly Label[]
}

/**
 * A classifier that predicts labels. A subclass learns from codes 0..classes−1, and answers with codes
 * (`codesOf`); classes that were named but had no rows are added here.
 */
export abstract class BaseClassifier<
    P extends ParameterTable,
    S extends object,
    X extends AnyMatrix = Matrix,
  >
  extends BaseEstimator<P, S>
  implements Classifier<ParametersOf<P>>
{
  readonly estimatorType = 'classifier'

  /** The labels, ascending: the columns of `predictProba`. Errors: STATE before fit. */
  get classes(): readonly Label[] {
    return this.fitted('classes').classes as readonly Label[]
  }

  /** Whether `predictProba` answers. */
  get hasProbabilities(): boolean {
    return false
  }

  /** What is learned from codes. */
  protected abstract learn(training: ClassifierTraining<X>): MaybePromise<S>

  /** The class of each row, as a place among the classes that had rows. */
  protected abstract codesOf(x: X, state: Frame & S): MaybePromise<ArrayLike<number>>

  /**
   * Learns from features and labels. Options: see `FitOptions`.
   *
   * @throws AthanorError SHAPE, DATA, ARGUMENT for what it cannot learn from; INTERRUPTED after `signal`.
   */
  async fit(x: MatrixLike, y: Targets, options: FitOptions = {}): Promise<this> {
    const targetName = typeof y === 'string' ? y : undefined
    const training = await this.trainingOf(x, options, targetName)
    const { operation, rows } = training
    const given = await targetsOf(operation, x, y)
    const { classes, codes } = encodeLabels(operation, given, rows, options.classes)
    const { present, places } = presentClasses(codes, classes.length)
    const count = present?.length ?? classes.length
    if (count < 2 && this.tags.oneClass !== true)
      throw new AthanorError('DATA', {
        operation,
        expected: 'rows of at least two classes',
        received: `one (${classes[present?.[0] ?? 0]})`,
      })
    const state = await this.learn({
      ...training,
      x: training.x as X,
      codes: places === undefined ? codes : codes.map(code => places[code]),
      classes: count,
      labels: present === undefined ? classes : present.map(place => classes[place]),
    })
    return this.keep(training, {
      ...this.frameOf(training, targetName),
      ...state,
      classes,
      present,
    })
  }

  /** The label of each row: a Float64Array where labels are numbers, else an array. */
  async predict(x: MatrixLike): Promise<Float64Array | Label[]> {
    const state = this.fitted('predict')
    const codes = await this.codesOf((await this.readInput('predict', x)) as X, state)
    return decodeLabels(codes, presentLabels(state))
  }

  /** Accuracy: the share of rows predicted right. */
  async score(x: MatrixLike, y: Targets, options: ScoreOptions = {}): Promise<number> {
    const { classes = [] } = this.fitted('score')
    const predicted = await this.predict(x)
    const truth = await targetsOf(`${this.definition.name}.score`, x, y)
    // As places among the classes; a label that fit never saw is a place of its own, never right.
    const place = new Map(classes.map((label, i) => [label, i]))
    const codesOf = (labels: ArrayLike<unknown>, unknown: number) =>
      Float64Array.from(labels, label => place.get(label as Label) ?? unknown)
    return accuracy(codesOf(truth, -1), codesOf(predicted, -2), options)
  }

  /** Columns of the classes that had rows, spread over those of all classes; the others 0. */
  protected spread(values: Float64Array, rows: number, state: Frame): Float64Array {
    const { present, classes = [] } = state
    if (present === undefined) return values
    const out = new Float64Array(rows * classes.length)
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < present.length; k++)
        out[row * classes.length + present[k]] = values[row * present.length + k]
    return out
  }
}

/** A classifier with probabilities; the most probable class is the one it predicts. */
export abstract class ProbabilisticClassifier<
  P extends ParameterTable,
  S extends object,
  X extends AnyMatrix = Matrix,
> extends BaseClassifier<P, S, X> {
  override get hasProbabilities(): boolean {
    return true
  }

  /** Row-major `rows × classes`, of the classes that had rows. */
  protected abstract probabilitiesOf(x: X, state: Frame & S): MaybePromise<Float64Array>

  protected async codesOf(x: X, state: Frame & S): Promise<ArrayLike<number>> {
    return largestOf(await this.probabilitiesOf(x, state), countOf(state))
  }

  /** Probabilities, row-major `rows × classes`, the classes in the order of `classes`. */
  async predictProba(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('predictProba')
    const matrix = await this.readInput('predictProba', x)
    return this.spread(await this.probabilitiesOf(matrix as X, state), matrix.rows, state)
  }

  /** Logarithms of the probabilities. */
  async predictLogProba(x: MatrixLike): Promise<Float64Array> {
    return (await this.predictProba(x)).map(Math.log)
  }
}

/** Classes that had rows in training. */
export function countOf(state: Frame): number {
  return state.present?.length ?? state.classes?.length ?? 0
}

/** Their labels. */
export function presentLabels({ classes = [], present }: Frame): readonly Label[] {
  return present === undefined ? classes : present.map(place => classes[place])
}

/** The place of the largest of each row's `width` scores; of equal ones the first. */
export function largestOf(scores: ArrayLike<number>, width: number): Int32Array {
  const codes = new Int32Array(scores.length / width)
  for (let row = 0; row < codes.length; row++) {
    let best = 0
    for (let k = 1; k < width; k++)
      if (scores[row * width + k] > scores[row * width + best]) best = k
    codes[row] = best
  }
  return codes
}

/** Which classes have rows, where some have none; and the new place of each. */
function presentClasses(codes: Int32Array, classes: number) {
  const counts = new Uint32Array(classes)
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++
  if (counts.every(count => count > 0)) return { present: undefined, places: undefined }
  const present = Array.from(counts.keys()).filter(code => counts[code] > 0)
  const places = new Int32Array(classes)
  present.forEach((code, place) => {
    places[code] = place
  })
  return { present, places }
}
