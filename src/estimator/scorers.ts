// What models are compared by: one total table of scores, named as scikit-learn's scoring strings, of
// which greater is always better. A row says what the model has to answer and does nothing but reckon.

import { argumentError } from '../base/errors.js'
import type { Label, Labels } from '../base/label.js'
import { refuseName } from '../base/options.js'
import * as metrics from './metrics/index.js'

/** What a score is made from. */
export type ScorerNeeds =
  /** Labels or numbers, one a row. */
  | 'predict'
  /** Probabilities of each class, row-major `rows × classes`. */
  | 'predictProba'
  /** `decisionFunction` where the model has one, otherwise `predictProba`. */
  | 'decision'

/** What a scorer may know besides truth and answer. */
export interface ScorerContext {
  /** The model's classes, ascending: the columns of its probabilities. */
  readonly classes?: readonly Label[]
  readonly sampleWeight?: metrics.Values
}

/** One row of the table. */
export interface Scorer {
  readonly task: 'classification' | 'regression' | 'clustering'
  readonly needs: ScorerNeeds
  /** Whether the metric itself is better the greater it is; where not, the score is its negative. */
  readonly greaterIsBetter: boolean
  /** Where false, weights are refused. */
  readonly takesSampleWeight: boolean
  /** Greater is better. Errors: those of the metric. */
  readonly score: (yTrue: Labels, output: ScorerOutput, context?: ScorerContext) => number
}

/** A model's answer: labels or numbers, or scores (flat `rows × classes`). */
export type ScorerOutput = Labels | metrics.ClassScores

type Weights = metrics.Weighted
type LabelMetric = (yTrue: Labels, yPred: Labels, options: Weights) => number
type NumberMetric = (yTrue: metrics.Values, yPred: metrics.Values, options: Weights) => number
type ScoreMetric = (
  yTrue: Labels,
  scores: metrics.ClassScores,
  options: metrics.ProbabilityOptions,
) => number

/** Metrics as they are given to the table: what is less the better is negated. */
interface RowOptions {
  readonly less?: true
  readonly unweighted?: true
}

function row(
  task: Scorer['task'],
  needs: ScorerNeeds,
  metric: (yTrue: Labels, output: ScorerOutput, context: ScorerContext) => number,
  { less, unweighted }: RowOptions = {},
): Scorer {
  return {
    task,
    needs,
    greaterIsBetter: less === undefined,
    takesSampleWeight: unweighted === undefined,
    score: (yTrue, output, context = {}) => {
      if (unweighted && context.sampleWeight !== undefined)
        throw argumentError('scoring', 'no sampleWeight, which this metric does not take', 'one')
      const value = metric(yTrue, output, context)
      return less ? -value : value
    },
  }
}

/** Only what was given, so that metrics see no option that is undefined. */
function weightsOf({ sampleWeight }: ScorerContext): Weights {
  return sampleWeight === undefined ? {} : { sampleWeight }
}

function ofLabels(metric: LabelMetric, options?: RowOptions): Scorer {
  return row(
    'classification',
    'predict',
    (yTrue, output, context) => metric(yTrue, output as Labels, weightsOf(context)),
    options,
  )
}

function ofNumbers(metric: NumberMetric, options?: RowOptions): Scorer {
  return row(
    'regression',
    'predict',
    (yTrue, output, context) =>
      metric(yTrue as metrics.Values, output as metrics.Values, weightsOf(context)),
    options,
  )
}

function ofClusters(metric: (labelsTrue: Labels, labelsPred: Labels) => number): Scorer {
  const score = (yTrue: Labels, output: ScorerOutput) => metric(yTrue, output as Labels)
  return row('clustering', 'predict', score, unweighted)
}

/** A metric of one class: 1 or true where there is such a class, else the second of two. */
function ofPositive(
  metric: (yTrue: Labels, yPred: Labels, options: metrics.ClassMetricOptions) => number,
): Scorer {
  return row('classification', 'predict', (yTrue, output, context) => {
    const { classes } = context
    requireTwo(classes, "one that ends in 'Macro', 'Micro' or 'Weighted'")
    return metric(yTrue, output as Labels, {
      ...weightsOf(context),
      ...(classes?.length === 2 && { positive: positiveOf(classes) }),
    })
  })
}

