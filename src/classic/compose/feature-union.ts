// Transformers that all see the same features, their results side by side.

import { AthanorError } from '../../base/errors.js'
import {
  booleanParameter,
  type GivenParameters,
  optionalParameter,
  type Parameter,
  type ParametersOf,
} from '../../base/parameters.js'
import { BaseEstimator, defineEstimator, restore } from '../../estimator/base-estimator.js'
import { inputNames, withNames } from '../../estimator/base-transformer.js'
import type {
  EstimatorCore,
  FitOptions,
  Tags,
  Transformed,
  Transformer,
} from '../../estimator/contract.js'
import { isEstimator, namedEstimatorsParameter } from '../../estimator/estimator-parameter.js'
import { featuresFor, givenTo } from '../../estimator/inner-features.js'
import type { Features, FeaturesLike, MatrixNeeds } from '../../estimator/matrix.js'
import { type Targets, targetsOf } from '../../estimator/targets.js'
import { type Block, beside, densityOf, settled } from './beside.js'
import { unionTags } from './pipeline-tags.js'
import {
  type AnyStep,
  checkStepNames,
  fitTransformStep,
  isLikeStep,
  isTransformer,
  namedSteps,
  stepNames,
} from './steps.js'
import { transformerWeightsParameter } from './transformer-weights.js'

/** A transformer, the features as they are, or nothing. */
export type UnionStep = Transformer | 'passthrough' | 'drop'

const words = ['passthrough', 'drop'] as const

const featureUnionParameters = {
  transformerList: namedEstimatorsParameter<UnionStep>({
    words,
    as: { expected: 'transformer', accepts: isTransformer },
    doc: "Pairs of a name and a transformer, 'passthrough' or 'drop'.",
  }) as Parameter<readonly (readonly [name: string, step: UnionStep])[]>,
  transformerWeights: optionalParameter(transformerWeightsParameter),
  verboseFeatureNamesOut: booleanParameter({
    default: true,
    doc: 'Whether new names begin with the name of their transformer and two underscores.',
  }),
}

export type FeatureUnionParams = ParametersOf<typeof featureUnionParameters>

interface State {
  readonly steps: readonly (readonly [name: string, step: EstimatorCore | 'passthrough' | 'drop'])[]
}

const definition = defineEstimator({
  name: 'FeatureUnion',
  parameters: featureUnionParameters,
  state: { steps: namedSteps(words) },
  check({ steps }: State, { transformerList }, json) {
    const fits =
      steps.length === transformerList.length &&
      steps.every(([name, step], i) => {
        const [givenName, given] = transformerList[i]
        return name === givenName && isLikeStep(step, given)
      })
    if (!fits) json.fail('the transformers that the parameters name', 'others')
  },
})

/**
 * Puts what several transformers make of the same features side by side; sparse where one of them gives sparse
 * features. `fit` fits copies. As scikit-learn's `FeatureUnion`.
 *
 * Errors: ARGUMENT for wrong parameters; those of the transformers.
 *
 * @example
 * ```ts
 * const union = new FeatureUnion({
 *   transformerList: [['plain', 'passthrough'], ['squares', new PolynomialFeatures({ degree: [2, 2], includeBias: false })]],
 * })
 * await union.fitTransform([[2], [3]]) // { x: Float64Array [2, 4, 3, 9], … }
 * ```
 */
