// Cross-entropy of integer class numbers: −log p[label].

import { OptionTable } from '../../base/options.js'
import { numberIn, trueOrFalse } from '../../base/value-kinds.js'
import { add, mul, neg, softmaxCrossEntropy, sum } from '../../tensor/operations.js'
import { gather, oneHot } from '../../tensor/structure.js'
import { type Tensor, type TensorLike, tensor } from '../../tensor/tensor.js'
import {
  type ClassLossOptions,
  classLossOptions,
  classWeights,
  labelsFor,
  predictions,
  reduceSamples,
} from './loss.js'
import { logProbabilities, smoothed } from './probability.js'

/** Options of `losses.sparseCategoricalCrossentropy`. */
export interface SparseCategoricalCrossentropyOptions extends ClassLossOptions {
  /** yPred are logits rather than probabilities. Default: false. */
  readonly fromLogits?: boolean
  /** Share of the target spread evenly over all classes, 0 to 1. Default: 0. */
  readonly labelSmoothing?: number
}

const sparseCategoricalCrossentropyOptions = new OptionTable<SparseCategoricalCrossentropyOptions>({
  ...classLossOptions.rows,
  fromLogits: trueOrFalse,
  labelSmoothing: numberIn({ min: 0, max: 1 }),
})

const name = 'sparseCategoricalCrossentropy'

/**
 * Cross-entropy of class numbers yTrue [n] (or [n, 1]) and predictions yPred [n, classes], in general
 * [...] and [..., classes]. Probabilities are divided by their sum and held within
 * [1e-7, 1 − 1e-7]. PyTorch's `CrossEntropyLoss` takes logits, and divides a class-weighted mean by the
 * sum of the weights.
 *
 * @throws AthanorError SHAPE if the shapes do not fit; INDEX, when it runs, for a label outside the
 * classes.
 * @example
 * ```ts
 * const y = tensor([0, 2], { dtype: 'int32' })
 * losses.sparseCategoricalCrossentropy(y, model.forward(x), { fromLogits: true }).backward()
 * ```
 */
export function sparseCategoricalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: SparseCategoricalCrossentropyOptions = {},
): Tensor {
  sparseCategoricalCrossentropyOptions.check(`losses.${name}`, options)
  const p = predictions(yPred)
  const labels = labelsFor(name, yTrue, p)
  const { fromLogits = false, labelSmoothing = 0, classWeight } = options
  let values = fromLogits ? softmaxCrossEntropy(p, labels) : ofProbabilities(p, labels)
  if (labelSmoothing !== 0) values = smoothed(values, p, fromLogits, labelSmoothing)
  if (classWeight !== undefined && classWeight !== null)
    values = mul(values, classWeights(name, classWeight, labels, p.shape[p.rank - 1], values))
  return reduceSamples(name, values, options, yPred)
}

function ofProbabilities(p: Tensor, labels: Tensor): Tensor {
  const classes = p.shape[p.rank - 1]
  const q = logProbabilities(p, false)
  const picked = sum(mul(oneHot(labels, classes, { dtype: p.dtype }), q), { axis: -1 })
  // Looking the labels up makes one outside the classes an INDEX error instead of a loss of 0.
  const nothing = gather(tensor(new Float64Array(classes), { dtype: p.dtype }), labels)
  return add(neg(picked), nothing)
}
