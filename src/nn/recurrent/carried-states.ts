// The states that a stateful layer carries from batch to batch: Variables that are written with the step
// and never learned; gradients end at them (truncated back-propagation through time).

import type { FloatDType } from '../../base/dtype.js'
import { AthanorError } from '../../base/errors.js'
import { sizeOf } from '../../base/shape.js'
import { assume } from '../../tensor/context.js'
import { overwrite } from '../../tensor/overwrite.js'
import type { Tensor } from '../../tensor/tensor.js'
import { type Variable, variable } from '../../tensor/variable.js'

export class CarriedStates {
  private variables: readonly Variable[] = []

  constructor(
    private readonly layer: string,
    private readonly units: number,
    private readonly dtype: FloatDType,
  ) {}

  /** The states that a batch starts from; zeros at first. */
  read(batch: number, count: number): readonly Tensor[] {
    if (this.variables.length === 0) {
      const shape = [batch, this.units]
      this.variables = Array.from({ length: count }, (_, i) =>
        variable(new Float64Array(sizeOf(shape)), {
          shape,
          dtype: this.dtype,
          trainable: false,
          name: `${this.layer}/state_${i}`,
        }),
      )
    }
    const now = this.variables
    assume(() => this.variables === now)
    if (now[0].shape[0] !== batch)
      throw new AthanorError('STATE', {
        operation: this.layer,
        expected: `batches of ${now[0].shape[0]} rows, since a stateful layer goes on row by row`,
        received: `one of ${batch}`,
        fix: 'Leave out an incomplete last batch, or call resetStates() before another batch size',
      })
    return now.map(v => v.value())
  }

  keep(states: readonly Tensor[]): void {
    states.forEach((state, i) => {
      this.variables[i].assign(state)
    })
  }

  /** Back to zeros; the next batch may have another size. */
  reset(): void {
    for (const v of this.variables) overwrite(v, new Float64Array(sizeOf(v.shape)))
    this.variables = []
  }
}
