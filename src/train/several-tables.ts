// Several tables of rows: one for each input or output of a functional model.

import { argumentError, shapeError } from '../base/errors.js'
import { suggestName } from '../base/nearest-name.js'
import { sizeOf } from '../base/shape.js'
import { valueWords } from '../base/value-kinds.js'
import { Tensor } from '../tensor/tensor.js'
import {
  type BatchOrder,
  cuts,
  type FlatRows,
  type SeveralBatch,
  type SeveralSource,
} from './batches.js'
import type { RowData } from './data-form.js'
import { rowWeights, type WeightOptions } from './row-weights.js'
import { cutRows } from './single-form.js'

/**
 * What stands for each of `names`: by name in an object, in order in a list, or itself where there is
 * but one name.
 *
 * @throws AthanorError ARGUMENT for missing and unknown names, and lists of another length.
 */
export function partsByName<T>(operation: string, given: unknown, names: readonly string[]): T[] {
  if (given === undefined || given === null)
    throw argumentError(operation, `one for each of ${names.join(', ')}`, 'nothing')
  if (isNamed(given, names)) {
    const unknown = Object.keys(given).find(name => !names.includes(name))
    if (unknown !== undefined)
      throw argumentError(
        operation,
        `the names ${names.join(', ')}`,
        `'${unknown}'`,
        suggestName(unknown, names),
      )
    const missing = names.find(name => given[name] === undefined)
    if (missing !== undefined)
      throw argumentError(operation, `the names ${names.join(', ')}`, `none for ${missing}`)
    return names.map(name => given[name] as T)
  }
  if (names.length === 1) return [(isListOfOne(given) ? given[0] : given) as T]
  if (Array.isArray(given) && given.length === names.length) return [...given]
  throw argumentError(
    operation,
    `a list of ${names.length} or an object by name: ${names.join(', ')}`,
    Array.isArray(given) ? `a list of ${given.length}` : valueWords(given),
  )
}

/** One tensor in a list, as outputs in a list suggest; other lists of one may be a row. */
function isListOfOne(given: unknown): given is readonly [Tensor] {
  return Array.isArray(given) && given.length === 1 && given[0] instanceof Tensor
}

/** A plain object whose keys are names; the type of a row is an object too. */
function isNamed(given: unknown, names: readonly string[]): given is Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return false
  if (given instanceof Tensor || ArrayBuffer.isView(given)) return false
  const isRowType = 'shape' in given && 'dtype' in given
  return !isRowType || names.includes('shape')
}

export class SeveralData implements RowData {
  readonly rows: number

  constructor(
    private readonly operation: string,
    private readonly x: Readonly<Record<string, FlatRows>>,
    private readonly y: Readonly<Record<string, FlatRows>>,
    private readonly given: WeightOptions,
  ) {
    const [first] = Object.values(x)
    this.rows = first.rows
    for (const [name, { rows }] of [...Object.entries(x), ...Object.entries(y)])
      if (rows !== this.rows)
        throw shapeError(
          operation,
          `as many rows in each input and target (${this.rows})`,
          `${rows} for ${name}`,
        )
    if (given.classWeight !== undefined)
      throw argumentError(
        operation,
        'no classWeight for a model of several inputs or outputs',
        'one',
        'Give sampleWeight, or lossWeights in compile',
      )
  }

  source(from: number, to: number, _use: 'training' | 'validation'): SeveralSource {
    const { operation, given } = this
    const cut = (tables: Readonly<Record<string, FlatRows>>) =>
      mapped(tables, rows => cutRows(rows, from, to))
    const [target] = Object.values(this.y)
    const weights = rowWeights(operation, target, given)?.subarray(from, to) ?? null
    return new SeveralArrays(cut(this.x), cut(this.y), weights, to - from)
  }

  batch(): SeveralBatch {
    const values = ({ values }: FlatRows) => values
    return { x: mapped(this.x, values), y: mapped(this.y, values), rows: this.rows }
  }
}

/** Whole arrays as a source; shuffled by (seed, epoch) alone, all in the same order. */
class SeveralArrays implements SeveralSource {
  constructor(
    readonly x: Readonly<Record<string, FlatRows>>,
    readonly y: Readonly<Record<string, FlatRows>>,
    private readonly weights: Float32Array | null,
    readonly rows: number,
  ) {}

  *batches(order: BatchOrder): Iterable<SeveralBatch> {
    for (const { rows, pick } of cuts(this.rows, order)) {
      const picked = ({ values, shape }: FlatRows) => pick(values, sizeOf(shape))
      yield {
        x: mapped(this.x, picked),
        y: mapped(this.y, picked),
        ...(this.weights === null ? {} : { weights: pick(this.weights, 1) }),
        rows,
      }
    }
  }
}

function mapped<A, B>(of: Readonly<Record<string, A>>, change: (one: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(of).map(([name, one]) => [name, change(one)]))
}
