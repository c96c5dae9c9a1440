// A classifier of two classes whose threshold is given.

import { AthanorError } from '../../base/errors.js'
import {
  choiceParameter,
  eitherParameter,
  type GivenParameters,
  numberParameter,
} from '../../base/parameters.js'
import {
  type AnyMatrix,
  type ClassifierTraining,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { Classifier, Tags } from '../../estimator/contract.js'
import { estimatorCodec } from '../../estimator/estimator-codec.js'
import { estimatorParameter } from '../../estimator/estimator-parameter.js'
import { featuresFor, givenTo, innerTags } from '../../estimator/inner-features.js'
import type { Features, FeaturesLike, MatrixNeeds } from '../../estimator/matrix.js'
import type { Codec } from '../../estimator/state.js'
import { codesFrom, responseMethods, scoresOfSecond } from './threshold.js'

export const classifierParameter = estimatorParameter<Classifier>({
  doc: 'A classifier of two classes; it is cloned.',
  as: {
    expected: 'a classifier',
    accepts: value => (value as { estimatorType?: string }).estimatorType === 'classifier',
  },
})

const fixedThresholdClassifierParameters = {
  estimator: classifierParameter,
  threshold: eitherParameter(
    choiceParameter(['auto'], { doc: '0.5 for probabilities, 0 for scores.' }),
    numberParameter({ doc: 'From this on it is the second class.' }),
    {
      default: 'auto',
      doc: 'From this on it is the second class; auto: 0.5 for probabilities, 0 for scores.',
    },
  ),
  responseMethod: choiceParameter(responseMethods, {
    default: 'auto',
    doc: 'What the threshold is held against: probabilities where there are any, else scores.',
  }),
}

interface State {
  readonly estimator: Classifier
}

const definition = defineEstimator({
  name: 'FixedThresholdClassifier',
  parameters: fixedThresholdClassifierParameters,
  state: { estimator: estimatorCodec as unknown as Codec<Classifier> },
  check(state: Frame & State, _, json) {
    if (state.classes?.length !== 2) json.fail('two classes', `${state.classes?.length}`)
  },
})

/**
 * Draws the line between two classes elsewhere than at one half. As scikit-learn's
 * `FixedThresholdClassifier`; the second class of `classes` is the positive one.
 *
 * @example
 * ```ts
 * const careful = new FixedThresholdClassifier({ estimator: new LogisticRegression(), threshold: 0.9 })
 * await careful.fit([[0], [1], [2], [3]], [0, 0, 1, 1])
 * await careful.predict([[1.6]]) // [0]
 * ```
 */
export class FixedThresholdClassifier extends ProbabilisticClassifier<
  typeof fixedThresholdClassifierParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof fixedThresholdClassifierParameters>) {
    super(definition, params)
  }

  override get tags(): Tags {
    return { ...innerTags([this.params.estimator]), oneClass: false }
  }

  override get hasProbabilities(): boolean {
    const { predictProba, hasProbabilities } = this.params.estimator
    return predictProba !== undefined && hasProbabilities !== false
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return featuresFor(this.tags, operation, x, needs)
  }

  protected async learn(training: ClassifierTraining<AnyMatrix>): Promise<State> {
    requireTwo(training.operation, training.classes)
    return { estimator: await fitOnCodes(this.params.estimator, training) }
  }

  protected override async codesOf(x: AnyMatrix, { estimator }: State): Promise<Int32Array> {
    const { threshold, responseMethod } = this.params
    const operation = 'FixedThresholdClassifier.predict'
    const { scores, standard } = await scoresOfSecond(
      operation,
      estimator,
      givenTo(x),
      responseMethod,
    )
    return codesFrom(scores, threshold === 'auto' ? standard : threshold)
  }

  protected async probabilitiesOf(x: AnyMatrix, { estimator }: State): Promise<Float64Array> {
    const operation = 'FixedThresholdClassifier.predictProba'
    const { scores } = await scoresOfSecond(operation, estimator, givenTo(x), 'predictProba')
    return Float64Array.from({ length: 2 * x.rows }, (_, i) =>
      i % 2 === 1 ? scores[i >> 1] : 1 - scores[i >> 1],
    )
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): FixedThresholdClassifier {
    return restore(FixedThresholdClassifier, json)
  }
}

/** Errors: DATA for more classes. */
export function requireTwo(operation: string, classes: number): void {
  if (classes === 2) return
  throw new AthanorError('DATA', {
    operation,
    expected: 'two classes',
    received: String(classes),
    fix: 'A threshold is between two; for more, calibrate probabilities instead',
  })
}

/** A clone of the classifier, fitted on class codes. */
export async function fitOnCodes(
  estimator: Classifier,
  { x, codes, classes, sampleWeight, signal }: ClassifierTraining<AnyMatrix>,
): Promise<Classifier> {
  return (await estimator.clone().fit(givenTo(x) as never, codes, {
    classes: Array.from({ length: classes }, (_, k) => k),
    ...(sampleWeight === undefined ? {} : { sampleWeight }),
    ...(signal === undefined ? {} : { signal }),
  })) as Classifier
}
