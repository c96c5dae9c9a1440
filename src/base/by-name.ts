// Looking up a thing that the user named, with an error that suggests what was probably meant.

import { argumentError } from './errors.js'
import { suggestName } from './nearest-name.js'

/**
 * The row of `table` under `name`.
 *
 * @throws AthanorError ARGUMENT for a name that is not there.
 */
export function byName<T>(what: string, name: unknown, table: Readonly<Record<string, T>>): T {
  if (typeof name === 'string' && Object.hasOwn(table, name)) return table[name]
  const names = Object.keys(table)
  throw argumentError(
    what,
    `one of ${names.join(', ')}`,
    typeof name === 'string' ? `'${name}'` : String(name),
    typeof name === 'string' ? suggestName(name, names) : undefined,
  )
}
