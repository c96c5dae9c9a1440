// What every fitted column can do: write its features of a block of rows into the matrix.

import type { Column, ColumnType } from '../data/column.js'
import type { NumericKernel } from './numeric-kernel.js'
import type { RawColumn, RawOptions } from './raw-columns.js'
import type { Treatment } from './treatment.js'

/** Cells of one column that a rule had to deal with. */
export interface ColumnTally {
  /** Cells without a value. */
  missing: number
  /** Cells with a category that the training rows didn't have. */
  unseen: number
  /** Numbers beyond the bounds learned, and clipped to them. */
  clipped: number
  /** Texts where numbers or dates were learned from, that are none; counted as missing too. */
  unreadable: number
}

/**
 * Writes features of the rows `rowIds[from..to)` (or `from..to` without row ids) into `out`, the
 * first of them at `out[at]`, row by row `width` apart. `out` holds zeros before.
 */
export type FeatureWriter = (
  rowIds: Uint32Array | undefined,
  from: number,
  to: number,
  out: Float32Array,
  at: number,
  width: number,
) => void

export interface ColumnEncoder {
  readonly name: string
  readonly type: ColumnType
  /** Names of the features, in their order. */
  readonly outputs: readonly string[]
  /** What is done and why. */
  readonly treatment: Treatment
  /**
   * A writer for this column's cells, counting as it goes. With a kernel, `out` will be the kernel's
   * memory and a call has at most 65,535 rows.
   */
  bind(column: Column, tally: ColumnTally, kernel?: NumericKernel): FeatureWriter
  /** The same column for models that need no scaling. */
  raw(options: RawOptions): RawColumn
  /** The learned state, without name and type. */
  toJSON(): { readonly kind: string }
}
