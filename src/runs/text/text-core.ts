// What answers for a model of texts: a tokenizer and a net, over one column of a table.

import { AthanorError } from '../../base/errors.js'
import type { JsonReader } from '../../base/json-reader.js'
import { cellText, isMissing } from '../../data/column.js'
import { paddedLength } from '../../data/length-buckets.js'
import type { Table } from '../../data/table.js'
import { writePadded } from '../../data/text/padding.js'
import type { InputColumn, TablePreprocessor } from '../../features/table-preprocessor.js'
import { type Tokenizer, tokenizerFromJSON } from '../../features/text/index.js'
import { describeTreatment } from '../../features/treatment.js'
import type { Json } from '../../modelfile/index.js'
import { inMode } from '../../nn/mode.js'
import { type Compiled, compile } from '../../tensor/compile.js'
import { noGrad } from '../../tensor/differentiate.js'
import { type Tensor, tensorOver } from '../../tensor/tensor.js'
import type { Model } from '../../train/model.js'
import { softmaxRows, type TableCore } from '../table-core.js'

/** Rows that go through the net at once. */
const together = 64

/**
 * The ids of a column's texts. Longer ones keep their beginning and their end, where most is said of what they are
 * (Sun et al. 2019); a missing text is an empty one.
 */
export function idsOfTexts(
  tokenizer: Tokenizer,
  table: Table,
  column: string,
  rows: Uint32Array,
  most: number,
): Int32Array[] {
  const cells = table.column(column)
  return Array.from(rows, row =>
    isMissing(cells, row)
      ? new Int32Array()
      : withoutMiddle(tokenizer.encode(cellText(cells, row)), most),
  )
}

function withoutMiddle(ids: Int32Array, most: number): Int32Array {
  if (ids.length <= most) return ids
  const end = most >> 1
  const kept = ids.slice(0, most)
  kept.set(ids.subarray(ids.length - end), most - end)
  return kept
}

export class TextCore implements TableCore {
  private readonly forward: Compiled<[Tensor], Tensor>

  constructor(
    readonly net: Model,
    readonly preprocessor: TablePreprocessor,
    readonly tokenizer: Tokenizer,
    /** The column with the texts. */
    readonly column: string,
    /** Tokens of a text that are read. */
    readonly context: number,
    private readonly classes: number,
  ) {
    this.forward = compile((x: Tensor) => noGrad(() => net.module.forward(x)))
  }

  /** The preprocessor checks rows; what is done with the texts is the tokenizer's. */
  get inputs(): readonly InputColumn[] {
    const { column, context, tokenizer } = this
    const vocabulary = tokenizer.size
    const treatment = { code: 'tokens', tokenizer: tokenizer.kind, vocabulary, context } as const
    const rule = describeTreatment(treatment, 'en')
    return this.preprocessor.inputs.map(input =>
      input.name === column ? { ...input, treatment, rule, features: context } : input,
    )
  }

  /** Probabilities, row-major. */
  outputs(table: Table, rowIds: Uint32Array): Promise<Float64Array> {
    const { context } = this
    return this.probabilities(idsOfTexts(this.tokenizer, table, this.column, rowIds, context))
  }

  /** Probabilities of each class for texts, row-major. */
  ofTexts(texts: readonly string[]): Promise<Float64Array> {
    return this.probabilities(
      texts.map(text => this.tokenizer.encode(text).subarray(0, this.context)),
    )
  }

  /** Texts of similar length go through the net together. */
  private async probabilities(ids: readonly Int32Array[]): Promise<Float64Array> {
    const { classes, context } = this
    const lengths = ids.map(({ length }) => lengthFor(length, context))
    const order = [...ids.keys()].sort((a, b) => lengths[a] - lengths[b] || a - b)
    const result = new Float64Array(ids.length * classes)
    await inMode(this.net.module, false, async () => {
      for (let start = 0; start < order.length; ) {
        const length = lengths[order[start]]
        let end = start + 1
        while (end < order.length && end - start < together && lengths[order[end]] === length) end++
        const part = order.slice(start, end)
        const x = new Int32Array(together * length)
        part.forEach((place, row) => {
          writePadded(ids[place], x, row * length, length, {})
        })
        const logits = await (
          await this.forward.async(tensorOver(x, [together, length], 'int32'))
        ).data()
        const probabilities = softmaxRows(logits.subarray(0, part.length * classes), classes)
        part.forEach((place, row) => {
          result.set(probabilities.subarray(row * classes, (row + 1) * classes), place * classes)
        })
        start = end
      }
    })
    return result
  }

  toBytes(table: Readonly<Record<string, Json>>): Uint8Array {
    const { column, context, preprocessor, tokenizer } = this
    return this.net.toBytes({
      extra: {
        table: {
          ...table,
          preprocessor: preprocessor.toJSON() as unknown as Json,
          text: { column, context, tokenizer: tokenizer.toJSON() as unknown as Json },
        },
      },
    })
  }

  /** From the field `text` of a table model's file. */
  static fromJSON(
    net: Model,
    preprocessor: TablePreprocessor,
    classes: number,
    json: JsonReader,
  ): TextCore {
    json.only('column', 'context', 'tokenizer')
    const column = json.get('column').string()
    const context = json.get('context').integer(1, 1_000_000)
    const tokenizer = tokenizerFromJSON(json.get('tokenizer'))
    const used = preprocessor.inputs.some(input => input.used && input.name === column)
    if (!used) json.get('column').fail('a column of the model')
    const [first, last] = [net.parameters()[0], net.parameters().at(-1)]
    if (first?.shape[0] !== tokenizer.size || last?.shape.at(-1) !== classes)
      throw new AthanorError('FORMAT', {
        operation: `reading ${json.operation}`,
        expected: `a net from ${tokenizer.size} tokens to ${classes} classes`,
        received: `one from ${first?.shape[0]} to ${last?.shape.at(-1)}`,
        fix: 'The file was altered; use another copy',
      })
    return new TextCore(net, preprocessor, tokenizer, column, context, classes)
  }
}

/** Few lengths, so that few programs are compiled: powers of two up to the longest. */
function lengthFor(length: number, context: number): number {
  let padded = paddedLength(0, context)
  while (padded < length) padded = Math.min(context, 2 * padded)
  return padded
}
