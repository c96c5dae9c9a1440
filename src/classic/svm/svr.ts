// Support vector regression (Drucker et al. 1996; Smola & Schölkopf 2004): ½‖w‖² + C·Σ of what errors
// exceed epsilon by, in the space of a kernel.

import { AthanorError } from '../../base/errors.js'
import { type GivenParameters, numberParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import { finiteNumber, flag, float64s, int32s, integer } from '../../estimator/state.js'
import { matrixCodec } from '../linear-algebra/matrix-codec.js'
import {
  checkPrecomputed,
  gammaOf,
  kernelParameters,
  solverParameters,
} from './kernel-parameters.js'
import { solveProblems } from './machine.js'
import {
  checkVectors,
  keptVectors,
  linearCoefficients,
  type ScoreRule,
  scoresOf,
} from './support-vectors.js'

const svrParameters = {
  C: numberParameter({
    default: 1,
    above: 0,
    doc: 'How much an error beyond epsilon costs; the smaller, the smoother.',
    search: { scale: 'log', low: 1e-2, high: 1e3 },
  }),
  epsilon: numberParameter({
    default: 0.1,
    min: 0,
    doc: 'Errors up to this cost nothing.',
    search: { scale: 'log', low: 1e-3, high: 1 },
  }),
  ...kernelParameters,
  ...solverParameters,
}

/** What machines of one sum have learned. */
export interface SingleMachine {
  readonly gamma: number
  readonly support: Int32Array
  readonly supportVectors: AnyMatrix
  readonly dualCoef: Float64Array
  readonly intercept: number
  readonly nIter: number
  readonly converged: boolean
}

export const singleMachineState = {
  gamma: finiteNumber(0),
  support: int32s({ low: 0 }),
  supportVectors: matrixCodec,
  dualCoef: float64s(),
  intercept: finiteNumber(),
  nIter: integer(0),
  converged: flag,
}

const definition = defineEstimator({
  name: 'SVR',
  parameters: svrParameters,
  state: singleMachineState,
  tags: { sparse: true },
  check(state, { kernel }, json) {
    checkVectors(state, kernel, json)
    if (state.dualCoef.length !== state.support.length)
      json.fail(`${state.support.length} coefficients`, `${state.dualCoef.length}`)
  },
})

/** One output: the sum over all support vectors. */
export function singleRule({ dualCoef, intercept }: SingleMachine): ScoreRule {
  return {
    outputs: 1,
    coefficients: dualCoef,
    biases: Float64Array.of(intercept),
    segments: [[0, 0, 0, dualCoef.length]],
  }
}

/**
 * Support vector regression with a kernel. As scikit-learn's `SVR`; features may be sparse.
 *
 * @example
 * ```ts
 * const model = await new SVR({ C: 100, epsilon: 0.01 }).fit([[0], [1], [2], [3]], [0, 1, 4, 9])
 * await model.predict([[1]]) // about [1.01]
 * ```
 */
export class SVR extends BaseRegressor<typeof svrParameters, SingleMachine, AnyMatrix> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof svrParameters> = {}) {
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

  /** α − α* of each support vector. */
  get dualCoef(): Float64Array {
    return this.fitted('dualCoef').dualCoef
  }

  get intercept(): number {
    return this.fitted('intercept').intercept
  }

  /** One a feature. Errors: STATE for another kernel than the linear one. */
  get coef(): Float64Array {
    const state = this.fitted('coef')
    if (this.params.kernel !== 'linear')
      throw new AthanorError('STATE', {
        operation: 'SVR.coef',
        expected: "kernel 'linear'",
        received: `'${this.params.kernel}'`,
      })
    return linearCoefficients(state.supportVectors, singleRule(state))
  }

  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected async learn(training: RegressorTraining<AnyMatrix>): Promise<SingleMachine> {
    const { operation, x, y, sampleWeight } = training
    const { kernel, C } = this.params
    checkPrecomputed(operation, kernel, x)
    const gamma = gammaOf(operation, this.params, x)
    const rows = Int32Array.from(y.keys()).filter(row => sampleWeight?.[row] !== 0)
    const high = Float64Array.from(rows, row => C * (sampleWeight?.[row] ?? 1))
    const target = Float64Array.from(rows, row => y[row])
    const problem = { rows, target, low: high.map(bound => -bound), high }
    const [solution] = await solveProblems(training, this.params, gamma, [problem])
    const kept = solution.beta.map((beta, p) => (beta === 0 ? -1 : p)).filter(p => p >= 0)
    const support = Int32Array.from(kept, p => rows[p])
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

  protected valuesOf(x: AnyMatrix, state: SingleMachine): Promise<Float64Array> {
    const { support, supportVectors: vectors, gamma } = state
    const machine = { kernel: this.params, gamma, support, vectors }
    return scoresOf('SVR.predict', x, machine, singleRule(state))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): SVR {
    return restore(SVR, json)
  }
}
