// Parameters that both histogram boosting estimators share: scikit-learn's, with its defaults.

import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  integerParameter,
  numberParameter,
  optionalParameter,
  type Parameter,
  type ParametersOf,
} from '../../base/parameters.js'
import { randomState } from '../../estimator/random-state.js'

/** A column: its number or its name. */
export type FeatureReference = number | string

const isFeature = (value: unknown): value is FeatureReference =>
  (Number.isInteger(value) && (value as number) >= 0) || (typeof value === 'string' && value !== '')

/** A value that may be left out, tested by a function; a text is read as JSON. */
function optionalValue<T>(
  expected: string,
  accepts: (value: unknown) => boolean,
  bad: readonly unknown[],
  doc: string,
): Parameter<T | undefined> {
  return {
    kind: 'optional',
    doc,
    expected,
    accepts: (value): value is T | undefined =>
      value === undefined || value === null || accepts(value),
    bad,
    parse: text => {
      try {
        return text === '' ? undefined : JSON.parse(text)
      } catch {
        return text
      }
    },
  }
}

const isList = (value: unknown, accepts: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(accepts)

const isDirection = (value: unknown): boolean => value === 1 || value === 0 || value === -1

/** 1 rising, −1 falling, 0 free: one a feature, or pairs of a column and its direction. */
export type MonotonicCst =
  | readonly number[]
  | readonly (readonly [feature: FeatureReference, direction: number])[]

/** Groups of columns that may stand together on one path of a tree. */
export type InteractionCst =
  | 'pairwise'
  | 'noInteractions'
  | readonly (readonly FeatureReference[])[]

export const boostingParameters = {
  learningRate: numberParameter({
    default: 0.1,
    above: 0,
    doc: 'What each tree counts: the values of its leaves are multiplied by it.',
    search: { scale: 'log', low: 0.01, high: 0.3 },
  }),
  maxIter: integerParameter({
    default: 100,
    min: 1,
    doc: 'Iterations at most: trees, or for more than two classes trees a class.',
    search: { scale: 'log', low: 30, high: 1000, whole: true },
  }),
  maxLeafNodes: optionalParameter(
    integerParameter({
      min: 2,
      doc: 'Leaves of a tree at most; null: any number.',
      search: { scale: 'log', low: 7, high: 127, whole: true },
    }),
    31,
  ),
  maxDepth: optionalParameter(
    integerParameter({ min: 1, doc: 'Divisions from root to leaf at most; null: any number.' }),
  ),
  minSamplesLeaf: integerParameter({
    default: 20,
    min: 1,
    doc: 'Rows of a leaf at least; less for a few hundred rows.',
    search: { scale: 'log', low: 2, high: 200, whole: true },
  }),
  l2Regularization: numberParameter({
    default: 0,
    min: 0,
    doc: 'Strength of the L2 penalty on the values of leaves.',
    search: { scale: 'log', low: 1e-3, high: 100 },
  }),
  maxFeatures: numberParameter({
    default: 1,
    above: 0,
    max: 1,
    doc: 'Part of the features that each division looks at, drawn anew for each.',
    search: { scale: 'linear', low: 0.3, high: 1 },
  }),
  maxBins: integerParameter({
    default: 255,
    min: 2,
    max: 255,
    doc: 'Bins of a feature at most; one more is kept for missing cells.',
  }),
  categoricalFeatures: optionalValue<readonly FeatureReference[]>(
    'a list of columns: numbers or names',
    value => isList(value, isFeature),
    [1, 'a', [-1], [0.5], [null]],
    'Columns whose numbers are categories, at most maxBins of them, in no order.',
  ),
  monotonicCst: optionalValue<MonotonicCst>(
    'a list of 1, 0 or −1, one a feature, or of pairs [column, 1, 0 or −1]',
    value =>
      isList(value, isDirection) ||
      isList(
        value,
        pair =>
          Array.isArray(pair) && pair.length === 2 && isFeature(pair[0]) && isDirection(pair[1]),
      ),
    [1, 'a', [2], [[0, 2]], [['a']]],
    'Features in which predictions may only rise (1) or fall (−1).',
  ),
  interactionCst: optionalValue<InteractionCst>(
    "'pairwise', 'noInteractions', or a list of lists of columns",
    value =>
      value === 'pairwise' ||
      value === 'noInteractions' ||
      isList(value, group => isList(group, isFeature)),
    [1, 'a', [0], [[-1]]],
    'Groups of features that may meet on one path of a tree; those in no group are one of their own.',
  ),
  earlyStopping: eitherParameter(
    choiceParameter(['auto'], { doc: 'Beyond 10,000 rows.' }),
    booleanParameter({ doc: 'Always or never.' }),
    {
      default: 'auto',
      doc: 'Whether to stop once the loss of held-out rows no longer falls; auto: beyond 10,000 rows.',
    },
  ),
  validationFraction: optionalParameter(
    numberParameter({
      above: 0,
      doc: 'Rows that early stopping holds out: a share below 1, or a number; null: it watches the training loss.',
    }),
    0.1,
  ),
  nIterNoChange: integerParameter({
    default: 10,
    min: 1,
    doc: 'Iterations without improvement before it stops.',
  }),
  tol: numberParameter({
    default: 1e-7,
    min: 0,
    doc: 'The loss has to fall by more than this.',
  }),
  randomState,
}

export type BoostingParams = ParametersOf<typeof boostingParameters>
