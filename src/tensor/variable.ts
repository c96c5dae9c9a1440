// Variables: tensors whose value can be replaced. Parameters, running statistics, optimizer slots.

import type { DType } from '../base/dtype.js'
import { shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, type Shape, sameShape } from '../base/shape.js'
import { tested, trueOrFalse } from '../base/value-kinds.js'
import * as g from '../graph/build.js'
import type { Node } from '../graph/node.js'
import { type Cell, context } from './context.js'
import { flatten } from './convert.js'
import { newCell } from './engine.js'
import { evaluate, flushBackwards } from './flush.js'
import { asTensor, Tensor, type TensorLike, type TensorOptions, tensorOptions } from './tensor.js'

/** Options of `variable`. */
export interface VariableOptions extends TensorOptions {
  /** Shown in messages and summaries. Default: none. */
  readonly name?: string
  /** Whether backward() computes a gradient for it. Default: true. */
  readonly trainable?: boolean
}

export const variableOptions = new OptionTable<VariableOptions>({
  ...tensorOptions.rows,
  name: tested('a text', value => typeof value === 'string', [1, null]),
  trainable: trueOrFalse,
})

/**
 * A tensor with a value that changes: `assign` replaces it, and it can be used wherever a tensor can.
 *
 * @example
 * ```ts
 * const w = variable([1, 2, 3])
 * w.mul(w).sum().backward()
 * console.log(await w.grad!.data()) // [2, 4, 6]
 * w.assign(w.sub(w.grad!.mul(0.1)))
 * ```
 */
export class Variable extends Tensor {
  /** @internal */
  readonly cell: Cell

  /** @internal */
  constructor(cell: Cell) {
    super(cell.leaf)
    this.cell = cell
  }

  /**
   * @internal The recorded next value if there is one, else the leaf of the present one. A parameter's
   * next value is computed first, so that gradients always refer to a leaf.
   */
  override get node(): Node {
    const now = context()
    const next = now.assigns.get(this.cell)
    if (next === undefined) return this.cell.leaf
    if (now.trace !== null || !this.cell.trainable) return next
    evaluate([])
    return this.cell.leaf
  }

  get name(): string {
    return this.cell.name
  }

  get trainable(): boolean {
    return this.cell.trainable
  }

  /** Whether gradients are computed for it; a frozen parameter keeps its value. */
  set trainable(value: boolean) {
    const cell = this.cell as { trainable: boolean }
    cell.trainable = value
    this.cell.leaf.tracked = value
  }

  /** The present value as a tensor of its own. */
  value(): Tensor {
    return new Tensor(this.node)
  }

  /** The gradient that backward() calls have accumulated since the last step; null if none. */
  get grad(): Tensor | null {
    flushBackwards()
    return this.cell.gradient === null ? null : new Tensor(this.cell.gradient)
  }

  /** Forgets the accumulated gradient. */
  zeroGrad(): void {
    flushBackwards()
    this.cell.gradient = null
  }

  /**
   * Replaces the value by one of the same shape; it is computed with whatever runs next.
   *
   * @throws AthanorError SHAPE if the shapes differ.
   */
  assign(value: TensorLike): void {
    const next = asTensor(value, this)
    if (!sameShape(next.shape, this.shape))
      throw shapeError(
        `assign to ${this.name || 'a variable'}`,
        formatShape(this.shape),
        formatShape(next.shape),
      )
    const now = context()
    if (now.trace === null) flushBackwards()
    const node = g.stopGradient(g.cast(next.node, this.dtype))
    node.tracked = this.cell.trainable
    now.assigns.set(this.cell, node)
  }

  override async data() {
    if (context().assigns.has(this.cell)) evaluate([])
    return super.data()
  }

  override dataSync() {
    if (context().assigns.has(this.cell)) evaluate([])
    return super.dataSync()
  }

  override dispose(): void {
    this.cell.storage.dispose()
  }
}

/**
 * A variable with the given initial value, which is copied.
 *
 * @example
 * ```ts
 * const w = variable([[0.1, 0.2]], { name: 'kernel' })
 * ```
 */
export function variable(values: TensorLike, options: VariableOptions = {}): Variable {
  const { name = '', trainable = true, shape } = variableOptions.check('variable', options)
  if (values instanceof Tensor) {
    if (shape !== undefined && !sameShape(shape, values.shape))
      throw shapeError(
        'variable',
        `a tensor of shape ${formatShape(shape)}`,
        formatShape(values.shape),
      )
    const dtype = options.dtype ?? values.dtype
    const cast = new Tensor(g.cast(values.node, dtype))
    return fromFlat(name, trainable, dtype, values.shape, cast.dataSync())
  }
  const flat = flatten('variable', values, options.shape, options.dtype)
  return fromFlat(name, trainable, flat.dtype, flat.shape, flat.values)
}

function fromFlat(
  name: string,
  trainable: boolean,
  dtype: DType,
  shape: Shape,
  values: Parameters<typeof newCell>[4],
): Variable {
  return new Variable(newCell(name, trainable, dtype, shape, values))
}
