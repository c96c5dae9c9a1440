// One-class support vectors (Schölkopf et al. 2001): the smallest region in the space of a kernel that
// leaves out a share ν of the rows.

import { AthanorError } from '../../base/errors.js'
import { type GivenParameters, numberParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { BaseOutlierDetector } from '../../estimator/base-clusterer.js'
import { defineEstimator, restore, type Training } from '../../estimator/base-estimator.js'
import {
  checkPrecomputed,
  gammaOf,
  kernelParameters,
  solverParameters,
} from './kernel-parameters.js'
import { solveProblems } from './machine.js'
import { checkVectors, keptVectors, scoresOf } from './support-vectors.js'
import { type SingleMachine, singleMachineState, singleRule } from './svr.js'

const oneClassSVMParameters = {
  nu: numberParameter({
    default: 0.5,
    above: 0,
    max: 1,
    doc: 'At most this share of the rows lies outside; at least this share are support vectors.',
    search: { scale: 'linear', low: 0.01, high: 0.5 },
  }),
  ...kernelParameters,
  ...solverParameters,
}

const definition = defineEstimator({
  name: 'OneClassSVM',
  parameters: oneClassSVMParameters,
  state: singleMachineState,
  tags: { sparse: true },
  check(state, { kernel }, json) {
    checkVectors(state, kernel, json)
    if (state.dualCoef.length !== state.support.length)
      json.fail(`${state.support.length} coefficients`, `${state.dualCoef.length}`)
  },
})

/**
 * Outlier detection by support vectors. As scikit-learn's `OneClassSVM`; features may be sparse.
 *
 * @example
 * ```ts
 * const model = await new OneClassSVM({ nu: 0.2 }).fit([[0], [0.1], [0.2], [0.3], [0.4]])
 * await model.predict([[0.1], [5]]) // [1, -1]
 * ```
 */
export class OneClassSVM extends BaseOutlierDetector<
  typeof oneClassSVMParameters,
  SingleMachine,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof oneClassSVMParameters> = {}) {
    super(definition, params)
  }

  /** Training rows that are support vectors. */
  get support(): Int32Array {
    return this.fitted('support').support
  }

  /** Their features; none where the kernel is given. */
  get supportVectors(): AnyMatrix {
    return this.fitted('supportVectors').supportVectors
  }

  /** α of each support vector. */
  get dualCoef(): Float64Array {
    return this.fitted('dualCoef').dualCoef
  }

  get intercept(): number {
    return this.fitted('intercept').intercept
  }

  /** What is taken from `scoreSamples` to get decision values. */
  get offset(): number {
    return -this.fitted('offset').intercept
  }

  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected async learn(training: Training<AnyMatrix>): Promise<SingleMachine> {
    const { operation, x, sampleWeight } = training
    const { kernel, nu } = this.params
    checkPrecomputed(operation, kernel, x)
    const gamma = gammaOf(operation, this.params, x)
    const all = Int32Array.from({ length: x.rows }, (_, row) => row)
    const rows = all.filter(row => sampleWeight?.[row] !== 0)
    const high = Float64Array.from(rows, row => sampleWeight?.[row] ?? 1)
    // α begins full for the first rows, so that it sums to ν times what it could.
    let left = nu * high.reduce((a, b) => a + b, 0)
    const start = high.map(bound => {
      const taken = Math.min(bound, left)
      left -= taken
      return taken
    })
    const none = new Float64Array(rows.length)
    const problem = { rows, target: none, low: none, high, start }
    const [solution] = await solveProblems(training, this.params, gamma, [problem])
    const kept = solution.beta.map((beta, p) => (beta === 0 ? -1 : p)).filter(p => p >= 0)
    const support = Int32Array.from(kept, p => rows[p])
    if (!Number.isFinite(solution.rho))
      throw new AthanorError('NOT_FINITE', {
        operation,
        received: 'a threshold beyond all numbers',
      })
    return {
      gamma,
      support,
      supportVectors: keptVectors(x, kernel, support),
      dualCoef: kept.map(p => solution.beta[p]),
      intercept: -solution.rho,
      nIter: solution.iterations,
      converged: solution.converged,
    }
  }

  protected decisionOf(x: AnyMatrix, state: SingleMachine): Promise<Float64Array> {
    const { support, supportVectors: vectors, gamma } = state
    const machine = { kernel: this.params, gamma, support, vectors }
    return scoresOf('OneClassSVM.decisionFunction', x, machine, singleRule(state))
  }

  /** Decision values before the offset: Σ α·K. */
  async scoreSamples(x: Parameters<OneClassSVM['decisionFunction']>[0]): Promise<Float64Array> {
    const { intercept } = this.fitted('scoreSamples')
    return (await this.decisionFunction(x)).map(value => value - intercept)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): OneClassSVM {
    return restore(OneClassSVM, json)
  }
}
