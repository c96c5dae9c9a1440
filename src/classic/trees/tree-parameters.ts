// Parameters that trees and forests share, and what their values mean for a table of some size.

import { argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  integerParameter,
  listParameter,
  numberParameter,
  optionalParameter,
  type Parameter,
} from '../../base/parameters.js'
import { type ClassWeight, classWeightParameter } from '../../estimator/class-weight.js'
import { randomState } from '../../estimator/random-state.js'

/** As many as said, or a part of all. */
function countOrPart(
  least: number,
  options: { readonly default: number; readonly doc: string; readonly most?: 'below 1' },
): Parameter<number> {
  const part = options.most === undefined ? { above: 0, max: 1 } : { above: 0, below: 1 }
  return eitherParameter(
    integerParameter({ min: least, doc: '' }),
    numberParameter({ ...part, doc: '' }),
    options,
  )
}

export type MaxFeatures = 'sqrt' | 'log2' | number | undefined

function maxFeatures(standard: MaxFeatures): Parameter<MaxFeatures> {
  return optionalParameter(
    eitherParameter(
      choiceParameter(['sqrt', 'log2'], { doc: '' }),
      eitherParameter(
        integerParameter({ min: 1, doc: '' }),
        numberParameter({ above: 0, below: 1, doc: '' }),
        { doc: '' },
      ),
      {
        doc: 'Features that each node looks at, drawn anew: a number (1 is one), a part below 1, the square root or logarithm of all; null: all.',
        search: { choices: ['sqrt', 'log2', 0.3, 0.6, undefined] },
      },
    ),
    standard,
  )
}

/** What every tree has; `features` is the default of maxFeatures. */
export function growthParameters(features: MaxFeatures) {
  return {
    maxDepth: optionalParameter(
      integerParameter({
        min: 1,
        max: 2147483647,
        doc: 'Levels below the root at most; null: any number.',
        search: { scale: 'linear', low: 2, high: 20, whole: true },
      }),
    ),
    minSamplesSplit: countOrPart(2, {
      default: 2,
      doc: 'Rows that a node must have to be divided: a number, or a part of all rows.',
    }),
    minSamplesLeaf: {
      ...countOrPart(1, {
        default: 1,
        doc: 'Rows that each side of a division must have: a number, or a part (below 1) of all rows.',
        most: 'below 1',
      }),
      search: { scale: 'log', low: 1, high: 50, whole: true },
    } as Parameter<number>,
    minWeightFractionLeaf: numberParameter({
      default: 0,
      min: 0,
      max: 0.5,
      doc: 'Part of all weights that each side of a division must have.',
    }),
    maxFeatures: maxFeatures(features),
    maxLeafNodes: optionalParameter(
      integerParameter({
        min: 2,
        doc: 'Leaves at most; the node that gains most is divided first. null: any number.',
      }),
    ),
    minImpurityDecrease: numberParameter({
      default: 0,
      min: 0,
      doc: 'What a division must gain: fall of impurity times the node’s share of all weights.',
    }),
    ccpAlpha: numberParameter({
      default: 0,
      min: 0,
      doc: 'Strength of cost-complexity pruning: branches that gain less for each leaf are cut.',
    }),
    monotonicCst: optionalParameter(
      listParameter(integerParameter({ min: -1, max: 1, doc: '' }), {
        doc: 'For each feature whether predictions must not fall (1) or not rise (−1) with it; 0: free. For numbers and two classes (then of the second’s probability).',
      }),
    ),
    randomState,
  }
}

/** Parameters of a single tree that predicts classes. */
export function treeClassifierParameters(splitter: 'best' | 'random', features: MaxFeatures) {
  return {
    criterion: choiceParameter(['gini', 'entropy', 'logLoss'], {
      default: 'gini',
      doc: 'Impurity that divisions lower; logLoss is another name of entropy.',
      search: { choices: ['gini', 'entropy'] },
    }),
    splitter: choiceParameter(['best', 'random'], {
      default: splitter,
      doc: 'The best threshold of a feature, or one that is drawn.',
    }),
    ...growthParameters(features),
    classWeight: classWeightParameter,
  }
}

