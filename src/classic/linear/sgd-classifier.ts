// Linear classifiers by stochastic gradient descent: support vectors (hinge), logistic regression (logLoss) and
// others; several classes each against the rest (Bottou 2012).

import { AthanorError, argumentError, shapeError } from '../../base/errors.js'
import { choiceParameter, type GivenParameters } from '../../base/parameters.js'
import {
  type AnyMatrix,
  type ClassifierTraining,
  presentLabels,
} from '../../estimator/base-classifier.js'
import {
  defineEstimator,
  type Frame,
  restore,
  type Training,
} from '../../estimator/base-estimator.js'
import { classWeightParameter, weightsOfClasses } from '../../estimator/class-weight.js'
import type { FitOptions } from '../../estimator/contract.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import { encodeLabels, type Targets, targetsOf } from '../../estimator/targets.js'
import { checkLinearClassifier, LinearClassifier, outputsOf } from './linear-classifier.js'
import { linearAnswers } from './linear-scores.js'
import {
  descendStochastically,
  rateParameters,
  rawFits,
  type StochasticState,
  stochasticParameters,
  stochasticState,
} from './stochastic-descent.js'

/** The parameters of SGDClassifier. */
const sgdClassifierParameters = {
  loss: choiceParameter(
    [
      'hinge',
      'logLoss',
      'modifiedHuber',
      'squaredHinge',
      'perceptron',
      'squaredError',
      'huber',
      'epsilonInsensitive',
      'squaredEpsilonInsensitive',
    ],
    {
      default: 'hinge',
      doc: 'What is minimised: hinge gives support vectors, logLoss logistic regression; only logLoss and modifiedHuber give probabilities.',
      search: { choices: ['hinge', 'logLoss', 'modifiedHuber'] },
    },
  ),
  ...stochasticParameters,
  ...rateParameters('optimal', 0.5),
  classWeight: classWeightParameter,
}

const definition = defineEstimator({
  name: 'SGDClassifier',
  parameters: sgdClassifierParameters,
  state: stochasticState,
  tags: { sparse: true },
  check(state, _, json) {
    checkLinearClassifier(state, json)
    if (!rawFits(state)) json.fail('raw coefficients of the same size', 'others')
  },
})

/**
 * Linear classifier that learns row by row. As scikit-learn's `SGDClassifier`. Scale the features first.
 *
 * @example
 * ```ts
 * const model = await new SGDClassifier({ loss: 'logLoss' }).fit([[-2], [-1], [1], [2]], ['no', 'no', 'yes', 'yes'])
 * console.log(await model.predict([[-3], [3]])) // ['no', 'yes']
 * ```
 */
