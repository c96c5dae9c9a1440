// Outputs for many rows, a batch at a time, put together.

import type { TypedArray } from '../base/dtype.js'
import { AthanorError } from '../base/errors.js'
import { type Shape, sizeOf } from '../base/shape.js'
import { carriedBelow } from '../nn/carried.js'
import type { AnyModule } from '../nn/module.js'
import { type Tensor, tensorOver } from '../tensor/tensor.js'
import type { FlatRows } from './batches.js'

interface Growing {
  readonly values: TypedArray
  readonly shape: Shape
  readonly dtype: Tensor['dtype']
}

/**
 * Runs `step` on batches of one size, the last one filled up with zeros, so that one program does all.
 *
 * @param module what `step` runs
 * @param inputs each of `rows` rows, at least one
 * @param step outputs for the inputs' values of `count` rows
 * @throws AthanorError STATE for an incomplete last batch where layers carry states: rows of zeros would
 * go on into these.
 */
export async function predictInBatches(
  module: AnyModule,
  rows: number,
  inputs: readonly FlatRows[],
  most: number,
  step: (parts: readonly TypedArray[], count: number) => Promise<readonly Tensor[]>,
): Promise<Tensor[]> {
  const batchSize = Math.min(most, rows)
  if (rows % batchSize !== 0 && carriedBelow(module).length > 0)
    throw new AthanorError('STATE', {
      operation: 'predict',
      expected: `whole batches of ${batchSize} rows, since a stateful layer goes on row by row`,
      received: `${rows} rows`,
      fix: 'Leave out an incomplete last batch, or choose a batchSize that divides the rows',
    })
  const widths = inputs.map(({ shape }) => sizeOf(shape))
  let out: Growing[] = []
  for (let start = 0; start < rows; start += batchSize) {
    const count = Math.min(batchSize, rows - start)
    const parts = inputs.map(({ values }, i) => {
      const part = values.slice(start * widths[i], (start + count) * widths[i])
      return count === batchSize ? part : padRows(part, batchSize * widths[i])
    })
    const results = await step(parts, batchSize)
    if (start === 0)
      out = results.map(result => ({
        values: emptyLike(result, (rows * result.size) / batchSize),
        shape: result.shape.slice(1),
        dtype: result.dtype,
      }))
    results.forEach((result, i) => {
      const width = sizeOf(out[i].shape)
      out[i].values.set(result.dataSync().subarray(0, count * width) as never, start * width)
    })
  }
  return out.map(({ values, shape, dtype }) => tensorOver(values, [rows, ...shape], dtype))
}

function emptyLike(result: Tensor, size: number): TypedArray {
  const values = result.dataSync()
  return new (values.constructor as new (n: number) => TypedArray)(size)
}

function padRows(part: TypedArray, length: number): TypedArray {
  const padded = new (part.constructor as new (n: number) => TypedArray)(length)
  padded.set(part as never)
  return padded
}
