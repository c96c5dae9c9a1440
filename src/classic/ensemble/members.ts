// Estimators within an ensemble: copies of what was given, fitted on rows of the ensemble's own.

import { argumentError } from '../../base/errors.js'
import type {
  Classifier,
  EstimatorCore,
  FitOptions,
  FitProgress,
  Regressor,
} from '../../estimator/contract.js'
import { estimatorCodec } from '../../estimator/estimator-codec.js'
import type { FeaturesLike } from '../../estimator/matrix.js'
import type { Codec } from '../../estimator/state.js'
import { nestedParams, withParams } from '../../estimator/with-params.js'
import { throwIfAborted } from '../../execute/jobs.js'

/** For parameters: which estimators are taken. */
export const aClassifier = {
  expected: 'a classifier',
  accepts: (value: EstimatorCore) =>
    (value as { estimatorType?: string }).estimatorType === 'classifier',
}
export const aRegressor = {
  expected: 'a regressor',
  accepts: (value: EstimatorCore) =>
    (value as { estimatorType?: string }).estimatorType === 'regressor',
}

/** A fitted member in a saved state. */
export const classifierCodec: Codec<Classifier> = {
  write: estimatorCodec.write as Codec<Classifier>['write'],
  read: json => {
    const member = estimatorCodec.read(json)
    return aClassifier.accepts(member) ? (member as Classifier) : json.fail('a classifier')
  },
}
export const regressorCodec: Codec<Regressor> = {
  write: estimatorCodec.write as Codec<Regressor>['write'],
  read: json => {
    const member = estimatorCodec.read(json)
    return aRegressor.accepts(member) ? (member as Regressor) : json.fail('a regressor')
  },
}

/** A member, or 'drop', by its name. */
export type NamedMembers<T> = readonly (readonly [name: string, estimator: T | 'drop'])[]

/** Those that are not dropped. Errors: ARGUMENT where all are. */
export function membersOf<T extends EstimatorCore>(
  operation: string,
  named: NamedMembers<T>,
): (readonly [name: string, estimator: T])[] {
  const kept = named.filter((pair): pair is readonly [string, T] => pair[1] !== 'drop')
  if (kept.length === 0)
    throw argumentError(operation, 'at least one estimator', "'drop' for every one")
  return kept
}

/** The estimators among named ones. */
export function innerOf(named: NamedMembers<EstimatorCore>): EstimatorCore[] {
  return named.flatMap(([, estimator]) => (estimator === 'drop' ? [] : [estimator]))
}

/** A copy whose every seed, of estimators within too, is another one. */
export function seeded<T extends EstimatorCore>(estimator: T, seed: number): T {
  const names = Object.keys(nestedParams(estimator)).filter(
    name => name === 'randomState' || name.endsWith('__randomState'),
  )
  return withParams(estimator, Object.fromEntries(names.map(name => [name, seed])))
}

/** What a member is fitted with. */
export interface MemberFit {
  readonly operation: string
  readonly sampleWeight?: Float64Array | undefined
  /** Of classifiers: codes 0..classes−1 are its labels, whether its rows have all of them or not. */
  readonly classes?: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: FitProgress) => void) | undefined
}

/** Fits a copy. */
export async function fitMember<T extends Classifier | Regressor>(
  estimator: T,
  x: FeaturesLike,
  y: ArrayLike<number>,
  { operation, sampleWeight, classes, signal, onProgress }: MemberFit,
): Promise<T> {
  throwIfAborted(operation, signal)
  const options: FitOptions = {
    ...(sampleWeight === undefined ? {} : { sampleWeight }),
    ...(classes === undefined ? {} : { classes: Array.from({ length: classes }, (_, k) => k) }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  }
  const member = estimator.clone() as T
  await member.fit(x as never, Float64Array.from(y), options)
  return member
}

/** Progress of one part of a whole. */
export function progressOf(
  onProgress: ((progress: FitProgress) => void) | undefined,
  part: number,
  parts: number,
): ((progress: FitProgress) => void) | undefined {
  if (onProgress === undefined) return undefined
  return ({ fraction }) =>
    onProgress({ fraction: (part + fraction) / parts, iteration: part, loss: 0 })
}

/** Whether a classifier gives probabilities. */
export function hasProbabilities(member: Classifier): boolean {
  return member.predictProba !== undefined && member.hasProbabilities !== false
}

/** Probabilities; where a classifier has none, 1 for the class that it predicts. */
export async function sharesOf(
  member: Classifier,
  x: FeaturesLike,
  classes: number,
): Promise<Float64Array> {
  if (hasProbabilities(member))
    return Float64Array.from((await member.predictProba?.(x as never)) ?? [])
  const codes = await member.predict(x as never)
  const out = new Float64Array(codes.length * classes)
  for (let row = 0; row < codes.length; row++) out[row * classes + Number(codes[row])] = 1
  return out
}

/** Predictions of a regressor. */
export async function numbersOf(member: Regressor, x: FeaturesLike): Promise<Float64Array> {
  return Float64Array.from(await member.predict(x as never))
}

/** Weights, one a member. Errors: ARGUMENT for too few, too many, or none above 0. */
export function weightsOfMembers(
  operation: string,
  weights: readonly number[] | undefined,
  named: NamedMembers<EstimatorCore>,
): Float64Array {
  if (weights === undefined) return new Float64Array(innerOf(named).length).fill(1)
  if (weights.length !== named.length)
    throw argumentError(operation, `${named.length} weights, one an estimator`, `${weights.length}`)
  const kept = Float64Array.from(weights.filter((_, i) => named[i][1] !== 'drop'))
  if (!kept.some(weight => weight > 0)) throw argumentError(operation, 'a weight above 0', 'none')
  return kept
}
