// How much a prediction changes the odds of the positive class (Deeks & Altman 2004, "Diagnostic
// tests 4: likelihood ratios").

import { argumentError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { tested } from '../../base/value-kinds.js'
import { confusionMatrix } from './confusion-matrix.js'
import { checkLabelPair, type Weighted, weighted } from './input.js'
import { distinctLabels, labelList } from './labels.js'

/** Options of `classLikelihoodRatios`. */
export interface LikelihoodRatioOptions extends Weighted {
  /** The negative class and the positive one; by default the two seen, ascending. */
  readonly labels?: readonly Label[]
  /** The values where a ratio is undefined. Default: NaN for both. */
  readonly replaceUndefinedBy?: LikelihoodRatios
}

/** The two ratios. */
export interface LikelihoodRatios {
  /** True positive rate ÷ false positive rate: 1 says nothing, more is better. */
  readonly positive: number
  /** False negative rate ÷ true negative rate: 1 says nothing, less is better. */
  readonly negative: number
}

const likelihoodRatioOptions = new OptionTable<LikelihoodRatioOptions>({
  ...weighted.rows,
  labels: labelList,
  replaceUndefinedBy: tested(
    'numbers for positive (1 or more) and negative (from 0 to 1), or NaN',
    value => {
      const { positive, negative } = (value ?? {}) as Partial<LikelihoodRatios>
      return (
        typeof positive === 'number' &&
        !(positive < 1) &&
        typeof negative === 'number' &&
        !(negative < 0 || negative > 1)
      )
    },
    [null, {}, { positive: 0, negative: 0 }, { positive: 1 }],
  ),
})

/**
 * By how much the odds of the positive class (the greater label) rise after a positive prediction and
 * fall after a negative one. Unlike precision they do not depend on how frequent the class is.
 * As scikit-learn's `class_likelihood_ratios`.
 *
 * @throws AthanorError ARGUMENT where there are not two classes; otherwise as `accuracy`.
 * @example
 * ```ts
 * classLikelihoodRatios([0, 1, 0, 1, 0], [1, 1, 0, 0, 0]) // { positive: 1.5, negative: 0.75 }
 * ```
 */
export function classLikelihoodRatios(
  yTrue: Labels,
  yPred: Labels,
  options: LikelihoodRatioOptions = {},
): LikelihoodRatios {
  const operation = 'classLikelihoodRatios'
  const {
    sampleWeight,
    replaceUndefinedBy = { positive: Number.NaN, negative: Number.NaN },
    ...given
  } = likelihoodRatioOptions.check(operation, options)
  checkLabelPair(operation, yTrue, yPred, sampleWeight)
  const labels = given.labels ?? distinctLabels(yTrue, yPred)
  if (labels.length !== 2)
    throw argumentError(
      operation,
      'two classes',
      `${labels.length}`,
      'Where the data hold one alone, name both with labels',
    )
  const [[tn, fp], [fn, tp]] = confusionMatrix(yTrue, yPred, { labels, sampleWeight }).matrix
  const positives = tp + fn
  const negatives = tn + fp
  return {
    positive: fp === 0 ? replaceUndefinedBy.positive : (tp * negatives) / (fp * positives),
    negative: tn === 0 ? replaceUndefinedBy.negative : (fn * negatives) / (tn * positives),
  }
}
