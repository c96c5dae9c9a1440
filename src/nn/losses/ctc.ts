// Connectionist temporal classification (Graves, Fernández, Gomez and Schmidhuber 2006): the loss of
// sequences that carry no alignment, such as speech and its transcript.

import { isFloat } from '../../base/dtype.js'
import { AthanorError, argumentError, shapeError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { formatShape } from '../../base/shape.js'
import { trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import { ctcLoss } from '../../tensor/ctc.js'
import {
  add,
  cast,
  cumsum,
  equal,
  floor,
  greaterEqual,
  mul,
  sub,
  sum,
  where,
} from '../../tensor/operations.js'
import { reshape, scatterAdd } from '../../tensor/structure.js'
import { asTensor, knownValues, type Tensor, type TensorLike, tensor } from '../../tensor/tensor.js'
import { firstOf, maskOf } from '../mask.js'
import { type LossOptions, lossOptions, predictions, reduceSamples, wholeIndices } from './loss.js'

/** Options of `losses.ctc`. */
export interface CtcOptions extends LossOptions {
  /** The class that stands for no label. Default: 0. */
  readonly blank?: number
  /** Rows whose transcript does not fit their steps lose 0 instead of Infinity. Default: false. */
  readonly zeroInfinity?: boolean
  /**
   * The first so many steps of each row count, [batch], whatever a mask says. Default: those of the
   * predictions' mask, or all.
   */
  readonly inputLengths?: TensorLike | null
}

const ctcOptions = new OptionTable<CtcOptions>({
  ...lossOptions.rows,
  blank: wholeNumber({ min: 0 }),
  zeroInfinity: trueOrFalse,
  inputLengths: lossOptions.rows.sampleWeight,
})

/**
 * −log p(yTrue | yPred) of each row, summed over all alignments. yTrue holds labels [batch, most],
 * each row padded with −1 behind its last label; a row of −1 alone is an empty transcript. yPred are
 * logits [batch, steps, classes]; the softmax is taken inside. The mean is over rows, whatever their
 * lengths (PyTorch's `CTCLoss` divides each row by its labels first). A mask on yPred says which steps
 * count, wherever they stand: those it leaves out are passed over, as by a recurrent layer.
 *
 * @throws AthanorError SHAPE if the shapes do not fit; INDEX for a label that is the blank or outside the
 * classes, a −1 between labels, or a length outside the steps: at once where the labels are known, else when
 * it runs. Rows padded with the blank, as PyTorch takes them, are among these: pad with −1.
 * @example
 * ```ts
 * const scores = zeros([2, 5, 3])
 * losses.ctc([[1, 2, 1], [2, -1, -1]], scores, { inputLengths: [5, 4] })
 * ```
 */
export function ctc(yTrue: TensorLike, yPred: TensorLike, options: CtcOptions = {}): Tensor {
  ctcOptions.check('losses.ctc', options)
  const { blank = 0, zeroInfinity = false, inputLengths } = options
  const logits = predictions(yPred)
  const targets = asTensor(yTrue)
  if (logits.rank !== 3 || targets.rank !== 2 || targets.shape[0] !== logits.shape[0])
    throw shapeError(
      'losses.ctc',
      'labels [batch, most], padded with −1, and logits [batch, steps, classes]',
      `${formatShape(targets.shape)} and ${formatShape(logits.shape)}`,
    )
  const [batch, steps, classes] = logits.shape
  if (blank >= classes)
    throw argumentError('losses.ctc', `a blank from 0 to ${classes - 1}`, String(blank))
  checkLabels(targets, blank, classes)
  // A fraction becomes a class that isn't there, which is refused: −1 would be padding.
  const labels = isFloat(targets.dtype)
    ? where(equal(targets, floor(targets)), cast(targets, 'int32'), classes)
    : cast(targets, 'int32')
  const given = inputLengths ?? null
  const mask = given === null ? maskOf(logits) : null
  const lengths =
    given !== null
      ? wholeIndices(asTensor(given))
      : mask !== null
        ? sum(cast(mask, 'int32'), { axis: -1 })
        : tensor(new Int32Array(batch).fill(steps), { dtype: 'int32' })
  const isLabel = greaterEqual(labels, 0)
  const counts = sum(cast(isLabel, 'int32'), { axis: -1 })
  // A −1 between labels is no padding: it becomes a class that isn't there, which is refused.
  const isInside = firstOf(counts, labels.shape[1])
  const padded = where(isLabel, labels, mul(cast(isInside, 'int32'), classes))
  const heard = mask === null ? logits : keptFirst(logits, mask)
  const values = ctcLoss(heard, padded, lengths, counts, { blank, zeroInfinity })
  // One loss a row: the mask has done its work.
  return reduceSamples('ctc', values, options, values)
}

/** Each row's steps that the mask keeps, and behind them the others, both in their order. */
function keptFirst(logits: Tensor, mask: Tensor): Tensor {
  const [batch, steps, classes] = logits.shape
  const kept = cast(mask, 'int32')
  const before = cumsum(kept, { exclusive: true })
  const count = sum(kept, { axis: -1, keepDims: true })
  const at = tensor(Int32Array.from({ length: steps }, (_, t) => t))
  const place = where(mask, before, add(count, sub(at, before)))
  const rows = tensor(
    Int32Array.from({ length: batch }, (_, b) => b * steps),
    {
      shape: [batch, 1],
    },
  )
  const places = reshape(add(rows, place), [batch * steps])
  const flat = reshape(logits, [batch * steps, classes])
  return reshape(scatterAdd(flat.shape, places, flat), logits.shape)
}

/** INDEX for a label that is none, as the kernels refuse it, but with its place. */
function checkLabels(targets: Tensor, blank: number, classes: number): void {
  const labels = knownValues(targets)
  if (labels === null) return
  const most = targets.shape[1]
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]
    const isBehindPadding = i % most > 0 && labels[i - 1] < 0
    const isLabel = Number.isInteger(label) && label < classes && label !== blank
    if (isLabel && (label < 0 || !isBehindPadding)) continue
    const name = label === blank ? `${label}, the blank,` : isLabel ? `${label} behind a −1` : label
    throw new AthanorError('INDEX', {
      operation: 'losses.ctc',
      expected: `labels below ${classes}, none of them the blank ${blank}, and −1 behind a row’s last`,
      received: `${name} at row ${Math.floor(i / most)}, place ${i % most}`,
      fix: 'Pad rows with −1: the blank is no label',
    })
  }
}
