// A table's rows as batches for the training loop: features computed once where they fit in memory,
// else batch by batch.

import { availableMemory } from '#platform'
import type { TypedArray } from '../base/dtype.js'
import type { Table } from '../data/table.js'
import {
  type Batch,
  type BatchOrder,
  type BatchSource,
  permutation,
  type RowType,
} from '../train/batches.js'
import type { LearnedColumns } from './prepare-data.js'

/** Bytes of features that are kept in memory at most. */
const mostBytes = 2 ** 30

export class TableBatches implements BatchSource {
  readonly rows: number
  readonly x: RowType
  readonly y: RowType
  private readonly matrix: Float32Array | undefined
  private readonly targets: Int32Array | Float32Array

  constructor(
    private readonly data: LearnedColumns & { readonly table: Table },
    private readonly rowIds: Uint32Array,
    private readonly weights?: Float32Array,
  ) {
    const { encoder, preprocessor, table, target } = data
    this.rows = rowIds.length
    this.x = { shape: [preprocessor.width], dtype: 'float32' }
    this.targets = encoder.encode(table.column(target), rowIds)
    this.y =
      data.task === 'classification'
        ? { shape: [], dtype: 'int32' }
        : { shape: [1], dtype: 'float32' }
    if (this.rows * preprocessor.width * 4 <= Math.min(mostBytes, availableMemory() / 4))
      this.matrix = preprocessor.transform(table, rowIds).x
  }

  *batches({ epoch, batchSize, shuffle, seed, from }: BatchOrder): Iterable<Batch> {
    const order = shuffle ? permutation(this.rows, seed, epoch) : undefined
    const width = this.x.shape[0]
    for (let start = from * batchSize; start < this.rows; start += batchSize) {
      const rows = Math.min(batchSize, this.rows - start)
      const places = new Uint32Array(rows)
      for (let i = 0; i < rows; i++) places[i] = order === undefined ? start + i : order[start + i]
      const y = pick(this.targets, places)
      yield {
        x: this.features(places, width),
        y,
        ...(this.weights === undefined ? {} : { weights: pick(this.weights, places) }),
        rows,
      }
    }
  }

  private features(places: Uint32Array, width: number): Float32Array {
    const { matrix } = this
    if (matrix === undefined) {
      const ids = places.map(place => this.rowIds[place])
      return this.data.preprocessor.transform(this.data.table, ids).x
    }
    const x = new Float32Array(places.length * width)
    for (let i = 0; i < places.length; i++) {
      const start = places[i] * width
      x.set(matrix.subarray(start, start + width), i * width)
    }
    return x
  }
}

function pick<T extends TypedArray>(values: T, places: Uint32Array): T {
  const out = new (values.constructor as new (length: number) => T)(places.length)
  for (let i = 0; i < places.length; i++) out[i] = values[places[i]]
  return out
}
