// Rows on disk as batches for the training loop: read in the shuffled order of an epoch, features made
// batch by batch. A few parts (validation, mostly) are small enough to keep their features in memory.

import { ArraySource, type Batch, type BatchOrder, type BatchSource } from '../train/batches.js'
import type { PreparedData } from './prepare-data.js'
import { type RowStore, wrongCount } from './row-store.js'

type StoredRows = Pick<PreparedData, 'target' | 'task' | 'preprocessor' | 'encoder' | 'keys'> & {
  readonly store: RowStore
}

export class StoredBatches implements BatchSource {
  readonly rows: number
  readonly x: BatchSource['x']
  readonly y: BatchSource['y']
  private readonly columns: readonly string[]

  /** `classWeights`: how much a row of each class counts. */
  constructor(
    private readonly data: StoredRows,
    private readonly rowIds: Uint32Array,
    private readonly classWeights?: Float32Array,
  ) {
    const { preprocessor, target, task } = data
    this.rows = rowIds.length
    this.x = { shape: [preprocessor.width], dtype: 'float32' }
    this.y =
      task === 'classification' ? { shape: [], dtype: 'int32' } : { shape: [1], dtype: 'float32' }
    this.columns = [
      ...preprocessor.inputs.filter(input => input.used).map(input => input.name),
      target,
    ]
  }

  async *batches({ epoch, batchSize, shuffle, seed, from }: BatchOrder): AsyncIterable<Batch> {
    const { data, rowIds, columns, classWeights } = this
    const { encoder, preprocessor, store, target } = data
    const order = { rowIds, columns, batchSize, epoch, skip: from }
    let rows = from * batchSize
    for await (const table of store.batches(shuffle ? { ...order, seed } : order)) {
      const y = encoder.encode(table.column(target))
      yield {
        x: preprocessor.transform(table).x,
        y,
        ...(classWeights === undefined
          ? {}
          : { weights: Float32Array.from(y, label => classWeights[label]) }),
        rows: table.rows,
      }
      rows += table.rows
    }
    if (rows !== rowIds.length) throw wrongCount('rows of an epoch', rowIds.length, rows)
  }

  /** All features in memory, which take `rows × width × 4` bytes: a source of the same batches. */
  async inMemory(): Promise<BatchSource> {
    const { data, rowIds, x, y } = this
    const { encoder, keys, preprocessor, store, target } = data
    const { width } = preprocessor
    const values = new Float32Array(rowIds.length * width)
    for await (const piece of store.pieces(rowIds, this.columns)) {
      const own = preprocessor.transform(piece.table, piece.rowIds).x
      for (let i = 0; i < piece.rows; i++)
        values.set(own.subarray(i * width, (i + 1) * width), piece.place(i) * width)
    }
    const rows = rowIds.length
    const targets = encoder.encode(keys.column(target), rowIds)
    return new ArraySource({ ...x, values, rows }, { ...y, values: targets, rows })
  }
}
