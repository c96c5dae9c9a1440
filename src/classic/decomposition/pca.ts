// Principal components: the directions of most variance (Pearson 1901; Hotelling 1933), with the
// likelihood of the probabilistic model (Tipping & Bishop 1999). The work is done in
// kernels/learn/components.cpp.

import { AthanorError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  type GivenParameters,
  integerParameter,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { BaseTransformer, type TransformerTraining } from '../../estimator/base-transformer.js'
import {
  denseMatrixOf,
  type Matrix,
  type MatrixLike,
  type MatrixNeeds,
  matrixOf,
} from '../../estimator/matrix.js'
import { randomState } from '../../estimator/random-state.js'
import { finiteNumber, float64s, integer } from '../../estimator/state.js'
import { componentsOf } from '../linear-algebra/components.js'
import { projectRows } from '../linear-algebra/projections.js'
import { mostLikelyDimension } from './dimension.js'

const count = eitherParameter(
  eitherParameter(
    integerParameter({ doc: '', min: 1 }),
    numberParameter({ doc: '', above: 0, below: 1 }),
    { doc: '' },
  ),
  choiceParameter(['mle'], { doc: '' }),
  {
    doc: 'Components that are kept: a number, the share of variance that they have to explain (below 1), or by Minka’s estimate (mle); null: as many as rows or features.',
    search: { scale: 'linear', low: 2, high: 20, whole: true },
  },
)

/** The parameters of `PCA`. */
const pcaParameters = {
  nComponents: optionalParameter(count),
  whiten: booleanParameter({
    default: false,
    doc: 'Whether transformed features get a variance of 1 each.',
  }),
  svdSolver: choiceParameter(['auto', 'full', 'covarianceEigh', 'randomized'], {
    default: 'auto',
    doc: 'From the covariance (covarianceEigh: many rows), exactly from the rows (full), or nearly, for few components of many (randomized); auto chooses by the shape.',
  }),
  iteratedPower: eitherParameter(
    choiceParameter(['auto'], { doc: '' }),
    integerParameter({ doc: '', min: 0 }),
    { default: 'auto', doc: 'Power iterations of the randomized solver; auto: 4 or 7.' },
  ),
  nOversamples: integerParameter({
    default: 10,
    min: 1,
    doc: 'Random directions of the randomized solver beyond the components asked for.',
  }),
  randomState,
}

interface State {
  readonly components: Float64Array
  readonly mean: Float64Array
  readonly explainedVariance: Float64Array
  readonly explainedVarianceRatio: Float64Array
  readonly singularValues: Float64Array
  readonly noiseVariance: number
  readonly nSamples: number
}

const definition = defineEstimator({
  name: 'PCA',
  parameters: pcaParameters,
  state: {
    components: float64s(),
    mean: float64s(),
    explainedVariance: float64s({ low: 0 }),
    explainedVarianceRatio: float64s({ low: 0 }),
    singularValues: float64s({ low: 0 }),
    noiseVariance: finiteNumber(0),
    nSamples: integer(2),
  },
  tags: { noSampleWeight: true },
  check(state, _, json) {
    const kept = state.explainedVariance.length
    const fits =
      kept > 0 &&
      state.components.length === kept * state.nFeaturesIn &&
      state.mean.length === state.nFeaturesIn &&
      state.explainedVarianceRatio.length === kept &&
      state.singularValues.length === kept
    if (!fits) json.fail('components, means and variances that fit together', 'others')
  },
})

/**
 * Fewer features that keep most of the variance. As scikit-learn's `PCA`, signs included; dense features
 * only (`TruncatedSVD` takes sparse ones).
 *
 * @example
 * ```ts
 * const pca = await new PCA({ nComponents: 1 }).fit([[0, 0], [1, 2], [2, 4]])
 * pca.explainedVarianceRatio // [1]
 * await pca.transform([[1, 2]]) // { x: Float64Array [0], rows: 1, width: 1 }
 * ```
 */
export class PCA extends BaseTransformer<typeof pcaParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof pcaParameters> = {}) {
    super(definition, params)
  }

  /** Unit vectors, row-major `components × features`, by descending variance. */
  get components(): Float64Array {
    return this.fitted('components').components
  }

  /** Variance (n − 1) of the training rows along each component. */
  get explainedVariance(): Float64Array {
    return this.fitted('explainedVariance').explainedVariance
  }

  /** The same as a share of the whole variance. */
  get explainedVarianceRatio(): Float64Array {
    return this.fitted('explainedVarianceRatio').explainedVarianceRatio
  }

  /** Singular values of the centred training rows. */
  get singularValues(): Float64Array {
    return this.fitted('singularValues').singularValues
  }

  /** Mean of each feature. */
  get mean(): Float64Array {
    return this.fitted('mean').mean
  }

  /** Components that are kept. */
  get nComponents(): number {
    return this.fitted('nComponents').explainedVariance.length
  }

  /** Mean variance of the components that are not kept. */
  get noiseVariance(): number {
    return this.fitted('noiseVariance').noiseVariance
  }

  /** In `fit` the sums show whether all values are finite: they are not looked at before. */
  protected override readFeatures(operation: string, x: MatrixLike, needs: MatrixNeeds) {
    return matrixOf(operation, x, { ...needs, uncheckedValues: needs.width === undefined })
  }

  protected async learn(training: TransformerTraining): Promise<State> {
    const { operation, x, rows, width, signal, onProgress } = training
    if (rows < 2)
      throw new AthanorError('DATA', { operation, expected: 'at least two rows', received: 'one' })
    const solver = this.solverFor(operation, rows, width)
    const { nComponents: asked, randomState: seed, nOversamples, iteratedPower } = this.params
    const most = Math.min(rows, width)
    const kept = typeof asked === 'number' && asked >= 1 ? asked : most
    const iterations = iteratedPower === 'auto' ? (kept < 0.1 * most ? 7 : 4) : iteratedPower
    const found = await componentsOf(operation, x, {
      solver: ({ full: 'full', covarianceEigh: 'covariance', randomized: 'randomized' } as const)[
        solver
      ],
      centered: true,
      size: Math.min(most, kept + nOversamples),
      iterations: iterations as number,
      seed,
      signal,
      onProgress,
    })
    const { shift: mean, singularValues, vectors, squares } = found
    const variances = singularValues.map(value => value ** 2 / (rows - 1))
    const total = sum(solver === 'randomized' ? squares.map(s => s / (rows - 1)) : variances)
    const ratios = variances.map(variance => (total > 0 ? variance / total : 0))
    const count = this.countOf(variances, ratios, rows, most)
    const rest =
      solver === 'randomized'
        ? (total - sum(variances.subarray(0, count))) / (most - count)
        : sum(variances.subarray(count)) / (variances.length - count)
    return {
      components: vectors.slice(0, count * width),
      mean,
      explainedVariance: variances.slice(0, count),
      explainedVarianceRatio: ratios.slice(0, count),
      singularValues: singularValues.slice(0, count),
      noiseVariance: count < most ? Math.max(0, rest) : 0,
      nSamples: rows,
    }
  }

  /** scikit-learn's choice, and its limits. */
  private solverFor(operation: string, rows: number, width: number) {
    const { svdSolver, nComponents } = this.params
    const most = Math.min(rows, width)
    const isCount = typeof nComponents === 'number' && nComponents >= 1
    if (isCount && nComponents > most)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: `nComponents of at most ${most}, the lesser of rows and features`,
        received: String(nComponents),
      })
    if (nComponents === 'mle' && rows < width)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: "as many rows as features, for nComponents 'mle'",
        received: `${rows} rows of ${width}`,
      })
    if (svdSolver === 'randomized' && nComponents !== undefined && !isCount)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: 'nComponents as a number of components, for the randomized solver',
        received: String(nComponents),
      })
    if (svdSolver !== 'auto') return svdSolver
    if (width <= 1000 && rows >= 10 * width) return 'covarianceEigh'
    if (Math.max(rows, width) <= 500 || !isCount) return 'full'
    return nComponents < 0.8 * most ? 'randomized' : 'full'
  }

  private countOf(variances: Float64Array, ratios: Float64Array, rows: number, most: number) {
    const { nComponents } = this.params
    if (nComponents === undefined) return most
    if (nComponents === 'mle')
      return Math.max(1, Math.min(most, mostLikelyDimension(variances, rows)))
    if ((nComponents as number) >= 1) return nComponents as number
    let share = 0
    let count = 0
    while (count < most && share <= (nComponents as number)) share += ratios[count++]
    return Math.max(1, count)
  }

  protected async apply(x: Matrix, state: Frame & State): Promise<Matrix> {
    const { components, mean } = state
    const operation = `${this.definition.name}.transform`
    return projectRows(operation, x, scaleRows(components, this.scales(state), x.width), mean)
  }

  /** What components are divided by. */
  private scales({ explainedVariance }: State): Float64Array {
    if (!this.params.whiten) return explainedVariance.map(() => 1)
    return explainedVariance.map(variance => Math.max(Math.sqrt(variance), Number.EPSILON))
  }

  protected namesOf(_: readonly string[], { explainedVariance }: State): readonly string[] {
    return Array.from(explainedVariance, (_, i) => `pca${i}`)
  }

  /** The features that `transform` made these from, but for what the lost components held. */
  async inverseTransform(x: MatrixLike): Promise<Matrix> {
    const state = this.fitted('inverseTransform')
    const { components, mean, nFeaturesIn: width, featureNamesIn: names } = state
    const count = state.explainedVariance.length
    const operation = 'PCA.inverseTransform'
    const matrix = await denseMatrixOf(operation, x, { width: count })
    const scales = this.scales(state)
    // Components as columns: one vector a feature.
    const vectors = new Float64Array(components.length)
    for (let i = 0; i < count; i++)
      for (let k = 0; k < width; k++) vectors[k * count + i] = components[i * width + k] * scales[i]
    const out = await projectRows(operation, matrix, vectors)
    for (let i = 0; i < out.x.length; i++) (out.x as Float64Array)[i] += mean[i % width]
    return names === undefined ? out : { ...out, names }
  }

  /** The covariance of the probabilistic model, `features × features`. */
  get covariance(): Float64Array {
    const {
      components,
      explainedVariance,
      noiseVariance,
      nFeaturesIn: n,
    } = this.fitted('covariance')
    const out = new Float64Array(n * n)
    for (let i = 0; i < explainedVariance.length; i++) {
      const weight = Math.max(0, explainedVariance[i] - noiseVariance)
      for (let a = 0; a < n; a++)
        for (let b = 0; b < n; b++)
          out[a * n + b] += weight * components[i * n + a] * components[i * n + b]
    }
    for (let a = 0; a < n; a++) out[a * n + a] += noiseVariance
    return out
  }

  /** Log-likelihood of each row under the probabilistic model. Errors: STATE where its noise is 0. */
  async scoreSamples(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('scoreSamples')
    const { components, mean, explainedVariance, noiseVariance, nFeaturesIn: width } = state
    const operation = 'PCA.scoreSamples'
    const matrix = (await this.readInput('scoreSamples', x)) as Matrix
    const kept = explainedVariance.length
    const noise = kept < width ? noiseVariance : explainedVariance[kept - 1]
    // What is left by rounding alone is no variance.
    if (!(noise > Number.EPSILON * explainedVariance[0]))
      throw new AthanorError('STATE', {
        operation,
        expected: 'components that leave some variance over, or as many as features with variance',
        received: 'a covariance without an inverse',
        fix: 'Choose a smaller nComponents',
      })
    const projected = (await projectRows(operation, matrix, components, mean)).x
    const count = kept
    // |x − mean|² is the projections' part and the rest, over the noise.
    const out = new Float64Array(matrix.rows)
    let logDeterminant = (width - count) * Math.log(noise)
    for (const variance of explainedVariance) logDeterminant += Math.log(Math.max(variance, noise))
    const constant = -0.5 * (width * Math.log(2 * Math.PI) + logDeterminant)
    for (let row = 0; row < matrix.rows; row++) {
      let rest = 0
      for (let k = 0; k < width; k++) rest += (matrix.x[row * width + k] - mean[k]) ** 2
      let distance = 0
      for (let i = 0; i < count; i++) {
        const square = projected[row * count + i] ** 2
        rest -= square
        distance += square / Math.max(explainedVariance[i], noise)
      }
      if (count < width) distance += Math.max(0, rest) / noise
      out[row] = constant - 0.5 * distance
    }
    return out
  }

  /** Mean of `scoreSamples`. */
  async score(x: MatrixLike): Promise<number> {
    const scores = await this.scoreSamples(x)
    return sum(scores) / scores.length
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): PCA {
    return restore(PCA, json)
  }
}

function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]
  return total
}

function scaleRows(vectors: Float64Array, scales: Float64Array, width: number): Float64Array {
  return vectors.map((value, i) => value / scales[Math.floor(i / width)])
}
