// Options of functions: one typed, total table for each options type, from which unknown names and
// wrong values are refused where an options object is given.

import { argumentError } from './errors.js'
import { suggestName } from './nearest-name.js'
import { type ValueKind, valueWords } from './value-kinds.js'

/** The kind of an option that has to be given. */
export type Required<T> = ValueKind<T> & { readonly required: true }

/** A row for each option: a missing one, or one of another type, does not compile. */
export type OptionRows<O> = {
  readonly [K in keyof O]-?: Partial<Pick<O, K>> extends Pick<O, K>
    ? ValueKind<Exclude<O[K], undefined>>
    : Required<Exclude<O[K], undefined>>
}

export function required<T>(kind: ValueKind<T>): Required<T> {
  return { ...kind, required: true }
}

/**
 * The table of one options type.
 *
 * @example
 * ```ts
 * interface HuberOptions { readonly delta?: number }
 * const huberOptions = new OptionTable<HuberOptions>({ delta: numberIn({ above: 0 }) })
 * huberOptions.check('losses.huber', { delta: 2 }) // { delta: 2 }
 * huberOptions.check('losses.huber', { dleta: 2 }) // ARGUMENT: … Did you mean 'delta'?
 * ```
 */
export class OptionTable<O extends object> {
  private readonly needed: readonly string[]

  constructor(readonly rows: OptionRows<O>) {
    this.needed = Object.entries<ValueKind<unknown> & { required?: true }>(rows)
      .filter(([, row]) => row.required)
      .map(([name]) => name)
  }

  /**
   * The options as they were given, without those that are undefined: these count as left out.
   *
   * @throws AthanorError ARGUMENT for something that is no object, an unknown name (the nearest one is
   * suggested), a value not taken, an option that is missing.
   */
  check(operation: string, given: O | undefined): O {
    if (given === undefined) {
      if (this.needed.length > 0) this.refuseMissing(operation, this.needed[0])
      return {} as O
    }
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw argumentError(operation, 'an object of options', valueWords(given))
    const rows = this.rows as Readonly<Record<string, ValueKind<unknown>>>
    let leavesOut = false
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(rows, name)) refuseName(operation, 'option', name, Object.keys(rows))
      const value = (given as Readonly<Record<string, unknown>>)[name]
      if (value === undefined) leavesOut = true
      else if (!rows[name].accepts(value)) refuseValue(operation, name, rows[name], value)
    }
    for (const name of this.needed)
      if ((given as Readonly<Record<string, unknown>>)[name] === undefined)
        this.refuseMissing(operation, name)
    return leavesOut ? withoutUndefined(given) : given
  }

  private refuseMissing(operation: string, name: string): never {
    const row = this.rows[name as keyof O] as ValueKind<unknown>
    throw argumentError(operation, `${name}, ${row.expected}`, 'nothing')
  }
}

function withoutUndefined<O extends object>(given: O): O {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as O
}

/** The table of functions that take no options at all. */
export const noOptions = new OptionTable<object>({})

/** @throws AthanorError ARGUMENT, with the nearest of the names there are. */
export function refuseName(
  operation: string,
  what: string,
  name: string,
  names: readonly string[],
): never {
  throw argumentError(
    operation,
    names.length === 0 ? `no ${what}s` : `a known ${what}`,
    `'${name}'`,
    names.length === 0 ? undefined : suggestName(name, names),
  )
}

/** @throws AthanorError ARGUMENT, with the nearest of the texts that would do. */
export function refuseValue(
  operation: string,
  name: string,
  kind: ValueKind<unknown>,
  value: unknown,
): never {
  throw argumentError(
    operation,
    `${name} to be ${kind.expected}`,
    valueWords(value),
    kind.choices === undefined || typeof value !== 'string'
      ? undefined
      : suggestName(value, kind.choices),
  )
}
