// Transformers one after the other, and an estimator at their end, as one estimator.

import { type AthanorError, argumentError } from '../../base/errors.js'
import type { Label } from '../../base/label.js'
import type { GivenParameters, Parameter } from '../../base/parameters.js'
import {
  BaseEstimator,
  type Definition,
  defineEstimator,
  type Frame,
  restore,
} from '../../estimator/base-estimator.js'
import { inputNames } from '../../estimator/base-transformer.js'
import type {
  EstimatorCore,
  FitOptions,
  ScoreOptions,
  Tags,
  Transformed,
} from '../../estimator/contract.js'
import { isEstimator, namedEstimatorsParameter } from '../../estimator/estimator-parameter.js'
import { featuresFor, givenTo } from '../../estimator/inner-features.js'
import type { Features, FeaturesLike, MatrixNeeds } from '../../estimator/matrix.js'
import { type Targets, targetsOf } from '../../estimator/targets.js'
import { pipelineTags } from './pipeline-tags.js'
import {
  type AnyStep,
  checkStepNames,
  className,
  fitTransformStep,
  isLikeStep,
  isTransformer,
  type KindOf,
  type NamedSteps,
  namedSteps,
  type PredictionOf,
  type Step,
  type Steps,
  stepNames,
} from './steps.js'

const pipelineParameters = {
  steps: namedEstimatorsParameter<Step>({
    words: ['passthrough'],
    doc: "Pairs of a name and an estimator, in their order; all but the last are transformers, or 'passthrough'.",
  }) as Parameter<Steps>,
}

interface State {
  /** The steps, fitted. */
  readonly steps: readonly (readonly [name: string, step: EstimatorCore | 'passthrough'])[]
}

const definition: Definition<typeof pipelineParameters, State> = defineEstimator({
  name: 'Pipeline',
  parameters: pipelineParameters,
  state: { steps: namedSteps(['passthrough']) },
  check({ steps }, params, json) {
    const fits =
      steps.length === params.steps.length &&
      steps.every(([name, step], i) => {
        const [givenName, given] = params.steps[i]
        return name === givenName && isLikeStep(step, given)
      })
    if (!fits) json.fail('the steps that the parameters name', 'others')
  },
})

/**
 * A pipeline: each step learns from what the steps before it make of the features, the last one predicts (or
 * transforms). It is a classifier, a regressor, a transformer or a clusterer as its last step is, and has that
 * step's methods. `fit` fits copies of the steps, which `namedSteps` gives; `sampleWeight` and `classes` go to
 * the last step, the targets to all, `signal` and `onProgress` too. As scikit-learn's `Pipeline`.
 *
 * Errors: ARGUMENT for a step before the last that is no transformer, and for names with `__`; those of the steps.
 *
 * @example
 * ```ts
 * const model = new Pipeline({
 *   steps: [['impute', new SimpleImputer()], ['scale', new StandardScaler()], ['ridge', new Ridge()]],
 * })
 * await model.fit([[1], [null], [3], [4]], [2, 5, 6, 8])
 * model.namedSteps.ridge.coef
 * model.withParams({ ridge__alpha: 10 })
 * ```
 */
export class Pipeline<const S extends Steps = Steps> extends BaseEstimator<
  typeof pipelineParameters,
  State
