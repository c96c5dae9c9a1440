// What all losses share: how targets and predictions are brought together, weights, and reductions.
// Conventions are Keras 3's: targets first, predictions second; the last axis is averaged within a
// sample; a weighted mean divides by the number of samples, not by the sum of the weights.

import { isFloat } from '../../base/dtype.js'
import { argumentError, shapeError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { formatShape, sameShape } from '../../base/shape.js'
import { oneOf, orNull, tested } from '../../base/value-kinds.js'
import { isTypedArray } from '../../tensor/convert.js'
import { cast, equal, floor, mean, mul, sum, where } from '../../tensor/operations.js'
import { gather, reshape } from '../../tensor/structure.js'
import { asTensor, Tensor, type TensorLike, tensor } from '../../tensor/tensor.js'
import { maskedMean, maskFor } from '../mask.js'

/** How the losses of the samples become the result. */
export type Reduction = (typeof reductions)[number]

/** Options that every loss has. */
export interface LossOptions {
  /** mean: over all samples; sum; none: one value per sample. Default: mean. */
  readonly reduction?: Reduction
  /** A weight for each sample (or each of its positions). Default: all 1. */
  readonly sampleWeight?: TensorLike | null
}

const reductions = ['mean', 'sum', 'none'] as const

export const lossOptions = new OptionTable<LossOptions>({
  reduction: oneOf(reductions),
  sampleWeight: orNull(
    tested<TensorLike>(
      'a tensor, a number or an array',
      value =>
        value instanceof Tensor ||
        typeof value === 'number' ||
        Array.isArray(value) ||
        isTypedArray(value),
      ['1', {}],
    ),
  ),
})

/** Weights by class number; classes that are not named weigh 1. */
export type ClassWeight = Readonly<Record<number, number>> | readonly number[]

/** Options of losses over classes. */
export interface ClassLossOptions extends LossOptions {
  /** A weight for each class of the targets. Default: all 1. */
  readonly classWeight?: ClassWeight | null
}

export const classLossOptions = new OptionTable<ClassLossOptions>({
  ...lossOptions.rows,
  classWeight: orNull(
    tested<ClassWeight>(
      'an object or a list of weights',
      value => typeof value === 'object' && value !== null && !(value instanceof Tensor),
      [1, '1'],
    ),
  ),
})

/** A loss: targets, predictions, options → a tensor (a scalar unless `reduction` is none). */
export type LossFunction = (yTrue: TensorLike, yPred: TensorLike, options?: LossOptions) => Tensor

/** Predictions as a float tensor. */
export function predictions(yPred: TensorLike): Tensor {
  const p = asTensor(yPred)
  return isFloat(p.dtype) ? p : cast(p, 'float32')
}

/** Targets in the predictions' type and shape; [n] and [n, 1] stand for each other. */
export function targetsLike(loss: string, yTrue: TensorLike, p: Tensor): Tensor {
  const t = yTrue instanceof Tensor ? yTrue : asTensor(yTrue, p)
  const typed = t.dtype === p.dtype ? t : cast(t, p.dtype)
  if (sameShape(typed.shape, p.shape)) return ofCounted(typed, p)
  if (sameShape([...typed.shape, 1], p.shape) || sameShape(typed.shape, [...p.shape, 1]))
    return ofCounted(reshape(typed, p.shape), p)
  throw shapeError(
    `losses.${loss}`,
    `targets of the predictions’ shape ${formatShape(p.shape)}`,
    formatShape(typed.shape),
  )
}

/** Targets with 0 where the mask of the predictions leaves out a step: whatever stands there has no gradient. */
function ofCounted(targets: Tensor, p: Tensor): Tensor {
  const mask = maskFor(targets, p)
  return mask === null ? targets : where(mask, targets, 0)
}

/** Numbers as int32 indices; a fraction becomes −1, which is outside every table and throws INDEX. */
export function wholeIndices(x: Tensor): Tensor {
  if (!isFloat(x.dtype)) return x.dtype === 'int32' ? x : cast(x, 'int32')
  return where(equal(x, floor(x)), cast(x, 'int32'), -1)
}

/** Integer class numbers of shape `rows` (or with a last axis of size 1). */
export function labelsFor(loss: string, yTrue: TensorLike, p: Tensor): Tensor {
  const t = asTensor(yTrue)
  const labels = wholeIndices(t)
  const { shape } = labels
  const rank = p.rank - 1
  if (rank < 0) throw shapeError(`losses.${loss}`, 'predictions of shape [..., classes]', '[]')
  let fits = shape.length === rank
  for (let i = 0; fits && i < rank; i++) fits = shape[i] === p.shape[i]
  if (fits) return ofCounted(labels, p)
  const rows = p.shape.slice(0, -1)
  if (sameShape(shape, [...rows, 1])) return ofCounted(reshape(labels, rows), p)
  throw shapeError(
    `losses.${loss}`,
    `class numbers of shape ${formatShape(rows)} for predictions of shape ${formatShape(p.shape)}`,
    formatShape(shape),
    sameShape(shape, p.shape)
      ? 'One-hot targets go with categoricalCrossentropy'
      : 'Give one class number for each row',
  )
}

/** The weight of each label's class. */
export function classWeights(
  loss: string,
  weights: ClassWeight,
  labels: Tensor,
  classes: number,
  like: Tensor,
): Tensor {
  const row = new Float64Array(classes).fill(1)
  for (const [key, weight] of Object.entries(weights)) {
    const label = Number(key)
    if (!Number.isInteger(label) || label < 0 || label >= classes)
      throw argumentError(
        `losses.${loss}`,
        `class weights for classes 0 to ${classes - 1}`,
        `one for ${key}`,
      )
    if (!Number.isFinite(weight) || weight < 0)
      throw argumentError(`losses.${loss}`, 'class weights ≥ 0', String(weight))
    row[label] = weight
  }
  return gather(tensor(row, { dtype: like.dtype }), labels)
}

/** Averages the last axis: one loss for each sample or position. */
export function perSample(values: Tensor): Tensor {
  return values.rank === 0 ? values : mean(values, { axis: -1 })
}

/**
 * Element losses whose last axis is averaged within a sample, weighted and reduced. Steps that the mask of
 * `yPred` leaves out do not count.
 */
export function reduceElements(
  loss: string,
  values: Tensor,
  options: LossOptions,
  yPred: TensorLike,
): Tensor {
  const { reduction = 'mean', sampleWeight } = options
  const mask = maskFor(values, yPred)
  // Rows are of one length, so the mean of their means is the mean of all.
  if (reduction === 'mean' && mask === null && (sampleWeight ?? null) === null) return mean(values)
  // One number a step: the last axis is the steps.
  const ofSteps = mask !== null && values.rank === 2
  return reduceSamples(loss, ofSteps ? values : perSample(values), options, yPred)
}

/** Losses per sample, weighted and reduced, without the steps that the mask of `yPred` leaves out. */
export function reduceSamples(
  loss: string,
  values: Tensor,
  options: LossOptions,
  yPred: TensorLike,
): Tensor {
  const { reduction = 'mean', sampleWeight } = options
  const weighted =
    sampleWeight === undefined || sampleWeight === null
      ? values
      : mul(values, weightsFor(loss, sampleWeight, values))
  const mask = maskFor(values, yPred)
  if (mask !== null && reduction === 'mean') return maskedMean(weighted, mask)
  const kept = mask === null ? weighted : where(mask, weighted, 0)
  if (reduction === 'mean') return mean(kept)
  if (reduction === 'sum') return sum(kept)
  return kept
}

/** Weights in the shape of the losses; those of samples are repeated over a sample's positions. */
function weightsFor(loss: string, sampleWeight: TensorLike, values: Tensor): Tensor {
  const given = asTensor(sampleWeight, values)
  const weights = given.dtype === values.dtype ? given : cast(given, values.dtype)
  const { shape } = weights
  if (shape.length === 0 || sameShape(shape, values.shape)) return weights
  if (sameShape(shape, [...values.shape, 1])) return reshape(weights, values.shape)
  const leads = shape.length < values.rank && shape.every((n, i) => n === values.shape[i])
  if (leads) return reshape(weights, [...shape, ...values.shape.slice(shape.length).map(() => 1)])
  const broadcasts =
    shape.length === values.rank &&
    shape.every((n, i) => n === values.shape[i] || (n === 1 && i > 0))
  if (broadcasts) return weights
  throw shapeError(
    `losses.${loss}`,
    `sample weights for losses of shape ${formatShape(values.shape)}`,
    formatShape(shape),
  )
}
