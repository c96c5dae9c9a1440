// Probabilities that mean what they say: a classifier's scores, mapped by what was seen on rows that it
// had not learned from (Platt 1999; Zadrozny & Elkan 2002).

import { argumentError } from '../../base/errors.js'
import { booleanParameter, choiceParameter, type GivenParameters } from '../../base/parameters.js'
import {
  type AnyMatrix,
  type ClassifierTraining,
  countOf,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { Classifier, Tags } from '../../estimator/contract.js'
import { estimatorCodec } from '../../estimator/estimator-codec.js'
import { estimatorParameter } from '../../estimator/estimator-parameter.js'
import { featuresFor, givenTo, innerTags } from '../../estimator/inner-features.js'
import type { Features, FeaturesLike, MatrixNeeds } from '../../estimator/matrix.js'
import { RowSet } from '../../estimator/row-set.js'
import { cvParameter, foldsOf } from '../../estimator/selection/cv.js'
import { choice, float64s, list, record } from '../../estimator/state.js'
import { throwIfAborted } from '../../execute/jobs.js'
import { fitIsotonic, isotonicValue } from './isotonic.js'
import { fitSigmoid, sigmoidValue } from './sigmoid.js'

const calibratedClassifierCVParameters = {
  estimator: estimatorParameter<Classifier>({
    doc: 'The classifier whose scores are calibrated; it is cloned.',
    as: {
      expected: 'a classifier',
      accepts: value => (value as { estimatorType?: string }).estimatorType === 'classifier',
    },
  }),
  method: choiceParameter(['sigmoid', 'isotonic'], {
    default: 'sigmoid',
    doc: 'A sigmoid of two numbers, or, from a thousand rows on, a monotone step function.',
  }),
  cv: cvParameter({ doc: 'Folds on whose left-out rows the mapping is learned.' }),
  ensemble: booleanParameter({
    default: true,
    doc: 'Whether each fold’s model and mapping are kept and averaged; else one model of all rows, mapped by the out-of-fold scores.',
  }),
}

interface Calibrator {
  readonly method: 'sigmoid' | 'isotonic'
  /** a and b of the sigmoid, or the places of the steps. */
  readonly first: Float64Array
  /** Empty, or the values of the steps. */
  readonly second: Float64Array
}

interface Calibrated {
  readonly estimator: Classifier
  /** One for two classes (the second's), else one a class. */
  readonly calibrators: readonly Calibrator[]
}

interface State {
  readonly calibrated: readonly Calibrated[]
}

const definition = defineEstimator({
  name: 'CalibratedClassifierCV',
  parameters: calibratedClassifierCVParameters,
  state: {
    calibrated: list(
      record<Calibrated>({
        estimator: estimatorCodec as never,
        calibrators: list(
          record<Calibrator>({
            method: choice(['sigmoid', 'isotonic']),
            first: float64s(),
            second: float64s(),
          }),
          1,
        ),
      }),
      1,
    ),
  },
  check(state: Frame & State, _, json) {
    const outputs = countOf(state) === 2 ? 1 : countOf(state)
    for (const { calibrators, estimator } of state.calibrated) {
      const classes = estimator.classes?.length
      if (calibrators.length !== outputs || classes !== countOf(state))
        json.fail(`${outputs} calibrators`, `${calibrators.length}`)
      for (const { method, first, second } of calibrators) {
        const fits =
          method === 'sigmoid'
            ? first.length === 2 && second.length === 0
            : first.length === second.length && first.length > 0
        if (!fits) json.fail('a whole calibrator', 'another')
      }
    }
  },
})

/**
 * A classifier with calibrated probabilities. Scores come from `decisionFunction` where there is one,
 * else from `predictProba`; several classes are calibrated one against the rest and brought to a sum
 * of 1. As scikit-learn's `CalibratedClassifierCV`.
 *
 * @example
 * ```ts
 * const rows = Array.from({ length: 40 }, (_, i) => [i])
 * const y = rows.map(([v], i) => Number(v + (i % 7) > 22))
 * const model = await new CalibratedClassifierCV({ estimator: new LogisticRegression(), cv: 3 }).fit(rows, y)
 * console.log((await model.predictProba([[0]])).length) // 2
 * ```
 */
export class CalibratedClassifierCV extends ProbabilisticClassifier<
  typeof calibratedClassifierCVParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof calibratedClassifierCVParameters>) {
    super(definition, params)
  }

  override get tags(): Tags {
    return { ...innerTags([this.params.estimator]), oneClass: false }
  }

  /** The folds' models with their mappings. */
  get calibratedClassifiers(): readonly Classifier[] {
    return this.fitted('calibratedClassifiers').calibrated.map(({ estimator }) => estimator)
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
    const { estimator, cv, ensemble } = this.params
    const set = await RowSet.of(operation, givenTo(training.x))
    const all = Array.from(codes)
    const folds = foldsOf(cv, estimator, set.rows, all, undefined)
    const fitOn = async (rowIds: ArrayLike<number>) => {
      throwIfAborted(operation, signal)
      const weights = sampleWeight && Float64Array.from(rowIds, row => sampleWeight[row])
      return (await estimator.clone().fit(
        set.take(rowIds) as never,
        Array.from(rowIds, row => codes[row]),
        {
          classes: Array.from({ length: classes }, (_, k) => k),
          ...(weights === undefined ? {} : { sampleWeight: weights }),
          ...(signal === undefined ? {} : { signal }),
        },
      )) as Classifier
    }
    const mapped = (scores: Float64Array, rowIds: ArrayLike<number>) =>
      this.calibratorsFor(scores, rowIds, training)
    const calibrated: Calibrated[] = []
    const outputs = classes === 2 ? 1 : classes
    const outOfFold = new Float64Array(set.rows * outputs)
    for (const [k, { train, test }] of folds.entries()) {
      const model = await fitOn(train)
      const scores = await scoresOf(operation, model, set.take(test), classes)
      if (ensemble) calibrated.push({ estimator: model, calibrators: mapped(scores, test) })
      else
        for (let i = 0; i < test.length; i++)
          outOfFold.set(scores.subarray(i * outputs, (i + 1) * outputs), test[i] * outputs)
      onProgress?.({ fraction: (k + 1) / (folds.length + 1), iteration: k + 1, loss: 0 })
    }
    if (ensemble) return { calibrated }
    const rowIds = [...codes.keys()]
    return {
      calibrated: [{ estimator: await fitOn(rowIds), calibrators: mapped(outOfFold, rowIds) }],
    }
  }

  private calibratorsFor(
    scores: Float64Array,
    rowIds: ArrayLike<number>,
    { codes, classes, sampleWeight }: ClassifierTraining<AnyMatrix>,
  ): Calibrator[] {
    const { method } = this.params
    const outputs = classes === 2 ? 1 : classes
    const weights = sampleWeight && Float64Array.from(rowIds, row => sampleWeight[row])
    return Array.from({ length: outputs }, (_, k) => {
      const wanted = outputs === 1 ? 1 : k
      const positive = Uint8Array.from(rowIds, row => Number(codes[row] === wanted))
      const own = Float64Array.from(positive, (_, i) => scores[i * outputs + k])
      if (method === 'sigmoid') {
        const { a, b } = fitSigmoid(own, positive, weights)
        return { method, first: Float64Array.of(a, b), second: new Float64Array(0) }
      }
      const steps = fitIsotonic(own, positive, weights, { increasing: true })
      return { method, first: steps.xThresholds, second: steps.yThresholds }
    })
  }

  protected async probabilitiesOf(x: AnyMatrix, state: Frame & State): Promise<Float64Array> {
    const classes = countOf(state)
    const outputs = classes === 2 ? 1 : classes
    const out = new Float64Array(x.rows * classes)
    const { calibrated } = state
    for (const { estimator, calibrators } of calibrated) {
      const operation = 'CalibratedClassifierCV.predictProba'
      const scores = await scoresOf(operation, estimator, givenTo(x), classes)
      const own = new Float64Array(classes)
      for (let row = 0; row < x.rows; row++) {
        for (let k = 0; k < outputs; k++)
          own[outputs === 1 ? 1 : k] = mapScore(calibrators[k], scores[row * outputs + k])
        if (outputs === 1) own[0] = 1 - own[1]
        else normalise(own)
        for (let k = 0; k < classes; k++) out[row * classes + k] += own[k] / calibrated.length
      }
    }
    return out
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): CalibratedClassifierCV {
    return restore(CalibratedClassifierCV, json)
  }
}

function mapScore({ method, first, second }: Calibrator, score: number): number {
  return method === 'sigmoid'
    ? sigmoidValue({ a: first[0], b: first[1] }, score)
    : isotonicValue({ xThresholds: first, yThresholds: second }, score)
}

/** To a sum of 1; evenly where all are 0. */
function normalise(values: Float64Array): void {
  const sum = values.reduce((a, b) => a + b)
  for (let k = 0; k < values.length; k++) values[k] = sum > 0 ? values[k] / sum : 1 / values.length
}

/** One score a row for two classes, else one a class. */
async function scoresOf(
  operation: string,
  model: Classifier,
  x: FeaturesLike,
  classes: number,
): Promise<Float64Array> {
  if (model.decisionFunction !== undefined)
    return Float64Array.from(await model.decisionFunction(x as never))
  if (model.predictProba === undefined || model.hasProbabilities === false)
    throw argumentError(operation, 'a classifier with scores or probabilities', 'one without')
  const p = await model.predictProba(x as never)
  return classes === 2
    ? Float64Array.from({ length: p.length / 2 }, (_, row) => p[2 * row + 1])
    : Float64Array.from(p)
}
