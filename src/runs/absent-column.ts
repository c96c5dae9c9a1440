// Columns that an option of a run names and the data do not have, said as that option's fault.

import { AbsentColumnError } from '../data/node/options.js'
import { userError } from './run-error.js'

/** Throws on, saying of an absent column which option named it: for the `catch` of an opening. */
export function blaming(optionOf: (column: string) => string): (error: unknown) => never {
  return error => {
    if (!(error instanceof AbsentColumnError)) throw error
    throw userError.unknownColumn(optionOf(error.column), error.column, error.names)
  }
}
