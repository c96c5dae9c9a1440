// Several classifiers that vote, or whose probabilities are averaged.

import { argumentError } from '../../base/errors.js'
import {
  choiceParameter,
  type GivenParameters,
  listParameter,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'
import {
  type AnyMatrix,
  type ClassifierTraining,
  countOf,
  largestOf,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { Classifier, Tags } from '../../estimator/contract.js'
import { namedEstimatorsParameter } from '../../estimator/estimator-parameter.js'
import { featuresFor, givenTo, innerTags } from '../../estimator/inner-features.js'
import type { Features, FeaturesLike, MatrixNeeds } from '../../estimator/matrix.js'
import { list } from '../../estimator/state.js'
import {
  aClassifier,
  classifierCodec,
  fitMember,
  hasProbabilities,
  innerOf,
  membersOf,
  progressOf,
  sharesOf,
  weightsOfMembers,
} from './members.js'

export const memberWeights = optionalParameter(
  listParameter(numberParameter({ min: 0, doc: '' }), {
    doc: 'What each estimator counts for, in their order; null: all the same.',
  }),
)

const votingClassifierParameters = {
  estimators: namedEstimatorsParameter<Classifier | 'drop'>({
    doc: 'Pairs of a name and a classifier, which is cloned; or ‘drop’ in its place.',
    words: ['drop'],
    as: aClassifier,
  }),
  voting: choiceParameter(['hard', 'soft'], {
    default: 'hard',
    doc: 'The class that most classifiers predict, or the one of the highest mean probability.',
    search: { choices: ['hard', 'soft'] },
  }),
  weights: memberWeights,
}

interface State {
  readonly estimators: readonly Classifier[]
}

const definition = defineEstimator({
  name: 'VotingClassifier',
  parameters: votingClassifierParameters,
  state: { estimators: list(classifierCodec, 1) },
  check(state: Frame & State, { estimators, voting }, json) {
    if (state.estimators.length !== innerOf(estimators).length)
      json.fail(`${innerOf(estimators).length} estimators`, `${state.estimators.length}`)
    for (const member of state.estimators)
      if (member.classes.length !== countOf(state))
        json.fail(`classifiers of ${countOf(state)} classes`, 'others')
    if (voting === 'soft' && !state.estimators.every(hasProbabilities))
      json.fail('classifiers with probabilities', 'others')
  },
})

/**
 * Classifiers of different kinds, each fitted on all rows, that decide together. As scikit-learn's
 * `VotingClassifier`.
 *
 * @example
 * ```ts
 * const vote = new VotingClassifier({
 *   estimators: [['linear', new LogisticRegression()], ['tree', new DecisionTreeClassifier()]],
 *   voting: 'soft',
 * })
 * await (await vote.fit([[0], [1], [8], [9]], ['a', 'a', 'b', 'b'])).predict([[7]]) // ['b']
 * ```
 */
export class VotingClassifier extends ProbabilisticClassifier<
  typeof votingClassifierParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof votingClassifierParameters>) {
    super(definition, params)
  }

  override get tags(): Tags {
    return innerTags(innerOf(this.params.estimators))
  }

  /** Whether `predictProba` answers: with soft voting. */
  override get hasProbabilities(): boolean {
    return this.params.voting === 'soft'
  }

  /** The fitted classifiers, whose labels are the numbers of the classes, by name. */
  get namedEstimators(): Readonly<Record<string, Classifier>> {
    const { estimators } = this.fitted('namedEstimators')
    const names = membersOf('VotingClassifier', this.params.estimators).map(([name]) => name)
    return Object.fromEntries(names.map((name, i) => [name, estimators[i]]))
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
    const { estimators: named, voting, weights } = this.params
    const members = membersOf(operation, named)
    weightsOfMembers(operation, weights, named)
    const fitted: Classifier[] = []
    for (const [i, [name, estimator]] of members.entries()) {
      if (voting === 'soft' && !hasProbabilities(estimator))
        throw argumentError(
          operation,
          'classifiers with probabilities, for soft voting',
          `'${name}', which has none`,
          "Choose voting: 'hard', or calibrate it with CalibratedClassifierCV",
        )
      fitted.push(
        await fitMember(estimator, givenTo(training.x), codes, {
          operation,
          sampleWeight,
          classes,
          signal,
          onProgress: progressOf(onProgress, i, members.length),
        }),
      )
    }
    return { estimators: fitted }
  }

  protected override async codesOf(x: AnyMatrix, state: Frame & State): Promise<ArrayLike<number>> {
    return largestOf(await this.meanShares(x, state), countOf(state))
  }

  protected probabilitiesOf(x: AnyMatrix, state: Frame & State): Promise<Float64Array> {
    if (this.params.voting === 'hard')
      throw argumentError(
        'VotingClassifier.predictProba',
        "voting: 'soft'",
        "'hard', which has no probabilities",
      )
    return this.meanShares(x, state)
  }

  /** Weighted means of probabilities, or shares of votes. */
  private async meanShares(x: AnyMatrix, state: Frame & State): Promise<Float64Array> {
    const { estimators: named, voting, weights: given } = this.params
    const weights = weightsOfMembers('VotingClassifier', given, named)
    const total = weights.reduce((a, b) => a + b)
    const classes = countOf(state)
    const out = new Float64Array(x.rows * classes)
    for (const [i, member] of state.estimators.entries()) {
      const seen = givenTo(x)
      const shares =
        voting === 'soft'
          ? await sharesOf(member, seen, classes)
          : votesOf(await member.predict(seen as never), classes)
      for (let n = 0; n < out.length; n++) out[n] += (weights[i] / total) * shares[n]
    }
    return out
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): VotingClassifier {
    return restore(VotingClassifier, json)
  }
}

function votesOf(codes: ArrayLike<unknown>, classes: number): Float64Array {
  const out = new Float64Array(codes.length * classes)
  for (let row = 0; row < codes.length; row++) out[row * classes + Number(codes[row])] = 1
  return out
}
