// A classifier of two classes whose threshold is tuned to a score by cross-validation.

import {
  booleanParameter,
  choiceParameter,
  type GivenParameters,
  integerParameter,
} from '../../base/parameters.js'
import {
  type AnyMatrix,
  type ClassifierTraining,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { Classifier, Tags } from '../../estimator/contract.js'
import { estimatorCodec } from '../../estimator/estimator-codec.js'
import { featuresFor, givenTo, innerTags } from '../../estimator/inner-features.js'
import type { Features, FeaturesLike, MatrixNeeds } from '../../estimator/matrix.js'
import { type ScorerName, scorerNamed, scorers } from '../../estimator/scorers.js'
import { partsOf } from '../../estimator/selection/cross-validate.js'
import { cvParameter } from '../../estimator/selection/cv.js'
import { type Codec, finiteNumber, float64s } from '../../estimator/state.js'
import { classifierParameter, fitOnCodes, requireTwo } from './fixed-threshold-classifier.js'
import { codesFrom, responseMethods, scoresOfSecond } from './threshold.js'

/** Scores of predicted labels: the others don't change with a threshold. */
const labelScores = Object.entries(scorers)
  .filter(([, { task, needs }]) => task === 'classification' && needs === 'predict')
  .map(([name]) => name) as ScorerName[]

const tunedThresholdClassifierCVParameters = {
  estimator: classifierParameter,
  scoring: choiceParameter(labelScores, {
    default: 'balancedAccuracy',
    doc: 'The score of predicted labels that the threshold is tuned to.',
  }),
  responseMethod: choiceParameter(responseMethods, {
    default: 'auto',
    doc: 'What the threshold is held against: probabilities where there are any, else scores.',
  }),
  thresholds: integerParameter({ default: 100, min: 2, doc: 'Thresholds to try, evenly spaced.' }),
  cv: cvParameter({ doc: 'Folds on whose left-out rows thresholds are tried.' }),
  refit: booleanParameter({
    default: true,
    doc: 'Whether the classifier is fitted on all rows in the end, or the last fold’s is kept.',
  }),
}

interface State {
  readonly estimator: Classifier
  readonly bestThreshold: number
  readonly bestScore: number
  readonly thresholds: Float64Array
  readonly scores: Float64Array
}

const definition = defineEstimator({
  name: 'TunedThresholdClassifierCV',
  parameters: tunedThresholdClassifierCVParameters,
  state: {
    estimator: estimatorCodec as unknown as Codec<Classifier>,
    bestThreshold: finiteNumber(),
    bestScore: finiteNumber(),
    thresholds: float64s(),
    scores: float64s(),
  },
  check(state: Frame & State, _, json) {
    if (state.classes?.length !== 2) json.fail('two classes', `${state.classes?.length}`)
    if (state.thresholds.length !== state.scores.length) json.fail('a score a threshold', 'others')
  },
})

/**
 * Draws the line between two classes where a score is best on rows that the folds' models had not
 * learned from. As scikit-learn's `TunedThresholdClassifierCV`; the second class of `classes` is the
 * positive one.
 *
 * @example
 * ```ts
 * const rows = Array.from({ length: 60 }, (_, i) => [i])
 * const y = rows.map(([v]) => Number(v > 50))
 * const model = new TunedThresholdClassifierCV({ estimator: new LogisticRegression(), cv: 3 })
 * console.log((await model.fit(rows, y)).bestThreshold > 0) // true
 * ```
 */
export class TunedThresholdClassifierCV extends ProbabilisticClassifier<
  typeof tunedThresholdClassifierCVParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof tunedThresholdClassifierCVParameters>) {
    super(definition, params)
  }

  override get tags(): Tags {
    return { ...innerTags([this.params.estimator]), oneClass: false }
  }

  override get hasProbabilities(): boolean {
    const { predictProba, hasProbabilities } = this.params.estimator
    return predictProba !== undefined && hasProbabilities !== false
  }

  /** From this on it is the second class. */
  get bestThreshold(): number {
    return this.fitted('bestThreshold').bestThreshold
  }

  /** The score at that threshold, a mean over the folds. */
  get bestScore(): number {
    return this.fitted('bestScore').bestScore
  }

  /** The thresholds that were tried, and the score of each. */
  get cvResults(): { readonly thresholds: Float64Array; readonly scores: Float64Array } {
    const { thresholds, scores } = this.fitted('cvResults')
    return { thresholds, scores }
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return featuresFor(this.tags, operation, x, needs)
  }

  protected async learn(training: ClassifierTraining<AnyMatrix>): Promise<State> {
    const { operation, codes, classes, sampleWeight, signal, onProgress } = training
    requireTwo(operation, classes)
    const { estimator, scoring, thresholds: count, cv, refit, responseMethod } = this.params
    const y = Float64Array.from(codes)
    const parts = await partsOf(operation, estimator, givenTo(training.x), y, {
      cv,
      ...(sampleWeight === undefined ? {} : { sampleWeight }),
      ...(signal === undefined ? {} : { signal }),
    })
    const { score } = scorerNamed(scoring, operation)
    const folds: { scores: Float64Array; rows: ReturnType<typeof parts.rows> }[] = []
    let last: Classifier | undefined
    for (const [k, fold] of parts.folds.entries()) {
      last = await parts.fit(fold, k)
      const rows = parts.rows(fold.test)
      folds.push({
        rows,
        scores: (await scoresOfSecond(operation, last, rows.x, responseMethod)).scores,
      })
      onProgress?.({ fraction: (k + 1) / (parts.folds.length + 1), iteration: k + 1, loss: 0 })
    }
    const all = folds.flatMap(({ scores }) => Array.from(scores))
    const low = all.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
    const high = all.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
    const thresholds = Float64Array.from(
      { length: count },
      (_, i) => low + ((high - low) * i) / (count - 1),
    )
    const means = thresholds.map(
      threshold =>
        folds.reduce(
          (sum, { scores, rows: { y: truth, sampleWeight: weights } }) =>
            sum +
            score(truth, Float64Array.from(codesFrom(scores, threshold)), {
              classes: [0, 1],
              ...(weights === undefined ? {} : { sampleWeight: weights }),
            }),
          0,
        ) / folds.length,
    )
    const best = means.indexOf(means.reduce((a, b) => Math.max(a, b)))
    return {
      estimator: refit ? await fitOnCodes(estimator, training) : (last as Classifier),
      bestThreshold: thresholds[best],
      bestScore: means[best],
      thresholds,
      scores: means,
    }
  }

  protected override async codesOf(x: AnyMatrix, state: State): Promise<Int32Array> {
    const operation = 'TunedThresholdClassifierCV.predict'
    const { responseMethod } = this.params
    const { scores } = await scoresOfSecond(operation, state.estimator, givenTo(x), responseMethod)
    return codesFrom(scores, state.bestThreshold)
  }

  protected async probabilitiesOf(x: AnyMatrix, { estimator }: State): Promise<Float64Array> {
    const operation = 'TunedThresholdClassifierCV.predictProba'
    const { scores } = await scoresOfSecond(operation, estimator, givenTo(x), 'predictProba')
    return Float64Array.from({ length: 2 * x.rows }, (_, i) =>
      i % 2 === 1 ? scores[i >> 1] : 1 - scores[i >> 1],
    )
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): TunedThresholdClassifierCV {
    return restore(TunedThresholdClassifierCV, json)
  }
}
