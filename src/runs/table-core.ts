// What answers for a table model: a net or an estimator over a table's features.

import type { Table } from '../data/table.js'
import type { InputColumn, TablePreprocessor } from '../features/table-preprocessor.js'
import type { TargetEncoder } from '../features/target-encoder.js'
import type { Json } from '../modelfile/index.js'
import type { Model } from '../train/model.js'

export interface TableCore {
  /** Reads raw rows. */
  readonly preprocessor: TablePreprocessor
  /** The table's columns, and what is done with each. */
  readonly inputs: readonly InputColumn[]
  /** Classes: probabilities, row-major. Numbers: predictions in the target's unit. */
  outputs(table: Table, rowIds: Uint32Array): Promise<Float64Array>
  /** A model file; `table` is what a table model knows beside. */
  toBytes(table: Readonly<Record<string, Json>>): Uint8Array
}

/** Rows that go through the net at once. */
const chunk = 4096

export class NetCore implements TableCore {
  constructor(
    readonly net: Model,
    readonly preprocessor: TablePreprocessor,
    private readonly encoder: TargetEncoder,
  ) {}

  get inputs(): readonly InputColumn[] {
    return this.preprocessor.inputs
  }

  async outputs(table: Table, ids: Uint32Array): Promise<Float64Array> {
    const { encoder } = this
    const width = encoder.task === 'regression' ? 1 : encoder.classes.length
    const result = new Float64Array(ids.length * width)
    for (let start = 0; start < ids.length; start += chunk) {
      const part = ids.subarray(start, start + chunk)
      const { x } = this.preprocessor.transform(table, part)
      const raw = await (await this.net.predict(x, { batchSize: batchFor(part.length) })).data()
      if (encoder.task === 'regression') {
        encoder.decode(raw).forEach((value, i) => {
          result[start + i] = Number(value)
        })
      } else result.set(softmaxRows(raw, width), start * width)
    }
    return result
  }

  toBytes(table: Readonly<Record<string, Json>>): Uint8Array {
    const preprocessor = this.preprocessor.toJSON() as unknown as Json
    return this.net.toBytes({ extra: { table: { ...table, preprocessor } } })
  }
}

/** Few sizes of batch, so that few programs are compiled. */
function batchFor(rows: number): number {
  let size = 32
  while (size < rows && size < 1024) size *= 2
  return size
}

/** Softmax of each row in float64, shifted by the largest logit. */
export function softmaxRows(logits: ArrayLike<number>, classes: number): Float64Array {
  const result = new Float64Array(logits.length)
  for (let at = 0; at < logits.length; at += classes) {
    let largest = Number.NEGATIVE_INFINITY
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[at + c])
    let sum = 0
    for (let c = 0; c < classes; c++) sum += result[at + c] = Math.exp(logits[at + c] - largest)
    for (let c = 0; c < classes; c++) result[at + c] /= sum
  }
  return result
}
