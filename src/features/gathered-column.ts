// One column gathered from the chunks of a table: numbers grow in one array, texts are coded once for all
// chunks.

import { CodeBuilder, type CodeType, type Column, type NumberType } from '../data/column.js'
import { convertColumn } from '../data/infer.js'

export class GatheredColumn {
  private values: Float64Array | Int32Array | undefined
  private rows = 0
  private type: Column['type'] | undefined
  private readonly builder = new CodeBuilder()

  constructor(private readonly name: string) {}

  add(chunk: Column): void {
    this.type ??= chunk.type
    this.values ??= chunk.kind === 'number' ? new Float64Array(1024) : new Int32Array(1024)
    const isAlike = (chunk.kind === 'number') === this.values instanceof Float64Array
    const part = isAlike ? chunk : convertColumn(chunk, this.type).column
    const added = part.kind === 'number' ? part.values : this.coded(part.codes, part.categories)
    this.grow(this.rows + added.length)
    this.values.set(added, this.rows)
    this.rows += added.length
  }

  /** All that was added, in order. */
  column(): Column {
    const { name, type, values, rows } = this
    return values instanceof Float64Array
      ? { kind: 'number', name, type: type as NumberType, values: values.subarray(0, rows) }
      : {
          kind: 'code',
          name,
          type: (type as CodeType | undefined) ?? 'category',
          codes: values?.subarray(0, rows) ?? new Int32Array(0),
          categories: this.builder.categories,
        }
  }

  private coded(codes: Int32Array, categories: readonly string[]): Int32Array {
    const own = new Int32Array(categories.length).fill(-1)
    return codes.map(code => {
      if (code < 0) return -1
      if (own[code] < 0) own[code] = this.builder.code(categories[code])
      return own[code]
    })
  }

  private grow(rows: number): void {
    const { values } = this
    if (values === undefined || rows <= values.length) return
    const size = Math.max(rows, 2 * values.length)
    const larger = values instanceof Float64Array ? new Float64Array(size) : new Int32Array(size)
    larger.set(values.subarray(0, this.rows))
    this.values = larger
  }
}
