// Naive Bayes with a normal distribution for each feature within each class. Means and variances of
// several parts of the data are joined as in Chan, Golub & LeVeque (1979).

import { AthanorError, argumentError } from '../../base/errors.js'
import {
  type GivenParameters,
  listParameter,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'
import {
  type ClassifierTraining,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { FitOptions } from '../../estimator/contract.js'
import type { Matrix, MatrixLike } from '../../estimator/matrix.js'
import { forRowBlocks } from '../../estimator/row-blocks.js'
import { finiteNumber, float64s, optional } from '../../estimator/state.js'
import type { Targets } from '../../estimator/targets.js'
import { logPriors, partOf, softmaxRows, spreadOver } from './classes.js'

/** The parameters of `GaussianNB`. */
const gaussianNBParameters = {
  priors: optionalParameter(
    listParameter(numberParameter({ doc: '', min: 0 }), {
      min: 1,
      doc: 'Probability of each class, ascending by label; null: their shares of the training rows.',
    }),
  ),
  varSmoothing: numberParameter({
    default: 1e-9,
    min: 0,
    doc: 'Share of the largest feature’s variance that is added to all variances.',
    search: { scale: 'log', low: 1e-12, high: 1e-1 },
  }),
}

interface State {
  /** Sum of weights of each class. */
  readonly classCount: Float64Array
  readonly theta: Float64Array
  /** Without what is added to them. */
  readonly variances: Float64Array
  readonly epsilon: number
  readonly priors: Float64Array | undefined
}

const definition = defineEstimator({
  name: 'GaussianNB',
  parameters: gaussianNBParameters,
  state: {
    classCount: float64s({ low: 0 }),
    theta: float64s(),
    variances: float64s({ low: 0 }),
    epsilon: finiteNumber(0),
    priors: optional(float64s({ low: 0, high: 1 })),
  },
  tags: { oneClass: true },
  check(state, _, json) {
    const { classCount, theta, variances, priors, nFeaturesIn, classes, present } = state
    const count = present?.length ?? classes?.length ?? 0
    const cells = count * nFeaturesIn
    if (classCount.length !== count || theta.length !== cells || variances.length !== cells)
      json.fail(`counts, means and variances of ${count} classes`, 'others')
    if (priors !== undefined && priors.length !== count) json.fail(`${count} priors`, 'others')
  },
})

/**
 * Classes as clouds whose features are normal and independent. As scikit-learn's `GaussianNB`.
 *
 * @example
 * ```ts
 * const model = await new GaussianNB().fit([[1], [2], [8], [9]], ['low', 'low', 'high', 'high'])
 * await model.predict([[3]]) // ['low']
 * await model.partialFit([[3], [4], [5]], ['high', 'high', 'high'])
 * ```
 */
export class GaussianNB extends ProbabilisticClassifier<typeof gaussianNBParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof gaussianNBParameters> = {}) {
    super(definition, params)
  }

  /** Mean of each feature in each class, row-major `classes × features`. */
  get theta(): Float64Array {
    const state = this.fitted('theta')
    return spreadOver(state, state.theta, state.nFeaturesIn)
  }

  /** Variance of each feature in each class, what is added included. */
  get var(): Float64Array {
    const state = this.fitted('var')
    const { variances, epsilon, nFeaturesIn } = state
    return spreadOver(
      state,
      variances.map(variance => variance + epsilon),
      nFeaturesIn,
    )
  }

  /** What is added to every variance. */
  get epsilon(): number {
    return this.fitted('epsilon').epsilon
  }

  /** Rows of each class, times their weights. */
  get classCount(): Float64Array {
    const state = this.fitted('classCount')
    return spreadOver(state, state.classCount, 1)
  }

  /** Probability of each class before any feature is seen. */
  get classPrior(): Float64Array {
    const state = this.fitted('classPrior')
    return spreadOver(state, logPriors(state.classCount, state.priors).map(Math.exp), 1)
  }

  protected learn(training: ClassifierTraining): Promise<State> {
    const { operation, classes, width, labels } = training
    const { priors } = this.params
    if (priors !== undefined) {
      const sum = priors.reduce((a, b) => a + b, 0)
      if (priors.length !== classes || Math.abs(sum - 1) > 1e-5)
        throw argumentError(
          operation,
          `priors that sum to 1, one for each of the classes ${labels.join(', ')}`,
          `${priors.length} that sum to ${sum}`,
        )
    }
    const none = new Float64Array(classes * width)
    return this.join(training, {
      classCount: new Float64Array(classes),
      theta: none,
      variances: none,
      epsilon: 0,
      priors: priors && Float64Array.from(priors),
    })
  }

  /**
   * Learns from more rows, without forgetting those before. The first call has to name all classes
   * (`classes`) where its rows lack one.
   *
   * @throws AthanorError as `fit`; ARGUMENT for labels that were not named.
   */
  async partialFit(x: MatrixLike, y: Targets, options: FitOptions = {}): Promise<this> {
    const before = this.isFitted ? this.fitted('partialFit') : undefined
    const operation = 'GaussianNB.partialFit'
    const targetName = typeof y === 'string' ? y : before?.targetName
    const given = await this.trainingOf(x, options, targetName)
    const part = await partOf(operation, given, x, y, before, options.classes)
    const training = part as ClassifierTraining
    if (before === undefined) {
      const frame = { ...this.frameOf(training, targetName), classes: part.labels }
      return this.keep(training, { ...frame, ...(await this.learn(training)) })
    }
    const width = before.nFeaturesIn
    const state = await this.join(training, {
      classCount: spreadOver(before, before.classCount, 1),
      theta: spreadOver(before, before.theta, width),
      variances: spreadOver(before, before.variances, width),
      epsilon: before.epsilon,
      priors: before.priors && spreadOver(before, before.priors, 1),
    })
    return this.keep(training, { ...before, ...state, present: undefined })
  }

  /** What was known of the classes, and what the rows say. */
  private async join(training: ClassifierTraining, before: State): Promise<State> {
    const { operation, x, codes, classes, width, sampleWeight: weights, signal } = training
    const classCount = new Float64Array(classes)
    const means = new Float64Array(classes * width)
    // All rows together, unweighted, as class `classes`.
    const all = new Float64Array(width)
    const allSquares = new Float64Array(width)
    const values = x.x
    await forRowBlocks(
      operation,
      x,
      (from, to) => {
        for (let row = from, i = from * width; row < to; row++) {
          const weight = weights === undefined ? 1 : weights[row]
          const at = codes[row] * width
          classCount[codes[row]] += weight
          for (let j = 0; j < width; j++, i++) {
            means[at + j] += weight * values[i]
            all[j] += values[i]
          }
        }
      },
      signal,
    )
    for (let i = 0; i < means.length; i++) {
      const count = classCount[Math.floor(i / width)]
      means[i] = count > 0 ? means[i] / count : 0
    }
    for (let j = 0; j < width; j++) all[j] /= x.rows
    const squares = new Float64Array(classes * width)
    await forRowBlocks(
      operation,
      x,
      (from, to) => {
        for (let row = from, i = from * width; row < to; row++) {
          const weight = weights === undefined ? 1 : weights[row]
          const at = codes[row] * width
          for (let j = 0; j < width; j++, i++) {
            const own = values[i] - means[at + j]
            squares[at + j] += weight * own * own
            allSquares[j] += (values[i] - all[j]) ** 2
          }
        }
      },
      signal,
    )
    const largest = allSquares.reduce((a, b) => Math.max(a, b)) / x.rows
    const theta = new Float64Array(classes * width)
    const variances = new Float64Array(classes * width)
    for (let i = 0; i < theta.length; i++) {
      const c = Math.floor(i / width)
      const [old, added] = [before.classCount[c], classCount[c]]
      const total = old + added
      if (total === 0) continue
      theta[i] = (old * before.theta[i] + added * means[i]) / total
      const shift = before.theta[i] - means[i]
      const spread =
        old * before.variances[i] + squares[i] + ((old * added) / total) * shift * shift
      variances[i] = spread / total
    }
    // Where nothing varies, there is no scale to take a share of.
    const epsilon = this.params.varSmoothing * (largest > 0 ? largest : 1)
    checkVariances(operation, variances, epsilon, classCount, before.classCount, width)
    return {
      classCount: classCount.map((count, c) => count + before.classCount[c]),
      theta,
      variances,
      epsilon,
      priors: before.priors,
    }
  }

  /** log P(class) + log P(row | class), row-major `rows × classes`. */
  async predictJointLogProba(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('predictJointLogProba')
    const matrix = (await this.readInput('predictJointLogProba', x)) as Matrix
    const joint = await this.jointOf(matrix, state)
    const { present, classes = [] } = state
    if (present === undefined) return joint
    const out = new Float64Array(matrix.rows * classes.length).fill(-Infinity)
    for (let row = 0; row < matrix.rows; row++)
      for (let k = 0; k < present.length; k++)
        out[row * classes.length + present[k]] = joint[row * present.length + k]
    return out
  }

  private async jointOf(x: Matrix, state: Frame & State): Promise<Float64Array> {
    const { classCount, theta, variances, epsilon, priors } = state
    const { rows, width, x: values } = x
    const classes = classCount.length
    const precisions = variances.map(variance => 1 / (variance + epsilon))
    const constants = logPriors(classCount, priors)
    for (let i = 0; i < theta.length; i++)
      constants[Math.floor(i / width)] -= 0.5 * Math.log((2 * Math.PI) / precisions[i])
    const out = new Float64Array(rows * classes)
    await forRowBlocks('GaussianNB.predict', { rows, width: width * classes }, (from, to) => {
      for (let row = from; row < to; row++)
        for (let c = 0; c < classes; c++) {
          const at = c * width
          let sum = 0
          for (let j = 0; j < width; j++) {
            const distance = values[row * width + j] - theta[at + j]
            sum += distance * distance * precisions[at + j]
          }
          const joint = classCount[c] > 0 ? constants[c] - 0.5 * sum : -Infinity
          // A row infinitely far from every class is still a row.
          out[row * classes + c] = classCount[c] > 0 ? Math.max(joint, -1e300) : joint
        }
    })
    return out
  }

  protected async probabilitiesOf(x: Matrix, state: Frame & State): Promise<Float64Array> {
    return softmaxRows(await this.jointOf(x, state), state.classCount.length)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): GaussianNB {
    return restore(GaussianNB, json)
  }
}

function checkVariances(
  operation: string,
  variances: Float64Array,
  epsilon: number,
  added: Float64Array,
  before: Float64Array,
  width: number,
): void {
  for (let i = 0; i < variances.length; i++) {
    const c = Math.floor(i / width)
    if (added[c] + before[c] === 0) continue
    const variance = variances[i] + epsilon
    if (!Number.isFinite(variance))
      throw new AthanorError('DATA', {
        operation,
        expected: 'features whose squares are numbers',
        received: `a variance of ${variance} in feature ${i % width}`,
        fix: 'Scale the features first, for instance with StandardScaler',
      })
    if (!(variance > 0))
      throw new AthanorError('DATA', {
        operation,
        expected: 'features that vary within every class',
        received: `feature ${i % width}, which does not`,
        fix: 'Choose a larger varSmoothing',
      })
  }
}
