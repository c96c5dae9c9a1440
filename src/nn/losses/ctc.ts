// Connectionist temporal classification (Graves, Fernández, Gomez and Schmidhuber 2006): the loss of
// sequences that carry no alignment, such as speech and its transcript.

import { argumentError, shapeError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { formatShape } from '../../base/shape.js'
import { trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import { ctcLoss } from '../../tensor/ctc.js'
import { cast, greaterEqual, mul, sum, where } from '../../tensor/operations.js'
import { asTensor, type Tensor, type TensorLike, tensor } from '../../tensor/tensor.js'
import { firstOf, maskOf } from '../mask.js'
import { type LossOptions, lossOptions, predictions, reduceSamples, wholeIndices } from './loss.js'

/** Options of `losses.ctc`. */
export interface CtcOptions extends LossOptions {
  /** The class that stands for no label. Default: 0. */
  readonly blank?: number
  /** Rows whose transcript does not fit their steps lose 0 instead of Infinity. Default: false. */
  readonly zeroInfinity?: boolean
  /** Steps of each row that count, [batch]. Default: those of the predictions' mask, or all. */
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
 * count: the first n of each row.
 *
 * @throws AthanorError SHAPE if the shapes do not fit; INDEX, when it runs, for a label that is the
 * blank or outside the classes, or a length outside the steps.
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
  const labels = wholeIndices(asTensor(yTrue))
  if (logits.rank !== 3 || labels.rank !== 2 || labels.shape[0] !== logits.shape[0])
    throw shapeError(
      'losses.ctc',
      'labels [batch, most], padded with −1, and logits [batch, steps, classes]',
      `${formatShape(labels.shape)} and ${formatShape(logits.shape)}`,
    )
  const [batch, steps, classes] = logits.shape
  if (blank >= classes)
    throw argumentError('losses.ctc', `a blank from 0 to ${classes - 1}`, String(blank))
  const mask = maskOf(logits)
  const lengths =
    inputLengths !== undefined && inputLengths !== null
      ? wholeIndices(asTensor(inputLengths))
      : mask !== null
        ? sum(cast(mask, 'int32'), { axis: -1 })
        : tensor(new Int32Array(batch).fill(steps), { dtype: 'int32' })
  const isLabel = greaterEqual(labels, 0)
  const counts = sum(cast(isLabel, 'int32'), { axis: -1 })
  // A −1 between labels is no padding: it becomes a class that isn't there, which is refused.
  const isInside = firstOf(counts, labels.shape[1])
  const padded = where(isLabel, labels, mul(cast(isInside, 'int32'), classes))
  const values = ctcLoss(logits, padded, lengths, counts, {
    blank,
    zeroInfinity,
  })
  // One loss a row: the mask has done its work.
  return reduceSamples('ctc', values, options, values)
}
