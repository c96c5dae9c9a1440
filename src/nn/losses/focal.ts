// Focal losses (Lin et al. 2017, "Focal loss for dense object detection"): cross-entropies in which what is
// predicted well already counts less, by (1 − p)^gamma.

import { AthanorError, argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { either, listOf, numberIn, trueOrFalse } from '../../base/value-kinds.js'
import {
  add,
  clip,
  div,
  exp,
  log,
  logSoftmax,
  maximum,
  mul,
  neg,
  pow,
  sigmoid,
  softplus,
  sub,
  sum,
} from '../../tensor/operations.js'
import { gather, oneHot } from '../../tensor/structure.js'
import { asTensor, knownValues, type Tensor, type TensorLike, tensor } from '../../tensor/tensor.js'
import { maskOf } from '../mask.js'
import {
  type LossOptions,
  labelsFor,
  lossOptions,
  predictions,
  reduceElements,
  reduceSamples,
  targetsLike,
} from './loss.js'
import { epsilon } from './probability.js'

/** Options of the focal losses over classes. */
export interface FocalOptions extends LossOptions {
  /** yPred are logits rather than probabilities. Default: false. */
  readonly fromLogits?: boolean
  /** Share of the target spread evenly over all classes, 0 to 1. Default: 0. */
  readonly labelSmoothing?: number
  /** How much less counts what is predicted well; 0: no less. Default: 2. */
  readonly gamma?: number
  /** Weight of all classes, or a list of one for each. Default: 0.25. */
  readonly alpha?: number | readonly number[]
}

/** Options of `losses.binaryFocalCrossentropy`. */
export interface BinaryFocalCrossentropyOptions extends FocalOptions {
  /** Weight of the positive class. Default: 0.25. */
  readonly alpha?: number
  /** Weigh positives by alpha and negatives by 1 − alpha. Default: false. */
  readonly applyClassBalancing?: boolean
}

const oneWeight = numberIn({ min: 0, max: 1 })

const focalOptions = new OptionTable<FocalOptions>({
  ...lossOptions.rows,
  fromLogits: trueOrFalse,
  labelSmoothing: numberIn({ min: 0, max: 1 }),
  gamma: numberIn({ min: 0 }),
  alpha: either(oneWeight, listOf(numberIn({ min: 0 }), { min: 1 })),
})

const binaryFocalOptions = new OptionTable<BinaryFocalCrossentropyOptions>({
  ...focalOptions.rows,
  alpha: oneWeight,
  applyClassBalancing: trueOrFalse,
})

/**
 * Mean over the last axis of (1 − q)^gamma · binary cross-entropy, where q is the probability given to the
 * right answer.
 *
 * @throws AthanorError SHAPE if the shapes differ ([n] and [n, 1] stand for each other); DATA for targets
 * outside [0, 1], where their values are known and no mask leaves steps out.
 * @example
 * ```ts
 * losses.binaryFocalCrossentropy([0, 1], [0.1, 0.6], { gamma: 2 }) // 0.0414
 * ```
 */
export function binaryFocalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: BinaryFocalCrossentropyOptions = {},
): Tensor {
  const name = 'binaryFocalCrossentropy'
  binaryFocalOptions.check(`losses.${name}`, options)
  const { fromLogits = false, labelSmoothing = 0, gamma = 2, alpha = 0.25 } = options
  const given = predictions(yPred)
  const labels = targetsLike(name, sharesOf(name, yTrue, given), given)
  const t = labelSmoothing === 0 ? labels : add(mul(labels, 1 - labelSmoothing), labelSmoothing / 2)
  const p = fromLogits ? sigmoid(given) : clip(given, epsilon, 1 - epsilon)
  const entropy = fromLogits
    ? sub(softplus(given), mul(t, given))
    : neg(add(mul(t, log(p)), mul(sub(1, t), log(sub(1, p)))))
  const right = add(mul(t, p), mul(sub(1, t), sub(1, p)))
  // Sure and right: (1 − p)^gamma has no finite slope at 0 for a gamma below 1.
  const focal = mul(pow(maximum(sub(1, right), epsilon), gamma), entropy)
  const balanced = options.applyClassBalancing
    ? mul(focal, add(mul(t, alpha), mul(sub(1, t), 1 - alpha)))
    : focal
  return reduceElements(name, balanced, options, yPred)
}

