// Quadratic discriminant analysis: classes as normal clouds, each with a covariance of its own, and Bayes' rule
// (Hastie, Tibshirani & Friedman 2009, section 4.3).

import { AthanorError, argumentError } from '../../base/errors.js'
import { choiceParameter, type GivenParameters, numberParameter } from '../../base/parameters.js'
import {
  type ClassifierTraining,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { Matrix, MatrixLike } from '../../estimator/matrix.js'
import { float64s } from '../../estimator/state.js'
import { linearAnswers } from '../linear/linear-scores.js'
import { classCovariance, classScatter } from './class-scatter.js'
import { priorsOf, priorsParameter } from './priors.js'
import { shrinkageParameter } from './shrinkage-parameter.js'
import { timesTransposed, whiten } from './whitening.js'

/** The parameters of QuadraticDiscriminantAnalysis. */
const quadraticDiscriminantAnalysisParameters = {
  solver: choiceParameter(['svd', 'eigen'], {
    default: 'svd',
    doc: 'Covariances as they are, with regParam (svd), or shrunk (eigen).',
  }),
  shrinkage: shrinkageParameter,
  priors: priorsParameter,
  regParam: numberParameter({
    default: 0,
    min: 0,
    max: 1,
    doc: 'Of svd: the share of the identity in each covariance.',
    search: { scale: 'linear', low: 0, high: 1 },
  }),
  tol: numberParameter({
    default: 1e-10,
    min: 0,
    doc: 'A covariance is refused when a direction has no more than this share of what it would have without correlations.',
  }),
}

interface State {
  /** Row-major `classes × features`. */
  readonly means: Float64Array
  readonly priors: Float64Array
  /** Of each class `features × features`: its rows give a class's cloud the variance 1 in all directions. */
  readonly whiteners: Float64Array
  /** Logarithms of the covariances' determinants. */
  readonly logDeterminants: Float64Array
}

const definition = defineEstimator({
  name: 'QuadraticDiscriminantAnalysis',
  parameters: quadraticDiscriminantAnalysisParameters,
  state: {
    means: float64s(),
    priors: float64s({ low: 0, high: 1 }),
    whiteners: float64s(),
    logDeterminants: float64s(),
  },
  tags: { noSampleWeight: true },
  check({ means, priors, whiteners, logDeterminants, classes, present, nFeaturesIn }, _, json) {
    const count = present?.length ?? classes?.length ?? 0
    const fits =
      priors.length === count &&
      logDeterminants.length === count &&
      means.length === count * nFeaturesIn &&
      whiteners.length === count * nFeaturesIn ** 2
    if (!fits) json.fail(`${count} classes of ${nFeaturesIn} features`, 'others')
  },
})

/**
 * Classifier with quadratic boundaries and probabilities. As scikit-learn's `QuadraticDiscriminantAnalysis`.
 *
 * @example
 * ```ts
 * const x = [[-1], [0], [1], [0.5], [-9], [9], [-8], [8]]
 * const y = ['near', 'near', 'near', 'near', 'far', 'far', 'far', 'far']
 * const model = await new QuadraticDiscriminantAnalysis().fit(x, y)
 * console.log(await model.predict([[0.2], [7], [-7]])) // ['near', 'far', 'far']
 * ```
 */
export class QuadraticDiscriminantAnalysis extends ProbabilisticClassifier<
  typeof quadraticDiscriminantAnalysisParameters,
  State
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof quadraticDiscriminantAnalysisParameters> = {}) {
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

  protected async learn(training: ClassifierTraining): Promise<State> {
    const { solver, shrinkage, priors: given, regParam, tol } = this.params
    const { operation, codes, classes, width, labels } = training
    if (solver === 'svd' && shrinkage !== undefined)
      throw argumentError(operation, "the solver 'eigen' for shrinkage", "'svd'")
    if (solver === 'eigen' && regParam > 0)
      throw argumentError(operation, "the solver 'svd' for regParam", "'eigen'")
    const scatter = await classScatter(training, codes, classes, true)
    const whiteners = new Float64Array(classes * width * width)
    const logDeterminants = new Float64Array(classes)
    for (let k = 0; k < classes; k++) {
      const refuse = (received: string) =>
        new AthanorError('DATA', {
          operation,
          expected: 'rows of each class that spread in all directions',
          received,
          fix: "Leave features out that follow from others, or set regParam, or the solver 'eigen' with shrinkage",
        })
      if (scatter.counts[k] < 2) throw refuse(`one row of the class ${labels[k]}`)
      const covariance = classCovariance(scatter, k, shrinkage)
      if (regParam > 0)
        for (let i = 0; i < width; i++)
          for (let j = 0; j < width; j++)
            covariance[i * width + j] =
              (1 - regParam) * covariance[i * width + j] + (i === j ? regParam : 0)
      const { rank, rows, logDeterminant } = await whiten(operation, covariance, width, tol)
      if (rank < width) throw refuse(`${rank} of ${width} directions in the class ${labels[k]}`)
      whiteners.set(rows, k * width * width)
      logDeterminants[k] = logDeterminant
    }
    const priors = priorsOf(operation, given, scatter.counts)
    return { means: scatter.means, priors, whiteners, logDeterminants }
  }

  /** log prior − ½ (distance² + log determinant), row-major `rows × classes`. */
  private async decisions(x: Matrix, state: State): Promise<Float64Array> {
    const { means, priors, whiteners, logDeterminants } = state
    const { rows, width } = x
    const classes = priors.length
    const out = new Float64Array(rows * classes)
    for (let k = 0; k < classes; k++) {
      const coef = whiteners.slice(k * width * width, (k + 1) * width * width)
      const mean = means.slice(k * width, (k + 1) * width)
      const intercept = timesTransposed(mean, coef, width).map(value => -value)
      const white = await linearAnswers(`${this.definition.name}.predict`, x, { coef, intercept })
      for (let row = 0; row < rows; row++) {
        let squares = 0
        for (let j = 0; j < width; j++) squares += white[row * width + j] ** 2
        out[row * classes + k] = Math.log(priors[k]) - 0.5 * (squares + logDeterminants[k])
      }
    }
    return out
  }

  /**
   * Log posteriors up to a constant: for two classes their difference, one a row (above 0 the second), else
   * row-major `rows × classes`; −∞ for classes without training rows.
   */
  async decisionFunction(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('decisionFunction')
    const matrix = (await this.readInput('decisionFunction', x)) as Matrix
    const decisions = await this.decisions(matrix, state)
    const { present, classes = [] } = state
    if (present === undefined && classes.length === 2)
      return Float64Array.from(
        { length: matrix.rows },
        (_, row) => decisions[2 * row + 1] - decisions[2 * row],
      )
    if (present === undefined) return decisions
    const out = new Float64Array(matrix.rows * classes.length).fill(Number.NEGATIVE_INFINITY)
    for (let row = 0; row < matrix.rows; row++)
      present.forEach((place, k) => {
        out[row * classes.length + place] = decisions[row * present.length + k]
      })
    return out
  }

  protected async probabilitiesOf(x: Matrix, state: Frame & State): Promise<Float64Array> {
    const out = await this.decisions(x, state)
    const classes = state.priors.length
    for (let at = 0; at < out.length; at += classes) {
      let top = Number.NEGATIVE_INFINITY
      for (let k = 0; k < classes; k++) top = Math.max(top, out[at + k])
      let sum = 0
      for (let k = 0; k < classes; k++) {
        out[at + k] = Math.exp(out[at + k] - top)
        sum += out[at + k]
      }
      for (let k = 0; k < classes; k++) out[at + k] /= sum
    }
    return out
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): QuadraticDiscriminantAnalysis {
    return restore(QuadraticDiscriminantAnalysis, json)
  }
}
