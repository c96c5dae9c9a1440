// Support vector classification (Cortes & Vapnik 1995): ½‖w‖² + C·Σ hinge loss in the space of a kernel,
// one machine for each pair of classes.

import { AthanorError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  type GivenParameters,
  numberParameter,
} from '../../base/parameters.js'
import {
  type AnyMatrix,
  BaseClassifier,
  type ClassifierTraining,
  countOf,
  largestOf,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { classWeightParameter, weightsOfClasses } from '../../estimator/class-weight.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import { randomState } from '../../estimator/random-state.js'
import { finiteNumber, flag, float64s, int32s, optional } from '../../estimator/state.js'
import { matrixCodec } from '../linear-algebra/matrix-codec.js'
import {
  checkPrecomputed,
  gammaOf,
  kernelParameters,
  solverParameters,
} from './kernel-parameters.js'
import { solveProblems } from './machine.js'
import {
  combinePairs,
  oneVersusRest,
  type PairMachines,
  pairFolds,
  pairProblems,
  pairRule,
  pairSigmoid,
  pairsOf,
  rowsByClass,
  votesOf,
} from './one-versus-one.js'
import { coupleProbabilities, probabilityOf } from './platt.js'
import { spreadScores } from './spread-scores.js'
import { checkVectors, keptVectors, linearCoefficients, scoresOf } from './support-vectors.js'

const svcParameters = {
  C: numberParameter({
    default: 1,
    above: 0,
    doc: 'How much a row on the wrong side costs; the smaller, the smoother.',
    search: { scale: 'log', low: 1e-2, high: 1e3 },
  }),
  ...kernelParameters,
  ...solverParameters,
  probability: booleanParameter({
    default: false,
    doc: 'Whether predictProba answers: a sigmoid on decision values of five-fold cross-validation, five more fits.',
  }),
  classWeight: classWeightParameter,
  decisionFunctionShape: choiceParameter(['ovr', 'ovo'], {
    default: 'ovr',
    doc: 'What decisionFunction gives for more than two classes: a score each (ovr), or one a pair (ovo).',
  }),
  breakTies: booleanParameter({
    default: false,
    doc: 'Whether predict decides between equal votes by decisionFunction (ovr) instead of by the order of classes.',
  }),
  randomState,
}

interface State extends PairMachines {
  readonly gamma: number
  readonly supportVectors: AnyMatrix
  /** Sigmoids of the pairs, where probabilities were asked for. */
  readonly probA: Float64Array | undefined
  readonly probB: Float64Array | undefined
  readonly nIter: Int32Array
  readonly converged: boolean
}

const definition = defineEstimator({
  name: 'SVC',
  parameters: svcParameters,
  state: {
    gamma: finiteNumber(0),
    support: int32s({ low: 0 }),
    nSupport: int32s({ low: 0 }),
    supportVectors: matrixCodec,
    dualCoef: float64s(),
    intercept: float64s(),
    probA: optional(float64s()),
    probB: optional(float64s()),
    nIter: int32s({ low: 0 }),
    converged: flag,
  },
  tags: { sparse: true },
  check(state, { kernel, probability }, json) {
    const classes = countOf(state)
    const pairs = (classes * (classes - 1)) / 2
    const { support, nSupport, dualCoef, intercept, probA, probB } = state
    checkVectors(state, kernel, json)
    if (nSupport.length !== classes || nSupport.reduce((a, b) => a + b, 0) !== support.length)
      json.fail(`${support.length} support vectors of ${classes} classes`)
    if (dualCoef.length !== (classes - 1) * support.length || intercept.length !== pairs)
      json.fail(`coefficients of ${pairs} pairs of classes`)
    for (const sigmoids of [probA, probB])
      if (probability ? sigmoids?.length !== pairs : sigmoids !== undefined)
        json.fail(probability ? `${pairs} sigmoids` : 'no sigmoids')
  },
})

/**
 * Support vector classifier with a kernel. As scikit-learn's `SVC`; features may be sparse.
 *
 * @example
 * ```ts
 * const xor = await new SVC({ C: 10 }).fit([[0, 0], [1, 1], [0, 1], [1, 0]], [0, 0, 1, 1])
 * await xor.predict([[0.9, 0.1]]) // [1]
 * ```
 */
export class SVC extends BaseClassifier<typeof svcParameters, State, AnyMatrix> {
  static readonly definition = definition

  /** Errors: ARGUMENT for parameters that it doesn't take, and for breakTies with ovo. */
  constructor(params: GivenParameters<typeof svcParameters> = {}) {
    super(definition, params)
    if (this.params.breakTies && this.params.decisionFunctionShape === 'ovo')
      throw new AthanorError('ARGUMENT', {
        operation: 'SVC',
        expected: "decisionFunctionShape 'ovr' with breakTies",
        received: "'ovo'",
      })
  }

  override get hasProbabilities(): boolean {
    return this.params.probability
  }

  /** Training rows that are support vectors, class by class. */
  get support(): Int32Array {
    return this.fitted('support').support
  }

  /** Their features; none where the kernel is given. */
  get supportVectors(): AnyMatrix {
    return this.fitted('supportVectors').supportVectors
  }

  /** Support vectors of each class. */
  get nSupport(): Int32Array {
    return this.fitted('nSupport').nSupport
  }

  /** Row-major `(classes − 1) × support vectors`: y·α, laid out as scikit-learn does. */
  get dualCoef(): Float64Array {
    return this.fitted('dualCoef').dualCoef
  }

  /** One a pair of classes. */
  get intercept(): Float64Array {
    return this.fitted('intercept').intercept
  }

  /** Row-major `pairs × features`. Errors: STATE for another kernel than the linear one. */
  get coef(): Float64Array {
    const state = this.fitted('coef')
    if (this.params.kernel !== 'linear')
      throw new AthanorError('STATE', {
        operation: 'SVC.coef',
        expected: "kernel 'linear'",
        received: `'${this.params.kernel}'`,
      })
    return linearCoefficients(state.supportVectors, pairRule(state))
  }

  /** Slopes of the pairs' sigmoids; undefined without `probability`. */
  get probA(): Float64Array | undefined {
    return this.fitted('probA').probA
  }

  /** Offsets of the pairs' sigmoids; undefined without `probability`. */
  get probB(): Float64Array | undefined {
    return this.fitted('probB').probB
  }

  /** Iterations of each pair. */
  get nIter(): Int32Array {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected async learn(training: ClassifierTraining<AnyMatrix>): Promise<State> {
    const { params } = this
    const { operation, x, codes, labels, sampleWeight, rows } = training
    checkPrecomputed(operation, params.kernel, x)
    const gamma = gammaOf(operation, params, x)
    // Balanced by the numbers of rows, whatever their weights.
    const ofClass =
      params.classWeight === undefined
        ? new Float64Array(labels.length).fill(1)
        : weightsOfClasses(operation, params.classWeight, labels, codes, undefined)
    const bounds = new Float64Array(rows)
    for (let i = 0; i < rows; i++)
      bounds[i] = params.C * ofClass[codes[i]] * (sampleWeight?.[i] ?? 1)
    const byClass = rowsByClass(training, bounds)
    const problems = pairProblems(byClass, bounds)
    const folds = params.probability ? pairFolds(byClass, bounds, params.randomState) : []
    const solutions = await solveProblems(training, params, gamma, [
      ...problems,
      ...folds.flatMap(fold => fold.problems),
    ])
    const machines = combinePairs(byClass, solutions.slice(0, problems.length))
    let next = problems.length
    const pairs = pairsOf(byClass.length)
    const sigmoids = folds.map((fold, pair) => {
      const own = solutions.slice(next, next + fold.problems.length)
      next += own.length
      return pairSigmoid(fold, own, codes, pairs[pair][0])
    })
    return {
      ...machines,
      gamma,
      supportVectors: keptVectors(x, params.kernel, machines.support),
      probA: params.probability ? Float64Array.from(sigmoids, ({ a }) => a) : undefined,
      probB: params.probability ? Float64Array.from(sigmoids, ({ b }) => b) : undefined,
      nIter: Int32Array.from(solutions.slice(0, problems.length), s => s.iterations),
      converged: solutions.every(({ converged }) => converged),
    }
  }

  /** Decisions of the pairs, above 0 for the first class; with two classes for the second. */
  private decisions(method: string, x: AnyMatrix, state: State): Promise<Float64Array> {
    const { support, supportVectors: vectors, gamma } = state
    const operation = `SVC.${method}`
    return scoresOf(operation, x, { kernel: this.params, gamma, support, vectors }, pairRule(state))
  }

  protected async codesOf(x: AnyMatrix, state: Frame & State): Promise<Int32Array> {
    const decisions = await this.decisions('predict', x, state)
    const classes = countOf(state)
    if (classes === 2) return Int32Array.from(decisions, decision => (decision > 0 ? 1 : 0))
    return this.params.breakTies
      ? largestOf(oneVersusRest(decisions, classes), classes)
      : votesOf(decisions, classes)
  }

  /**
   * With two classes one score a row, above 0 for the second class. With more, row-major: a score for
   * each class (`ovr`: votes, then margins), or for each pair (`ovo`: above 0 for its first class).
   */
  async decisionFunction(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('decisionFunction')
    const matrix = await this.readInput('decisionFunction', x)
    const decisions = await this.decisions('decisionFunction', matrix, state)
    const classes = countOf(state)
    if (classes > 2 && this.params.decisionFunctionShape === 'ovo') return decisions
    return spreadScores(classes === 2 ? decisions : oneVersusRest(decisions, classes), state)
  }

  /**
   * Probabilities, row-major `rows × classes`. They come from another fit than `predict` and may
   * disagree with it.
   *
   * @throws AthanorError STATE where the machine was made without `probability`.
   */
  async predictProba(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('predictProba')
    const { probA, probB } = state
    if (probA === undefined || probB === undefined)
      throw new AthanorError('STATE', {
        operation: 'SVC.predictProba',
        expected: 'probability: true in fit',
        received: 'false',
        fix: 'new SVC({ probability: true }), or calibrate it: CalibratedClassifierCV',
      })
    const matrix = await this.readInput('predictProba', x)
    const decisions = await this.decisions('predictProba', matrix, state)
    const classes = countOf(state)
    const pairs = pairsOf(classes)
    const out = new Float64Array(matrix.rows * classes)
    const pairwise = new Float64Array(classes * classes)
    for (let row = 0; row < matrix.rows; row++) {
      pairs.forEach(([i, j], pair) => {
        // With two classes the decisions' sign is that of the second.
        const decision = (classes === 2 ? -1 : 1) * decisions[row * pairs.length + pair]
        const p = probabilityOf(decision, { a: probA[pair], b: probB[pair] })
        pairwise[i * classes + j] = Math.min(Math.max(p, 1e-7), 1 - 1e-7)
        pairwise[j * classes + i] = 1 - pairwise[i * classes + j]
      })
      coupleProbabilities(pairwise, classes, out, row * classes)
    }
    return this.spread(out, matrix.rows, state)
  }

  /** Logarithms of the probabilities. */
  async predictLogProba(x: MatrixLike): Promise<Float64Array> {
    return (await this.predictProba(x)).map(Math.log)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): SVC {
    return restore(SVC, json)
  }
}
