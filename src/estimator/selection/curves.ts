// Scores as a function of the number of training rows, and of one parameter.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { Random } from '../../base/philox.js'
import { listOf, numberIn, trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import type { Estimator } from '../contract.js'
import type { FeaturesLike } from '../matrix.js'
import { type Scoring, scorerOf, someScoring } from '../scoring.js'
import type { Targets } from '../targets.js'
import { withParams } from '../with-params.js'
import { type FoldingOptions, foldingOptions, partsOf } from './cross-validate.js'

/** Options of `learningCurve`. */
export interface LearningCurveOptions extends FoldingOptions {
  /** Shares of the training rows (fractions to 1), or numbers of them. Default: five from 0.1 to 1. */
  readonly trainSizes?: readonly number[]
  readonly scoring?: Scoring
  /** Whether the first rows of a fold are drawn by the seed instead of taken in order. Default: false. */
  readonly shuffle?: boolean
  readonly randomState?: number
}

const learningCurveOptions = new OptionTable<LearningCurveOptions>({
  ...foldingOptions.rows,
  trainSizes: listOf(numberIn({ above: 0 }), { min: 1 }),
  scoring: someScoring,
  shuffle: trueOrFalse,
  randomState: wholeNumber({ min: 0 }),
})

/** What `learningCurve` gives: scores by size, fold by fold. */
export interface LearningCurve {
  readonly trainSizes: readonly number[]
  readonly trainScores: readonly Float64Array[]
  readonly testScores: readonly Float64Array[]
}

/**
 * Scores of models that learned from growing parts of the training rows: where the test score still
 * climbs at the right end, more data would help. As scikit-learn's `learning_curve`.
 *
 * @throws AthanorError ARGUMENT for sizes that no fold has, and whatever a fit throws.
 * @example
 * ```ts
 * const rows = Array.from({ length: 40 }, (_, i) => [i, (i * 7) % 5])
 * const curve = await learningCurve(new Ridge(), rows, rows.map(([v]) => 2 * v))
 * console.log(curve.trainSizes) // [3, 10, 17, 24, 32]
 * ```
 */
export async function learningCurve(
  estimator: Estimator,
  x: FeaturesLike,
  y: Targets,
  options: LearningCurveOptions = {},
): Promise<LearningCurve> {
  const operation = 'learningCurve'
  const {
    shuffle = false,
    randomState = 0,
    scoring,
  } = learningCurveOptions.check(operation, options)
  const { onProgress, ...folding } = options
  const parts = await partsOf(operation, estimator, x, y, folding)
  const most = Math.min(...parts.folds.map(({ train }) => train.length))
  const sizes = sizesOf(operation, options.trainSizes ?? [0.1, 0.325, 0.55, 0.775, 1], most)
  const score = scorerOf(operation, scoring, estimator)
  const trainScores = sizes.map(() => new Float64Array(parts.folds.length))
  const testScores = sizes.map(() => new Float64Array(parts.folds.length))
  for (const [k, { train, test }] of parts.folds.entries()) {
    const order = shuffle ? new Random(randomState, k).shuffle(train.slice()) : train
    for (const [s, size] of sizes.entries()) {
      const fold = { train: order.slice(0, size), test }
      const model = await parts.fit(fold, k)
      const [seen, unseen] = [parts.rows(fold.train), parts.rows(test)]
      trainScores[s][k] = await score(model, seen.x, seen.y, seen)
      testScores[s][k] = await score(model, unseen.x, unseen.y, unseen)
      const done = k * sizes.length + s + 1
      onProgress?.({
        fraction: done / (parts.folds.length * sizes.length),
        iteration: done,
        loss: 0,
      })
    }
  }
  return { trainSizes: sizes, trainScores, testScores }
}

function sizesOf(operation: string, wanted: readonly number[], most: number): number[] {
  const areShares = wanted.every(size => size <= 1)
  const sizes = wanted.map(size => (areShares ? Math.floor(size * most) : size))
  const bad = sizes.find(size => !Number.isInteger(size) || size < 1 || size > most)
  if (bad !== undefined)
    throw argumentError(
      operation,
      `trainSizes that give 1 to ${most} rows, the training rows of a fold`,
      String(bad),
    )
  return [...new Set(sizes)].sort((a, b) => a - b)
}

/** Options of `validationCurve`. */
export interface ValidationCurveOptions extends FoldingOptions {
  readonly scoring?: Scoring
}

const validationCurveOptions = new OptionTable<ValidationCurveOptions>({
  ...foldingOptions.rows,
  scoring: someScoring,
})

/** What `validationCurve` gives: scores by value, fold by fold. */
export interface ValidationCurve {
  readonly trainScores: readonly Float64Array[]
  readonly testScores: readonly Float64Array[]
}

/**
 * Scores for each value of one parameter (`svc__C` reaches into a pipeline): where the training score
 * is far above the test score the model is too free, where both are low it is too stiff. As
 * scikit-learn's `validation_curve`.
 *
 * @throws AthanorError ARGUMENT for a parameter that is not there or a value not taken.
 * @example
 * ```ts
 * const rows = Array.from({ length: 40 }, (_, i) => [i, (i * 7) % 5])
 * const y = rows.map(([v]) => 2 * v)
 * const { testScores } = await validationCurve(new Ridge(), rows, y, 'alpha', [0.01, 1, 100])
 * console.log(testScores.length) // 3
 * ```
 */
export async function validationCurve(
  estimator: Estimator,
  x: FeaturesLike,
  y: Targets,
  paramName: string,
  paramRange: readonly unknown[],
  options: ValidationCurveOptions = {},
): Promise<ValidationCurve> {
  const operation = 'validationCurve'
  const { scoring } = validationCurveOptions.check(operation, options)
  if (!Array.isArray(paramRange) || paramRange.length === 0)
    throw argumentError(operation, 'a list of values of the parameter', String(paramRange))
  const { onProgress, ...folding } = options
  const candidates = paramRange.map(value => withParams(estimator, { [paramName]: value }))
  const parts = await partsOf(operation, estimator, x, y, folding)
  const score = scorerOf(operation, scoring, estimator)
  const trainScores = candidates.map(() => new Float64Array(parts.folds.length))
  const testScores = candidates.map(() => new Float64Array(parts.folds.length))
  for (const [k, fold] of parts.folds.entries())
    for (const [c, candidate] of candidates.entries()) {
      const model = await parts.fit(fold, k, candidate)
      const [seen, unseen] = [parts.rows(fold.train), parts.rows(fold.test)]
      trainScores[c][k] = await score(model, seen.x, seen.y, seen)
      testScores[c][k] = await score(model, unseen.x, unseen.y, unseen)
      const done = k * candidates.length + c + 1
      onProgress?.({
        fraction: done / (parts.folds.length * candidates.length),
        iteration: done,
        loss: 0,
      })
    }
  return { trainScores, testScores }
}
