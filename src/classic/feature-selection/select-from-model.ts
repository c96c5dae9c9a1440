// The features that a fitted estimator makes most of.

import { argumentError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import {
  eitherParameter,
  type GivenParameters,
  integerParameter,
  numberParameter,
  optionalParameter,
  type Parameter,
  textParameter,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import type { EstimatorCore, Tags } from '../../estimator/contract.js'
import { estimatorCodec } from '../../estimator/estimator-codec.js'
import { estimatorParameter } from '../../estimator/estimator-parameter.js'
import { innerTags } from '../../estimator/inner-features.js'
import { float64s } from '../../estimator/state.js'
import { frequentOnes } from '../../features/frequent.js'
import { momentsOf } from '../../features/moments.js'
import { quantileOf } from '../../features/quantile.js'
import { type AnyStep, isLikeStep } from '../compose/steps.js'
import { BaseSelector } from './base-selector.js'
import { importanceGetterParameter, importancesOf, normsOf } from './importances.js'

const relative = /^(?:(\d+(?:\.\d+)?)\s*\*\s*)?(mean|median)$/

const thresholdText: Parameter<string> = {
  ...textParameter({ doc: 'Relative to all importances.' }),
  expected: "'mean', 'median' or a multiple such as '1.25*mean'",
  accepts: (value): value is string => typeof value === 'string' && relative.test(value),
  bad: ['', 'mode', '2*', '*mean', 0, null],
}

const selectFromModelParameters = {
  estimator: estimatorParameter<EstimatorCore>({
    doc: 'What is fitted, and asked for coefficients or importances; it is cloned.',
  }),
  threshold: optionalParameter(
    eitherParameter(numberParameter({ doc: 'A number.' }), thresholdText, {
      doc: "Importances below it are left out: a number, 'mean', 'median', '1.25*mean'; null: 1e-5 with an L1 penalty, else the mean.",
    }),
  ),
  normOrder: numberParameter({
    default: 1,
    min: 1,
    doc: 'The norm by which coefficients of several outputs become one importance.',
  }),
  maxFeatures: optionalParameter(
    integerParameter({ min: 0, doc: 'Features kept at most; null: any number.' }),
  ),
  importanceGetter: importanceGetterParameter,
}

interface State {
  readonly estimator: EstimatorCore
  readonly importances: Float64Array
}

const definition = defineEstimator({
  name: 'SelectFromModel',
  parameters: selectFromModelParameters,
  state: { estimator: estimatorCodec, importances: float64s({ low: 0 }) },
  check({ estimator, importances, nFeaturesIn }, params, json) {
    if (!isLikeStep(estimator, params.estimator))
      json.fail('the estimator of the parameters', 'another')
    if (importances.length !== nFeaturesIn)
      json.fail(`${nFeaturesIn} importances`, `${importances.length}`)
  },
})

/**
 * Keeps the features that an estimator gives weight to: those whose coefficients (or importances) reach a
 * threshold. As scikit-learn's `SelectFromModel`.
 *
 * @example
 * ```ts
 * const select = new SelectFromModel({ estimator: new Ridge() })
 * await select.fit([[0, 1], [1, 1.1], [2, 0.9], [3, 1]], [0, 1, 2, 3])
 * select.support // [1, 0]
 * ```
 */
export class SelectFromModel extends BaseSelector<typeof selectFromModelParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof selectFromModelParameters>) {
    super(definition, params)
  }

  override get tags(): Tags {
    const inner = innerTags([this.params.estimator])
    const { estimatorType } = this.params.estimator as AnyStep
    const needsTargets = estimatorType === 'classifier' || estimatorType === 'regressor'
    return { ...inner, input: 'matrix', oneClass: undefined, targets: undefined, needsTargets }
  }

  /** The fitted estimator. Errors: STATE before fit. */
  get estimator(): EstimatorCore {
    return this.fitted('estimator').estimator
  }

  /** The importance of each feature. */
  get importances(): Float64Array {
    return this.fitted('importances').importances
  }

  /** What importances have to reach. */
  get threshold(): number {
    return this.thresholdFor(this.fitted('threshold').importances)
  }

  protected async learn(training: TransformerTraining<AnyMatrix>): Promise<State> {
    const { operation, x, y, width, sampleWeight, signal } = training
    const { estimator: given, importanceGetter, normOrder, maxFeatures } = this.params
    if (maxFeatures !== undefined && maxFeatures > width)
      throw argumentError(operation, `maxFeatures of at most ${width}`, `${maxFeatures}`)
    const estimator = given.clone() as AnyStep
    await estimator.fit(x, y as Labels, { signal, ...(sampleWeight && { sampleWeight }) })
    const values = importancesOf(operation, estimator, importanceGetter, width)
    return { estimator, importances: normsOf(values, width, normOrder) }
  }

  private thresholdFor(importances: Float64Array): number {
    const { threshold } = this.params
    if (typeof threshold === 'number') return threshold
    if (threshold === undefined && isSparseModel(this.params.estimator)) return 1e-5
    const [, factor, of] = relative.exec(threshold ?? 'mean')!
    const sorted = importances.slice().sort()
    const middle = of === 'median' ? quantileOf(sorted, 0.5) : momentsOf(importances).mean
    return (factor === undefined ? 1 : Number(factor)) * middle
  }

  protected supportOf({ importances }: Frame & State): Uint8Array {
    const least = this.thresholdFor(importances)
    const { maxFeatures = importances.length } = this.params
    return frequentOnes(importances, { minCount: least, maxKept: maxFeatures, ties: 'first' })
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): SelectFromModel {
    return restore(SelectFromModel, json)
  }
}

/** Whether its penalty makes coefficients exactly 0. */
function isSparseModel(estimator: EstimatorCore): boolean {
  const { definition } = estimator as { definition?: { name: string } }
  const name = definition?.name ?? ''
  const { penalty, l1Ratio } = estimator.params as { penalty?: unknown; l1Ratio?: unknown }
  return (
    name.includes('Lasso') ||
    penalty === 'l1' ||
    (l1Ratio === 1 && (name === 'ElasticNet' || name === 'LogisticRegression'))
  )
}
