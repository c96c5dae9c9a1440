// Members of a bagging: fitted one after the other on samples, judged by rows that they have not seen
// (Breiman, Bagging predictors, 1996).

import { argumentError } from '../../base/errors.js'
import type { JsonReader } from '../../base/json-reader.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Frame, Training } from '../../estimator/base-estimator.js'
import type { Classifier, Regressor, Tags } from '../../estimator/contract.js'
import { givenTo } from '../../estimator/inner-features.js'
import type { FeaturesLike } from '../../estimator/matrix.js'
import { RowSet } from '../../estimator/row-set.js'
import {
  type Codec,
  finiteNumber,
  float64s,
  int32s,
  optional,
  record,
} from '../../estimator/state.js'
import {
  rowsOutside,
  type Sample,
  type SamplingParams,
  sampleOf,
  takeFeatures,
} from './bagging-parameters.js'
import { fitMember, progressOf, seeded } from './members.js'

/** A member and the features that it sees; undefined: all. */
export interface BagMember<T> {
  readonly estimator: T
  readonly features: Int32Array | undefined
}

/** How members do on rows that they have not seen. */
export interface OutOfBag {
  readonly score: number
  readonly values: Float64Array
}

export interface BagState<T> {
  readonly members: readonly BagMember<T>[]
  readonly outOfBag: OutOfBag | undefined
}

export const memberCodec = <T>(estimator: Codec<T>): Codec<BagMember<T>> =>
  record<BagMember<T>>({ estimator, features: optional(int32s({ low: 0 })) })

const scoreCodec: Codec<number> = {
  write: value => (Number.isNaN(value) ? null : value),
  read: json => (json.value === null ? Number.NaN : finiteNumber().read(json)),
}

export const outOfBagCodec = optional(
  record<OutOfBag>({ score: scoreCodec, values: float64s({ anyValue: true }) }),
)

/** Refuses features beyond those of fit. */
export function checkMembers<T>(
  { members, nFeaturesIn }: Frame & BagState<T>,
  json: JsonReader,
): void {
  for (const { features } of members)
    if (features !== undefined && !(features.length > 0 && features.every(f => f < nFeaturesIn)))
      json.fail(`features below ${nFeaturesIn}`, 'others')
}

export interface BagCall<T> {
  readonly training: Training<AnyMatrix>
  readonly y: ArrayLike<number>
  /** 0 for regressors. */
  readonly classes: number
  readonly estimator: T
  readonly params: SamplingParams & { readonly nEstimators: number; readonly oobScore: boolean }
  /** What a member says of rows, `outputs` numbers a row. */
  readonly said: (member: T, x: FeaturesLike) => Promise<Float64Array>
  readonly outputs: number
  readonly score: (values: Float64Array, rows: readonly number[]) => number
}

export async function fitBag<T extends Classifier | Regressor>(
  call: BagCall<T>,
): Promise<BagState<T>> {
  const { training, y, classes, estimator, params, outputs } = call
  const { operation, x, rows, signal, onProgress } = training
  const { nEstimators, oobScore, bootstrap, randomState } = params
  if (oobScore && !bootstrap)
    throw argumentError(operation, 'oobScore with bootstrap only', 'oobScore without')
  const set = await RowSet.of(operation, givenTo(x))
  const members: BagMember<T>[] = []
  const sums = new Float64Array(oobScore ? rows * outputs : 0)
  const judges = new Uint32Array(oobScore ? rows : 0)
  for (let i = 0; i < nEstimators; i++) {
    const sample = usableSample(call, i)
    const member = await fitMember<T>(
      seeded(estimator, randomState + i),
      takeFeatures(operation, set.take(sample.rows), sample.features),
      Float64Array.from(sample.rows, row => y[row]),
      {
        operation,
        signal,
        ...(classes > 0 && { classes }),
        onProgress: progressOf(onProgress, i, nEstimators),
      },
    )
    members.push({ estimator: member, features: sample.features })
    if (!oobScore) continue
    const outside = rowsOutside(sample, rows)
    if (outside.length === 0) continue
    const rowsLeft = takeFeatures(operation, set.take(outside), sample.features)
    const values = await call.said(member, rowsLeft)
    for (let n = 0; n < outside.length; n++) {
      judges[outside[n]]++
      for (let k = 0; k < outputs; k++) sums[outside[n] * outputs + k] += values[n * outputs + k]
    }
  }
  if (!oobScore) return { members, outOfBag: undefined }
  const values = sums.map((sum, i) => sum / judges[Math.floor(i / outputs)])
  const judged = Array.from(judges.keys()).filter(row => judges[row] > 0)
  const score = judged.length === 0 ? Number.NaN : call.score(values, judged)
  return { members, outOfBag: { score, values } }
}

/** Classifiers that need two classes get a sample that has them, if a few draws find one. */
function usableSample<T extends Classifier | Regressor>(call: BagCall<T>, number: number): Sample {
  const { training, y, classes, estimator, params } = call
  const draw = (attempt: number) =>
    sampleOf(params, number + attempt * params.nEstimators, training.x, training.sampleWeight)
  const { tags } = estimator as { tags?: Tags }
  let sample = draw(0)
  if (classes < 2 || tags?.oneClass === true) return sample
  for (let attempt = 1; attempt < 20; attempt++) {
    if (sample.rows.some(row => y[row] !== y[sample.rows[0]])) return sample
    sample = draw(attempt)
  }
  return sample
}

/** The mean of what the members say, `outputs` numbers a row. */
export async function meanOfBag<T>(
  { members }: BagState<T>,
  x: AnyMatrix,
  outputs: number,
  said: (member: T, x: FeaturesLike) => Promise<Float64Array>,
): Promise<Float64Array> {
  const out = new Float64Array(x.rows * outputs)
  for (const { estimator, features } of members) {
    const values = await said(estimator, takeFeatures('predict', givenTo(x), features))
    for (let i = 0; i < out.length; i++) out[i] += values[i] / members.length
  }
  return out
}
