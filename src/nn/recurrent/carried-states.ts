// The states that a stateful layer carries from batch to batch: Variables that are written with the step
// and never learned; gradients end at them (truncated back-propagation through time).

import type { FloatDType } from '../../base/dtype.js'
import { AthanorError } from '../../base/errors.js'
import { formatShape, sameShape, sizeOf } from '../../base/shape.js'
import type { StoredTensor } from '../../modelfile/index.js'
import { assume, everyRun } from '../../tensor/context.js'
import { overwrite } from '../../tensor/overwrite.js'
import type { Tensor } from '../../tensor/tensor.js'
import { type Variable, variable } from '../../tensor/variable.js'
import type { Carried } from '../carried.js'

export class CarriedStates implements Carried {
  /** By batch size: programs that were traced for a size stay good when the states start anew. */
  private readonly sizes = new Map<number, readonly Variable[]>()
  /** The states in use; null at the start, when all are zeros. */
  private current: readonly Variable[] | null = null

  constructor(
    private readonly layer: string,
    private readonly units: number,
    private readonly dtype: FloatDType,
    private readonly count: () => number,
  ) {}

  /** The states that a batch starts from; zeros at first. */
  read(batch: number): readonly Tensor[] {
    let before = this.current
    const now = before ?? this.ofSize(batch)
    if (now[0].shape[0] !== batch)
      throw new AthanorError('STATE', {
        operation: this.layer,
        expected: `batches of ${now[0].shape[0]} rows, since a stateful layer goes on row by row`,
        received: `one of ${batch}`,
        fix: 'Leave out an incomplete last batch, or call resetStates() before another batch size',
      })
    assume(() => this.current === null || this.current === now)
    everyRun(
      () => {
        before = this.current
        this.current = now
      },
      () => {
        this.current = before
      },
    )
    return now.map(v => v.value())
  }

  keep(states: readonly Tensor[]): void {
    states.forEach((state, i) => {
      this.current![i].assign(state)
    })
  }

  reset(): void {
    for (const v of this.current ?? []) overwrite(v, new Float64Array(v.size))
    this.current = null
  }

  values(): readonly StoredTensor[] {
    return (this.current ?? []).map(v => ({
      dtype: v.dtype,
      shape: v.shape,
      values: v.dataSync(),
    }))
  }

  load(values: readonly StoredTensor[]): void {
    this.reset()
    if (values.length === 0) return
    const [{ shape }] = values
    const wanted = [shape[0], this.units]
    const fits = values.every(v => sameShape(v.shape, wanted) && v.dtype === this.dtype)
    if (!fits || values.length !== this.count())
      throw new AthanorError('STATE', {
        operation: `${this.layer} (states)`,
        expected: `${this.count()} of shape [batch, ${this.units}], ${this.dtype}`,
        received: values.map(v => `${formatShape(v.shape)}, ${v.dtype}`).join(' and '),
        fix: 'Build the layer as it was',
      })
    this.current = this.ofSize(shape[0])
    this.current.forEach((v, i) => {
      overwrite(v, values[i].values)
    })
  }

  private ofSize(batch: number): readonly Variable[] {
    let states = this.sizes.get(batch)
    if (states === undefined) {
      const shape = [batch, this.units]
      states = Array.from({ length: this.count() }, (_, i) =>
        variable(new Float64Array(sizeOf(shape)), {
          shape,
          dtype: this.dtype,
          trainable: false,
          name: `${this.layer}/state_${i}`,
        }),
      )
      this.sizes.set(batch, states)
    }
    return states
  }
}
