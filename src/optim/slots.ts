// An optimizer's slots: Variables beside each parameter, made when they are first needed.

import { dtypes, type TypedArray } from '../base/dtype.js'
import { AthanorError, argumentError } from '../base/errors.js'
import { formatShape, sameShape } from '../base/shape.js'
import { overwrite } from '../tensor/overwrite.js'
import { type Tensor, tensor } from '../tensor/tensor.js'
import { type Variable, variable } from '../tensor/variable.js'

/** One Variable for each parameter. */
export interface Slot {
  readonly name: string
  /** What is everywhere at first; `parameter`: the parameter's values. */
  readonly initial: number | 'parameter'
}

export class Slots {
  /** By slot and number of the parameter, `momentum.0`. */
  private readonly made = new Map<string, Variable>()

  constructor(
    private readonly owner: string,
    private readonly parameters: readonly Variable[],
    private readonly kinds: readonly Slot[],
  ) {}

  /** The slot of a parameter, made if it is not there. */
  of(kind: Slot, index: number): Variable {
    const key = `${kind.name}.${index}`
    let found = this.made.get(key)
    if (found === undefined) {
      const { shape, dtype } = this.parameters[index]
      const values = this.initial(kind, index)
      const name = `${this.owner}/${key}`
      found = variable(values, { name, trainable: false, dtype, shape })
      this.made.set(key, found)
    }
    return found
  }

  private initial({ initial }: Slot, index: number): TypedArray {
    const parameter = this.parameters[index]
    if (initial === 'parameter') return parameter.cell.storage.read()
    return new dtypes[parameter.dtype].array(parameter.size).fill(initial)
  }

  find(kind: Slot, index: number): Variable | undefined {
    return this.made.get(`${kind.name}.${index}`)
  }

  /** A copy of all that have been made. */
  values(): Record<string, Tensor> {
    const values: Record<string, Tensor> = {}
    for (const [key, slot] of this.made) {
      const { shape, dtype } = slot
      values[key] = tensor(slot.dataSync(), { shape, dtype })
    }
    return values
  }

  /** Puts values back; a slot that they do not have starts anew. Nothing changes unless all fit. */
  load(operation: string, values: Readonly<Record<string, Tensor>>): void {
    const expected = new Map<string, [Slot, number]>()
    this.parameters.forEach((_, i) => {
      for (const kind of this.kinds) expected.set(`${kind.name}.${i}`, [kind, i])
    })
    for (const [key, value] of Object.entries(values)) {
      const known = expected.get(key)
      if (known === undefined) throw argumentError(operation, 'slots of this optimizer', key)
      const { shape } = this.parameters[known[1]]
      if (!sameShape(shape, value.shape))
        throw new AthanorError('SHAPE', {
          operation: `${operation} (${key})`,
          expected: formatShape(shape),
          received: formatShape(value.shape),
        })
    }
    for (const [key, [kind, i]] of expected) {
      const given = Object.hasOwn(values, key) ? values[key] : null
      const slot = given === null ? this.made.get(key) : this.of(kind, i)
      if (slot === undefined) continue
      const { dtype } = slot
      if (given === null) overwrite(slot, this.initial(kind, i))
      else overwrite(slot, (given.dtype === dtype ? given : given.cast(dtype)).dataSync())
    }
  }
}