/** Parameters of a single tree that predicts numbers. */
export function treeRegressorParameters(splitter: 'best' | 'random', features: MaxFeatures) {
  return {
    criterion: regressionCriterion,
    splitter: choiceParameter(['best', 'random'], {
      default: splitter,
      doc: 'The best threshold of a feature, or one that is drawn.',
    }),
    ...growthParameters(features),
  }
}

const regressionCriterion = choiceParameter(
  ['squaredError', 'friedmanMse', 'absoluteError', 'poisson'],
  {
    default: 'squaredError',
    doc: 'Impurity that divisions lower; friedmanMse is another name of squaredError.',
  },
)

function sampling(bootstrap: boolean) {
  return {
    nEstimators: integerParameter({
      default: 100,
      min: 1,
      max: 1_000_000,
      doc: 'Number of trees.',
    }),
    bootstrap: booleanParameter({
      default: bootstrap,
      doc: 'Whether each tree learns from rows drawn with putting back (in proportion to their weights) instead of all.',
    }),
    oobScore: booleanParameter({
      default: false,
      doc: 'Whether rows that a tree has not drawn judge it: see oobScore and its predictions. Needs bootstrap.',
    }),
    maxSamples: optionalParameter(
      eitherParameter(
        integerParameter({ min: 1, doc: '' }),
        numberParameter({ above: 0, below: 1, doc: '' }),
        {
          doc: 'Rows that bootstrap draws for a tree: a number, or a part (below 1) of all; null: as many as there are.',
        },
      ),
    ),
  }
}

/** Parameters of a forest that predicts classes. */
export function forestClassifierParameters(bootstrap: boolean) {
  return {
    criterion: treeClassifierParameters('best', 'sqrt').criterion,
    ...growthParameters('sqrt'),
    ...sampling(bootstrap),
    classWeight: forestClassWeight,
  }
}

/** Parameters of a forest that predicts numbers. */
export function forestRegressorParameters(bootstrap: boolean) {
  return {
    criterion: regressionCriterion,
    ...growthParameters(undefined),
    ...sampling(bootstrap),
  }
}

export type ForestClassWeight = ClassWeight | 'balancedSubsample'

const forestClassWeight: Parameter<ForestClassWeight | undefined> = {
  ...eitherParameter(
    choiceParameter(['balancedSubsample'], { doc: '' }),
    classWeightParameter as Parameter<ClassWeight | undefined>,
    {
      doc: 'What rows of each class count for: balanced (all classes the same), balancedSubsample (the same among the rows that a tree has drawn), or a weight for each label.',
    },
  ),
  kind: 'optional',
  search: { choices: [undefined, 'balanced'] },
}

/** A number, a part of `all` rounded up, or that rounded down. */
export function countOf(value: number, all: number, round: (x: number) => number): number {
  return Number.isInteger(value) && value !== 0 ? value : round(value * all)
}

/** How many features a node looks at. */
export function featureCount(wanted: MaxFeatures, width: number): number {
  if (wanted === undefined) return width
  if (wanted === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(width)))
  if (wanted === 'log2') return Math.max(1, Math.floor(Math.log2(width)))
  return Math.min(width, Math.max(1, countOf(wanted, width, Math.floor)))
}

/** A sign for each feature; undefined where all are free. Errors: ARGUMENT. */
export function signsOf(
  operation: string,
  given: readonly number[] | undefined,
  width: number,
  classes: number,
): Int8Array | undefined {
  if (given === undefined) return undefined
  if (given.length !== width)
    throw argumentError(operation, `monotonicCst for ${width} features`, `${given.length}`)
  if (given.every(sign => sign === 0)) return undefined
  if (classes > 2)
    throw argumentError(operation, 'monotonicCst with at most two classes', `${classes} classes`)
  return Int8Array.from(given)
}
