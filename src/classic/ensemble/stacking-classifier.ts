// Classifiers whose answers on rows that they have not seen are the features of another one (Wolpert, Stacked
// generalization, 1992).

import {
  booleanParameter,
  choiceParameter,
  type GivenParameters,
  optionalParameter,
} from '../../base/parameters.js'
import {
  type AnyMatrix,
  type ClassifierTraining,
  countOf,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { Classifier, Tags } from '../../estimator/contract.js'
import {
  estimatorParameter,
  namedEstimatorsParameter,
} from '../../estimator/estimator-parameter.js'
import { featuresFor, innerTags } from '../../estimator/inner-features.js'
import type {
  Features,
  FeaturesLike,
  Matrix,
  MatrixLike,
  MatrixNeeds,
} from '../../estimator/matrix.js'
import { cvParameter } from '../../estimator/selection/cv.js'
import { choice, list } from '../../estimator/state.js'
import { LogisticRegression } from '../linear/logistic-regression.js'
import {
  aClassifier,
  classifierCodec,
  hasProbabilities,
  innerOf,
  membersOf,
  sharesOf,
} from './members.js'
import { fitStack, stackFeatures } from './stack.js'
import { type FoundMethod, methodOf, stackMethods } from './stacked-features.js'

const stackingClassifierParameters = {
  estimators: namedEstimatorsParameter<Classifier | 'drop'>({
    doc: 'Pairs of a name and a classifier, which is cloned; or ‘drop’ in its place.',
    words: ['drop'],
    as: aClassifier,
  }),
  finalEstimator: optionalParameter(
    estimatorParameter<Classifier>({
      doc: 'Learns from what the others say; null: a LogisticRegression.',
      as: aClassifier,
    }),
  ),
  cv: cvParameter({ doc: 'Folds on whose left-out rows the others are asked.' }),
  stackMethod: choiceParameter(stackMethods, {
    default: 'auto',
    doc: 'What the others are asked; auto: the first of these that each has.',
  }),
  passthrough: booleanParameter({
    default: false,
    doc: 'Whether the final estimator sees the features too.',
  }),
}

interface State {
  readonly estimators: readonly Classifier[]
  readonly finalEstimator: Classifier
  readonly methods: readonly FoundMethod[]
}

const methods = ['predictProba', 'decisionFunction', 'predict'] as const

const definition = defineEstimator({
  name: 'StackingClassifier',
  parameters: stackingClassifierParameters,
  state: {
    estimators: list(classifierCodec, 1),
    finalEstimator: classifierCodec,
    methods: list(choice(methods), 1),
  },
  check(state: Frame & State, { estimators }, json) {
    const wanted = innerOf(estimators).length
    if (state.estimators.length !== wanted || state.methods.length !== wanted)
      json.fail(`${wanted} estimators and methods`, 'others')
    for (const [i, member] of [...state.estimators, state.finalEstimator].entries()) {
      if (member.classes.length !== countOf(state))
        json.fail(`classifiers of ${countOf(state)} classes`, 'others')
      if (i < wanted) methodOf('StackingClassifier', String(i), member, state.methods[i])
    }
  },
})

/**
 * Classifiers are asked for probabilities on rows that they have not seen, by cross-validation; from these a
 * final classifier learns whom to trust. As scikit-learn's `StackingClassifier`.
 *
 * @example
 * ```ts
 * const stack = new StackingClassifier({
 *   estimators: [['tree', new DecisionTreeClassifier({ maxDepth: 3 })], ['linear', new LogisticRegression()]],
 * })
 * await (await stack.fit(x, y)).score(x, y)
 * ```
 */
export class StackingClassifier extends ProbabilisticClassifier<
  typeof stackingClassifierParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof stackingClassifierParameters>) {
    super(definition, params)
  }

  override get tags(): Tags {
    const { estimators, finalEstimator, passthrough } = this.params
    const own = innerTags(innerOf(estimators))
    const last = innerTags([finalEstimator ?? new LogisticRegression()])
    return {
      ...own,
      oneClass: false,
      allowNaN: own.allowNaN === true && (!passthrough || last.allowNaN === true),
      noSampleWeight: own.noSampleWeight === true || last.noSampleWeight === true,
      ignoresFeatures: false,
    }
  }

  /** Whether `predictProba` answers: where the final estimator has probabilities. */
  override get hasProbabilities(): boolean {
    return hasProbabilities(this.params.finalEstimator ?? new LogisticRegression())
  }

  /** The fitted classifiers, whose labels are the numbers of the classes, by name. */
  get namedEstimators(): Readonly<Record<string, Classifier>> {
    const { estimators } = this.fitted('namedEstimators')
    const names = membersOf('StackingClassifier', this.params.estimators).map(([name]) => name)
    return Object.fromEntries(names.map((name, i) => [name, estimators[i]]))
  }

  /** The fitted final classifier. */
  get finalEstimator(): Classifier {
    return this.fitted('finalEstimator').finalEstimator
  }

  /** What the final estimator sees of rows: what the others say, with `passthrough` the features too. */
  async transform(x: MatrixLike): Promise<Matrix> {
    const state = this.fitted('transform')
    return this.seenBy((await this.readInput('transform', x)) as AnyMatrix, state)
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return featuresFor(this.tags, operation, x, needs)
  }

  protected async learn(training: ClassifierTraining<AnyMatrix>): Promise<State> {
    const { estimators, finalEstimator = new LogisticRegression(), ...rest } = this.params
    const { codes, classes } = training
    return fitStack(training, codes, classes, {
      named: estimators,
      final: finalEstimator,
      ...rest,
    })
  }

  private seenBy(x: AnyMatrix, state: Frame & State): Promise<Matrix> {
    return stackFeatures(state, x, countOf(state), this.params.passthrough)
  }

  protected override async codesOf(x: AnyMatrix, state: Frame & State) {
    const codes = await state.finalEstimator.predict(await this.seenBy(x, state))
    return Int32Array.from(codes, Number)
  }

  protected async probabilitiesOf(x: AnyMatrix, state: Frame & State): Promise<Float64Array> {
    return sharesOf(state.finalEstimator, await this.seenBy(x, state), countOf(state))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): StackingClassifier {
    return restore(StackingClassifier, json)
  }
}
