// What checks work on: an estimator of any kind, data that suit it, and its answers as plain arrays.

import { AthanorError, type ErrorCode } from '../../base/errors.js'
import type { Label } from '../../base/label.js'
import { Random } from '../../base/philox.js'
import type { AnyEstimator, EstimatorCore, FitOptions, Tags } from '../contract.js'
import { isSparse, type Matrix } from '../matrix.js'

/** What `checkEstimator` is given beside a class. */
export interface CheckedEstimator {
  /** A new estimator, the same at every call. */
  make(): EstimatorCore
  fromJSON(json: unknown): EstimatorCore
  /** Checks to leave out, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>
}

/** The estimator under test; all kinds share these methods where they have them. */
export interface Subject {
  readonly name: string
  readonly kind: AnyEstimator['estimatorType']
  readonly tags: Tags
  make(): AnyModel
  fromJSON(json: unknown): AnyModel
  readonly data: CheckData
}

/** Any kind of estimator, seen as having every method. */
export interface AnyModel extends EstimatorCore {
  readonly estimatorType: AnyEstimator['estimatorType']
  readonly classes?: readonly Label[]
  readonly hasProbabilities?: boolean
  readonly labels?: Int32Array
  readonly featureNamesOut?: readonly string[]
  fit(x: unknown, y?: unknown, options?: FitOptions): unknown
  predict?(x: unknown): unknown
  predictProba?(x: unknown): unknown
  decisionFunction?(x: unknown): unknown
  transform?(x: unknown): unknown
  fitTransform?(x: unknown, y?: unknown): unknown
  fitPredict?(x: unknown): unknown
  score?(x: unknown, y: unknown, options?: object): unknown
  clone(): AnyModel
}

/** Features and targets that suit the estimator. */
export interface CheckData {
  readonly rows: readonly (readonly (number | string | null)[])[]
  readonly y: readonly number[] | undefined
  /** Other targets for the same rows. */
  readonly flipped: readonly number[] | undefined
}

const count = 40

export function subjectOf(checked: CheckedEstimator): Subject {
  const made = checked.make() as AnyModel
  const tags = (made as { tags?: Tags }).tags ?? {}
  const kind = made.estimatorType
  return {
    name: made.toJSON().estimator,
    kind,
    tags,
    make: () => checked.make() as AnyModel,
    fromJSON: json => checked.fromJSON(json) as AnyModel,
    data: dataFor(kind, tags),
  }
}

const words = ['red', 'green', 'house', 'garden', 'river', 'old', 'new', 'stone', 'light', 'and']

/** One text a row; the target is whether a word is in it. */
function textsFor(kind: Subject['kind'], tags: Tags): CheckData {
  const random = new Random(20)
  const rows = Array.from({ length: count }, () => [
    Array.from({ length: 6 }, () => words[random.integer(words.length)]).join(' '),
  ])
  const needed = kind === 'classifier' || kind === 'regressor' || tags.needsTargets === true
  const y = rows.map(([text]) => (text.includes('red') ? 1 : 0))
  return { rows, y: needed ? y : undefined, flipped: needed ? y.map(v => 1 - v) : undefined }
}

function dataFor(kind: Subject['kind'], tags: Tags): CheckData {
  if (tags.input === 'texts') return textsFor(kind, tags)
  const random = new Random(20)
  const low = tags.nonNegative === true ? 0 : -1
  const width = tags.features ?? 3
  // Rounded to what a float32 holds, so that all forms of input say the same.
  const rows = Array.from({ length: count }, () =>
    Array.from({ length: width }, (_, j) =>
      Math.fround((low + (1 - low) * random.uniform()) * (j + 1)),
    ),
  )
  const score = (row: readonly number[]) => 2 * row[0] - (row[1] ?? 0) + 0.3 * (row[2] ?? 0)
  if (kind === 'classifier') {
    const middle = [...rows].map(score).sort((a, b) => a - b)[count / 2]
    const y = rows.map((row, i) => (score(row) > middle === (i % 11 !== 0) ? 1 : 0))
    return { rows, y, flipped: y.map(label => 1 - label) }
  }
  if (kind === 'regressor') {
    const positive = tags.targets === 'positive' || tags.targets === 'nonNegative'
    const y = rows.map(row => {
      const value = score(row) + 0.1 * random.uniform()
      return Math.fround(positive ? Math.exp(value / 2) : value)
    })
    return { rows, y, flipped: [...y].reverse() }
  }
  const y = rows.map((row, i) => (score(row) > 0 === (i % 11 !== 0) ? 1 : 0))
  return tags.needsTargets === true
    ? { rows, y, flipped: y.map(label => 1 - label) }
    : { rows, y: undefined, flipped: undefined }
}

/** The model fitted on the subject's data. */
export async function fitted(
  subject: Subject,
  data: { readonly rows?: unknown; readonly y?: unknown } = {},
  options?: FitOptions,
): Promise<AnyModel> {
  const model = subject.make()
  await model.fit(data.rows ?? subject.data.rows, data.y ?? subject.data.y, options)
  return model
}

/** What the model says of the rows, as numbers or labels, whatever its kind. */
export async function answersOf(model: AnyModel, x: unknown): Promise<ArrayLike<unknown>> {
  const { estimatorType } = model
  if (estimatorType === 'transformer') return valuesOf(await model.transform?.(x))
  if (estimatorType === 'outlierDetector')
    return (await model.decisionFunction?.(x)) as ArrayLike<number>
  if (estimatorType === 'clusterer' && model.predict === undefined)
    return model.labels as Int32Array
  return (await model.predict?.(x)) as ArrayLike<unknown>
}

/** The method that answers before anything else of its kind. */
export async function callFirst(model: AnyModel, x: unknown): Promise<unknown> {
  if (model.estimatorType === 'transformer') return model.transform?.(x)
  if (model.predict !== undefined) return model.predict(x)
  return model.labels
}

/** A matrix, dense or sparse, as its values row by row. */
export function valuesOf(out: unknown): ArrayLike<number> {
  const matrix = out as Matrix
  return isSparse(matrix) ? matrix.toDense().x : matrix.x
}

/** Numbers within `tolerance` of each other (relative to 1 or their size), labels equal; else why not. */
export function differs(
  a: ArrayLike<unknown>,
  b: ArrayLike<unknown>,
  tolerance = 0,
): string | undefined {
  if (a.length !== b.length) return `answers differ in number: ${a.length} and ${b.length}`
  for (let i = 0; i < a.length; i++) {
    const [p, q] = [a[i], b[i]]
    if (p === q || (Number.isNaN(p) && Number.isNaN(q))) continue
    const near =
      typeof p === 'number' &&
      typeof q === 'number' &&
      Math.abs(p - q) <= tolerance * Math.max(1, Math.abs(p), Math.abs(q))
    if (!near) return `answers differ at ${i}: ${p} and ${q}`
  }
  return undefined
}

/** A sentence unless `run` throws an AthanorError of the code (any of several). */
export async function wrongError(
  what: string,
  run: () => unknown,
  ...codes: readonly ErrorCode[]
): Promise<string | undefined> {
  try {
    await run()
  } catch (error) {
    if (error instanceof AthanorError && codes.includes(error.code)) return undefined
    return `${what}: expected an error ${codes.join(' or ')}, received ${error}`
  }
  return `${what}: expected an error ${codes.join(' or ')}, received none`
}

export function roundTrip(model: EstimatorCore): unknown {
  return JSON.parse(JSON.stringify(model))
}
