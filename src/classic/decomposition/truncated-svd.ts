// The first singular vectors of features that are not centred, so that sparse ones stay sparse: latent
// semantic analysis where they are words (Deerwester et al. 1990). Random ranges after Halko, Martinsson &
// Tropp (2011); the work is done in kernels/learn/components.cpp.

import { AthanorError } from '../../base/errors.js'
import { choiceParameter, type GivenParameters, integerParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { BaseTransformer, type TransformerTraining } from '../../estimator/base-transformer.js'
import { denseMatrixOf, isSparse, type Matrix, type MatrixLike } from '../../estimator/matrix.js'
import { randomState } from '../../estimator/random-state.js'
import { float64s } from '../../estimator/state.js'
import { componentsOf } from '../linear-algebra/components.js'
import { projectRows } from '../linear-algebra/projections.js'
import { denseMoments } from '../preprocessing/dense-columns.js'
import { sparseMoments } from '../preprocessing/sparse-columns.js'

/** The parameters of `TruncatedSVD`. */
const truncatedSVDParameters = {
  nComponents: integerParameter({
    default: 2,
    min: 1,
    doc: 'Components that are kept; a hundred or so for words.',
    search: { scale: 'log', low: 2, high: 200, whole: true },
  }),
  algorithm: choiceParameter(['randomized', 'exact'], {
    default: 'randomized',
    doc: 'Nearly, by a random range; or exactly, from all singular values (in the place of scikit-learn’s arpack).',
  }),
  nIter: integerParameter({
    default: 5,
    min: 0,
    doc: 'Power iterations of the randomized algorithm.',
  }),
  nOversamples: integerParameter({
    default: 10,
    min: 1,
    doc: 'Random directions of the randomized algorithm beyond the components asked for.',
  }),
  randomState,
}

interface State {
  readonly components: Float64Array
  readonly explainedVariance: Float64Array
  readonly explainedVarianceRatio: Float64Array
  readonly singularValues: Float64Array
}

const definition = defineEstimator({
  name: 'TruncatedSVD',
  parameters: truncatedSVDParameters,
  state: {
    components: float64s(),
    explainedVariance: float64s({ low: 0 }),
    explainedVarianceRatio: float64s({ low: 0 }),
    singularValues: float64s({ low: 0 }),
  },
  tags: { sparse: true, noSampleWeight: true },
  check(state, { nComponents }, json) {
    const { explainedVariance, explainedVarianceRatio, singularValues } = state
    const fits =
      state.components.length === nComponents * state.nFeaturesIn &&
      [explainedVariance, explainedVarianceRatio, singularValues].every(
        values => values.length === nComponents,
      )
    if (!fits) json.fail(`${nComponents} components`, 'others')
  },
})

/** Values of a dense copy beyond which the exact algorithm is refused. */
const mostCells = 2 ** 28

/**
 * A few singular vectors in place of many features, sparse ones included. As scikit-learn's
 * `TruncatedSVD`, signs included.
 *
 * @example
 * ```ts
 * const svd = await new TruncatedSVD({ nComponents: 1 }).fit([[3, 0], [0, 0], [4, 0]])
 * svd.singularValues // [5]
 * await svd.transform([[2, 7]]) // { x: Float64Array [2], rows: 1, width: 1 }
 * ```
 */
export class TruncatedSVD extends BaseTransformer<typeof truncatedSVDParameters, State, AnyMatrix> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof truncatedSVDParameters> = {}) {
    super(definition, params)
  }

  /** Right singular vectors, row-major `nComponents × features`. */
  get components(): Float64Array {
    return this.fitted('components').components
  }

  /** Variance (population) of the training rows along each component. */
  get explainedVariance(): Float64Array {
    return this.fitted('explainedVariance').explainedVariance
  }

  /** The same as a share of the features' whole variance. */
  get explainedVarianceRatio(): Float64Array {
    return this.fitted('explainedVarianceRatio').explainedVarianceRatio
  }

  /** Descending. */
  get singularValues(): Float64Array {
    return this.fitted('singularValues').singularValues
  }

  protected async learn(training: TransformerTraining<AnyMatrix>): Promise<State> {
    const { operation, x, rows, width, signal, onProgress } = training
    const { nComponents, algorithm, nIter, nOversamples, randomState: seed } = this.params
    const most = Math.min(rows, width)
    if (nComponents > most)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: `nComponents of at most ${most}, the lesser of rows and features`,
        received: String(nComponents),
      })
    if (algorithm === 'exact' && rows * width > mostCells)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: `at most ${mostCells} values for the exact algorithm`,
        received: `${rows} × ${width}`,
        fix: "Use algorithm: 'randomized'",
      })
    const found = await componentsOf(operation, x, {
      solver: algorithm === 'exact' ? 'full' : 'randomized',
      centered: false,
      size: Math.min(most, nComponents + nOversamples),
      iterations: nIter,
      seed,
      signal,
      onProgress,
    })
    const components = found.vectors.slice(0, nComponents * width)
    const projected = await projectRows(operation, x, components)
    const explainedVariance = variances((await denseMoments(operation, projected)).std)
    const { std } = isSparse(x)
      ? sparseMoments(x, undefined)
      : await denseMoments(operation, x, undefined, signal)
    const total = variances(std).reduce((a, b) => a + b)
    return {
      components,
      explainedVariance,
      explainedVarianceRatio: explainedVariance.map(v => (total > 0 ? v / total : 0)),
      singularValues: found.singularValues.slice(0, nComponents),
    }
  }

  protected apply(x: AnyMatrix, { components }: Frame & State): Promise<Matrix> {
    return projectRows('TruncatedSVD.transform', x, components)
  }

  protected namesOf(): readonly string[] {
    return Array.from({ length: this.params.nComponents }, (_, i) => `truncatedsvd${i}`)
  }

  /** The features that `transform` made these from, but for what the lost components held. */
  async inverseTransform(x: MatrixLike): Promise<Matrix> {
    const {
      components,
      nFeaturesIn: width,
      featureNamesIn: names,
    } = this.fitted('inverseTransform')
    const count = this.params.nComponents
    const operation = 'TruncatedSVD.inverseTransform'
    const matrix = await denseMatrixOf(operation, x, { width: count })
    const vectors = new Float64Array(components.length)
    for (let i = 0; i < count; i++)
      for (let k = 0; k < width; k++) vectors[k * count + i] = components[i * width + k]
    const out = await projectRows(operation, matrix, vectors)
    return names === undefined ? out : { ...out, names }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): TruncatedSVD {
    return restore(TruncatedSVD, json)
  }
}

function variances(deviations: Float64Array): Float64Array {
  return deviations.map(deviation => deviation ** 2)
}