function positiveOf(classes: readonly Label[]): Label {
  return classes.find(label => label === 1 || label === true) ?? classes[1]
}

function requireTwo(classes: readonly Label[] | undefined, instead: string): void {
  if (classes !== undefined && classes.length > 2)
    throw argumentError(
      'scoring',
      'two classes',
      `${classes.length}`,
      `For several classes choose ${instead}`,
    )
}

function ofClasses(
  metric: (yTrue: Labels, yPred: Labels, options: metrics.ClassMetricOptions) => number,
  average: 'macro' | 'micro' | 'weighted',
): Scorer {
  return ofLabels((yTrue, yPred, options) => metric(yTrue, yPred, { ...options, average }))
}

/** A metric of scores, whose columns are the model's classes. */
function ofScores(needs: ScorerNeeds, metric: ScoreMetric, options?: RowOptions): Scorer {
  return row(
    'classification',
    needs,
    (yTrue, output, context) =>
      metric(yTrue, output as metrics.ClassScores, {
        ...weightsOf(context),
        ...(context.classes !== undefined && { labels: context.classes }),
      }),
    options,
  )
}

/** The area under the ROC curve of two classes. */
function ofTwoClasses(): Scorer {
  return row('classification', 'decision', (yTrue, output, context) => {
    requireTwo(context.classes, "'rocAucOvr' or 'rocAucOvo'")
    return metrics.rocAuc(yTrue, output as metrics.ClassScores, {
      ...weightsOf(context),
      ...(context.classes !== undefined && { labels: context.classes }),
    })
  })
}

/** The area under the ROC curve of several classes. */
function ofManyClasses(
  multiClass: 'ovr' | 'ovo',
  average: 'macro' | 'weighted',
  options?: RowOptions,
): Scorer {
  const metric: ScoreMetric = (yTrue, scores, given) =>
    metrics.rocAuc(yTrue, scores, { ...given, multiClass, average })
  return ofScores('predictProba', metric, options)
}

/** A likelihood ratio; one that is undefined counts as 1, which says nothing. */
function ofRatios(which: keyof metrics.LikelihoodRatios, options?: RowOptions): Scorer {
  const ratio = (yTrue: Labels, output: ScorerOutput, context: ScorerContext) =>
    metrics.classLikelihoodRatios(yTrue, output as Labels, {
      ...weightsOf(context),
      ...(context.classes !== undefined && { labels: context.classes }),
      replaceUndefinedBy: { positive: 1, negative: 1 },
    })[which]
  return row('classification', 'predict', ratio, options)
}

const less = { less: true } as const
const unweighted = { unweighted: true } as const

/**
 * All scores, by name: scikit-learn's scoring strings in camelCase. Greater is always better; a name
 * that begins with `neg` is the negative of its metric.
 *
 * @example
 * ```ts
 * scorers.f1Macro.score([0, 1, 2, 2], [0, 2, 2, 2]) // 0.6
 * scorers.negMeanSquaredError.score([1, 2], [1, 4]) // -2
 * scorers.negLogLoss.needs // 'predictProba'
 * ```
 */
