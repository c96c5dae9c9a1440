// The share of rows predicted wrong. With one label a row, zero-one loss and Hamming loss are the same.

import type { Labels } from '../../base/label.js'
import { rightRows, type ShareOptions, shareOptions } from './accuracy.js'
import { checkLabelPair, totalWeight, type Weighted, weighted } from './input.js'

/**
 * Share of rows predicted wrong: 1 − accuracy; their number with `normalize: false`.
 * As scikit-learn's `zero_one_loss`.
 *
 * @example
 * ```ts
 * zeroOneLoss([0, 1, 2, 2], [0, 1, 2, 0]) // 0.25
 * zeroOneLoss([0, 1, 2, 2], [0, 1, 2, 0], { normalize: false }) // 1
 * ```
 */
export function zeroOneLoss(yTrue: Labels, yPred: Labels, options: ShareOptions = {}): number {
  const { sampleWeight, normalize = true } = shareOptions.check('zeroOneLoss', options)
  return wrong('zeroOneLoss', yTrue, yPred, { sampleWeight }, normalize)
}

/**
 * Share of labels predicted wrong; with one label a row the same as `zeroOneLoss`.
 * As scikit-learn's `hamming_loss`.
 *
 * @example
 * ```ts
 * hammingLoss(['a', 'b', 'b', 'c'], ['a', 'b', 'c', 'c']) // 0.25
 * ```
 */
export function hammingLoss(yTrue: Labels, yPred: Labels, options: Weighted = {}): number {
  return wrong('hammingLoss', yTrue, yPred, weighted.check('hammingLoss', options), true)
}

function wrong(
  operation: string,
  yTrue: Labels,
  yPred: Labels,
  { sampleWeight }: Weighted,
  normalize: boolean,
): number {
  checkLabelPair(operation, yTrue, yPred, sampleWeight)
  const total = totalWeight(yTrue.length, sampleWeight)
  const right = rightRows(yTrue, yPred, sampleWeight)
  return normalize ? 1 - right / total : total - right
}
