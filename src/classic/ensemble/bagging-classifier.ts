// Copies of one classifier, each of other rows (Breiman, Bagging predictors, 1996).

import { type GivenParameters, optionalParameter } from '../../base/parameters.js'
import {
  type AnyMatrix,
  type ClassifierTraining,
  countOf,
  largestOf,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { type Classifier, requireFitted, type Tags } from '../../estimator/contract.js'
import { estimatorParameter } from '../../estimator/estimator-parameter.js'
import { featuresFor, innerTags } from '../../estimator/inner-features.js'
import type { Features, FeaturesLike, MatrixNeeds } from '../../estimator/matrix.js'
import { accuracy } from '../../estimator/metrics/accuracy.js'
import { list } from '../../estimator/state.js'
import { DecisionTreeClassifier } from '../trees/decision-tree-classifier.js'
import {
  type BagState,
  checkMembers,
  fitBag,
  meanOfBag,
  memberCodec,
  type OutOfBag,
  outOfBagCodec,
} from './bagging.js'
import { samplingParameters } from './bagging-parameters.js'
import { aClassifier, classifierCodec, sharesOf } from './members.js'

const baggingClassifierParameters = {
  estimator: optionalParameter(
    estimatorParameter<Classifier>({
      doc: 'The classifier that is copied; null: a DecisionTreeClassifier.',
      as: aClassifier,
    }),
  ),
  ...samplingParameters,
}

type State = BagState<Classifier>

const definition = defineEstimator({
  name: 'BaggingClassifier',
  parameters: baggingClassifierParameters,
  state: { members: list(memberCodec(classifierCodec), 1), outOfBag: outOfBagCodec },
  check(state: Frame & State, _, json) {
    checkMembers(state, json)
    const classes = countOf(state)
    for (const { estimator } of state.members)
      if (estimator.classes.length !== classes) json.fail(`${classes} classes`, 'others')
    if (state.outOfBag !== undefined && state.outOfBag.values.length % classes !== 0)
      json.fail(`${classes} out-of-bag values a row`, 'others')
  },
})

/**
 * Copies of one classifier, each fitted on rows (and, with `maxFeatures`, features) drawn anew; the mean of
 * their probabilities decides. As scikit-learn's `BaggingClassifier`.
 *
 * @example
 * ```ts
 * const bag = new BaggingClassifier({ estimator: new LogisticRegression(), nEstimators: 20, maxFeatures: 0.5 })
 * await (await bag.fit(x, y)).score(x, y)
 * ```
 */
export class BaggingClassifier extends ProbabilisticClassifier<
  typeof baggingClassifierParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof baggingClassifierParameters> = {}) {
    super(definition, params)
  }

  private get copied(): Classifier {
    return this.params.estimator ?? new DecisionTreeClassifier()
  }

  override get tags(): Tags {
    // Weights are what rows are drawn by.
    return { ...innerTags([this.copied]), noSampleWeight: false }
  }

  /** The fitted copies, whose labels are the numbers of the classes. */
  get estimators(): readonly Classifier[] {
    return this.fitted('estimators').members.map(({ estimator }) => estimator)
  }

  /** The features that each copy sees. */
  get estimatorsFeatures(): readonly Int32Array[] {
    const { members, nFeaturesIn } = this.fitted('estimatorsFeatures')
    const all = Int32Array.from({ length: nFeaturesIn }, (_, f) => f)
    return members.map(({ features }) => features ?? all)
  }

  /**
   * Accuracy on the training rows, each judged by the copies that have not seen it.
   * Errors: STATE before fit, and without the parameter oobScore.
   */
  get oobScore(): number {
    return this.outOfBag('oobScore').score
  }

  /** The probabilities behind `oobScore`, `rows × classes`; NaN for rows that every copy has seen. */
  get oobDecisionFunction(): Float64Array {
    const learned = this.fitted('oobDecisionFunction')
    const { values } = this.outOfBag('oobDecisionFunction')
    return this.spread(values, values.length / countOf(learned), learned)
  }

  private outOfBag(what: string): OutOfBag {
    const { outOfBag } = this.fitted(what)
    return requireFitted(`${definition.name}.${what} (parameter oobScore)`, outOfBag)
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return featuresFor(this.tags, operation, x, needs)
  }

  protected learn(training: ClassifierTraining<AnyMatrix>): Promise<State> {
    const { codes, classes } = training
    return fitBag<Classifier>({
      training,
      y: codes,
      classes,
      estimator: this.copied,
      params: this.params,
      said: (member, x) => sharesOf(member, x, classes),
      outputs: classes,
      score: (values, rows) => {
        const said = largestOf(values, classes)
        return accuracy(
          rows.map(row => codes[row]),
          rows.map(row => said[row]),
        )
      },
    })
  }

  protected probabilitiesOf(x: AnyMatrix, state: Frame & State): Promise<Float64Array> {
    const classes = countOf(state)
    return meanOfBag(state, x, classes, (member, seen) => sharesOf(member, seen, classes))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): BaggingClassifier {
    return restore(BaggingClassifier, json)
  }
}
