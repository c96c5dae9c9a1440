// Orthogonal weights (Saxe, McClelland, Ganguli 2014): rows or columns of a random rotation, by
// Gram and Schmidt's process on normal vectors, done twice for accuracy.

import { shapeError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { formatShape, sizeOf } from '../../base/shape.js'
import { numberIn } from '../../base/value-kinds.js'
import { draws, fillNormal } from './draw.js'
import { type Initializer, type SeedOption, seedOption, withConfig } from './initializer.js'

/** Options of `orthogonal`. */
export interface OrthogonalOptions extends SeedOption {
  /** Default: 1. */
  readonly gain?: number
}

const orthogonalOptions = new OptionTable<OrthogonalOptions>({
  ...seedOption.rows,
  gain: numberIn(),
})

/**
 * A matrix with orthonormal rows or columns (the shorter kind), times `gain` (1).
 *
 * @example
 * ```ts
 * layers.dense({ units: 8, kernelInitializer: initializers.orthogonal({ gain: Math.SQRT2 }) })
 * ```
 */
export function orthogonal(options?: OrthogonalOptions): Initializer {
  const given = orthogonalOptions.check('initializers.orthogonal', options)
  const { gain = 1, seed } = given
  return withConfig('orthogonal', given, shape => {
    if (shape.length < 2)
      throw shapeError('initializers.orthogonal', 'a shape of rank 2 or more', formatShape(shape))
    const columns = shape[shape.length - 1]
    const rows = sizeOf(shape) / Math.max(1, columns)
    const count = Math.min(rows, columns)
    const length = Math.max(rows, columns)
    const random = draws(seed)
    const vectors = Array.from({ length: count }, () =>
      fillNormal(new Float64Array(length), random, 0, 1),
    )
    vectors.forEach((vector, i) => {
      for (const before of [...vectors.slice(0, i), ...vectors.slice(0, i)]) {
        const along = dot(vector, before)
        for (let k = 0; k < length; k++) vector[k] -= along * before[k]
      }
      const norm = Math.sqrt(dot(vector, vector))
      for (let k = 0; k < length; k++) vector[k] /= norm
    })
    const values = new Float64Array(rows * columns)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++)
        values[r * columns + c] = gain * (rows <= columns ? vectors[r][c] : vectors[c][r])
    return values
  })
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
