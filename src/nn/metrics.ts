// Metrics that are computed inside a training step. Each is a quotient of two sums, so that its value
// over many batches, or over a partial last one, is Σ total / Σ count. Metrics over whole columns of
// values (AUC, R², confusion matrix) are in src/estimator/metrics.

import { byName } from '../base/by-name.js'
import { shapeError } from '../base/errors.js'
import { noOptions, OptionTable } from '../base/options.js'
import { formatShape, sameShape } from '../base/shape.js'
import { numberIn, wholeNumber } from '../base/value-kinds.js'
import * as ops from '../tensor/operations.js'
import { oneHot, reshape } from '../tensor/structure.js'
import type { Tensor } from '../tensor/tensor.js'
import * as losses from './losses/index.js'
import { labelsFor, predictions, targetsLike } from './losses/loss.js'
import { maskFor } from './mask.js'
import { averaged } from './row-averages.js'

/** A metric of a batch: over many batches its value is finish(Σ total / Σ count). */
export interface BatchMetric {
  readonly name: string
  readonly compute: (
    yTrue: Tensor,
    yPred: Tensor,
    sampleWeight?: Tensor,
  ) => { readonly total: Tensor; readonly count: Tensor }
  /** What is left to do with the quotient. Default: nothing. */
  readonly finish?: (value: number) => number
}

/** The option of metrics that count what is predicted above a threshold. */
export interface ThresholdOption {
  /** Default: 0.5; 0 for logits. */
  readonly threshold?: number
}

/** The option of metrics that look at the highest predictions. */
export interface TopKOption {
  /** How many of them. Default: 5. */
  readonly k?: number
}

const thresholdOption = new OptionTable<ThresholdOption>({ threshold: numberIn() })
const topKOption = new OptionTable<TopKOption>({ k: wholeNumber({ min: 1 }) })

/** A function of targets and predictions: a scalar, or one value a row. */
export type MetricFunction = (yTrue: Tensor, yPred: Tensor) => Tensor

function perRow(
  name: string,
  values: (yTrue: Tensor, yPred: Tensor) => Tensor,
  finish?: (value: number) => number,
): BatchMetric {
  return {
    name,
    compute: (yTrue, yPred, weights) => {
      const of = values(yTrue, yPred)
      if (of.shape[0] !== yPred.shape[0])
        throw shapeError(
          `metric ${name}`,
          `one value for each of ${yPred.shape[0]} rows`,
          formatShape(of.shape),
        )
      return averaged(ops.cast(of, 'float32'), yPred, weights)
    },
    ...(finish && { finish }),
  }
}

/** Share of elements on the right side of the threshold. */
function sided(name: string, yTrue: Tensor, yPred: Tensor, threshold: number): Tensor {
  const p = predictions(yPred)
  const t = targetsLike(name, yTrue, p)
  const right = ops.equal(ops.greater(t, 0.5), ops.greater(p, threshold))
  return ops.logicalAnd(right, ops.logicalNot(ops.isNaN(p)))
}

/**
 * Share of elements where yPred > threshold (0.5) says what yTrue, 0 or 1, does. For logits the
 * threshold is 0.
 * @example
 * ```ts
 * model.compile({ loss, metrics: [batchMetrics.binaryAccuracy({ threshold: 0 })] })
 * ```
 */
export function binaryAccuracy(options?: ThresholdOption): BatchMetric {
  const { threshold = 0.5 } = thresholdOption.check('metric binaryAccuracy', options)
  return perRow('binaryAccuracy', (t, p) => sided('binaryAccuracy', t, p, threshold))
}

/** Share of rows whose largest prediction is at the largest of the one-hot targets. */
export function categoricalAccuracy(options?: object): BatchMetric {
  noOptions.check('metric categoricalAccuracy', options)
  return perRow('categoricalAccuracy', (t, p) =>
    ops.equal(ops.argMax(targetsLike('categoricalAccuracy', t, predictions(p))), ops.argMax(p)),
  )
}

