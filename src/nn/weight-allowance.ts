// How many numbers the weights of a model may have while it is read from a file: no more than the file holds,
// whatever the sizes that it names, so that nothing is allocated for weights that are not there.

import { AthanorError } from '../base/errors.js'
import { formatShape, type Shape, sizeOf } from '../base/shape.js'

let left = Infinity

/** Builds layers whose weights have no more than so many numbers, all together. */
export function withinNumbers<T>(most: number, build: () => T): T {
  const before = left
  left = most
  try {
    return build()
  } finally {
    left = before
  }
}

/** Errors: FORMAT where more numbers are taken than there may be. */
export function takeNumbers(layer: string, name: string, shape: Shape): void {
  left -= sizeOf(shape)
  if (left >= 0) return
  throw new AthanorError('FORMAT', {
    operation: `building ${layer}`,
    expected: `a ${name} of no more numbers than the file has`,
    received: `one of shape ${formatShape(shape)}`,
  })
}
