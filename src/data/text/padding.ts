// Sequences of different lengths as one rectangle: cut where they are too long, filled with 0 where too short.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { oneOf, wholeNumber } from '../../base/value-kinds.js'

/** Options of `padSequences`. */
export interface PaddingOptions {
  /** Tokens of each row. Default: those of the longest sequence. */
  readonly length?: number
  /** Where a short one is filled up: `pre` before it, `post` behind it. Default: 'post'. */
  readonly padding?: 'pre' | 'post'
  /** Where a long one is cut: `pre` loses its beginning, `post` its end. Default: 'post'. */
  readonly truncating?: 'pre' | 'post'
}

/** @internal */
export const paddingOptions = new OptionTable<PaddingOptions>({
  length: wholeNumber({ min: 1 }),
  padding: oneOf(['pre', 'post']),
  truncating: oneOf(['pre', 'post']),
})

/** A rectangle of ids. */
export interface PaddedSequences {
  /** [rows, length], row-major; 0 is padding. */
  readonly ids: Int32Array
  readonly rows: number
  readonly length: number
  /** Tokens of each row that are no padding. */
  readonly lengths: Int32Array
  /** [rows, length]: 1 where a token stands, 0 where padding does. */
  readonly mask: Uint8Array
}

/**
 * Sequences as rows of one length. (Keras's `pad_sequences` fills and cuts before the sequence unless told
 * otherwise.)
 *
 * @throws AthanorError ARGUMENT for a wrong option, and for ids that are no whole numbers.
 * @example
 * ```ts
 * const { ids, lengths } = padSequences([[5, 6], [7, 8, 9]])
 * ids // Int32Array [5, 6, 0, 7, 8, 9]
 * lengths // Int32Array [2, 3]
 * ```
 */
export function padSequences(
  sequences: readonly ArrayLike<number>[],
  options?: PaddingOptions,
): PaddedSequences {
  const checked = paddingOptions.check('padSequences', options)
  if (!Array.isArray(sequences) || sequences.some(one => typeof one?.length !== 'number'))
    throw argumentError('padSequences', 'a list of sequences of ids', typeof sequences)
  const longest = sequences.reduce((most, { length }) => Math.max(most, length), 1)
  const { length = longest } = checked
  const rows = sequences.length
  const ids = new Int32Array(rows * length)
  const mask = new Uint8Array(rows * length)
  const lengths = new Int32Array(rows)
  sequences.forEach((sequence, row) => {
    const other = Array.prototype.findIndex.call(sequence, id => !Number.isInteger(id))
    if (other >= 0)
      throw argumentError(
        'padSequences',
        'ids that are whole numbers',
        `${String(sequence[other])} in sequence ${row}, at ${other}`,
      )
    lengths[row] = Math.min(sequence.length, length)
    const at = writePadded(sequence, ids, row * length, length, checked)
    mask.fill(1, at, at + lengths[row])
  })
  return { ids, rows, length, lengths, mask }
}

/** Writes one row into an array of zeros; where its first token stands. */
export function writePadded(
  sequence: ArrayLike<number>,
  into: Int32Array,
  at: number,
  length: number,
  { padding = 'post', truncating = 'post' }: PaddingOptions,
): number {
  const kept = Math.min(sequence.length, length)
  const from = truncating === 'pre' ? sequence.length - kept : 0
  const start = padding === 'pre' ? at + length - kept : at
  for (let i = 0; i < kept; i++) into[start + i] = sequence[from + i]
  return start
}
