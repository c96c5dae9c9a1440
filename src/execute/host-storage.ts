// Values in a typed array that JavaScript owns; the collector frees them.

import { type DType, dtypes, type TypedArray } from '../base/dtype.js'
import { AthanorError } from '../base/errors.js'
import type { Storage } from './executor.js'

export class HostStorage implements Storage {
  readonly length: number
  private array: TypedArray | null

  constructor(
    readonly dtype: DType,
    values: TypedArray,
  ) {
    this.array = values
    this.length = values.length
  }

  static copyOf(dtype: DType, values: TypedArray): HostStorage {
    return new HostStorage(dtype, new dtypes[dtype].array(values))
  }

  /** The array itself, not a copy. */
  get values(): TypedArray {
    if (this.array === null)
      throw new AthanorError('STATE', {
        operation: 'read',
        expected: 'values',
        received: 'a disposed tensor',
      })
    return this.array
  }

  read(): TypedArray {
    return this.values.slice()
  }

  write(values: TypedArray): void {
    this.values.set(values)
  }

  /** Moves the values to an array of their own, so that the memory around them may go. */
  detach(): void {
    this.array = this.array?.slice() ?? null
  }

  dispose(): void {
    this.array = null
  }
}
