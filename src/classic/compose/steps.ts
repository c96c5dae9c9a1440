// Named estimators one after the other: their types, and what a pipeline asks of them.

import { argumentError } from '../../base/errors.js'
import type { AnyEstimator, EstimatorCore, Tags, Transformed } from '../../estimator/contract.js'
import { estimatorOr } from '../../estimator/estimator-codec.js'
import { isEstimator } from '../../estimator/estimator-parameter.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import type { Codec } from '../../estimator/state.js'
import type { Targets } from '../../estimator/targets.js'

/** An estimator of a pipeline, or 'passthrough'. */
export type Step = AnyEstimator | 'passthrough'

/** The steps of a pipeline: all but the last are transformers. */
export type Steps = readonly (readonly [name: string, step: Step])[]

/** The last step. */
export type LastOf<S extends Steps> = S extends readonly [
  ...unknown[],
  readonly [string, infer E extends Step],
]
  ? E
  : AnyEstimator

/** What the last step says it is; 'passthrough' counts as a transformer. */
export type KindOf<S extends Steps> =
  LastOf<S> extends { readonly estimatorType: infer K } ? K : AnyEstimator['estimatorType']

/** What the last step's `predict` answers. */
export type PredictionOf<S extends Steps> =
  LastOf<S> extends { predict(x: never): infer R } ? Awaited<R> : never

/** The steps by their names. */
export type NamedSteps<S extends Steps> = {
  readonly [Pair in S[number] as Pair[0]]: Pair[1]
}

/** Every method that some kind of estimator has. */
export interface AnyStep extends EstimatorCore {
  readonly estimatorType: AnyEstimator['estimatorType']
  readonly tags?: Tags
  readonly classes?: unknown
  readonly labels?: Int32Array
  readonly hasProbabilities?: boolean
  readonly featureNamesOut?: readonly string[]
  fit(x: unknown, y?: unknown, options?: object): unknown
  transform?(x: unknown): Transformed | Promise<Transformed>
  fitTransform?(x: unknown, y?: unknown, options?: object): Transformed | Promise<Transformed>
  fitPredict?(x: unknown, y?: unknown, options?: object): unknown
  inverseTransform?(x: unknown): unknown
  namesFrom?(inputs: readonly string[]): readonly string[]
  predict?(x: unknown): unknown
  predictProba?(x: unknown): unknown
  predictLogProba?(x: unknown): unknown
  decisionFunction?(x: unknown): unknown
  score?(x: unknown, y?: unknown, options?: object): unknown
  clone(): AnyStep
}

/** Whether it has `transform`. */
export function isTransformer(estimator: EstimatorCore): boolean {
  return typeof (estimator as AnyStep).transform === 'function'
}

/** `fitTransform`, or `fit` and then `transform`. */
export async function fitTransformStep(
  step: AnyStep,
  x: unknown,
  y: Targets | undefined,
  options: object,
): Promise<Transformed> {
  if (step.fitTransform !== undefined) return step.fitTransform(x, y, options)
  await step.fit(x, y, options)
  return step.transform!(x as MatrixLike)
}

/** Names of what a fitted transformer makes of features with these names. */
export function stepNames(step: AnyStep, inputs: readonly string[]): readonly string[] {
  return step.namesFrom?.(inputs) ?? step.featureNamesOut ?? inputs
}

/** A list of named fitted estimators, or words in their place, in a saved state. */
export const namedSteps = <W extends string>(
  words: readonly W[],
): Codec<readonly (readonly [name: string, step: EstimatorCore | W])[]> => {
  const codec = estimatorOr(words)
  return {
    write: pairs => pairs.map(([name, step]) => [name, codec.write(step)]),
    read: json =>
      json.items(0, 10_000).map(pair => {
        const [name, step] = pair.items(2, 2)
        return [name.string(), codec.read(step)] as const
      }),
  }
}

/** What a saved step may be: of the class of the step that was given, or the same word. */
export function isLikeStep(saved: EstimatorCore | string, given: unknown): boolean {
  if (!isEstimator(saved)) return saved === given
  return isEstimator(given) && className(saved) === className(given)
}

/** As errors and names call it. */
export function className(estimator: EstimatorCore): string {
  const { definition } = estimator as { definition?: { name: string } }
  return definition?.name ?? estimator.constructor.name
}

/** Refuses names that can't stand before `__`. Errors: ARGUMENT. */
export function checkStepNames(
  operation: string,
  names: readonly string[],
  own: readonly string[],
) {
  for (const name of names)
    if (name.includes('__') || own.includes(name))
      throw argumentError(operation, 'names without __ that are no parameters', `'${name}'`)
}