/**
 * −Σ alpha · (1 − p)^gamma · yTrue · log p over the last axis, both [..., classes], yTrue one-hot or a
 * distribution. Probabilities are divided by their sum and held within [1e-7, 1 − 1e-7].
 *
 * @throws AthanorError SHAPE if the shapes differ; ARGUMENT for another count of alphas than of classes; DATA
 * for targets outside [0, 1], where their values are known and no mask leaves steps out.
 * @example
 * ```ts
 * losses.categoricalFocalCrossentropy([[0, 1, 0]], [[0.1, 0.8, 0.1]]) // 0.00223
 * ```
 */
export function categoricalFocalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: FocalOptions = {},
): Tensor {
  const name = 'categoricalFocalCrossentropy'
  focalOptions.check(`losses.${name}`, options)
  const given = predictions(yPred)
  const labels = targetsLike(name, sharesOf(name, yTrue, given), given)
  return reduceSamples(name, overClasses(name, labels, given, options), options, yPred)
}

/**
 * `categoricalFocalCrossentropy` of class numbers yTrue [n] (or [n, 1]) and predictions yPred [n, classes], in
 * general [...] and [..., classes].
 *
 * @throws AthanorError SHAPE if the shapes do not fit; ARGUMENT for another count of alphas than of classes;
 * INDEX, when it runs, for a label outside the classes.
 * @example
 * ```ts
 * losses.sparseCategoricalFocalCrossentropy([1], [[0.1, 0.8, 0.1]], { alpha: [1, 0.25, 1] }) // 0.00223
 * ```
 */
export function sparseCategoricalFocalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: FocalOptions = {},
): Tensor {
  const name = 'sparseCategoricalFocalCrossentropy'
  focalOptions.check(`losses.${name}`, options)
  const given = predictions(yPred)
  const labels = labelsFor(name, yTrue, given)
  const classes = given.shape[given.rank - 1]
  const shares = oneHot(labels, classes, { dtype: given.dtype })
  const values = overClasses(name, shares, given, options)
  // Looking the labels up makes one outside the classes an INDEX error instead of a loss of 0.
  const nothing = gather(tensor(new Float64Array(classes), { dtype: given.dtype }), labels)
  return reduceSamples(name, add(values, nothing), options, yPred)
}

function overClasses(
  name: string,
  labels: Tensor,
  given: Tensor,
  { fromLogits = false, labelSmoothing = 0, gamma = 2, alpha = 0.25 }: FocalOptions,
): Tensor {
  const classes = given.shape[given.rank - 1] ?? 1
  if (typeof alpha !== 'number' && alpha.length !== classes)
    throw argumentError(
      `losses.${name}`,
      `an alpha for each of the ${classes} classes`,
      String(alpha.length),
    )
  const t =
    labelSmoothing === 0 ? labels : add(mul(labels, 1 - labelSmoothing), labelSmoothing / classes)
  const share = (x: Tensor) =>
    clip(div(x, sum(x, { axis: -1, keepDims: true })), epsilon, 1 - epsilon)
  const logP = fromLogits ? logSoftmax(given) : log(share(given))
  const p = exp(logP)
  const weight = typeof alpha === 'number' ? alpha : tensor(alpha, { dtype: given.dtype })
  const values = mul(mul(pow(maximum(sub(1, p), epsilon), gamma), weight), mul(t, logP))
  return neg(sum(values, { axis: -1 }))
}

/** What targets may be off by: shares that were computed in float32. */
const rounding = 1e-6

/** Targets as a tensor, refused where they are known to be no shares. */
function sharesOf(name: string, yTrue: TensorLike, given: Tensor): Tensor {
  const targets = asTensor(yTrue, given)
  // What stands in steps that a mask leaves out is nobody's business.
  const values = maskOf(given) === null ? knownValues(targets) : null
  const at = values?.findIndex((t: number) => !(t >= -rounding && t <= 1 + rounding)) ?? -1
  if (at >= 0)
    throw new AthanorError('DATA', {
      operation: `losses.${name}`,
      expected: 'targets from 0 to 1',
      received: `${values?.[at]} at place ${at}`,
      fix: 'Class numbers go with sparseCategoricalFocalCrossentropy',
    })
  return targets
}
