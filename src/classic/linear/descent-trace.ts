// The way that plain gradient descent took: what those who learn want to see and draw.

import { type Codec, float64s, int32s, record } from '../../estimator/state.js'

/** One entry an iterate; the first is the start. */
export interface DescentTrace {
  /** Which iterate: each one, unless there were so many that some are left out. */
  readonly iteration: Int32Array
  /** The mean loss with its penalty. */
  readonly loss: Float64Array
  /** The Euclidean norm of the gradient. */
  readonly gradientNorm: Float64Array
  /** `entries × outputs × features`, row-major. */
  readonly coef: Float64Array
  /** `entries × outputs`. */
  readonly intercept: Float64Array
}

export const descentTrace: Codec<DescentTrace> = record<DescentTrace>({
  iteration: int32s({ low: 0 }),
  loss: float64s(),
  gradientNorm: float64s({ low: 0 }),
  coef: float64s(),
  intercept: float64s(),
})

/** From three numbers an entry, and parameters feature by feature. */
export function traceOf(
  entries: Float64Array,
  path: Float64Array,
  width: number,
  outputs: number,
): DescentTrace {
  const count = entries.length / 3
  const size = (width + 1) * outputs
  const coef = new Float64Array(count * width * outputs)
  const intercept = new Float64Array(count * outputs)
  for (let i = 0; i < count; i++)
    for (let k = 0; k < outputs; k++) {
      for (let j = 0; j < width; j++)
        coef[(i * outputs + k) * width + j] = path[i * size + j * outputs + k]
      intercept[i * outputs + k] = path[i * size + width * outputs + k]
    }
  const every = (which: number) =>
    Float64Array.from({ length: count }, (_, i) => entries[3 * i + which])
  return {
    iteration: Int32Array.from(every(0)),
    loss: every(1),
    gradientNorm: every(2),
    coef,
    intercept,
  }
}
