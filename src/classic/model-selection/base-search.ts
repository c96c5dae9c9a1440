// What both searches do: every candidate through the same folds, the best one fitted on all rows; then
// the search answers as that model.

import { nowMs } from '#platform'
import { AthanorError, argumentError } from '../../base/errors.js'
import type { Label } from '../../base/label.js'
import {
  booleanParameter,
  type GivenParameters,
  type Parameter,
  type ParametersOf,
  type ParameterTable,
} from '../../base/parameters.js'
import { BaseEstimator, type Definition, type Frame } from '../../estimator/base-estimator.js'
import type {
  AnyEstimator,
  Classifier,
  Estimator,
  EstimatorCore,
  FitOptions,
  ScoreOptions,
  Tags,
} from '../../estimator/contract.js'
import { estimatorCodec } from '../../estimator/estimator-codec.js'
import { estimatorParameter } from '../../estimator/estimator-parameter.js'
import { featuresFor, givenTo, innerTags } from '../../estimator/inner-features.js'
import type { Features, FeaturesLike, Matrix, MatrixNeeds } from '../../estimator/matrix.js'
import { type Scoring, scorerOf, someScoring } from '../../estimator/scoring.js'
import { partsOf } from '../../estimator/selection/cross-validate.js'
import { cvParameter } from '../../estimator/selection/cv.js'
import type { SparseMatrix } from '../../estimator/sparse.js'
import {
  finiteNumber,
  float64s,
  integer,
  list,
  record,
  type StateTable,
} from '../../estimator/state.js'
import { type Targets, targetsOf } from '../../estimator/targets.js'
import { paramValues } from '../../estimator/value-json.js'
import { withParams } from '../../estimator/with-params.js'

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

export const searchParameters = {
  estimator: estimatorParameter<Estimator>({ doc: 'What is searched over; it is cloned.' }),
  scoring: scoringParameter,
  refit: booleanParameter({
    default: true,
    doc: 'Whether the best candidate is fitted on all rows in the end.',
  }),
  cv: cvParameter({ doc: 'Folds: a number (stratified for classifiers), or a splitter.' }),
  returnTrainScore: booleanParameter({
    default: false,
    doc: 'Whether training rows are scored too.',
  }),
}

/** One candidate's results. */
export interface SearchCandidate {
  readonly params: Readonly<Record<string, unknown>>
  readonly meanTestScore: number
  readonly stdTestScore: number
  /** 1 is the best; equals share a rank. */
  readonly rankTestScore: number
  readonly splitTestScores: Float64Array
  /** Empty unless `returnTrainScore`. */
  readonly splitTrainScores: Float64Array
}

/** A candidate with the seconds that it took; these are not saved with the search. */
export interface TimedCandidate extends SearchCandidate {
  readonly meanFitTime?: number
  readonly meanScoreTime?: number
}

export interface SearchState {
  /** undefined without `refit`. */
  readonly bestEstimator: readonly AnyEstimator[]
  readonly bestIndex: number
  readonly bestScore: number
  readonly candidates: readonly SearchCandidate[]
}

export const searchState: StateTable<SearchState> = {
  bestEstimator: list(estimatorCodec as never, 0, 1),
  bestIndex: integer(0),
  bestScore: finiteNumber(),
  candidates: list(
    record<SearchCandidate>({
      params: paramValues,
      meanTestScore: finiteNumber(),
      stdTestScore: finiteNumber(0),
      rankTestScore: integer(1),
      splitTestScores: float64s(),
      splitTrainScores: float64s(),
    }),
    1,
  ),
}

type SearchParams = ParametersOf<typeof searchParameters>

/** A search is a classifier, a regressor or a transformer, as what it searches over is. */
export abstract class BaseSearch<
  P extends ParameterTable & typeof searchParameters,
