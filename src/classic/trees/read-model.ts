// From another library's trees to a fitted estimator: through the estimator's own saved form, so that
// everything is checked as if it came from a file of ours.

import type { Label } from '../../base/label.js'
import { HistGradientBoostingClassifier } from '../boosting/hist-gradient-boosting-classifier.js'
import { HistGradientBoostingRegressor } from '../boosting/hist-gradient-boosting-regressor.js'
import type { Collected } from './tree-collector.js'

/** How raw predictions become answers. */
/** Of a model that is read; labels are made for each. */
export const mostClasses = 1_000_000

export type ReadLink = 'identity' | 'log' | 'logit' | 'logistic' | 'softmax'

export interface ReadModel extends Omit<Collected, 'count'> {
  readonly count: Float64Array | undefined
  readonly link: ReadLink
  readonly features: number
  readonly names: readonly string[] | undefined
  /** Numbers of classes; undefined for a regressor. */
  readonly classes: number | undefined
}

/** Options of `xgboostFromJSON` and `lightgbmFromText`. */
export interface ReadModelOptions {
  /** Labels of the classes, ascending; 0, 1, … by default, which is what both libraries learn from. */
  readonly classes?: readonly Label[]
}

/** The estimator. Errors: FORMAT for trees that lead nowhere, features or labels that don't fit. */
export function estimatorOf(
  { trees, gain, count, link, features, names, classes }: ReadModel,
  options: ReadModelOptions,
): HistGradientBoostingClassifier | HistGradientBoostingRegressor {
  const none = new Float64Array(0)
  const state = {
    nFeaturesIn: features,
    featureNamesIn: names ?? null,
    targetName: null,
    classes:
      classes === undefined
        ? null
        : (options.classes ?? Array.from({ length: classes }, (_, k) => k)),
    present: null,
    trees: { ...trees, treeOutput: trees.treeOutput ?? null },
    categoricalColumns: new Int32Array(0),
    categories: [],
    gain,
    count: count ?? null,
    trainScore: none,
    validationScore: none,
    link,
  }
  const Class =
    classes === undefined ? HistGradientBoostingRegressor : HistGradientBoostingClassifier
  const blank = new Class().toJSON()
  return Class.fromJSON({ ...blank, state })
}