> {
  static readonly definition = definition

  constructor(params: { readonly steps: S }) {
    super(definition, params as GivenParameters<typeof pipelineParameters>)
    const { steps } = this.params
    checkStepNames(
      'Pipeline',
      steps.map(([name]) => name),
      Object.keys(pipelineParameters),
    )
    for (const [name, step] of steps.slice(0, -1))
      if (step !== 'passthrough' && !isTransformer(step))
        throw argumentError(
          'Pipeline',
          "transformers, or 'passthrough', before the last step",
          `${className(step)} as '${name}'`,
        )
  }

  /** What the last step is. */
  get estimatorType(): KindOf<S> {
    const [, last] = this.params.steps[this.params.steps.length - 1]
    return (last === 'passthrough' ? 'transformer' : last.estimatorType) as KindOf<S>
  }

  override get tags(): Tags {
    return pipelineTags(this.params.steps.map(([, step]) => step))
  }

  /** The steps by their names: fitted ones after `fit`. */
  get namedSteps(): NamedSteps<S> {
    const steps = this.isFitted ? this.fitted('namedSteps').steps : this.params.steps
    return Object.fromEntries(steps) as unknown as NamedSteps<S>
  }

  /** The labels of the last step. Errors: STATE before fit; ARGUMENT where it has none. */
  get classes(): readonly Label[] {
    return this.lastWith('classes').classes as readonly Label[]
  }

  /** The clusters of the training rows. Errors: as `classes`. */
  get labels(): Int32Array {
    return this.lastWith('labels').labels as Int32Array
  }

  /** Whether `predictProba` answers. */
  get hasProbabilities(): boolean {
    const [, given] = this.params.steps[this.params.steps.length - 1]
    const last = (this.isFitted ? this.last('hasProbabilities') : given) as AnyStep | 'passthrough'
    return (
      last !== 'passthrough' && last.predictProba !== undefined && last.hasProbabilities !== false
    )
  }

  /** Names of what the transformers make: of the results, or of what the last step predicts from. */
  get featureNamesOut(): readonly string[] {
    return this.namesFrom(inputNames(this.fitted('featureNamesOut')))
  }

  /** The same from other names of the features. */
  namesFrom(inputs: readonly string[]): readonly string[] {
    return this.fitted('namesFrom').steps.reduce<readonly string[]>(
      (names, [, step]) =>
        isEstimator(step) && isTransformer(step) ? stepNames(step as AnyStep, names) : names,
      inputs,
    )
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    // The form is that of the first step; what it takes within that, the step itself checks.
    const first = this.params.steps.find(([, step]) => step !== 'passthrough')?.[1]
    const tags = (first as { tags?: Tags } | undefined)?.tags ?? {}
    return featuresFor(tags, operation, x, { ...needs, allowNaN: true, sparse: true })
  }

  /**
   * Fits each step on what those before it made. Options: see `FitOptions`.
   *
   * @throws AthanorError what the steps throw; INTERRUPTED after `signal`.
   */
  async fit(x: FeaturesLike, y?: Targets, options: FitOptions = {}): Promise<this> {
    await this.fitSteps(x, y, options, async (last, features, targets, own) => {
      await last.fit(features, targets, own)
    })
    return this
  }

  /** `fit`, and what the last step makes of the same rows. Errors: ARGUMENT where it is no transformer. */
  async fitTransform(x: FeaturesLike, y?: Targets, options: FitOptions = {}): Promise<Transformed> {
    this.requireMethod('transform')
    return (await this.fitSteps(x, y, options, fitTransformStep)) as Transformed
  }

  /** `fit`, and the cluster of each row. Errors: ARGUMENT where the last step is no clusterer. */
  async fitPredict(
    x: FeaturesLike,
    y?: undefined,
    options: FitOptions = {},
  ): Promise<PredictionOf<S>> {
    this.requireMethod('fitPredict')
    return (await this.fitSteps(x, y, options, (last, features, targets, own) =>
      last.fitPredict!(features, targets, own),
    )) as PredictionOf<S>
  }

  private async fitSteps(
    x: FeaturesLike,
    y: Targets | undefined,
    options: FitOptions,
    end: (last: AnyStep, x: unknown, y: Targets | undefined, options: FitOptions) => unknown,
  ): Promise<unknown> {
    const targetName = typeof y === 'string' ? y : undefined
    const training = await this.trainingOf(x, options, targetName)
    const { operation, signal, onProgress } = training
    const targets = y === undefined ? undefined : await targetsOf(operation, x, y)
    const fitted: [string, EstimatorCore | 'passthrough'][] = []
    const count = this.params.steps.length
    let current: unknown = givenTo(training.x)
    for (const [i, [name, given]] of this.params.steps.entries()) {
      const isLast = i === count - 1
      const own: FitOptions = {
        ...(isLast ? options : {}),
        signal,
        onProgress:
          onProgress &&
          (progress => onProgress({ ...progress, fraction: (i + progress.fraction) / count })),
      }
      if (given === 'passthrough') {
        fitted.push([name, given])
        continue
      }
      const step = given.clone() as unknown as AnyStep
      current = await (isLast ? end : fitTransformStep)(step, current, targets, own)
      fitted.push([name, step])
      onProgress?.({ fraction: (i + 1) / count, iteration: 0, loss: 0 })
    }
    this.keep(training, { ...this.frameOf(training, targetName), steps: fitted })
    return current
  }

  /** Predictions of the last step. Errors: STATE before fit; ARGUMENT where it doesn't predict. */
  async predict(x: FeaturesLike): Promise<PredictionOf<S>> {
    const last = this.lastWith('predict')
    return (await last.predict!(await this.before('predict', x))) as PredictionOf<S>
  }

  /** Probabilities, row-major `rows × classes`. Errors: as `predict`. */
  async predictProba(x: FeaturesLike): Promise<Float64Array> {
    const last = this.lastWith('predictProba')
    return (await last.predictProba!(await this.before('predictProba', x))) as Float64Array
  }

  /** Logarithms of the probabilities. Errors: as `predict`. */
  async predictLogProba(x: FeaturesLike): Promise<Float64Array> {
    return (await this.predictProba(x)).map(Math.log)
  }

  /** Scores of the last step. Errors: as `predict`. */
  async decisionFunction(x: FeaturesLike): Promise<Float64Array> {
    const last = this.lastWith('decisionFunction')
    return (await last.decisionFunction!(await this.before('decisionFunction', x))) as Float64Array
  }

  /** What all steps make of the features. Errors: as `predict`, where the last is no transformer. */
  async transform(x: FeaturesLike): Promise<Transformed> {
    this.requireMethod('transform')
    const last = this.last('transform')
    const before = await this.before('transform', x)
    return (last === 'passthrough' ? before : await last.transform!(before)) as Transformed
  }

  /** The way back through all steps. Errors: STATE; ARGUMENT where a step has none. */
  async inverseTransform(x: FeaturesLike): Promise<unknown> {
    const { steps } = this.fitted('inverseTransform')
    let current: unknown = x
    for (const [name, step] of [...steps].reverse()) {
      if (step === 'passthrough') continue
      const { inverseTransform } = step as AnyStep
      if (inverseTransform === undefined)
        throw argumentError(
          'Pipeline.inverseTransform',
          'steps that have inverseTransform',
          `${className(step)} as '${name}'`,
        )
      current = await inverseTransform.call(step, current)
    }
    return current
  }

  /** The last step's score: accuracy, R² or its own. Errors: as `predict`. */
  async score(x: FeaturesLike, y?: Targets, options: ScoreOptions = {}): Promise<number> {
    const last = this.lastWith('score')
    const targets = y === undefined ? undefined : await targetsOf('Pipeline.score', x, y)
    return (await last.score!(await this.before('score', x), targets, options)) as number
  }

  /** The features as the last step gets them. */
  private async before(method: string, x: FeaturesLike): Promise<unknown> {
    const { steps } = this.fitted(method)
    let current: unknown = givenTo(await this.readInput(method, x))
    for (const [, step] of steps.slice(0, -1))
      if (step !== 'passthrough') current = await (step as AnyStep).transform!(current)
    return current
  }

  private last(what: string): AnyStep | 'passthrough' {
    const { steps } = this.fitted(what) as Frame & State
    return steps[steps.length - 1][1] as AnyStep | 'passthrough'
  }

  private lastWith(method: keyof AnyStep): AnyStep {
    const last = this.last(method)
    if (last === 'passthrough' || last[method] === undefined) throw this.without(method)
    return last
  }

  private requireMethod(method: 'transform' | 'fitPredict'): void {
    const [, last] = this.params.steps[this.params.steps.length - 1]
    const fine =
      last === 'passthrough'
        ? method === 'transform'
        : typeof (last as unknown as AnyStep)[method] === 'function'
    if (!fine) throw this.without(method)
  }

  private without(method: string): AthanorError {
    const [name, last] = this.params.steps[this.params.steps.length - 1]
    return argumentError(
      `Pipeline.${method}`,
      `a last step that has ${method}`,
      last === 'passthrough' ? "'passthrough'" : `${className(last)} as '${name}'`,
    )
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): Pipeline {
    return restore(Pipeline as never, json) as Pipeline
  }
}

/**
 * A pipeline whose steps are named after their classes, in small letters and numbered where one comes twice.
 *
 * @example
 * ```ts
 * makePipeline(new StandardScaler(), new Ridge()).params.steps.map(([name]) => name) // ['standardscaler', 'ridge']
 * ```
 */
export function makePipeline(...estimators: readonly Step[]): Pipeline {
  const names = estimators.map(step =>
    step === 'passthrough' ? step : className(step).toLowerCase(),
  )
  const count = (name: string) => names.filter(other => other === name).length
  const steps = estimators.map((step, i): readonly [string, Step] => {
    const before = names.slice(0, i).filter(other => other === names[i]).length
    return [count(names[i]) > 1 ? `${names[i]}-${before + 1}` : names[i], step]
  })
  return new Pipeline({ steps })
}
