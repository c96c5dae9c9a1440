// Cross-entropy of distributions over classes: −Σ yTrue · log p.

import { OptionTable } from '../../base/options.js'
import { numberIn, trueOrFalse } from '../../base/value-kinds.js'
import { add, argMax, mul, neg, sum } from '../../tensor/operations.js'
import type { Tensor, TensorLike } from '../../tensor/tensor.js'
import {
  type ClassLossOptions,
  classLossOptions,
  classWeights,
  predictions,
  reduceSamples,
  targetsLike,
} from './loss.js'
import { logProbabilities } from './probability.js'

/** Options of `losses.categoricalCrossentropy`. */
export interface CategoricalCrossentropyOptions extends ClassLossOptions {
  /** yPred are logits rather than probabilities. Default: false. */
  readonly fromLogits?: boolean
  /** Share of the target spread evenly over all classes, 0 to 1. Default: 0. */
  readonly labelSmoothing?: number
}

const categoricalCrossentropyOptions = new OptionTable<CategoricalCrossentropyOptions>({
  ...classLossOptions.rows,
  fromLogits: trueOrFalse,
  labelSmoothing: numberIn({ min: 0, max: 1 }),
})

const name = 'categoricalCrossentropy'

/**
 * −Σ yTrue · log p over the last axis, both [..., classes], yTrue one-hot or a distribution.
 * Probabilities are divided by their sum and held within [1e-7, 1 − 1e-7].
 *
 * @throws AthanorError SHAPE if the shapes differ; class numbers go with
 * `sparseCategoricalCrossentropy`.
 * @example
 * ```ts
 * losses.categoricalCrossentropy([[0, 1, 0]], logits, { fromLogits: true, labelSmoothing: 0.1 })
 * ```
 */
export function categoricalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: CategoricalCrossentropyOptions = {},
): Tensor {
  categoricalCrossentropyOptions.check(`losses.${name}`, options)
  const { fromLogits = false, labelSmoothing = 0, classWeight } = options
  const p = predictions(yPred)
  const labels = targetsLike(name, yTrue, p)
  const classes = p.shape[p.rank - 1] ?? 1
  const t =
    labelSmoothing === 0 ? labels : add(mul(labels, 1 - labelSmoothing), labelSmoothing / classes)
  let values = neg(sum(mul(t, logProbabilities(p, fromLogits)), { axis: -1 }))
  if (classWeight !== undefined && classWeight !== null)
    values = mul(values, classWeights(name, classWeight, argMax(labels), classes, values))
  return reduceSamples(name, values, options, yPred)
}
