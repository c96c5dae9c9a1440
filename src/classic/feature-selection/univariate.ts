// What SelectKBest and SelectPercentile share: the score of each feature by itself.

import type { JsonReader } from '../../base/json-reader.js'
import type { Labels } from '../../base/label.js'
import { choiceParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Frame } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import { float64s, optional, type StateTable } from '../../estimator/state.js'
import { numericTargets } from '../../estimator/targets.js'
import { scoreInformation } from './mutual-information.js'
import {
  codedTargets,
  type FeatureScores,
  scoreClasses,
  scoreCounts,
  scoreNumbers,
} from './score-functions.js'

const scoreNames = [
  'fClassif',
  'fRegression',
  'chi2',
  'mutualInfoClassif',
  'mutualInfoRegression',
] as const

/** The name of a score of one feature. */
export type ScoreName = (typeof scoreNames)[number]

export const scoreFuncParameter = choiceParameter(scoreNames, {
  default: 'fClassif',
  doc: 'How each feature is scored: for classes fClassif, chi2 (counts) or mutualInfoClassif; for numbers fRegression or mutualInfoRegression.',
})

export interface UnivariateState {
  readonly scores: Float64Array
  readonly pvalues: Float64Array | undefined
}

export const univariateState: StateTable<UnivariateState> = {
  scores: float64s({ anyValue: true }),
  pvalues: optional(float64s({ anyValue: true })),
}

export function checkUnivariate(
  { scores, pvalues, nFeaturesIn }: Frame & UnivariateState,
  json: JsonReader,
) {
  if (scores.length !== nFeaturesIn || (pvalues?.length ?? nFeaturesIn) !== nFeaturesIn)
    json.fail(`${nFeaturesIn} scores`, `${scores.length}`)
}

type Score = (training: TransformerTraining<AnyMatrix>) => Promise<FeatureScores>

const scores: Readonly<Record<ScoreName, Score>> = {
  fClassif: ({ operation, x, y, rows, signal }) =>
    scoreClasses(operation, x, codedTargets(operation, y as Labels, rows), signal),
  chi2: ({ operation, x, y, rows, signal }) =>
    scoreCounts(operation, x, codedTargets(operation, y as Labels, rows), signal),
  fRegression: ({ operation, x, y, rows, signal }) =>
    scoreNumbers(operation, x, numericTargets(operation, y as Labels, rows), signal),
  async mutualInfoClassif({ operation, x, y, rows, signal }) {
    const { codes } = codedTargets(operation, y as Labels, rows)
    const target = { y: Float64Array.from(codes), isDiscrete: true }
    return { scores: await scoreInformation(operation, x, target, {}, signal) }
  },
  async mutualInfoRegression({ operation, x, y, rows, signal }) {
    const target = { y: numericTargets(operation, y as Labels, rows), isDiscrete: false }
    return { scores: await scoreInformation(operation, x, target, {}, signal) }
  },
}

/** The scores of all features. */
export async function learnScores(
  name: ScoreName,
  training: TransformerTraining<AnyMatrix>,
): Promise<UnivariateState> {
  const found = await scores[name](training)
  return { scores: found.scores, pvalues: found.pvalues }
}

/** Scores that can be compared: no score is the least. */
export function comparable(values: Float64Array): Float64Array {
  return values.map(value => (Number.isNaN(value) ? -Number.MAX_VALUE : value))
}
