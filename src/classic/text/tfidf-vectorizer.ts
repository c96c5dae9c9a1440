// Texts as tf–idf weights of their terms: CountVectorizer and TfidfTransformer in one.

import type { GivenParameters } from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { TextTransformer } from '../../estimator/base-frame-transformer.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import type { FitOptions } from '../../estimator/contract.js'
import type { FeaturesLike, Matrix, MatrixLike } from '../../estimator/matrix.js'
import type { SparseMatrix } from '../../estimator/sparse.js'
import { float64s, optional } from '../../estimator/state.js'
import type { Targets } from '../../estimator/targets.js'
import type { Texts } from '../../estimator/texts.js'
import { termsIn } from './count-vectorizer.js'
import { termsCodec } from './terms-codec.js'
import { idfOf, largestIdf, tfidfParameters, weighted } from './tfidf.js'
import {
  checkVocabularyParams,
  countTerms,
  learnTerms,
  vocabularyParameters,
} from './vocabulary.js'

const tfidfVectorizerParameters = { ...vocabularyParameters, ...tfidfParameters }

interface State {
  readonly terms: readonly string[]
  readonly idf: Float64Array | undefined
}

const definition = defineEstimator({
  name: 'TfidfVectorizer',
  parameters: tfidfVectorizerParameters,
  state: { terms: termsCodec, idf: optional(float64s({ low: 0, high: largestIdf })) },
  tags: { input: 'texts', noSampleWeight: true },
  check({ terms, idf }, { useIdf }, json) {
    if (useIdf !== (idf !== undefined) || (idf?.length ?? terms.length) !== terms.length)
      json.fail(`weights of ${terms.length} terms where useIdf is set`, 'others')
  },
})

/**
 * Turns texts into weights of their terms: how often each occurs, times how rare it is, each row brought to length
 * 1. Takes an array of texts, or a table of one column. As scikit-learn's `TfidfVectorizer`; see `CountVectorizer`.
 *
 * @example
 * ```ts
 * const tfidf = new TfidfVectorizer({ stopWords: 'english' })
 * const x = await tfidf.fitTransform(['the red house', 'red roses'])
 * tfidf.featureNamesOut // ['house', 'red', 'roses']
 * ```
 */
export class TfidfVectorizer extends TextTransformer<typeof tfidfVectorizerParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof tfidfVectorizerParameters> = {}) {
    super(definition, params)
    checkVocabularyParams('TfidfVectorizer', this.params)
  }

  /** The place of each term among the features. Errors: STATE before fit. */
  get vocabulary(): ReadonlyMap<string, number> {
    return new Map(this.fitted('vocabulary').terms.map((term, place) => [term, place]))
  }

  /** The weight of each term; undefined with `useIdf: false`. */
  get idf(): Float64Array | undefined {
    return this.fitted('idf').idf
  }

  protected namesOf(_: readonly string[], { terms }: State): readonly string[] {
    return terms
  }

  protected async learn(training: TransformerTraining<Texts>): Promise<State> {
    return (await this.learnAll(training)).state
  }

  /** Counts the texts once for both. */
  override async fitTransform(
    x: FeaturesLike | MatrixLike,
    y?: Targets,
    options: FitOptions = {},
  ): Promise<Matrix | SparseMatrix> {
    const { training, targetName } = await this.prepare(x as MatrixLike, y, options)
    const { state: learned, counts } = await this.learnAll(training)
    const state = { ...this.frameOf(training, targetName), ...learned }
    this.keep(training, state)
    return this.named(weighted(counts, learned.idf, this.params), state, training.x)
  }

  private async learnAll({ operation, x, signal }: TransformerTraining<Texts>) {
    const { useIdf, smoothIdf } = this.params
    const { terms, counts } = await learnTerms(operation, x.texts, this.params, signal)
    const state: State = { terms, idf: useIdf ? idfOf(counts, smoothIdf) : undefined }
    return { state, counts }
  }

  protected async apply({ texts }: Texts, { terms, idf }: Frame & State): Promise<SparseMatrix> {
    const counts = await countTerms('TfidfVectorizer.transform', texts, terms, this.params)
    return weighted(counts, idf, this.params)
  }

  /** The terms of each row that are not 0. Errors: SHAPE, STATE. */
  async inverseTransform(x: MatrixLike): Promise<string[][]> {
    const { terms } = this.fitted('inverseTransform')
    return termsIn('TfidfVectorizer.inverseTransform', x, terms)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): TfidfVectorizer {
    return restore(TfidfVectorizer, json)
  }
}