/** Share of rows whose largest prediction is at the target's class number. */
export function sparseCategoricalAccuracy(options?: object): BatchMetric {
  noOptions.check('metric sparseCategoricalAccuracy', options)
  return perRow('sparseCategoricalAccuracy', (t, p) =>
    ops.equal(labelsFor('sparseCategoricalAccuracy', t, p), ops.argMax(p)),
  )
}

/** Share of rows where fewer than k classes are predicted higher than the right one. */
function among(labels: Tensor, p: Tensor, k: number): Tensor {
  const right = ops.cast(oneHot(labels, p.shape[p.rank - 1]), 'bool')
  const score = ops.sum(ops.where(right, p, 0), { axis: -1, keepDims: true })
  // Not "greater": NaN counts as higher, so that it never makes a hit.
  const higher = ops.sum(ops.logicalNot(ops.lessEqual(p, score)), { axis: -1 })
  return ops.less(higher, k)
}

/**
 * Share of rows whose class number is among the k (5) highest predictions.
 *
 * @example
 * ```ts
 * model.compile({ loss, metrics: [batchMetrics.sparseTopKCategoricalAccuracy({ k: 3 })] })
 * ```
 */
export function sparseTopKCategoricalAccuracy(options?: TopKOption): BatchMetric {
  const name = 'sparseTopKCategoricalAccuracy'
  const { k = 5 } = topKOption.check(`metric ${name}`, options)
  return perRow(name, (t, p) => among(labelsFor(name, t, p), predictions(p), k))
}

/** The same for one-hot targets. */
export function topKCategoricalAccuracy(options?: TopKOption): BatchMetric {
  const name = 'topKCategoricalAccuracy'
  const { k = 5 } = topKOption.check(`metric ${name}`, options)
  return perRow(name, (t, p) =>
    among(ops.argMax(targetsLike(name, t, predictions(p))), predictions(p), k),
  )
}

/**
 * The accuracy that fits: binary for one output, categorical for one-hot targets, else sparse.
 * `threshold` is for one output: 0.5, or 0 for logits.
 * @example
 * ```ts
 * model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] })
 * ```
 */
export function accuracy(options?: ThresholdOption): BatchMetric {
  const { threshold = 0.5 } = thresholdOption.check('metric accuracy', options)
  return perRow('accuracy', (t, p) => {
    if (p.rank === 1 || p.shape[p.rank - 1] === 1) return sided('accuracy', t, p, threshold)
    if (sameShape(t.shape, p.shape)) return ops.equal(ops.argMax(t), ops.argMax(p))
    return ops.equal(labelsFor('accuracy', t, p), ops.argMax(p))
  })
}

/** Hits among positives by some definition of the denominator. */
function counted(
  name: string,
  options: ThresholdOption | undefined,
  count: (hits: Tensor, predicted: Tensor, actual: Tensor) => { total: Tensor; count: Tensor },
): BatchMetric {
  const { threshold = 0.5 } = thresholdOption.check(`metric ${name}`, options)
  return {
    name,
    compute: (yTrue, yPred, weights) => {
      const p = predictions(yPred)
      const t = targetsLike(name, yTrue, p)
      const rows = p.shape[0]
      const w =
        weights === undefined
          ? null
          : reshape(ops.cast(weights, 'float32'), [rows, ...p.shape.slice(1).map(() => 1)])
      const mask = maskFor(p, yPred)
      const total = (x: Tensor) => {
        const all = ops.cast(x, 'float32')
        const values = mask === null ? all : ops.where(mask, all, 0)
        return ops.sum(w === null ? values : ops.mul(values, w))
      }
      const positive = ops.greater(t, 0.5)
      const predicted = ops.greater(p, threshold)
      return count(total(ops.logicalAnd(positive, predicted)), total(predicted), total(positive))
    },
    finish: value => (Number.isNaN(value) ? 0 : value),
  }
}

/** Of what is predicted above the threshold (0.5), the share that is positive; 0 where nothing is. */
export function precision(options?: ThresholdOption): BatchMetric {
  return counted('precision', options, (hits, predicted) => ({
    total: hits,
    count: predicted,
  }))
}

