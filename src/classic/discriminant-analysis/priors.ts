// The classes' probabilities before anything is seen, as discriminant analyses take them.

import { argumentError } from '../../base/errors.js'
import { listParameter, numberParameter, optionalParameter } from '../../base/parameters.js'

export const priorsParameter = optionalParameter(
  listParameter(numberParameter({ above: 0, max: 1, doc: '' }), {
    min: 2,
    doc: 'The probability of each class, in their order, with the sum 1; by default their shares of the rows.',
  }),
)

/** Those given, or the shares of the counts. Errors: ARGUMENT for another number of them, or another sum. */
export function priorsOf(
  operation: string,
  given: readonly number[] | undefined,
  counts: Float64Array,
): Float64Array {
  const total = counts.reduce((a, b) => a + b)
  if (given === undefined) return counts.map(count => count / total)
  const sum = given.reduce((a, b) => a + b, 0)
  if (given.length !== counts.length || Math.abs(sum - 1) > 1e-5)
    throw argumentError(
      operation,
      `priors for ${counts.length} classes with the sum 1`,
      `${given.length} with the sum ${sum}`,
    )
  return Float64Array.from(given, prior => prior / sum)
}
