// Texts as counts of their terms.

import type { GivenParameters } from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { TextTransformer } from '../../estimator/base-frame-transformer.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import type { FitOptions } from '../../estimator/contract.js'
import {
  type FeaturesLike,
  isSparse,
  type Matrix,
  type MatrixLike,
  matrixOf,
} from '../../estimator/matrix.js'
import type { SparseMatrix } from '../../estimator/sparse.js'
import type { Targets } from '../../estimator/targets.js'
import type { Texts } from '../../estimator/texts.js'
import { termsCodec } from './terms-codec.js'
import {
  checkVocabularyParams,
  countTerms,
  learnTerms,
  vocabularyParameters,
} from './vocabulary.js'

const countVectorizerParameters = vocabularyParameters

interface State {
  /** The terms, in the order of the features. */
  readonly terms: readonly string[]
}

const definition = defineEstimator({
  name: 'CountVectorizer',
  parameters: countVectorizerParameters,
  state: { terms: termsCodec },
  tags: { input: 'texts', noSampleWeight: true },
})

/**
 * Counts terms: words by default. `fit` finds the terms, `transform` counts them in each text; terms that `fit`
 * did not see are left out. Takes an array of texts, or a table of one column. As scikit-learn's
 * `CountVectorizer`; a share of texts in `maxDf` is up to 1, and the analyzer `segment` is our own.
 *
 * @example
 * ```ts
 * const counts = await new CountVectorizer().fit(['a red house', 'red, red roses'])
 * counts.featureNamesOut // ['house', 'red', 'roses']
 * await counts.transform(['red red']) // a SparseMatrix of [0, 2, 0]
 * ```
 */
export class CountVectorizer extends TextTransformer<typeof countVectorizerParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof countVectorizerParameters> = {}) {
    super(definition, params)
    checkVocabularyParams('CountVectorizer', this.params)
  }

  /** The place of each term among the features. Errors: STATE before fit. */
  get vocabulary(): ReadonlyMap<string, number> {
    return new Map(this.fitted('vocabulary').terms.map((term, place) => [term, place]))
  }

  protected namesOf(_: readonly string[], { terms }: State): readonly string[] {
    return terms
  }

  protected async learn({ operation, x, signal }: TransformerTraining<Texts>): Promise<State> {
    const { terms } = await learnTerms(operation, x.texts, this.params, signal)
    return { terms }
  }

  /** Counts the texts once for both. */
  override async fitTransform(
    x: FeaturesLike | MatrixLike,
    y?: Targets,
    options: FitOptions = {},
  ): Promise<Matrix | SparseMatrix> {
    const { training, targetName } = await this.prepare(x as MatrixLike, y, options)
    const { operation, signal } = training
    const { terms, counts } = await learnTerms(operation, training.x.texts, this.params, signal)
    const state = { ...this.frameOf(training, targetName), terms }
    this.keep(training, state)
    return this.named(counts, state, training.x)
  }

  protected apply({ texts }: Texts, { terms }: Frame & State): Promise<SparseMatrix> {
    return countTerms('CountVectorizer.transform', texts, terms, this.params)
  }

  /** The terms of each row that are not 0. Errors: SHAPE, STATE. */
  async inverseTransform(x: MatrixLike): Promise<string[][]> {
    const { terms } = this.fitted('inverseTransform')
    return termsIn('CountVectorizer.inverseTransform', x, terms)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): CountVectorizer {
    return restore(CountVectorizer, json)
  }
}

/** The terms of each row that are not 0. */
export async function termsIn(
  operation: string,
  x: MatrixLike,
  terms: readonly string[],
): Promise<string[][]> {
  const given = await matrixOf(operation, x, { width: terms.length, sparse: true })
  return Array.from({ length: given.rows }, (_, row) => {
    if (isSparse(given)) {
      const places = given.indices.subarray(given.indptr[row], given.indptr[row + 1])
      return Array.from(places, place => terms[place])
    }
    return terms.filter((_term, j) => given.x[row * given.width + j] !== 0)
  })
}
