// Rows from several normal distributions, found by expectation–maximisation (Dempster, Laird & Rubin 1977).
// The work is done in kernels/learn/gaussian-mixture.cpp.

import { AthanorError, argumentError } from '../../base/errors.js'
import {
  choiceParameter,
  type GivenParameters,
  integerParameter,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'
import { Random } from '../../base/philox.js'
import { largestOf } from '../../estimator/base-classifier.js'
import { BaseClusterer } from '../../estimator/base-clusterer.js'
import { defineEstimator, restore, type Training } from '../../estimator/base-estimator.js'
import type { Matrix, MatrixLike } from '../../estimator/matrix.js'
import { randomState } from '../../estimator/random-state.js'
import { finiteNumber, flag, float64s, int32s, integer } from '../../estimator/state.js'
import { runJob } from '../../execute/jobs.js'
import { orNone } from '../linear/job-arrays.js'
import { rowArguments } from '../linear-algebra/row-arguments.js'
import {
  covarianceShape,
  covarianceTypes,
  factorsOf,
  flatten,
  nestedNumbersParameter,
  precisionsOf,
} from './covariance-types.js'
import { firstResponsibilities, initialisations } from './responsibilities.js'

/** The parameters of `GaussianMixture`. */
const gaussianMixtureParameters = {
  nComponents: integerParameter({
    default: 1,
    min: 1,
    doc: 'How many distributions there are.',
    search: { scale: 'linear', low: 1, high: 10, whole: true },
  }),
  covarianceType: choiceParameter(covarianceTypes, {
    default: 'full',
    doc: 'A covariance matrix for each component (full), one for all (tied), variances of features (diag), or one variance for each component (spherical).',
    search: { choices: covarianceTypes },
  }),
  tol: numberParameter({
    default: 1e-3,
    min: 0,
    doc: 'It ends when the mean log-likelihood of a row gains less.',
  }),
  regCovar: numberParameter({
    default: 1e-6,
    min: 0,
    doc: 'What is added to every variance, so that no component collapses.',
    search: { scale: 'log', low: 1e-8, high: 1e-2 },
  }),
  maxIter: integerParameter({ default: 100, min: 1, doc: 'Iterations of one start at most.' }),
  nInit: integerParameter({ default: 1, min: 1, doc: 'Starts, of which the most likely is kept.' }),
  initParams: choiceParameter(initialisations, {
    default: 'kmeans',
    doc: 'Where it begins: clusters of k-means, single rows far apart (k-means++) or drawn (randomFromData), or random shares.',
  }),
  weightsInit: optionalParameter(
    nestedNumbersParameter({ doc: 'Weights to begin with, one a component, that sum to 1.' }),
  ),
  meansInit: optionalParameter(
    nestedNumbersParameter({ doc: 'Means to begin with, one row a component.' }),
  ),
  precisionsInit: optionalParameter(
    nestedNumbersParameter({
      doc: 'Inverses of the covariances to begin with, in the shape of the covariances.',
    }),
  ),
  randomState,
}

interface State {
  readonly weights: Float64Array
  readonly means: Float64Array
  readonly covariances: Float64Array
  readonly precisionsCholesky: Float64Array
  readonly labels: Int32Array
  readonly lowerBounds: Float64Array
  readonly lowerBound: number
  readonly nIter: number
  readonly converged: boolean
}

const definition = defineEstimator({
  name: 'GaussianMixture',
  parameters: gaussianMixtureParameters,
  state: {
    weights: float64s({ low: 0, high: 1 }),
    means: float64s(),
    covariances: float64s(),
    precisionsCholesky: float64s(),
    labels: int32s({ low: 0 }),
    lowerBounds: float64s(),
    lowerBound: finiteNumber(),
    nIter: integer(1),
    converged: flag,
  },
  tags: { noSampleWeight: true },
  check(state, { nComponents, covarianceType }, json) {
    const size = covarianceShape(covarianceType, nComponents, state.nFeaturesIn).reduce(
      (a, b) => a * b,
    )
    const fits =
      state.weights.length === nComponents &&
      state.means.length === nComponents * state.nFeaturesIn &&
      state.covariances.length === size &&
      state.precisionsCholesky.length === size &&
      state.labels.every(label => label < nComponents)
    if (!fits) json.fail(`${nComponents} components of ${state.nFeaturesIn} features`, 'others')
  },
})

/**
 * A mixture of normal distributions: soft clusters of any size and direction, and a density. As
 * scikit-learn's `GaussianMixture`; its random numbers are others.
 *
 * @example
 * ```ts
 * const rows = [[1], [1.2], [0.9], [8], [8.1], [7.8]]
 * const mixture = await new GaussianMixture({ nComponents: 2 }).fit(rows)
 * mixture.weights // [0.5, 0.5]
 * mixture.labels[0] === mixture.labels[1] // true
 * ```
 */
export class GaussianMixture extends BaseClusterer<typeof gaussianMixtureParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof gaussianMixtureParameters> = {}) {
    super(definition, params)
  }

  /** The share of each component. */
  get weights(): Float64Array {
    return this.fitted('weights').weights
  }

  /** Row-major `nComponents × features`. */
  get means(): Float64Array {
    return this.fitted('means').means
  }

  /**
   * Full: `nComponents × features × features`; tied: `features × features`; diag: `nComponents × features`;
   * spherical: one a component.
   */
  get covariances(): Float64Array {
    return this.fitted('covariances').covariances
  }

  /** Upper triangles P with P · Pᵀ = precision, in the shape of `covariances`; or 1 / deviation. */
  get precisionsCholesky(): Float64Array {
    return this.fitted('precisionsCholesky').precisionsCholesky
  }

  /** Inverses of the covariances, in their shape. */
  get precisions(): Float64Array {
    const { precisionsCholesky, nFeaturesIn } = this.fitted('precisions')
    return precisionsOf(precisionsCholesky, this.params.covarianceType, nFeaturesIn)
  }

  /** Mean log-likelihood of a training row after the last iteration but one. */
  get lowerBound(): number {
    return this.fitted('lowerBound').lowerBound
  }

  /** The same for each iteration of the start that was kept. */
  get lowerBounds(): Float64Array {
    return this.fitted('lowerBounds').lowerBounds
  }

  /** Iterations of the start that was kept. */
  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** Whether it ended before `maxIter`. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected async learn(training: Training): Promise<State> {
    const { operation, rows } = training
    const { nComponents, nInit, randomState: seed, initParams } = this.params
    const least = Math.max(2, nComponents)
    if (rows < least)
      throw new AthanorError('DATA', {
        operation,
        expected: `at least ${least} rows (nComponents is ${nComponents})`,
        received: String(rows),
      })
    const given = this.beginning(operation, training.width)
    const isGiven = Object.values(given).every(values => values !== undefined)
    let best: State | undefined
    for (let start = 0; start < (isGiven ? 1 : nInit); start++) {
      const responsibilities = isGiven
        ? undefined
        : await firstResponsibilities(training, initParams, nComponents, seed + start)
      const found = await this.improve(training, responsibilities, given, start)
      if (best === undefined || found.lowerBound > best.lowerBound) best = found
    }
    return best as State
  }

  private beginning(operation: string, width: number) {
    const { weightsInit, meansInit, precisionsInit, covarianceType, nComponents } = this.params
    const weights = weightsInit && flatten(operation, 'weightsInit', weightsInit, [nComponents])
    const sum = weights?.reduce((a, b) => a + b) ?? 1
    if (Math.abs(sum - 1) > 1e-8 || weights?.some(weight => weight < 0))
      throw argumentError(operation, 'weightsInit of 0 or more that sum to 1', `a sum of ${sum}`)
    const means = meansInit && flatten(operation, 'meansInit', meansInit, [nComponents, width])
    const shape = covarianceShape(covarianceType, nComponents, width)
    const precisions = precisionsInit && flatten(operation, 'precisionsInit', precisionsInit, shape)
    const factors = precisions && factorsOf(operation, precisions, covarianceType, width)
    return { weights, means, factors }
  }

  /** Expectation and maximisation from one start. */
  private async improve(
    { operation, x, signal, onProgress }: Training,
    responsibilities: Float64Array | undefined,
    given: ReturnType<GaussianMixture['beginning']>,
    start: number,
  ): Promise<State> {
    const { nComponents, covarianceType, regCovar, tol, maxIter, nInit } = this.params
    const { numbers, arrays } = rowArguments(x)
    const type = covarianceTypes.indexOf(covarianceType)
    const results = await runJob(operation, {
      kind: 'gaussianMixture',
      numbers: [...numbers, nComponents, type, regCovar, tol, maxIter],
      arrays: [
        ...arrays,
        orNone(responsibilities),
        orNone(given.weights),
        orNone(given.means),
        orNone(given.factors),
      ],
      signal,
      onProgress:
        onProgress &&
        (progress => onProgress({ ...progress, fraction: (start + progress.fraction) / nInit })),
    })
    const [found, weights, means, covariances, precisionsCholesky] = results
      .slice(0, 5)
      .map(part => new Float64Array(part))
    const [isSound, lowerBound, nIter, converged] = found
    if (isSound === 0 || ![means, covariances, precisionsCholesky].every(isFinite_))
      throw new AthanorError('DATA', {
        operation,
        expected: 'components whose covariances are positive definite',
        received: 'one that collapsed onto few rows, or features beyond float64',
        fix: 'Decrease nComponents, increase regCovar, or scale the features',
      })
    return {
      weights,
      means,
      covariances,
      precisionsCholesky,
      labels: new Int32Array(results[5]),
      lowerBounds: new Float64Array(results[6]),
      lowerBound,
      nIter,
      converged: converged === 1,
    }
  }

  /** log weight + log density of each row under each component. */
  private async scoresOf(method: string, x: MatrixLike): Promise<{ scores: Float64Array }> {
    const state = this.fitted(method)
    const { numbers, arrays } = rowArguments(await this.readInput(method, x))
    const { nComponents, covarianceType } = this.params
    const [scores] = await runJob(`GaussianMixture.${method}`, {
      kind: 'gaussianScores',
      numbers: [...numbers, nComponents, covarianceTypes.indexOf(covarianceType)],
      arrays: [...arrays, state.weights, state.means, state.precisionsCholesky],
    })
    return { scores: new Float64Array(scores) }
  }

  /** The most probable component of each row. */
  async predict(x: MatrixLike): Promise<Int32Array> {
    const { scores } = await this.scoresOf('predict', x)
    return largestOf(scores, this.params.nComponents)
  }

  /** Probability of each component for each row, row-major `rows × nComponents`. */
  async predictProba(x: MatrixLike): Promise<Float64Array> {
    const { scores } = await this.scoresOf('predictProba', x)
    const width = this.params.nComponents
    const sums = logSums(scores, width)
    return scores.map((score, i) => Math.exp(score - sums[Math.floor(i / width)]))
  }

  /** Log-density of each row. */
  async scoreSamples(x: MatrixLike): Promise<Float64Array> {
    const { scores } = await this.scoresOf('scoreSamples', x)
    return logSums(scores, this.params.nComponents)
  }

  /** Mean of `scoreSamples`: higher is better. */
  async score(x: MatrixLike): Promise<number> {
    const densities = await this.scoreSamples(x)
    return densities.reduce((a, b) => a + b) / densities.length
  }

  /** Numbers that the mixture is free to choose. */
  private freedom(width: number): number {
    const { nComponents: k, covarianceType } = this.params
    const triangle = (width * (width + 1)) / 2
    const covariances = { full: k * triangle, tied: triangle, diag: k * width, spherical: k }
    return covariances[covarianceType] + width * k + k - 1
  }

  /** Bayesian information criterion (Schwarz 1978): lower is better. */
  async bic(x: MatrixLike): Promise<number> {
    const densities = await this.scoreSamples(x)
    const free = this.freedom(this.nFeaturesIn)
    return -2 * densities.reduce((a, b) => a + b) + free * Math.log(densities.length)
  }

  /** Akaike's information criterion (1974): lower is better. */
  async aic(x: MatrixLike): Promise<number> {
    const densities = await this.scoreSamples(x)
    return -2 * densities.reduce((a, b) => a + b) + 2 * this.freedom(this.nFeaturesIn)
  }

  /**
   * Rows drawn from the mixture, component by component, and the component of each. The same ones at every
   * call: `randomState` decides.
   */
  sample(count = 1): { readonly x: Matrix; readonly labels: Int32Array } {
    const operation = 'GaussianMixture.sample'
    const state = this.fitted('sample')
    if (!Number.isSafeInteger(count) || count < 1)
      throw argumentError(operation, 'a whole number of rows, 1 or more', String(count))
    const random = new Random(this.params.randomState, 1)
    const width = state.nFeaturesIn
    const labels = Int32Array.from({ length: count }, () => drawn(state.weights, random)).sort()
    const x = new Float64Array(count * width)
    for (let row = 0; row < count; row++) {
      const own = x.subarray(row * width, (row + 1) * width)
      for (let j = 0; j < width; j++) own[j] = normal(random)
      this.spread(own, labels[row], state)
    }
    const names = state.featureNamesIn === undefined ? {} : { names: state.featureNamesIn }
    return { x: { x, rows: count, width, ...names }, labels }
  }

  /** Standard normal numbers to a row of component k. */
  private spread(z: Float64Array, k: number, { means, precisionsCholesky }: State): void {
    const n = z.length
    const { covarianceType } = this.params
    if (covarianceType === 'spherical' || covarianceType === 'diag') {
      for (let j = 0; j < n; j++)
        z[j] /= precisionsCholesky[covarianceType === 'diag' ? k * n + j : k]
    } else {
      // Pᵀ · y = z: from P · Pᵀ = covariance⁻¹ the y have that covariance.
      const factor = precisionsCholesky.subarray(covarianceType === 'full' ? k * n * n : 0)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) z[i] -= factor[j * n + i] * z[j]
        z[i] /= factor[i * n + i]
      }
    }
    for (let j = 0; j < n; j++) z[j] += means[k * n + j]
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): GaussianMixture {
    return restore(GaussianMixture, json)
  }
}

function isFinite_(values: Float64Array): boolean {
  return values.every(Number.isFinite)
}

/** log Σ e^score of each row. */
function logSums(scores: Float64Array, width: number): Float64Array {
  const out = new Float64Array(scores.length / width)
  for (let row = 0; row < out.length; row++) {
    const own = scores.subarray(row * width, (row + 1) * width)
    const most = own.reduce((a, b) => Math.max(a, b))
    let sum = 0
    for (let k = 0; k < width; k++) sum += Math.exp(own[k] - most)
    out[row] = most + Math.log(sum)
  }
  return out
}

function drawn(weights: Float64Array, random: Random): number {
  let left = random.uniform()
  for (let k = 0; k < weights.length - 1; k++) {
    left -= weights[k]
    if (left < 0) return k
  }
  return weights.length - 1
}

/** Standard normal (Box & Muller 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
}
