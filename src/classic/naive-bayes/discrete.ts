// Naive Bayes over counts: what multinomial, Bernoulli and complement models share. All that is learned
// are sums of features within classes, so that parts of the data may come one after the other.

import { AthanorError, argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  listParameter,
  numberParameter,
  optionalParameter,
  type ParametersOf,
  type ParameterTable,
} from '../../base/parameters.js'
import {
  type AnyMatrix,
  type ClassifierTraining,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import type { Frame } from '../../estimator/base-estimator.js'
import type { FitOptions } from '../../estimator/contract.js'
import { isSparse, type MatrixLike } from '../../estimator/matrix.js'
import { forRowBlocks } from '../../estimator/row-blocks.js'
import { float64s, type StateTable } from '../../estimator/state.js'
import type { Targets } from '../../estimator/targets.js'
import { linearAnswers } from '../linear/linear-scores.js'
import { logPriors, partOf, softmaxRows, spreadOver } from './classes.js'

export const discreteParameters = {
  alpha: numberParameter({
    default: 1,
    min: 0,
    doc: 'What is added to every count (Laplace, Lidstone); below 1e-10 it counts as 1e-10.',
    search: { scale: 'log', low: 1e-3, high: 10 },
  }),
  fitPrior: booleanParameter({
    default: true,
    doc: 'Whether classes are as probable as they are frequent; otherwise all alike.',
  }),
  classPrior: optionalParameter(
    listParameter(numberParameter({ doc: '', min: 0 }), {
      min: 1,
      doc: 'Probability of each class, ascending by label; null: see fitPrior.',
    }),
  ),
}

export interface DiscreteState {
  /** Sum of weights of each class. */
  readonly classCount: Float64Array
  /** Sum of each feature's values times weights in each class, row-major `classes × features`. */
  readonly featureCount: Float64Array
}

export const discreteState: StateTable<DiscreteState> = {
  classCount: float64s({ low: 0 }),
  featureCount: float64s(),
}

/** For a definition's `check`. */
export function checkDiscrete(
  { classCount, featureCount, nFeaturesIn, classes, present }: Frame & DiscreteState,
  fail: (expected: string) => void,
): void {
  const count = present?.length ?? classes?.length ?? 0
  if (classCount.length !== count || featureCount.length !== count * nFeaturesIn)
    fail(`counts of ${count} classes`)
}

/** Scores of rows: features times weights, and an intercept for each class. */
export interface ClassWeights {
  readonly coef: Float64Array
  readonly intercept: Float64Array
}

type Params = ParametersOf<typeof discreteParameters>

export abstract class DiscreteNB<
  P extends typeof discreteParameters & ParameterTable,
> extends ProbabilisticClassifier<P, DiscreteState, AnyMatrix> {
  private get discrete(): Params {
    return this.params as unknown as Params
  }

  protected get alpha(): number {
    return Math.max(1e-10, this.discrete.alpha)
  }

  /** Rows of each class, times their weights. */
  get classCount(): Float64Array {
    const state = this.fitted('classCount')
    return spreadOver(state, state.classCount, 1)
  }

  /** Sum of each feature in each class, row-major `classes × features`. */
  get featureCount(): Float64Array {
    const state = this.fitted('featureCount')
    return spreadOver(state, state.featureCount, state.nFeaturesIn)
  }

  /** Logarithm of each class's probability before any feature is seen. */
  get classLogPrior(): Float64Array {
    const state = this.fitted('classLogPrior')
    const { present, classes = [] } = state
    const own = this.priorsOf(state)
    if (present === undefined) return own
    const out = new Float64Array(classes.length).fill(-Infinity)
    present.forEach((place, k) => {
      out[place] = own[k]
    })
    return out
  }

  protected priorsOf({ classCount }: DiscreteState): Float64Array {
    const { classPrior, fitPrior } = this.discrete
    if (classPrior !== undefined) return logPriors(classCount, classPrior)
    return fitPrior ? logPriors(classCount) : classCount.map(() => -Math.log(classCount.length))
  }

  /** Weights of features and classes in the joint log-likelihood. */
  protected abstract weightsOf(state: Frame & DiscreteState): ClassWeights

  /** What is counted in place of the features. */
  protected prepared(_operation: string, x: AnyMatrix): AnyMatrix {
    return x
  }

  protected async learn(training: ClassifierTraining<AnyMatrix>): Promise<DiscreteState> {
    const { operation, classes, labels } = training
    const { classPrior } = this.discrete
    if (classPrior !== undefined && classPrior.length !== classes)
      throw argumentError(
        operation,
        `classPrior of ${classes} values, one for each of ${labels.join(', ')}`,
        String(classPrior.length),
      )
    return this.count(training)
  }

  private async count(training: ClassifierTraining<AnyMatrix>): Promise<DiscreteState> {
    const { operation, codes, classes, width, sampleWeight: weights, signal } = training
    const x = this.prepared(operation, training.x)
    if (this.tags.nonNegative === true) requireNonNegative(operation, x)
    const classCount = new Float64Array(classes)
    const featureCount = new Float64Array(classes * width)
    const add = isSparse(x)
      ? (row: number, weight: number, at: number) => {
          for (let n = x.indptr[row]; n < x.indptr[row + 1]; n++)
            featureCount[at + x.indices[n]] += weight * x.values[n]
        }
      : (row: number, weight: number, at: number) => {
          for (let j = 0, i = row * width; j < width; j++, i++)
            featureCount[at + j] += weight * x.x[i]
        }
    await forRowBlocks(
      operation,
      x,
      (from, to) => {
        for (let row = from; row < to; row++) {
          const weight = weights === undefined ? 1 : weights[row]
          classCount[codes[row]] += weight
          add(row, weight, codes[row] * width)
        }
      },
      signal,
    )
    if (!featureCount.every(Number.isFinite))
      throw new AthanorError('DATA', {
        operation,
        expected: 'features whose sums are numbers',
        received: 'sums beyond float64',
        fix: 'Scale the features first',
      })
    return { classCount, featureCount }
  }

  /**
   * Learns from more rows, without forgetting those before. The first call has to name all classes
   * (`classes`) where its rows lack one.
   *
   * @throws AthanorError as `fit`; ARGUMENT for labels that were not named.
   */
  async partialFit(x: MatrixLike, y: Targets, options: FitOptions = {}): Promise<this> {
    const before = this.isFitted ? this.fitted('partialFit') : undefined
    const targetName = typeof y === 'string' ? y : before?.targetName
    const given = await this.trainingOf(x, options, targetName)
    const operation = `${this.definition.name}.partialFit`
    const part = await partOf(operation, given, x, y, before, options.classes)
    const { classCount, featureCount } = await this.learn(part)
    if (before === undefined) {
      const frame = { ...this.frameOf(given, targetName), classes: part.labels }
      return this.keep(given, { ...frame, classCount, featureCount })
    }
    const counts = spreadOver(before, before.classCount, 1)
    const sums = spreadOver(before, before.featureCount, before.nFeaturesIn)
    return this.keep(given, {
      ...before,
      present: undefined,
      classCount: classCount.map((count, i) => count + counts[i]),
      featureCount: featureCount.map((sum, i) => sum + sums[i]),
    })
  }

  protected async probabilitiesOf(
    x: AnyMatrix,
    state: Frame & DiscreteState,
  ): Promise<Float64Array> {
    const classes = state.classCount.length
    if (classes === 1) return new Float64Array(x.rows).fill(1)
    return softmaxRows(await this.jointOf('predict', x, state), classes)
  }

  private async jointOf(method: string, x: AnyMatrix, state: Frame & DiscreteState) {
    const operation = `${this.definition.name}.${method}`
    const { coef, intercept } = this.weightsOf(state)
    // A class without rows is as improbable as a number can say.
    const finite = intercept.map(value => Math.max(value, -1e300))
    const scores = await linearAnswers(operation, this.prepared(operation, x), {
      coef,
      intercept: finite,
    })
    return scores.map(score => Math.max(score, -Number.MAX_VALUE))
  }

  /** log P(class) + log P(row | class), row-major `rows × classes`. */
  async predictJointLogProba(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('predictJointLogProba')
    const matrix = await this.readInput('predictJointLogProba', x)
    const joint = await this.jointOf('predictJointLogProba', matrix, state)
    const { present, classes = [] } = state
    if (present === undefined) return joint
    const out = new Float64Array(matrix.rows * classes.length).fill(-Infinity)
    for (let row = 0; row < matrix.rows; row++)
      for (let k = 0; k < present.length; k++)
        out[row * classes.length + present[k]] = joint[row * present.length + k]
    return out
  }
}

function requireNonNegative(operation: string, x: AnyMatrix): void {
  const values = isSparse(x) ? x.values : x.x
  for (let i = 0; i < values.length; i++)
    if (values[i] < 0)
      throw new AthanorError('DATA', {
        operation,
        expected: 'features of 0 or more, such as counts',
        received: String(values[i]),
        fix: 'Use GaussianNB, or scale the features with MinMaxScaler',
      })
}
