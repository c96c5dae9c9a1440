// Texts as counts of hashed terms: no vocabulary is kept (Weinberger et al. 2009, "Feature hashing for large scale
// multitask learning").

import {
  booleanParameter,
  choiceParameter,
  type GivenParameters,
  integerParameter,
  optionalParameter,
} from '../../base/parameters.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { TextTransformer } from '../../estimator/base-frame-transformer.js'
import type { Matrix } from '../../estimator/matrix.js'
import { forEachOf } from '../../estimator/row-blocks.js'
import type { SparseMatrix } from '../../estimator/sparse.js'
import type { Texts } from '../../estimator/texts.js'
import { murmurHash3 } from '../../features/murmur-hash.js'
import type { Stateless } from '../preprocessing/columnwise.js'
import { mapStored } from '../preprocessing/columnwise.js'
import { normalizeSparse } from '../preprocessing/normalizer.js'
import { analyzerOf, analyzerParameters } from './analyzer.js'
import { TermRows } from './term-rows.js'
import type { EachSpan } from './word-scanner.js'

const hashingVectorizerParameters = {
  ...analyzerParameters,
  nFeatures: integerParameter({
    default: 2 ** 20,
    min: 1,
    max: 2 ** 31 - 1,
    doc: 'Features that terms are hashed to.',
    search: { choices: [2 ** 14, 2 ** 18, 2 ** 20] },
  }),
  binary: booleanParameter({ default: false, doc: 'Whether every count becomes 1.' }),
  norm: optionalParameter(
    choiceParameter(['l1', 'l2'], { doc: 'The length that each row is brought to; null: none.' }),
    'l2',
  ),
  alternateSign: booleanParameter({
    default: true,
    doc: 'Whether half of the terms count negatively, so that those which share a feature cancel rather than add up.',
  }),
}

const definition = defineEstimator<typeof hashingVectorizerParameters, Stateless>({
  name: 'HashingVectorizer',
  parameters: hashingVectorizerParameters,
  state: {},
  tags: { input: 'texts', noSampleWeight: true },
})

/**
 * Counts terms by their hash (MurmurHash3): needs no vocabulary, so that models stay small and any number of texts
 * can be gone through; which term a feature stands for is lost. Values and signs are those of scikit-learn's
 * `HashingVectorizer`.
 *
 * @example
 * ```ts
 * const hashed = await new HashingVectorizer({ nFeatures: 2 ** 10 }).fitTransform(['a red house'])
 * hashed.width // 1024
 * ```
 */
export class HashingVectorizer extends TextTransformer<
  typeof hashingVectorizerParameters,
  Stateless
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof hashingVectorizerParameters> = {}) {
    super(definition, params)
    analyzerOf('HashingVectorizer', this.params)
  }

  protected namesOf(): readonly string[] {
    return Array.from({ length: this.params.nFeatures }, (_, i) => `hashingvectorizer${i}`)
  }

  /** Hashed features are not named one by one: there are a million of them. */
  protected override named(out: Matrix | SparseMatrix): Matrix | SparseMatrix {
    return out
  }

  protected learn(): Stateless {
    return {}
  }

  protected async apply({ texts }: Texts): Promise<SparseMatrix> {
    const operation = 'HashingVectorizer.transform'
    const { nFeatures, binary, norm, alternateSign } = this.params
    const analyze = analyzerOf(operation, this.params)
    const rows = new TermRows()
    const add: EachSpan = (text, start, end) => {
      const hash = murmurHash3(text, 0, start, end)
      // |−2³¹| is no 32-bit number: scikit-learn's own case for it gives the same.
      const place = Math.abs(hash) % nFeatures
      rows.add(place, alternateSign && hash < 0 ? -1 : 1)
    }
    await forEachOf(operation, texts.length, i => {
      analyze(texts[i], add)
      rows.endRow()
    })
    const counts = rows.toMatrix(nFeatures)
    const made = binary ? mapStored(counts, () => 1) : counts
    return norm === undefined ? made : normalizeSparse(made, norm)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): HashingVectorizer {
    return restore(HashingVectorizer, json)
  }
}