> extends BaseEstimator<P, SearchState> {
  private times: readonly { readonly fit: number; readonly score: number }[] = []

  constructor(definition: Definition<P, SearchState>, params: GivenParameters<P>) {
    super(definition, params)
  }

  /** The candidates, as parameters of the estimator. */
  protected abstract candidates(): Record<string, unknown>[]

  private get search(): SearchParams {
    return this.params as SearchParams
  }

  get estimatorType(): Estimator['estimatorType'] {
    return this.search.estimator.estimatorType
  }

  override get tags(): Tags {
    return innerTags([this.search.estimator])
  }

  /** The best candidate, fitted on all rows. Errors: STATE before fit, and without `refit`. */
  get bestEstimator(): AnyEstimator {
    const [best] = this.fitted('bestEstimator').bestEstimator
    if (best === undefined)
      throw new AthanorError('STATE', {
        operation: `${this.definition.name}.bestEstimator`,
        expected: 'a search that fits its best candidate',
        received: 'refit: false',
      })
    return best
  }

  /** Its parameters, as far as they were searched over. */
  get bestParams(): Readonly<Record<string, unknown>> {
    const { candidates, bestIndex } = this.fitted('bestParams')
    return candidates[bestIndex].params
  }

  /** Its mean score over the folds. */
  get bestScore(): number {
    return this.fitted('bestScore').bestScore
  }

  /** Its place among `cvResults`. */
  get bestIndex(): number {
    return this.fitted('bestIndex').bestIndex
  }

  /** All candidates in the order in which they were tried. */
  get cvResults(): readonly TimedCandidate[] {
    return this.fitted('cvResults').candidates.map((candidate, i) => {
      const time = this.times[i]
      return time === undefined
        ? candidate
        : { ...candidate, meanFitTime: time.fit, meanScoreTime: time.score }
    })
  }

  /** The labels, where it is a classifier. */
  get classes(): readonly Label[] {
    return (this.bestEstimator as Classifier).classes
  }

  get hasProbabilities(): boolean {
    const { predictProba, hasProbabilities } = (
      this.isFitted ? this.bestEstimator : this.search.estimator
    ) as Classifier
    return predictProba !== undefined && hasProbabilities !== false
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return featuresFor(this.tags, operation, x, needs)
  }

  /**
   * Tries every candidate on the folds, then fits the best on all rows.
   *
   * @throws AthanorError what the estimator's own fit throws; INTERRUPTED after `signal`.
   */
  async fit(x: FeaturesLike, y: Targets, options: FitOptions = {}): Promise<this> {
    const targetName = typeof y === 'string' ? y : undefined
    const training = await this.trainingOf(x, options, targetName)
    const { operation, signal, onProgress, sampleWeight } = training
    const features = givenTo(training.x)
    const targets = await targetsOf(operation, x, y)
    const { estimator, scoring, cv, refit, returnTrainScore } = this.search
    const candidates = this.candidates()
    const models = candidates.map(params => withParams(estimator, params))
    const parts = await partsOf(operation, estimator, features, targets, {
      cv,
      ...(signal === undefined ? {} : { signal }),
      ...(sampleWeight === undefined ? {} : { sampleWeight }),
    })
    const score = scorerOf(operation, scoring, estimator)
    const splits = parts.folds.length
    const times = models.map(() => ({ fit: 0, score: 0 }))
    const testScores = models.map(() => new Float64Array(splits))
    const trainScores = models.map(() => new Float64Array(returnTrainScore ? splits : 0))
    const steps = models.length * splits + (refit ? 1 : 0)
    for (const [c, model] of models.entries())
      for (const [k, fold] of parts.folds.entries()) {
        const began = nowMs()
        const fitted = await parts.fit(fold, k, model)
        const middle = nowMs()
        const test = parts.rows(fold.test)
        testScores[c][k] = requireScore(operation, await score(fitted, test.x, test.y, test))
        if (returnTrainScore) {
          const train = parts.rows(fold.train)
          const value = await score(fitted, train.x, train.y, train)
          trainScores[c][k] = requireScore(operation, value)
        }
        times[c].fit += (middle - began) / 1000 / splits
        times[c].score += (nowMs() - middle) / 1000 / splits
        const done = c * splits + k + 1
        onProgress?.({ fraction: done / steps, iteration: done, loss: -testScores[c][k] })
      }
    const means = testScores.map(meanOf)
    const bestIndex = means.indexOf(Math.max(...means))
    const best = models[bestIndex]
    if (refit)
      await best.fit(features as never, parts.y as never, {
        ...(options.classes === undefined ? {} : { classes: options.classes }),
        ...(signal === undefined ? {} : { signal }),
        ...(sampleWeight === undefined ? {} : { sampleWeight }),
      })
    onProgress?.({ fraction: 1, iteration: steps, loss: -means[bestIndex] })
    const kept = this.keep(training, {
      ...this.frameOf(training, targetName),
      bestEstimator: refit ? [best as AnyEstimator] : [],
      bestIndex,
      bestScore: means[bestIndex],
      candidates: candidates.map((params, c) => ({
        params,
        meanTestScore: means[c],
        stdTestScore: deviationOf(testScores[c], means[c]),
        rankTestScore: 1 + means.filter(mean => mean > means[c]).length,
        splitTestScores: testScores[c],
        splitTrainScores: trainScores[c],
      })),
    })
    this.times = times
    return kept
  }

  /** Labels or numbers, as the best estimator's `predict` gives them. */
  async predict(x: FeaturesLike): Promise<Float64Array | Label[]> {
    return (await this.ask('predict', x)) as Float64Array | Label[]
  }

  /** Probabilities, row-major `rows × classes`. Errors: ARGUMENT where the estimator has none. */
  async predictProba(x: FeaturesLike): Promise<Float64Array> {
    return (await this.ask('predictProba', x)) as Float64Array
  }

  /** Scores of the classes. Errors: ARGUMENT where the estimator has none. */
  async decisionFunction(x: FeaturesLike): Promise<Float64Array> {
    return (await this.ask('decisionFunction', x)) as Float64Array
  }

  /** New features. Errors: ARGUMENT where the estimator makes none. */
  async transform(x: FeaturesLike): Promise<Matrix | SparseMatrix> {
    return (await this.ask('transform', x)) as Matrix | SparseMatrix
  }

  /** The score that was searched by, of the best estimator on these rows. */
  async score(x: FeaturesLike, y: Targets, options: ScoreOptions = {}): Promise<number> {
    const operation = `${this.definition.name}.score`
    const features = givenTo(await this.readInput('score', x))
    const best = this.bestEstimator as Estimator
    const score = scorerOf(operation, this.search.scoring, best)
    return score(best, features, await targetsOf(operation, x, y), options)
  }

  private async ask(
    method: 'predict' | 'predictProba' | 'decisionFunction' | 'transform',
    x: FeaturesLike,
  ): Promise<unknown> {
    const features = givenTo(await this.readInput(method, x))
    const best = this.bestEstimator as unknown as Answering
    const answer = best[method]
    if (answer === undefined)
      throw argumentError(
        `${this.definition.name}.${method}`,
        `an estimator that answers ${method}`,
        best.toJSON().estimator,
      )
    return answer.call(best, features)
  }
}

type Answer = (x: FeaturesLike) => unknown

/** Any estimator, seen as having every method. */
interface Answering extends EstimatorCore {
  readonly predict?: Answer
  readonly predictProba?: Answer
  readonly decisionFunction?: Answer
  readonly transform?: Answer
}

/** For `check` of a definition: places and numbers of a saved search against each other. */
export function checkSearch(
  { bestIndex, candidates, bestEstimator }: Frame & SearchState,
  { refit }: { readonly refit: boolean },
  json: { fail(expected: string, received?: string): never },
): void {
  if (bestIndex >= candidates.length) json.fail('the best among the candidates', `${bestIndex}`)
  if (bestEstimator.length !== (refit ? 1 : 0)) json.fail('a best estimator if refit', 'another')
}

function requireScore(operation: string, value: number): number {
  if (Number.isFinite(value)) return value
  throw new AthanorError('DATA', {
    operation,
    expected: 'finite scores',
    received: String(value),
    fix: 'Choose a scoring that every fold allows, or fewer folds',
  })
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function deviationOf(values: Float64Array, mean: number): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}
