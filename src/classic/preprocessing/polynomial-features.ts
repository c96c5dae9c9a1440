// Products of features up to a degree: what lets a linear model bend.

import { AthanorError, argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  eitherParameter,
  type GivenParameters,
  integerParameter,
  listParameter,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { BaseTransformer, type TransformerTraining } from '../../estimator/base-transformer.js'
import { isAllFinite, isSparse, type Matrix } from '../../estimator/matrix.js'
import { forRowBlocks } from '../../estimator/row-blocks.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import type { Stateless } from './columnwise.js'
import { combinationLevels, countCombinations, featuresOf, type Level } from './combinations.js'

const degreeParameter = integerParameter({ min: 0, max: 100, doc: 'A degree.' })

const polynomialFeaturesParameters = {
  degree: eitherParameter(
    degreeParameter,
    listParameter(degreeParameter, { min: 2, max: 2, doc: 'The least and the greatest.' }),
    {
      default: 2,
      doc: 'The greatest degree, or the least and the greatest.',
      search: { choices: [1, 2, 3] },
    },
  ),
  interactionOnly: booleanParameter({
    default: false,
    doc: 'Whether products have each feature once at most: no squares.',
  }),
  includeBias: booleanParameter({ default: true, doc: 'Whether the first feature is 1.' }),
}

const definition = defineEstimator<typeof polynomialFeaturesParameters, Stateless>({
  name: 'PolynomialFeatures',
  parameters: polynomialFeaturesParameters,
  state: {},
  tags: { sparse: true, noSampleWeight: true },
})

const mostFeatures = 10_000_000
const mostCells = 2 ** 31

/**
 * All products of features up to `degree`, by degree and in the order of the features: of a and b with
 * degree 2: 1, a, b, a², a·b, b². As scikit-learn's `PolynomialFeatures`; sparse features stay sparse.
 *
 * @example
 * ```ts
 * await new PolynomialFeatures().fitTransform([[2, 3]]) // { x: Float64Array [1, 2, 3, 4, 6, 9], … }
 * ```
 */
export class PolynomialFeatures extends BaseTransformer<
  typeof polynomialFeaturesParameters,
  Stateless,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof polynomialFeaturesParameters> = {}) {
    super(definition, params)
    const [low, high] = this.degrees
    if (low > high || (high === 0 && !this.params.includeBias))
      throw argumentError(
        'PolynomialFeatures',
        'degrees in ascending order that leave some feature',
        `[${low}, ${high}]${this.params.includeBias ? '' : ' without a bias'}`,
      )
  }

  private get degrees(): readonly [number, number] {
    const { degree } = this.params
    return typeof degree === 'number' ? [0, degree] : [degree[0], degree[1]]
  }

  /** The exponent of each old feature in each new one, row by row. */
  get powers(): readonly Int32Array[] {
    const { nFeaturesIn } = this.fitted('powers')
    const levels = this.levelsFor(nFeaturesIn)
    return this.kept(levels).flatMap(({ degree, last }) =>
      Array.from(last, (_, place) => {
        const powers = new Int32Array(nFeaturesIn)
        for (const j of featuresOf(levels, degree, place)) powers[j]++
        return powers
      }),
    )
  }

  private levelsFor(width: number): Level[] {
    const distinct = this.params.interactionOnly
    return combinationLevels({ width, degree: this.degrees[1], distinct })
  }

  /** The degrees that are results. */
  private kept(levels: readonly Level[]): readonly Level[] {
    const least = Math.max(1, this.degrees[0])
    const { includeBias } = this.params
    return levels.filter(({ degree }) => (degree === 0 ? includeBias : degree >= least))
  }

  protected namesOf(inputs: readonly string[], { nFeaturesIn }: Frame): readonly string[] {
    const levels = this.levelsFor(nFeaturesIn)
    return this.kept(levels).flatMap(({ degree, last }) =>
      Array.from(last, (_, place) => nameOf(featuresOf(levels, degree, place), inputs)),
    )
  }

  protected learn({ operation, width }: TransformerTraining<AnyMatrix>): Stateless {
    const distinct = this.params.interactionOnly
    const counts = countCombinations({ width, degree: this.degrees[1], distinct })
    const total = counts.reduce((a, b) => a + b)
    if (!(total <= mostFeatures))
      throw new AthanorError('MEMORY', {
        operation,
        expected: `at most ${mostFeatures} new features`,
        received: `${width} features of degree ${this.degrees[1]}, which make ${total.toPrecision(3)}`,
        fix: 'Lower the degree, set interactionOnly, or select features first',
      })
    return {}
  }

  protected async apply(x: AnyMatrix, { nFeaturesIn }: Frame): Promise<AnyMatrix> {
    const levels = this.levelsFor(nFeaturesIn)
    const kept = this.kept(levels)
    const width = kept.reduce((sum, level) => sum + level.last.length, 0)
    if (isSparse(x)) return checked(multiplySparse(x, levels, kept, width))
    if (x.rows * width > mostCells)
      throw new AthanorError('MEMORY', {
        operation: 'PolynomialFeatures.transform',
        expected: `at most ${mostCells} values`,
        received: `${x.rows} rows × ${width} features`,
        fix: 'Lower the degree, or transform fewer rows at a time',
      })
    return checked(await multiplyDense(x, levels, kept, width))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): PolynomialFeatures {
    return restore(PolynomialFeatures, json)
  }
}