export class SGDClassifier extends LinearClassifier<
  typeof sgdClassifierParameters,
  StochasticState
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof sgdClassifierParameters> = {}) {
    super(definition, params)
  }

  /** Epochs. */
  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  override get hasProbabilities(): boolean {
    return this.params.loss === 'logLoss' || this.params.loss === 'modifiedHuber'
  }

  protected learn(training: ClassifierTraining<AnyMatrix>): Promise<StochasticState> {
    const before = this.params.warmStart && this.isFitted ? this.fitted('fit') : undefined
    const outputs = training.classes === 2 ? 1 : training.classes
    const fits = before?.coef.length === outputs * training.width
    return this.descend(training, fits ? before : undefined, false)
  }

  /**
   * One epoch over some rows, from what was learned so far. All classes have to be named the first time
   * (`options.classes`), unless they all appear.
   *
   * @throws AthanorError as `fit`; ARGUMENT with balanced class weights, since it sees only some rows.
   */
  async partialFit(x: MatrixLike, y: Targets, options: FitOptions = {}): Promise<this> {
    const operation = 'SGDClassifier.partialFit'
    if (this.params.classWeight === 'balanced')
      throw argumentError(operation, 'weights of classes as numbers', "'balanced'")
    const before = this.isFitted ? this.fitted('partialFit') : undefined
    const targetName = typeof y === 'string' ? y : before?.targetName
    const training = await this.trainingOf(x, options, targetName)
    if (before !== undefined && before.nFeaturesIn !== training.width)
      throw shapeError(operation, `${before.nFeaturesIn} features, as before`, `${training.width}`)
    const given = await targetsOf(operation, x, y)
    const known = before === undefined ? options.classes : presentLabels(before)
    const { classes, codes } = encodeLabels(operation, given, training.rows, known)
    if (classes.length < 2)
      throw new AthanorError('DATA', {
        operation,
        expected: 'at least two classes',
        received: `one (${classes[0]})`,
        fix: 'Name all classes in the first call: partialFit(x, y, { classes })',
      })
    const state = await this.descend(
      { ...training, codes, classes: classes.length, labels: classes },
      before,
      true,
    )
    const frame = before ?? { ...this.frameOf(training, targetName), classes, present: undefined }
    return this.keep(training, { ...frame, ...state })
  }

  private descend(
    training: Training<AnyMatrix> &
      Pick<ClassifierTraining<AnyMatrix>, 'codes' | 'classes' | 'labels'>,
    before: StochasticState | undefined,
    goOn: boolean,
  ): Promise<StochasticState> {
    const { operation, codes, classes, labels, sampleWeight } = training
    const { classWeight, loss, ...params } = this.params
    const weights =
      classWeight === undefined
        ? new Float64Array(classes).fill(1)
        : weightsOfClasses(operation, classWeight, labels, codes, sampleWeight)
    const classWeights =
      classes === 2 ? [weights[1], weights[0]] : Array.from(weights).flatMap(own => [own, 1])
    return descendStochastically(training, {
      params,
      loss,
      outputs: classes === 2 ? 1 : classes,
      targets: codes,
      classWeights,
      weights: sampleWeight,
      before,
      goOn,
    })
  }

  /**
   * Probabilities, row-major `rows × classes`, for the losses logLoss and modifiedHuber; of several classes
   * each against the rest, made to sum to 1 (Zadrozny & Elkan 2002).
   *
   * @throws AthanorError STATE before fit; ARGUMENT for other losses.
   */
  async predictProba(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('predictProba')
    if (!this.hasProbabilities)
      throw new AthanorError('ARGUMENT', {
        operation: 'SGDClassifier.predictProba',
        expected: "the loss 'logLoss' or 'modifiedHuber'",
        received: `'${this.params.loss}'`,
        fix: 'Or wrap it in CalibratedClassifierCV',
      })
    const matrix = (await this.readInput('predictProba', x)) as AnyMatrix
    return this.spread(await this.shares(matrix, state), matrix.rows, state)
  }

  /** Logarithms of the probabilities. */
  async predictLogProba(x: MatrixLike): Promise<Float64Array> {
    return (await this.predictProba(x)).map(Math.log)
  }

  private async shares(x: AnyMatrix, state: Frame & StochasticState): Promise<Float64Array> {
    const operation = 'SGDClassifier.predictProba'
    const outputs = outputsOf(state)
    const clipped = this.params.loss === 'modifiedHuber'
    if (outputs === 1 && !clipped) return linearAnswers(operation, x, state, 'probabilities')
    const scores = await linearAnswers(operation, x, state)
    const shares = scores.map(score =>
      clipped ? (Math.min(1, Math.max(-1, score)) + 1) / 2 : 1 / (1 + Math.exp(-score)),
    )
    if (outputs === 1) {
      const both = new Float64Array(2 * x.rows)
      for (let row = 0; row < x.rows; row++) {
        both[2 * row] = 1 - shares[row]
        both[2 * row + 1] = shares[row]
      }
      return both
    }
    for (let row = 0; row < x.rows; row++) {
      let sum = 0
      for (let k = 0; k < outputs; k++) sum += shares[row * outputs + k]
      for (let k = 0; k < outputs; k++)
        shares[row * outputs + k] = sum === 0 ? 1 / outputs : shares[row * outputs + k] / sum
    }
    return shares
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): SGDClassifier {
    return restore(SGDClassifier, json)
  }
}
