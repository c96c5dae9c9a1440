// Scoring: a metric by name (the table of scorers), a function of one's own, or the estimator's `score`.

import { argumentError } from '../base/errors.js'
import type { Labels } from '../base/label.js'
import { tested, type ValueKind } from '../base/value-kinds.js'
import type { Classifier, Estimator, EstimatorCore, MaybePromise } from './contract.js'
import type { FeaturesLike } from './matrix.js'
import { type Scorer, type ScorerName, type ScorerOutput, scorerNamed, scorers } from './scorers.js'

/** A score of a fitted estimator on some rows; higher is better. */
export type ScoreFunction = (
  estimator: Estimator,
  x: FeaturesLike,
  y: Labels,
  options: { readonly sampleWeight?: ArrayLike<number> },
) => MaybePromise<number>

/** The name of a scorer, or a function. */
export type Scoring = ScorerName | ScoreFunction

export const someScoring: ValueKind<Scoring> = {
  ...tested<Scoring>(
    'the name of a scorer or a function',
    value =>
      typeof value === 'function' || (typeof value === 'string' && Object.hasOwn(scorers, value)),
    [0, null, 'nonsense'],
  ),
  choices: Object.keys(scorers),
}

/** Applies what was asked for; without it, the estimator's own `score`. */
export function scorerOf(
  operation: string,
  scoring: Scoring | undefined,
  estimator: EstimatorCore,
): (...given: Parameters<ScoreFunction>) => Promise<number> {
  if (scoring === undefined)
    return async (model, x, y, { sampleWeight }) =>
      model.score(x as never, y, sampleWeight === undefined ? {} : { sampleWeight })
  if (typeof scoring === 'function') return async (...given) => scoring(...given)
  const scorer = scorerNamed(scoring, operation)
  const kind = (estimator as Partial<Estimator>).estimatorType
  const task =
    kind === 'classifier' ? 'classification' : kind === 'regressor' ? 'regression' : 'clustering'
  if (kind !== undefined && task !== scorer.task && scorer.task !== 'clustering')
    throw argumentError(operation, `a score for ${task}`, `'${scoring}', one for ${scorer.task}`)
  return async (model, x, y, { sampleWeight }) => {
    const output = await outputFor(operation, scorer, model, x)
    return scorer.score(y, output as ScorerOutput, {
      ...(scorer.task === 'classification' ? { classes: (model as Classifier).classes } : {}),
      ...(sampleWeight === undefined ? {} : { sampleWeight }),
    })
  }
}

async function outputFor(operation: string, scorer: Scorer, model: Estimator, x: FeaturesLike) {
  const { predictProba, decisionFunction, hasProbabilities, classes } = model as Classifier
  if (scorer.needs === 'predict') return model.predict(x as never)
  const answers = predictProba !== undefined && hasProbabilities !== false
  if (scorer.needs === 'decision' && decisionFunction !== undefined)
    return decisionFunction.call(model, x as never)
  if (!answers) throw argumentError(operation, 'a classifier with probabilities', 'one without')
  const p = await predictProba.call(model, x as never)
  if (scorer.needs === 'predictProba' || classes.length !== 2) return p
  return Float64Array.from({ length: p.length / 2 }, (_, row) => p[2 * row + 1])
}