export class FeatureUnion
  extends BaseEstimator<typeof featureUnionParameters, State>
  implements Transformer<FeatureUnionParams>
{
  static readonly definition = definition
  readonly estimatorType = 'transformer'

  constructor(params: GivenParameters<typeof featureUnionParameters>) {
    super(definition, params)
    checkStepNames(
      'FeatureUnion',
      this.params.transformerList.map(([name]) => name),
      Object.keys(featureUnionParameters),
    )
  }

  override get tags(): Tags {
    return unionTags(this.params.transformerList.map(([, step]) => step).filter(s => s !== 'drop'))
  }

  /** The transformers by their names: fitted ones after `fit`. */
  get namedTransformers(): Readonly<Record<string, UnionStep>> {
    const steps = this.isFitted ? this.fitted('').steps : this.params.transformerList
    return Object.fromEntries(steps) as Record<string, UnionStep>
  }

  get featureNamesOut(): readonly string[] {
    return this.namesFrom(inputNames(this.fitted('featureNamesOut')))
  }

  /** The same from other names of the features. */
  namesFrom(inputs: readonly string[]): readonly string[] {
    const verbose = this.params.verboseFeatureNamesOut
    return this.fitted('namesFrom').steps.flatMap(([name, step]) => {
      if (step === 'drop') return []
      const names = step === 'passthrough' ? inputs : stepNames(step as AnyStep, inputs)
      return verbose ? names.map(one => `${name}__${one}`) : names
    })
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return featuresFor(this.tags, operation, x, { ...needs, allowNaN: true, sparse: true })
  }

  /** Errors: those of the transformers; INTERRUPTED after `signal`. Options: see `FitOptions`. */
  async fit(x: FeaturesLike, y?: Targets, options: FitOptions = {}): Promise<this> {
    await this.fitTransform(x, y, options)
    return this
  }

  /** `fit` and `transform` of the same rows. */
  async fitTransform(x: FeaturesLike, y?: Targets, options: FitOptions = {}): Promise<Transformed> {
    const targetName = typeof y === 'string' ? y : undefined
    const training = await this.trainingOf(x, options, targetName)
    const { operation, signal, rows } = training
    const targets = y === undefined ? undefined : await targetsOf(operation, x, y)
    const features = givenTo(training.x)
    const steps: [string, EstimatorCore | 'passthrough' | 'drop'][] = []
    const blocks: Block[] = []
    for (const [name, given] of this.params.transformerList) {
      const step = isEstimator(given) ? (given.clone() as unknown as AnyStep) : given
      steps.push([name, step as EstimatorCore | 'passthrough' | 'drop'])
      if (step === 'drop') continue
      const made =
        step === 'passthrough'
          ? (features as Transformed)
          : await fitTransformStep(step as AnyStep, features, targets, { signal })
      blocks.push(this.block(name, made))
    }
    const out = await this.joined(operation, blocks, rows)
    this.keep(training, { ...this.frameOf(training, targetName), steps })
    this.checkNames(operation)
    return this.named(out, training.x)
  }

  /** What the transformers make of the features, side by side. Errors: STATE before fit. */
  async transform(x: FeaturesLike): Promise<Transformed> {
    const { steps } = this.fitted('transform')
    const read = await this.readInput('transform', x)
    const features = givenTo(read)
    const blocks: Block[] = []
    for (const [name, step] of steps) {
      if (step === 'drop') continue
      const made =
        step === 'passthrough'
          ? (features as Transformed)
          : await (step as AnyStep).transform!(features)
      blocks.push(this.block(name, made))
    }
    return this.named(await this.joined('FeatureUnion.transform', blocks, read.rows), read)
  }

  private block(name: string, features: Transformed): Block {
    return { name, features, weight: this.params.transformerWeights?.[name] ?? 1 }
  }

  private async joined(
    operation: string,
    blocks: readonly Block[],
    rows: number,
  ): Promise<Transformed> {
    if (blocks.length === 0)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: 'some transformer that is not dropped',
        received: 'none',
      })
    const made = await settled(operation, blocks)
    return beside(operation, made, rows, densityOf(made, rows) < 1)
  }

  private named(out: Transformed, { names }: Features): Transformed {
    const { featureNamesIn } = this
    const inputs = names ?? featureNamesIn
    return inputs === undefined ? out : withNames(out, this.namesFrom(inputs))
  }

  private checkNames(operation: string): void {
    const names = this.featureNamesOut
    if (new Set(names).size === names.length) return
    throw new AthanorError('DATA', {
      operation,
      expected: 'each new name once',
      received: 'one from two transformers',
      fix: 'Set verboseFeatureNamesOut to true',
    })
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): FeatureUnion {
    return restore(FeatureUnion, json)
  }
}
