// The kind of value that every builder of a picture net takes as its input's shape.

import { tested, type ValueKind } from '../../base/value-kinds.js'

/** [height, width, channels] of whole numbers, each side of at least `least` pixels. */
export function somePictureShape(least = 1): ValueKind<readonly number[]> {
  return tested(
    `[height, width, channels], at least ${least} × ${least} pixels`,
    value =>
      Array.isArray(value) &&
      value.length === 3 &&
      value.every(length => Number.isInteger(length) && length >= 1) &&
      Math.min(value[0], value[1]) >= least,
    [[least, least], [0, 8, 1], 28, null, ['28', 28, 1]],
  )
}
