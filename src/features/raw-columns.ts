// A column's features for models that need no scaling: numbers as they are, NaN where there is none,
// categories as codes by how frequent they are, or one feature each.

import type { CodeColumn, Column, ColumnType, NumberColumn } from '../data/column.js'
import type { ColumnEncoder } from './column-encoder.js'
import type { Treatment } from './treatment.js'

export interface RawOptions {
  /** Columns of up to so many categories get a feature for each; others one of codes. */
  readonly oneHotUpTo: number
  /** Codes of a column at most; the rarest categories share the last. */
  readonly maxCodes: number
}

/** Writes the rows `rowIds[from..to)` (or `from..to`), the first at `out[at]`, `width` apart. */
export type RawWriter = (
  rowIds: Uint32Array | undefined,
  from: number,
  to: number,
  out: Float64Array,
  at: number,
  width: number,
) => void

export interface RawColumn {
  readonly name: string
  readonly type: ColumnType
  readonly outputs: readonly string[]
  readonly treatment: Treatment
  /** Its feature is a code without an order; then how many codes there are. */
  readonly codes?: number
  /** What each code stands for; the last may be all the others. */
  readonly codeNames?: readonly string[]
  bind(column: Column): RawWriter
}

/** A column of numbers, one or more features from each of them. */
export function rawNumbers(
  { name, type }: { readonly name: string; readonly type: ColumnType },
  treatment: Treatment,
  parts: readonly { readonly name: string; readonly of: (value: number) => number }[],
): RawColumn {
  return {
    name,
    type,
    treatment,
    outputs: parts.map(part => part.name),
    bind(column) {
      const { values } = column as NumberColumn
      return (rowIds, from, to, out, at, width) => {
        for (let p = 0; p < parts.length; p++) {
          const { of } = parts[p]
          let place = at + p
          for (let i = from; i < to; i++, place += width) {
            const value = values[rowIds === undefined ? i : rowIds[i]]
            out[place] = Number.isFinite(value) ? of(value) : Number.NaN
          }
        }
      }
    },
  }
}

/** A column of texts, each of which stands for a number (NaN: a missing value). */
export function rawCodes(
  { name, type }: { readonly name: string; readonly type: ColumnType },
  output: string,
  treatment: Treatment,
  numbers: (column: CodeColumn) => ArrayLike<number>,
  codeNames?: readonly string[],
): RawColumn {
  return {
    name,
    type,
    treatment,
    outputs: [output],
    ...(codeNames === undefined ? {} : { codes: codeNames.length, codeNames }),
    bind(column) {
      const { codes } = column as CodeColumn
      const values = numbers(column as CodeColumn)
      return (rowIds, from, to, out, at, width) => {
        let place = at
        for (let i = from; i < to; i++, place += width) {
          const code = codes[rowIds === undefined ? i : rowIds[i]]
          out[place] = code < 0 ? Number.NaN : values[code]
        }
      }
    },
  }
}

/** The features of an encoder that are neither scaled nor imputed anyway. */
export function sameFeatures(encoder: ColumnEncoder): RawColumn {
  const { name, type, outputs, treatment } = encoder
  return {
    name,
    type,
    outputs,
    treatment,
    bind(column) {
      const tally = { missing: 0, unseen: 0, clipped: 0, unreadable: 0 }
      const write = encoder.bind(column, tally)
      const count = outputs.length
      let scratch = new Float32Array(0)
      return (rowIds, from, to, out, at, width) => {
        const size = (to - from) * count
        if (scratch.length < size) scratch = new Float32Array(size)
        else scratch.fill(0, 0, size)
        write(rowIds, from, to, scratch, 0, count)
        for (let row = 0; row < to - from; row++)
          for (let j = 0; j < count; j++) out[at + row * width + j] = scratch[row * count + j]
      }
    },
  }
}
