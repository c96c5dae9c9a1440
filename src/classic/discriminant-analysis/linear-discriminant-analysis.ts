// Linear discriminant analysis: classes as normal clouds of one covariance (Fisher 1936; Rao 1948). Bayes' rule
// makes its boundaries linear; the directions that part the means best, in units of that covariance, are its
// components.

import { AthanorError, argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  type GivenParameters,
  integerParameter,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'
import type { AnyMatrix, ClassifierTraining } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { FitOptions } from '../../estimator/contract.js'
import type { Matrix, MatrixLike } from '../../estimator/matrix.js'
import { float64s, optional, record } from '../../estimator/state.js'
import type { Targets } from '../../estimator/targets.js'
import {
  checkLinearClassifier,
  type LinearClassifierState,
  LogOddsClassifier,
  linearClassifierState,
} from '../linear/linear-classifier.js'
import { linearAnswers } from '../linear/linear-scores.js'
import { symmetricEigen } from '../linear-algebra/components.js'
import { type ClassScatter, classCovariance, classScatter } from './class-scatter.js'
import { priorsOf, priorsParameter } from './priors.js'
import { shrinkageParameter } from './shrinkage-parameter.js'
import { times, timesTransposed, whiten } from './whitening.js'

/** The parameters of LinearDiscriminantAnalysis. */
const linearDiscriminantAnalysisParameters = {
  solver: choiceParameter(['svd', 'lsqr', 'eigen'], {
    default: 'svd',
    doc: 'From the rows’ spread within classes (svd), which gives components too; from covariances, with shrinkage, by solving (lsqr) or with components (eigen).',
  }),
  shrinkage: shrinkageParameter,
  priors: priorsParameter,
  nComponents: optionalParameter(
    integerParameter({
      min: 1,
      doc: 'Components that transform gives; by default all, one fewer than there are classes.',
    }),
  ),
  storeCovariance: booleanParameter({
    default: false,
    doc: 'Whether the common covariance is kept.',
  }),
  tol: numberParameter({
    default: 1e-4,
    min: 0,
    doc: 'Of svd: directions with a smaller singular value, features scaled to a deviation of 1, are left out.',
  }),
}

interface Components {
  /** Row-major `components × features`. */
  readonly rows: Float64Array
  /** What is taken off the features first. */
  readonly shift: Float64Array
  readonly explainedVarianceRatio: Float64Array
}

interface State extends LinearClassifierState {
  /** Row-major `classes × features`. */
  readonly means: Float64Array
  readonly priors: Float64Array
  readonly components: Components | undefined
  readonly covariance: Float64Array | undefined
}

const definition = defineEstimator({
  name: 'LinearDiscriminantAnalysis',
  parameters: linearDiscriminantAnalysisParameters,
  state: {
    ...linearClassifierState,
    means: float64s(),
    priors: float64s({ low: 0, high: 1 }),
    components: optional(
      record<Components>({
        rows: float64s(),
        shift: float64s(),
        explainedVarianceRatio: float64s(),
      }),
    ),
    covariance: optional(float64s()),
  },
  tags: { noSampleWeight: true },
  check(state, _, json) {
    checkLinearClassifier(state, json)
    const { means, priors, components, covariance, nFeaturesIn: width } = state
    const fits =
      means.length === priors.length * width &&
      (covariance === undefined || covariance.length === width * width) &&
      (components === undefined ||
        (components.shift.length === width && components.rows.length % width === 0))
    if (!fits) json.fail(`means and components of ${width} features`, 'others')
  },
})

/** Share of a direction below which a covariance counts as singular. */
const singular = 1e-13

/**
 * Classifier with linear boundaries and probabilities, and a projection on the few directions that part the
 * classes best. As scikit-learn's `LinearDiscriminantAnalysis`.
 *
 * @example
 * ```ts
 * const x = [[0, 0], [1, 0], [0, 1], [5, 5], [6, 5], [5, 6]]
 * const model = await new LinearDiscriminantAnalysis().fit(x, ['a', 'a', 'a', 'b', 'b', 'b'])
 * await model.predict([[1, 1]]) // ['a']
 * await model.transform(x) // one component, in which the classes lie apart
 * ```
 */
export class LinearDiscriminantAnalysis extends LogOddsClassifier<
  typeof linearDiscriminantAnalysisParameters,
  State
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof linearDiscriminantAnalysisParameters> = {}) {
    super(definition, params)
  }

  /** Row-major `classes × features`, of the classes that had rows. */
  get means(): Float64Array {
    return this.fitted('means').means
  }

  /** The classes' probabilities before anything is seen. */
  get priors(): Float64Array {
    return this.fitted('priors').priors
  }

  /** Row-major `components × features`; undefined after the solver lsqr. */
  get scalings(): Float64Array | undefined {
    return this.fitted('scalings').components?.rows
  }

  /** What share of the variance between classes each component has; undefined after the solver lsqr. */
  get explainedVarianceRatio(): Float64Array | undefined {
    return this.fitted('explainedVarianceRatio').components?.explainedVarianceRatio
  }

  /** The covariance within classes, where `storeCovariance` asked for it or the solver made it. */
  get covariance(): Float64Array | undefined {
    return this.fitted('covariance').covariance
  }

  protected async learn(training: ClassifierTraining<AnyMatrix>): Promise<State> {
    const { solver, shrinkage, priors: given, nComponents } = this.params
    const { operation, rows, width, classes, codes } = training
    if (solver === 'svd' && shrinkage !== undefined)
      throw argumentError(operation, "the solver 'lsqr' or 'eigen' for shrinkage", "'svd'")
    if (rows <= classes)
      throw new AthanorError('DATA', {
        operation,
        expected: 'more rows than classes',
        received: `${rows} rows of ${classes} classes`,
      })
    const most = Math.min(classes - 1, width)
    if (nComponents !== undefined && nComponents > most)
      throw argumentError(operation, `at most ${most} components`, String(nComponents))
    const dense = { ...training, x: training.x as Matrix }
    const scatter = await classScatter(dense, codes, classes, solver !== 'svd')
    const priors = priorsOf(operation, given, scatter.counts)
    const found =
      solver === 'svd'
        ? await this.bySpread(operation, scatter, priors, rows)
        : await this.byCovariance(dense, scatter, priors)
    const { coef, intercept } = found
    const log = priors.map(Math.log)
    for (let k = 0; k < classes; k++) intercept[k] += log[k]
    const { components, covariance } = found
    const kept = {
      means: scatter.means,
      priors,
      covariance,
      components: components && firstOf(components, nComponents ?? most, width),
    }
    if (classes > 2) return { coef, intercept, ...kept }
    return {
      coef: Float64Array.from({ length: width }, (_, j) => coef[width + j] - coef[j]),
      intercept: Float64Array.of(intercept[1] - intercept[0]),
      ...kept,
    }
  }

  /** Whitening by the spread within classes, then the means' principal directions. */
  private async bySpread(
    operation: string,
    { scatter, means, width }: ClassScatter,
    priors: Float64Array,
    rows: number,
  ) {
    const classes = priors.length
    const { tol, storeCovariance } = this.params
    const within = scatter.map(value => value / rows)
    const { rows: whitener } = await whiten(operation, within, width, tol ** 2)
    const centre = times(priors, means, classes)
    const offsets = means.map((value, i) => value - centre[i % width])
    const white = timesTransposed(offsets, whitener, width)
    const rank = whitener.length / width
    const weighted = white.map(
      (value, i) => value * Math.sqrt((rows * priors[Math.floor(i / rank)]) / (classes - 1)),
    )
    const squares = timesTransposed(weighted, weighted, Math.max(1, rank))
    const { values, vectors } =
      rank === 0
        ? { values: new Float64Array(0), vectors: new Float64Array(0) }
        : await symmetricEigen(operation, squares, classes)
    const singularValues = values.map(value => Math.sqrt(Math.max(0, value)))
    let count = 0
    while (count < Math.min(classes, rank) && singularValues[count] > tol * singularValues[0])
      count++
    const directions = times(vectors.slice(0, count * classes), weighted, classes)
    for (let i = 0; i < count * rank; i++) directions[i] /= singularValues[Math.floor(i / rank)]
    const scalings = count === 0 ? new Float64Array(0) : times(directions, whitener, rank)
    positiveFirst(scalings, width)
    const projected = timesTransposed(offsets, scalings, width)
    const coef = count === 0 ? new Float64Array(classes * width) : times(projected, scalings, count)
    const intercept = halfSquares(projected, count, classes)
    for (let k = 0; k < classes; k++)
      for (let j = 0; j < width; j++) intercept[k] -= centre[j] * coef[k * width + j]
    const total = values.reduce((a, b) => a + Math.max(0, b), 0)
    return {
      coef,
      intercept,
      components: {
        rows: scalings,
        shift: centre,
        explainedVarianceRatio: values.slice(0, count).map(value => value / total),
      },
      covariance: storeCovariance ? within : undefined,
    }
  }

  /** From covariances, which may be shrunk. */
  private async byCovariance(
    training: ClassifierTraining<Matrix>,
    scatter: ClassScatter,
    priors: Float64Array,
  ) {
    const { operation, width, classes } = training
    const { solver, shrinkage } = this.params
    const covariance = new Float64Array(width * width)
    for (let k = 0; k < classes; k++) {
      const own = classCovariance(scatter, k, shrinkage)
      for (let i = 0; i < own.length; i++) covariance[i] += priors[k] * own[i]
    }
    const { rows: whitener, rank } = await whiten(operation, covariance, width, singular)
    const { means } = scatter
    if (solver === 'lsqr' || rank === 0) {
      const white = timesTransposed(means, whitener, width)
      const coef = rank === 0 ? new Float64Array(classes * width) : times(white, whitener, rank)
      return {
        coef,
        intercept: halfSquares(white, rank, classes),
        components: undefined,
        covariance,
      }
    }
    const all = await classScatter(training, new Int32Array(training.rows), 1, true)
    const between = classCovariance(all, 0, shrinkage).map((value, i) => value - covariance[i])
    const white = timesTransposed(times(whitener, between, width), whitener, width)
    const { values, vectors } = await symmetricEigen(operation, white, rank)
    const scalings = times(vectors, whitener, rank)
    positiveFirst(scalings, width)
    const projected = timesTransposed(means, scalings, width)
    const total = values.reduce((a, b) => a + b, 0)
    return {
      coef: times(projected, scalings, rank),
      intercept: halfSquares(projected, rank, classes),
      components: {
        rows: scalings,
        shift: new Float64Array(width),
        explainedVarianceRatio: values.map(value => value / total),
      },
      covariance,
    }
  }

  /**
   * The rows along the components, `rows × components`, the most parting first.
   *
   * @throws AthanorError STATE before fit; ARGUMENT after the solver lsqr, which finds none.
   */
  async transform(x: MatrixLike): Promise<Matrix> {
    const state = this.fitted('transform')
    const matrix = (await this.readInput('transform', x)) as AnyMatrix
    const { rows, shift } = this.componentsOf(state)
    const width = rows.length / shift.length
    if (width === 0) return { x: new Float64Array(0), rows: matrix.rows, width }
    const intercept = timesTransposed(shift, rows, shift.length).map(value => -value)
    const operation = 'LinearDiscriminantAnalysis.transform'
    const out = await linearAnswers(operation, matrix, { coef: rows, intercept })
    return { x: out, rows: matrix.rows, width, names: this.featureNamesOut }
  }

  /** `fit` and `transform` of the same rows. */
  async fitTransform(x: MatrixLike, y: Targets, options: FitOptions = {}): Promise<Matrix> {
    return (await this.fit(x, y, options)).transform(x)
  }

  /** Names of the components. */
  get featureNamesOut(): readonly string[] {
    const { rows, shift } = this.componentsOf(this.fitted('featureNamesOut'))
    return Array.from(
      { length: rows.length / shift.length },
      (_, i) => `lineardiscriminantanalysis${i}`,
    )
  }

  private componentsOf({ components }: Frame & State): Components {
    if (components === undefined)
      throw argumentError(
        'LinearDiscriminantAnalysis.transform',
        "the solver 'svd' or 'eigen'",
        `'${this.params.solver}'`,
      )
    return components
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): LinearDiscriminantAnalysis {
    return restore(LinearDiscriminantAnalysis, json)
  }
}

/** −½ ‖row‖² of each row. */
function halfSquares(rows: Float64Array, width: number, count: number): Float64Array {
  const out = new Float64Array(count)
  for (let i = 0; i < count; i++)
    for (let j = 0; j < width; j++) out[i] -= 0.5 * rows[i * width + j] ** 2
  return out
}

/** Turns each row so that its largest element is positive: a sign says nothing. */
function positiveFirst(rows: Float64Array, width: number): void {
  for (let from = 0; from < rows.length; from += width) {
    let largest = from
    for (let i = from; i < from + width; i++)
      if (Math.abs(rows[i]) > Math.abs(rows[largest])) largest = i
    if (rows[largest] < 0) for (let i = from; i < from + width; i++) rows[i] = -rows[i]
  }
}

function firstOf(components: Components, count: number, width: number): Components {
  return {
    rows: components.rows.slice(0, count * width),
    shift: components.shift,
    explainedVarianceRatio: components.explainedVarianceRatio.slice(0, count),
  }
}
