// Logistic regression: minimises C · Σ wᵢ · loss(rowᵢ) + (1 − l1Ratio) / 2 · ‖coef‖² + l1Ratio · ‖coef‖₁, the
// intercepts free (Cox 1958). Two classes: one vector and the sigmoid; more: one vector a class and the
// softmax.

import { argumentError } from '../../base/errors.js'
import {
  choiceParameter,
  type GivenParameters,
  integerParameter,
  numberParameter,
  type Parameter,
} from '../../base/parameters.js'
import type { AnyMatrix, ClassifierTraining } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { classWeightParameter, weightsOfRows } from '../../estimator/class-weight.js'
import { randomState } from '../../estimator/random-state.js'
import { flag, integer, optional } from '../../estimator/state.js'
import { type DescentTrace, descentTrace } from './descent-trace.js'
import {
  checkLinearClassifier,
  type LinearClassifierState,
  LogOddsClassifier,
  linearClassifierState,
} from './linear-classifier.js'
import { minimise, startFrom } from './minimise.js'
import { saga } from './saga.js'
import { fitIntercept, l1Ratio, learningRate, warmStart } from './shared-parameters.js'

const strength = numberParameter({
  default: 1,
  above: 0,
  doc: 'Inverse of the strength of the penalty; Infinity for none.',
  search: { scale: 'log', low: 1e-3, high: 1e3 },
})

/** Infinity is no number of JSON. */
const inverseStrength: Parameter<number> = {
  ...strength,
  expected: 'a number above 0, or Infinity',
  accepts: (value): value is number =>
    value === Number.POSITIVE_INFINITY || strength.accepts(value),
  bad: strength.bad.filter(value => value !== Number.POSITIVE_INFINITY),
  json: {
    write: value => (Number.isFinite(value) ? value : 'Infinity'),
    read: value => (value === 'Infinity' ? Number.POSITIVE_INFINITY : (value as number)),
  },
}

/** The parameters of LogisticRegression. */
const logisticRegressionParameters = {
  C: inverseStrength,
  l1Ratio: l1Ratio(0),
  tol: numberParameter({
    default: 1e-4,
    min: 0,
    doc: 'Stops when no component of the mean loss’s gradient is larger; of saga, when no coefficient changes by more, relative to the largest.',
  }),
  maxIter: integerParameter({ default: 100, min: 1, doc: 'Iterations at most; of saga, epochs.' }),
  fitIntercept,
  classWeight: classWeightParameter,
  solver: choiceParameter(['lbfgs', 'newtonCholesky', 'newtonCg', 'saga', 'gradientDescent'], {
    default: 'lbfgs',
    doc: 'How the minimum is found. All find the same; saga takes L1, gradientDescent is for learning and leaves a trace.',
  }),
  learningRate,
  warmStart,
  randomState,
}

interface State extends LinearClassifierState {
  readonly nIter: number
  readonly converged: boolean
  readonly trace: DescentTrace | undefined
}

const definition = defineEstimator({
  name: 'LogisticRegression',
  version: 2,
  parameters: logisticRegressionParameters,
  state: {
    ...linearClassifierState,
    nIter: integer(0),
    converged: flag,
    trace: optional(descentTrace),
  },
  tags: { sparse: true },
  check: (state, _, json) => checkLinearClassifier(state, json),
})

/**
 * Linear classifier with probabilities. Finds the minimum of scikit-learn's `LogisticRegression`.
 *
 * @example
 * ```ts
 * const model = await new LogisticRegression({ C: 0.5 }).fit([[0], [1], [2], [3]], [0, 0, 1, 1])
 * await model.predictProba([[1.5]]) // about [0.5, 0.5]
 * ```
 */
export class LogisticRegression extends LogOddsClassifier<
  typeof logisticRegressionParameters,
  State
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof logisticRegressionParameters> = {}) {
    super(definition, params)
  }

  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  /** Of the solver gradientDescent: the loss and the coefficients of each iterate; else undefined. */
  get trace(): DescentTrace | undefined {
    return this.fitted('trace').trace
  }

  protected async learn(training: ClassifierTraining<AnyMatrix>): Promise<State> {
    const { C, l1Ratio, tol, maxIter, fitIntercept, classWeight, solver } = this.params
    const { operation, codes, classes, rows } = training
    const outputs = classes === 2 ? 1 : classes
    const weights = weightsOfRows(classWeight, training)
    const total = weights === undefined ? rows : weights.reduce((a, b) => a + b)
    const start = this.startOf(training, outputs)
    if (solver === 'saga')
      return saga(training, {
        outputs,
        targets: codes,
        weights,
        l1: l1Ratio / (C * total),
        l2: (1 - l1Ratio) / (C * total),
        fitIntercept,
        maxIter,
        tol,
        seed: this.params.randomState,
        start,
      })
    if (l1Ratio > 0)
      throw argumentError(
        operation,
        `an l1Ratio of 0 for the solver ${solver}`,
        String(l1Ratio),
        "Choose the solver 'saga'",
      )
    return minimise(training, {
      loss: outputs === 1 ? 'logistic' : 'multinomial',
      outputs,
      penalty: 1 / (C * total),
      fitIntercept,
      targets: codes,
      weights,
      solver,
      maxIter,
      tol,
      learningRate: this.params.learningRate,
      start,
    })
  }

  /** What the last fit found, if it fits. */
  private startOf(
    { width }: ClassifierTraining<AnyMatrix>,
    outputs: number,
  ): Float64Array | undefined {
    if (!this.params.warmStart || !this.isFitted) return undefined
    const { coef, intercept } = this.fitted('fit')
    if (intercept.length !== outputs || coef.length !== outputs * width) return undefined
    return startFrom(coef, intercept)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): LogisticRegression {
    return restore(LogisticRegression, json)
  }
}