function checked<M extends AnyMatrix>(out: M): M {
  if (!isAllFinite(isSparse(out) ? out.values : (out as Matrix).x))
    throw new AthanorError('DATA', {
      operation: 'PolynomialFeatures.transform',
      expected: 'features whose products are finite',
      received: 'some beyond 1.8e308',
      fix: 'Scale them first, for instance with StandardScaler',
    })
  return out
}

/** `a^2 b`, as scikit-learn writes it; '1' for none. */
function nameOf(features: readonly number[], inputs: readonly string[]): string {
  if (features.length === 0) return '1'
  const words: string[] = []
  for (let i = 0; i < features.length; ) {
    let power = 1
    while (features[i + power] === features[i]) power++
    words.push(power === 1 ? inputs[features[i]] : `${inputs[features[i]]}^${power}`)
    i += power
  }
  return words.join(' ')
}

async function multiplyDense(
  { x, rows, width }: Matrix,
  levels: readonly Level[],
  kept: readonly Level[],
  outWidth: number,
): Promise<Matrix> {
  const out = new Float64Array(rows * outWidth)
  const products = levels.map(({ last }) => new Float64Array(last.length).fill(1))
  await forRowBlocks('PolynomialFeatures.transform', { rows, width: outWidth }, (from, to) => {
    for (let row = from; row < to; row++) {
      for (let d = 1; d < levels.length; d++) {
        const { parent, last } = levels[d]
        const into = products[d]
        const above = products[d - 1]
        for (let i = 0; i < into.length; i++) into[i] = above[parent[i]] * x[row * width + last[i]]
      }
      let at = row * outWidth
      for (const { degree } of kept) {
        out.set(products[degree], at)
        at += products[degree].length
      }
    }
  })
  return { x: out, rows, width: outWidth }
}

/** Only products of stored values are formed. */
function multiplySparse(
  x: SparseMatrix,
  levels: readonly Level[],
  kept: readonly Level[],
  width: number,
): SparseMatrix {
  const starts = new Map<number, number>()
  let total = 0
  for (const { degree, last } of kept) {
    starts.set(degree, total)
    total += last.length
  }
  const indptr = new Int32Array(x.rows + 1)
  const indices: number[] = []
  const values: number[] = []
  for (let row = 0; row < x.rows; row++) {
    // Products of one degree in ascending order: place and value.
    let places = [0]
    let products = [1]
    for (let d = 0; d < levels.length; d++) {
      if (d > 0) [places, products] = childrenOf(x, row, levels[d - 1], places, products)
      const start = starts.get(d)
      if (start === undefined) continue
      places.forEach((place, i) => {
        indices.push(start + place)
        values.push(products[i])
      })
    }
    indptr[row + 1] = indices.length
  }
  return new SparseMatrix({ rows: x.rows, width, indptr, indices, values })
}

function childrenOf(
  { indptr, indices, values }: SparseMatrix,
  row: number,
  { last, shift, firstChild }: Level,
  places: readonly number[],
  products: readonly number[],
): [number[], number[]] {
  const newPlaces: number[] = []
  const newProducts: number[] = []
  for (let i = 0; i < places.length; i++) {
    const place = places[i]
    const firstFeature = last[place] + shift
    for (let n = indptr[row]; n < indptr[row + 1]; n++) {
      const step = indices[n] - firstFeature
      if (step < 0) continue
      newPlaces.push(firstChild[place] + step)
      newProducts.push(products[i] * values[n])
    }
  }
  return [newPlaces, newProducts]
}
