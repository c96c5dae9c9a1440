// Recursive feature elimination down to the number of features that cross-validation finds best.

import { argumentError } from '../../base/errors.js'
import { distinctLabels, type Labels } from '../../base/label.js'
import { type GivenParameters, integerParameter, type Parameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import { selectColumns } from '../../estimator/column-blocks.js'
import type { Estimator } from '../../estimator/contract.js'
import { takeRows } from '../../estimator/matrix.js'
import { takeLabels } from '../../estimator/row-set.js'
import { type Scoring, scorerOf, someScoring } from '../../estimator/scoring.js'
import { cvParameter, foldsOf } from '../../estimator/selection/cv.js'
import { float64s, int32s, list } from '../../estimator/state.js'
import { momentsOf } from '../../features/moments.js'
import type { AnyStep } from '../compose/steps.js'
import {
  checkElimination,
  EliminationSelector,
  type EliminationState,
  eliminate,
  eliminationParameters,
  eliminationState,
  placesOf,
  stepOf,
} from './elimination.js'

const scoringParameter: Parameter<Scoring | undefined> = {
  ...someScoring,
  kind: 'optional',
  default: undefined,
  doc: 'A scorer’s name or a function; by default the estimator’s own score.',
  accepts: (value): value is Scoring | undefined =>
    value === undefined || value === null || someScoring.accepts(value),
  bad: [0, 'nonsense', {}],
  parse: text => text,
  json: {
    write: value => {
      if (typeof value === 'function')
        throw argumentError('toJSON', 'a scorer’s name', 'a function', 'Functions are not saved')
      return value ?? null
    },
    read: value => value as Scoring | undefined,
  },
}

const rfecvParameters = {
  ...eliminationParameters,
  minFeaturesToSelect: integerParameter({ default: 1, min: 1, doc: 'Features kept at least.' }),
  cv: cvParameter({ doc: 'Folds: a number (stratified for classifiers), or a splitter.' }),
  scoring: scoringParameter,
}

interface State extends EliminationState {
  /** Numbers of features tried, ascending. */
  readonly counts: Int32Array
  /** For each fold, the score with each of these numbers. */
  readonly foldScores: readonly Float64Array[]
}

/** What cross-validation found for one number of features. */
export interface EliminationResult {
  readonly nFeatures: number
  readonly meanTestScore: number
  readonly stdTestScore: number
  readonly splitTestScores: Float64Array
}

const definition = defineEstimator({
  name: 'RFECV',
  parameters: rfecvParameters,
  state: { ...eliminationState, counts: int32s({ low: 1 }), foldScores: list(float64s(), 1) },
  check(state: Parameters<typeof checkElimination>[0] & State, { estimator }, json) {
    checkElimination(state, estimator, json)
    if (state.foldScores.some(scores => scores.length !== state.counts.length))
      json.fail(`${state.counts.length} scores a fold`, 'others')
  },
})

/**
 * Recursive feature elimination that finds how many features to keep: in each fold features are eliminated down to
 * `minFeaturesToSelect`, each stage is scored on the rows held out, and the number with the best mean is taken
 * (of equal ones the smallest); then all rows decide which. As scikit-learn's `RFECV`.
 *
 * Errors: as `RFE`.
 *
 * @example
 * ```ts
 * const x = Array.from({ length: 30 }, (_, i) => [i, (i * 7) % 11, (i * 5) % 13])
 * const rfe = await new RFECV({ estimator: new Ridge(), cv: 3 }).fit(x, x.map(([a]) => 2 * a))
 * rfe.nFeatures // 1
 * ```
 */
export class RFECV extends EliminationSelector<typeof rfecvParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof rfecvParameters>) {
    super(definition, params)
  }

  /** What was found for each number of features, ascending. */
  get cvResults(): readonly EliminationResult[] {
    const { counts, foldScores } = this.fitted('cvResults')
    return Array.from(counts, (nFeatures, i) => {
      const splitTestScores = Float64Array.from(foldScores, scores => scores[i])
      const { mean, std } = momentsOf(splitTestScores)
      return { nFeatures, meanTestScore: mean, stdTestScore: std, splitTestScores }
    })
  }

  protected async learn(training: TransformerTraining<AnyMatrix>): Promise<State> {
    const { operation, x, rows, width, sampleWeight, signal, onProgress } = training
    const y = training.y as Labels
    const { estimator: given, minFeaturesToSelect, cv, scoring, importanceGetter } = this.params
    const step = stepOf(this.params.step, width)
    const common = { operation, estimator: given, importanceGetter, step }
    const weightsOf = (rowIds: ArrayLike<number>) =>
      sampleWeight && { sampleWeight: Float64Array.from(rowIds, row => sampleWeight[row]) }
    const score = scorerOf(operation, scoring, given)
    const folds = foldsOf(cv, given, rows, y, undefined)
    const isClassifier = (given as AnyStep).estimatorType === 'classifier'
    const classes = isClassifier ? { classes: distinctLabels(y) } : {}
    const foldScores: Float64Array[] = []
    let counts: number[] = []
    for (const [k, { train, test }] of folds.entries()) {
      const heldOut = takeRows(x, test)
      const truth = takeLabels(y, test)
      const scores: number[] = []
      counts = []
      const judge = async (estimator: AnyStep, places: readonly number[]) => {
        counts.push(places.length)
        const model = estimator as unknown as Estimator
        scores.push(
          await score(model, selectColumns(heldOut, places), truth, weightsOf(test) ?? {}),
        )
      }
      const own = { x: takeRows(x, train), y: takeLabels(y, train) }
      const options = { signal, ...classes, ...weightsOf(train) }
      const keep = Math.min(minFeaturesToSelect, width)
      const { support } = await eliminate({ ...common, ...own, keep, options, onStep: judge })
      const last = given.clone() as AnyStep
      await last.fit(selectColumns(own.x, placesOf(support)), own.y, options)
      await judge(last, placesOf(support))
      foldScores.push(Float64Array.from(scores.reverse()))
      onProgress?.({ fraction: (k + 1) / (folds.length + 1), iteration: k + 1, loss: 0 })
    }
    counts.reverse()
    const options = { signal, ...(sampleWeight && { sampleWeight }) }
    const keep = bestCount(counts, foldScores)
    const found = await eliminate({ ...common, x, y, keep, options })
    const estimator = given.clone() as AnyStep
    await estimator.fit(selectColumns(x, placesOf(found.support)), y, options)
    onProgress?.({ fraction: 1, iteration: folds.length + 1, loss: 0 })
    return { ...found, estimator, counts: Int32Array.from(counts), foldScores }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): RFECV {
    return restore(RFECV, json)
  }
}

/** The number with the best sum of scores; of equal ones the smallest. */
function bestCount(counts: readonly number[], foldScores: readonly Float64Array[]): number {
  let best = 0
  const sums = counts.map((_, i) => foldScores.reduce((sum, scores) => sum + scores[i], 0))
  sums.forEach((sum, i) => {
    if (sum > sums[best]) best = i
  })
  return counts[best]
}
