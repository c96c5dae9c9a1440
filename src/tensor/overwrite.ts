// Putting given values into a Variable at once: loading weights and optimizer state. Unlike assign()
// it records nothing and compiles nothing.

import type { TypedArray } from '../base/dtype.js'
import { shapeError } from '../base/errors.js'
import { formatShape } from '../base/shape.js'
import { context, refuseWhileTracing } from './context.js'
import { replaced } from './engine.js'
import { evaluate } from './flush.js'
import type { Variable } from './variable.js'

/** Replaces the values of `variable` by `values` (row-major, in its element type; copied). */
export function overwrite(variable: Variable, values: TypedArray): void {
  refuseWhileTracing('overwriting a variable')
  const { cell } = variable
  if (values.length !== cell.storage.length)
    throw shapeError(
      `values of ${variable.name || 'a variable'}`,
      `${cell.storage.length} values for shape ${formatShape(variable.shape)}`,
      String(values.length),
    )
  const { assigns, backwards } = context()
  assigns.delete(cell)
  // What has been recorded from the present value is computed while it is there.
  if (assigns.size > 0 || backwards.length > 0) evaluate([])
  cell.storage.write(values)
  replaced(cell)
}
