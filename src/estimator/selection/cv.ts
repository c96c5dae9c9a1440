// Which folds: a number of them, a splitter, or the folds themselves.

import type { Labels } from '../../base/label.js'
import type { Parameter } from '../../base/parameters.js'
import { tested, type ValueKind } from '../../base/value-kinds.js'
import type { EstimatorCore } from '../contract.js'
import type { Fold } from '../folds.js'
import { splitterFromJSON } from '../splitters/from-json.js'
import { KFold } from '../splitters/k-fold.js'
import type { Splitter } from '../splitters/splitter.js'
import { StratifiedKFold } from '../splitters/stratified-k-fold.js'

/**
 * A number of folds (stratified for classifiers), a splitter such as `new KFold({ nSplits: 5 })`, or the
 * folds themselves.
 */
export type Cv = number | Splitter | readonly Fold[]

const isSplitter = (value: unknown): value is Splitter =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Partial<Splitter>).split === 'function'

const isFold = (value: unknown): value is Fold => {
  const { train, test } = (value ?? {}) as Partial<Fold>
  return train !== undefined && test !== undefined && 'length' in train && 'length' in test
}

export const someCv: ValueKind<Cv> = tested(
  'a number of folds of 2 or more, a splitter or a list of folds',
  value =>
    (Number.isInteger(value) && (value as number) >= 2) ||
    isSplitter(value) ||
    (Array.isArray(value) && value.length > 0 && value.every(isFold)),
  [1, 2.5, 'KFold', null, [], {}],
)

/** The folds of these rows. Errors: those of the splitter. */
export function foldsOf(
  cv: Cv | undefined,
  estimator: EstimatorCore,
  rows: number,
  y: Labels | undefined,
  groups: Labels | undefined,
): readonly Fold[] {
  if (Array.isArray(cv)) return cv as readonly Fold[]
  if (isSplitter(cv)) return cv.split(rows, y, groups)
  const nSplits = (cv as number | undefined) ?? 5
  const isClassifier = (estimator as { estimatorType?: string }).estimatorType === 'classifier'
  return isClassifier
    ? new StratifiedKFold({ nSplits }).split(rows, y)
    : new KFold({ nSplits }).split(rows)
}

/** For estimators that cross-validate: a number of folds or a splitter. */
export const cvParameter = (options: {
  readonly default?: number
  readonly doc: string
}): Parameter<number | Splitter> => ({
  kind: 'object',
  default: options.default ?? 5,
  doc: options.doc,
  expected: 'a number of folds of 2 or more, or a splitter',
  accepts: (value): value is number | Splitter =>
    (Number.isInteger(value) && (value as number) >= 2) || isSplitter(value),
  bad: [1, 2.5, 'KFold', null, [], {}],
  parse: text => Number(text),
  json: {
    write: value => (typeof value === 'number' ? value : value.toJSON()),
    read: value => (typeof value === 'number' ? value : splitterFromJSON(value)),
  },
})
