// Splits of row ids into train, validation and test: random, stratified by class, by group, by time.

import { AthanorError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import { Random } from '../base/philox.js'
import { oneOf, tested, wholeNumber } from '../base/value-kinds.js'

/** How rows are dealt out to the parts. */
export type SplitMethod = 'random' | 'stratified' | 'group' | 'time'

/** Shares of the three parts. */
export interface SplitFractions {
  readonly train: number
  readonly validation: number
  readonly test: number
}

/** Shares of training, validation and test rows. */
export const defaultFractions: SplitFractions = { train: 0.7, validation: 0.15, test: 0.15 }

/** Options of `splitRows`. */
export interface SplitOptions {
  readonly rows: number
  readonly fractions?: SplitFractions
  readonly method?: SplitMethod
  /** Default 0. */
  readonly seed?: number
  /** Class of each row, for `stratified`; all negative labels together are one class. */
  readonly labels?: Int32Array
  /** Group of each row, for `group`; all negative ones together are one group. */
  readonly groups?: Int32Array
  /** Time of each row, for `time`; NaN sorts first. */
  readonly time?: Float64Array
}

export const fractionsKind = tested<SplitFractions>(
  'fractions between 0 and 1 that add up to 1, the one of train above 0',
  value => {
    const { train, validation, test } = (value ?? {}) as SplitFractions
    const parts = [train, validation, test]
    return (
      parts.every(part => typeof part === 'number' && part >= 0 && part <= 1) &&
      Math.abs(train + validation + test - 1) <= 1e-9 &&
      train > 0
    )
  },
  [null, 0.7, { train: 0.5, validation: 0.1, test: 0.1 }],
)

export const someSeed = wholeNumber({ min: 0 })

const int32s = tested<Int32Array>('an Int32Array', value => value instanceof Int32Array, [0, []])

const splitOptions = new OptionTable<SplitOptions>({
  rows: required(wholeNumber({ min: 0, max: 2 ** 32 - 1 })),
  fractions: fractionsKind,
  method: oneOf(['random', 'stratified', 'group', 'time']),
  seed: someSeed,
  labels: int32s,
  groups: int32s,
  time: tested<Float64Array>('a Float64Array', value => value instanceof Float64Array, [0, []]),
})

/** Row numbers of the three parts. */
export interface Split {
  readonly train: Uint32Array
  readonly validation: Uint32Array
  readonly test: Uint32Array
}

/**
 * Every row in exactly one part, row ids ascending within each (`time`: in order of time).
 *
 * - `random`: part sizes are the fractions of the rows, rounded so that they add up.
 * - `stratified`: the same within each class; parts of rows left over by rounding go where the part
 *   as a whole lacks most, so that the totals keep to the fractions too. A class of one row is in train.
 * - `group`: no group is divided; groups go, in a random order, to the part that lacks most rows.
 * - `time`: oldest rows train, newest test; rows of one time stay together.
 *
 * Wherever there are enough rows, a part with a fraction above 0 has at least one.
 *
 * @throws AthanorError ARGUMENT for an unknown option, a value that is not taken, or labels, groups or times
 * that the method needs and that are not one for each row.
 * @example
 * ```ts
 * const { train, validation, test } = splitRows({ rows: 1000, seed: 1 }) // 700, 150 and 150 row ids
 * ```
 */
export function splitRows(options: SplitOptions): Split {
  const given = splitOptions.check('splitRows', options)
  const { method = 'random', seed = 0 } = given
  const { train, validation, test } = given.fractions ?? defaultFractions
  return methods[method](given, [train, validation, test], new Random(seed, splitStream))
}

/** Random stream of splits: no other use of the same seed sees these numbers. */
const splitStream = 0x73706c69

const methods: Record<SplitMethod, (o: SplitOptions, parts: number[], random: Random) => Split> = {
  random: ({ rows }, parts, random) => {
    const order = random.shuffle(rangeOf(rows))
    const [train, validation] = apportion(rows, parts)
    return {
      train: order.slice(0, train).sort(),
      validation: order.slice(train, train + validation).sort(),
      test: order.slice(train + validation).sort(),
    }
  },
  stratified: ({ rows, labels }, parts, random) => {
    const classes = membersOf(entriesOf(labels, rows, 'labels', 'stratified'))
    const partOf = new Uint8Array(rows)
    const placed = [0, 0, 0]
    const wanted = apportion(rows, parts)
    // The largest first: small classes then even out what rounding left.
    for (const members of classes.sort((a, b) => b.length - a.length)) {
      random.shuffle(members)
      const counts = members.length === 1 ? [1, 0, 0] : apportion(members.length, parts)
      balance(counts, members.length, parts, placed, wanted)
      let next = 0
      counts.forEach((count, part) => {
        for (let i = 0; i < count; i++) partOf[members[next++]] = part
        placed[part] += count
      })
    }
    return gather(partOf)
  },
  group: ({ rows, groups }, parts, random) => {
    const members = random.shuffle(membersOf(entriesOf(groups, rows, 'groups', 'group')))
    const partOf = new Uint8Array(rows)
    const placed = [0, 0, 0]
    // Large groups first, so that small ones can fill what is left; ties keep the random order.
    members.sort((a, b) => b.length - a.length)
    for (const group of members) {
      let best = 0
      let bestLack = Number.NEGATIVE_INFINITY
      for (let part = 0; part < 3; part++) {
        if (parts[part] === 0) continue
        const lack = (parts[part] * rows - placed[part]) / (parts[part] * rows)
        if (lack > bestLack + 1e-12) {
          bestLack = lack
          best = part
        }
      }
      placed[best] += group.length
      for (const row of group) partOf[row] = best
    }
    return gather(partOf)
  },
  time: ({ rows, time }, parts) => {
    const at = entriesOf(time, rows, 'time', 'time')
    const key = (row: number) => (Number.isNaN(at[row]) ? Number.NEGATIVE_INFINITY : at[row])
    const order = rangeOf(rows).sort((a, b) => {
      const [s, t] = [key(a), key(b)]
      return s < t ? -1 : s > t ? 1 : a - b
    })
    const [train, validation] = apportion(rows, parts)
    const first = sameTimeEnd(order, key, train)
    const second = Math.max(first, sameTimeEnd(order, key, train + validation))
    return {
      train: order.slice(0, first),
      validation: order.slice(first, second),
      test: order.slice(second),
    }
  },
}

function entriesOf<T extends ArrayLike<number>>(
  values: T | undefined,
  rows: number,
  option: string,
  method: string,
): T {
  if (values === undefined || values.length !== rows)
    throw new AthanorError('ARGUMENT', {
      operation: 'splitRows',
      expected: `${option} with one entry for each of ${rows} rows (method '${method}')`,
      received: values === undefined ? 'none' : String(values.length),
    })
  return values
}

/** Whole numbers that add up to n, nearest to the fractions (largest remainder); 1 each if n allows. */
function apportion(n: number, parts: readonly number[]): number[] {
  const counts = parts.map(part => Math.floor(part * n + 1e-9))
  const byRemainder = [0, 1, 2]
    .filter(i => parts[i] > 0)
    .sort((a, b) => parts[b] * n - counts[b] - (parts[a] * n - counts[a]) || a - b)
  for (let left = n - counts[0] - counts[1] - counts[2], i = 0; left > 0; left--, i++)
    counts[byRemainder[i % byRemainder.length]]++
  for (const part of [0, 2, 1]) {
    const largest = counts.indexOf(Math.max(...counts))
    if (parts[part] > 0 && counts[part] === 0 && counts[largest] > 1) {
      counts[part]++
      counts[largest]--
    }
  }
  return counts
}

/** Moves the rounding of one class to the parts that lack rows so far, by at most one row each. */
function balance(
  counts: number[],
  members: number,
  parts: readonly number[],
  placed: readonly number[],
  wanted: readonly number[],
): void {
  if (members < 4) return
  const exact = parts.map(part => part * members)
  const share = (part: number) => placed[part] + counts[part] - parts[part] * sum(placed, counts)
  for (let move = 0; move < 2; move++) {
    const over = [0, 1, 2].filter(
      p => counts[p] > 1 && counts[p] - 1 >= Math.floor(exact[p]) && share(p) > 0.5,
    )
    const under = [0, 1, 2].filter(
      p => parts[p] > 0 && counts[p] + 1 <= Math.ceil(exact[p]) && share(p) < -0.5,
    )
    if (over.length === 0 || under.length === 0) return
    over.sort((a, b) => share(b) - share(a))
    under.sort((a, b) => share(a) - share(b) || wanted[b] - wanted[a])
    counts[over[0]]--
    counts[under[0]]++
  }
}

function sum(a: readonly number[], b: readonly number[]): number {
  return a[0] + a[1] + a[2] + b[0] + b[1] + b[2]
}

/** Row ids of each class, in the order of the classes' first rows. */
function membersOf(labels: Int32Array): Uint32Array[] {
  const counts = new Map<number, number>()
  for (let i = 0; i < labels.length; i++) {
    const label = Math.max(-1, labels[i])
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  const members = new Map<number, Uint32Array>()
  for (const [label, count] of counts) members.set(label, new Uint32Array(count))
  const filled = new Map<number, number>()
  for (let i = 0; i < labels.length; i++) {
    const label = Math.max(-1, labels[i])
    const at = filled.get(label) ?? 0
    members.get(label)![at] = i
    filled.set(label, at + 1)
  }
  return [...members.values()]
}

function gather(partOf: Uint8Array): Split {
  const counts = [0, 0, 0]
  for (const part of partOf) counts[part]++
  const ids = counts.map(count => new Uint32Array(count))
  const filled = [0, 0, 0]
  for (let row = 0; row < partOf.length; row++) {
    const part = partOf[row]
    ids[part][filled[part]++] = row
  }
  return { train: ids[0], validation: ids[1], test: ids[2] }
}

function rangeOf(rows: number): Uint32Array {
  const range = new Uint32Array(rows)
  for (let i = 0; i < rows; i++) range[i] = i
  return range
}

/** The place at or after `end` where the time changes (or before it, when it never does after). */
function sameTimeEnd(order: Uint32Array, key: (row: number) => number, end: number): number {
  if (end === 0 || end >= order.length) return Math.min(end, order.length)
  let up = end
  while (up < order.length && key(order[up]) === key(order[end - 1])) up++
  if (up < order.length) return up
  let down = end
  while (down > 0 && key(order[down - 1]) === key(order[end])) down--
  return down > 0 ? down : order.length
}