/** Of what is positive, the share that is predicted above the threshold (0.5). */
export function recall(options?: ThresholdOption): BatchMetric {
  return counted('recall', options, (hits, _, actual) => ({
    total: hits,
    count: actual,
  }))
}

/** Harmonic mean of precision and recall. */
export function f1(options?: ThresholdOption): BatchMetric {
  return counted('f1', options, (hits, predicted, actual) => ({
    total: ops.mul(hits, 2),
    count: ops.add(predicted, actual),
  }))
}

function ofLoss(name: losses.LossName): (options?: object) => BatchMetric {
  const loss = losses.getLoss(name)
  return options => {
    noOptions.check(`metric ${name}`, options)
    return perRow(name, (t, p) =>
      loss(t, p.rank === 1 ? reshape(p, [p.shape[0], 1]) : p, { reduction: 'none' }),
    )
  }
}

/** Mean of the squared differences. */
export const meanSquaredError = ofLoss('meanSquaredError')
/** Mean of the absolute differences. */
export const meanAbsoluteError = ofLoss('meanAbsoluteError')
/** Cross-entropy of probabilities of two classes. */
export const binaryCrossentropy = ofLoss('binaryCrossentropy')
/** Cross-entropy of one-hot targets and probabilities. */
export const categoricalCrossentropy = ofLoss('categoricalCrossentropy')
/** Cross-entropy of class numbers and probabilities. */
export const sparseCategoricalCrossentropy = ofLoss('sparseCategoricalCrossentropy')

/** √ of the mean squared error over all rows. */
export function rootMeanSquaredError(options?: object): BatchMetric {
  noOptions.check('metric rootMeanSquaredError', options)
  return { ...meanSquaredError(), name: 'rootMeanSquaredError', finish: Math.sqrt }
}

/** 100 · mean(|yTrue − yPred| / max(|yTrue|, 1e-7)), in percent. */
export function meanAbsolutePercentageError(options?: object): BatchMetric {
  noOptions.check('metric meanAbsolutePercentageError', options)
  const name = 'meanAbsolutePercentageError'
  return perRow(name, (t, p) => {
    const of = predictions(p)
    const target = targetsLike(name, t, of)
    const share = ops.div(ops.abs(ops.sub(target, of)), ops.maximum(ops.abs(target), 1e-7))
    return ops.mul(share, 100)
  })
}

const makers = {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  topKCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  precision,
  recall,
  f1,
  meanSquaredError,
  rootMeanSquaredError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} satisfies Record<string, () => BatchMetric>

/** Names under which metrics of a step are found. */
export type MetricName = keyof typeof makers

/** A metric: its name, one with options, or a plain function. */
export type MetricLike = MetricName | BatchMetric | MetricFunction

/** What `accuracy` means beside a loss whose targets the shapes alone do not tell. */
const accuracyOf: Readonly<Record<string, () => BatchMetric>> = {
  sparseCategoricalCrossentropy: sparseCategoricalAccuracy,
  sparseCategoricalFocalCrossentropy: sparseCategoricalAccuracy,
  binaryCrossentropy: () => binaryAccuracy(),
  hinge: () => binaryAccuracy({ threshold: 0 }),
  squaredHinge: () => binaryAccuracy({ threshold: 0 }),
} satisfies Partial<Record<losses.LossName, () => BatchMetric>>

/**
 * The metric of a name (or one that was made with options). `accuracy` takes the loss's kind where
 * the shapes alone do not tell.
 *
 * @throws AthanorError ARGUMENT for an unknown name.
 */
export function getMetric(metric: MetricName | BatchMetric, loss?: string): BatchMetric {
  if (typeof metric === 'object') return metric
  if (metric === 'accuracy' && loss !== undefined && Object.hasOwn(accuracyOf, loss))
    return { ...accuracyOf[loss](), name: 'accuracy' }
  return byName<() => BatchMetric>('metric', metric, makers)()
}
