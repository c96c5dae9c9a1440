// Which losses take class numbers rather than shares of classes.

import { sparseCategoricalFocalCrossentropy } from './focal.js'
import type { LossFunction } from './loss.js'
import { sparseCategoricalCrossentropy } from './sparse-categorical-crossentropy.js'

export function takesClassNumbers(loss: LossFunction): boolean {
  return loss === sparseCategoricalCrossentropy || loss === sparseCategoricalFocalCrossentropy
}