export const scorers = {
  accuracy: ofLabels(metrics.accuracy),
  balancedAccuracy: ofLabels(metrics.balancedAccuracy),
  matthewsCorrcoef: ofLabels(metrics.matthewsCorrcoef),
  precision: ofPositive(metrics.precision),
  precisionMacro: ofClasses(metrics.precision, 'macro'),
  precisionMicro: ofClasses(metrics.precision, 'micro'),
  precisionWeighted: ofClasses(metrics.precision, 'weighted'),
  recall: ofPositive(metrics.recall),
  recallMacro: ofClasses(metrics.recall, 'macro'),
  recallMicro: ofClasses(metrics.recall, 'micro'),
  recallWeighted: ofClasses(metrics.recall, 'weighted'),
  f1: ofPositive(metrics.f1),
  f1Macro: ofClasses(metrics.f1, 'macro'),
  f1Micro: ofClasses(metrics.f1, 'micro'),
  f1Weighted: ofClasses(metrics.f1, 'weighted'),
  jaccard: ofPositive(metrics.jaccard),
  jaccardMacro: ofClasses(metrics.jaccard, 'macro'),
  jaccardMicro: ofClasses(metrics.jaccard, 'micro'),
  jaccardWeighted: ofClasses(metrics.jaccard, 'weighted'),
  positiveLikelihoodRatio: ofRatios('positive'),
  negNegativeLikelihoodRatio: ofRatios('negative', less),
  topKAccuracy: ofScores('decision', metrics.topKAccuracy),
  rocAuc: ofTwoClasses(),
  rocAucOvr: ofManyClasses('ovr', 'macro'),
  rocAucOvrWeighted: ofManyClasses('ovr', 'weighted'),
  rocAucOvo: ofManyClasses('ovo', 'macro', unweighted),
  rocAucOvoWeighted: ofManyClasses('ovo', 'weighted', unweighted),
  averagePrecision: ofScores('decision', metrics.prAuc),
  negLogLoss: ofScores('predictProba', metrics.logLoss, less),
  negBrierScore: ofScores('predictProba', metrics.brierScore, less),
  d2LogLossScore: ofScores('predictProba', metrics.d2LogLoss),
  d2BrierScore: ofScores('predictProba', metrics.d2Brier),
  r2: ofNumbers(metrics.r2),
  explainedVariance: ofNumbers(metrics.explainedVariance),
  negMeanSquaredError: ofNumbers(metrics.meanSquaredError, less),
  negRootMeanSquaredError: ofNumbers(metrics.rootMeanSquaredError, less),
  negMeanAbsoluteError: ofNumbers(metrics.meanAbsoluteError, less),
  negMedianAbsoluteError: ofNumbers(metrics.medianAbsoluteError, less),
  negMeanAbsolutePercentageError: ofNumbers(metrics.meanAbsolutePercentageError, less),
  negMeanSquaredLogError: ofNumbers(metrics.meanSquaredLogError, less),
  negRootMeanSquaredLogError: ofNumbers(metrics.rootMeanSquaredLogError, less),
  negMeanPoissonDeviance: ofNumbers(metrics.meanPoissonDeviance, less),
  negMeanGammaDeviance: ofNumbers(metrics.meanGammaDeviance, less),
  negMaxError: ofNumbers(metrics.maxError, { less: true, unweighted: true }),
  d2AbsoluteErrorScore: ofNumbers(metrics.d2AbsoluteError),
  adjustedRandScore: ofClusters(metrics.adjustedRand),
  randScore: ofClusters(metrics.rand),
  fowlkesMallowsScore: ofClusters(metrics.fowlkesMallows),
  mutualInfoScore: ofClusters(metrics.mutualInfo),
  adjustedMutualInfoScore: ofClusters(metrics.adjustedMutualInfo),
  normalizedMutualInfoScore: ofClusters(metrics.normalizedMutualInfo),
  homogeneityScore: ofClusters(metrics.homogeneity),
  completenessScore: ofClusters(metrics.completeness),
  vMeasureScore: ofClusters(metrics.vMeasure),
} as const satisfies Readonly<Record<string, Scorer>>

/** The name of a score. */
export type ScorerName = keyof typeof scorers

/**
 * The row of that name.
 *
 * @throws AthanorError ARGUMENT for an unknown name; the nearest is suggested.
 * @example
 * ```ts
 * scorerNamed('rocAuc').needs // 'decision'
 * ```
 */
export function scorerNamed(name: string, operation = 'scoring'): Scorer {
  if (!Object.hasOwn(scorers, name)) refuseName(operation, 'score', name, Object.keys(scorers))
  return scorers[name as ScorerName]
}
