// Texts in whichever form they come: an array of strings, or one column of a table.

import { AthanorError } from '../base/errors.js'
import type { FrameNeeds } from './frame.js'
import { frameOf } from './frame.js'
import type { Features, FeaturesLike } from './matrix.js'

/** Texts, one a row. */
export interface Texts extends Features {
  readonly texts: readonly string[]
  readonly width: 1
}

/**
 * The texts, at least one.
 *
 * Errors: DATA for no texts, for a missing one and for anything that isn't a text; SHAPE for more
 * columns than one.
 */
export async function textsOf(
  operation: string,
  x: FeaturesLike,
  needs: FrameNeeds = {},
): Promise<Texts> {
  if (Array.isArray(x) && (x.length === 0 || typeof x[0] === 'string')) {
    x.forEach((text: unknown, row) => {
      if (typeof text !== 'string') throw notATextIn(operation, row, text)
    })
    if (x.length === 0)
      throw new AthanorError('DATA', { operation, expected: 'at least one text', received: 'none' })
    return { texts: x as readonly string[], rows: x.length, width: 1, names: needs.names }
  }
  if (Array.isArray(x) && (x[0] === null || x[0] === undefined || typeof x[0] === 'number'))
    throw notATextIn(operation, 0, x[0])
  const frame = await frameOf(operation, x, { ...needs, width: 1, allowNaN: true })
  const [column] = frame.columns
  if (column.kind === 'number') throw notATextIn(operation, 0, column.values[0])
  const { codes, categories } = column
  const texts = Array.from(codes, (code, row) => {
    if (code < 0) throw notATextIn(operation, row, null)
    return categories[code]
  })
  return { texts, rows: texts.length, width: 1, names: frame.names }
}

function notATextIn(operation: string, row: number, value: unknown): AthanorError {
  const missing = value === null || value === undefined || Number.isNaN(value)
  return new AthanorError('DATA', {
    operation,
    expected: 'texts',
    received: `${missing ? 'a missing one' : typeof value} in row ${row}`,
    fix: missing ? "Put '' in its place" : undefined,
  })
}
