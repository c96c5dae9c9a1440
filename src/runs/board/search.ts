// Parameter sets beside a family's standard one: its other members, then draws from the search ranges of
// the classes' parameter tables, the same for the same seed.

import { crc32 } from '../../base/crc32.js'
import type { Parameter, SearchRange } from '../../base/parameters.js'
import { Random } from '../../base/philox.js'
import type { Candidate } from '../candidates.js'
import { estimatorClass } from '../estimator-classes.js'
import { type FamilyName, families, type Member } from '../model-families.js'
import type { Task } from '../train-options.js'

const searchStream = 0x73656172

/** Of the family, in the order in which they are tried; `fixed` parameters are in all of them. */
export async function variantsOf(
  family: FamilyName,
  task: Task,
  seed: number,
  fixed: Readonly<Record<string, unknown>> = {},
): Promise<Candidate[]> {
  const { members, variants } = families[family]
  const all = members[task] ?? []
  const random = new Random(seed, searchStream ^ crc32(new TextEncoder().encode(family)))
  const found: Candidate[] = all
    .slice(1)
    .map(member => ({ family, member, parameters: { ...fixed } }))
  const seen = new Set<string>()
  for (let draw = 0; draw < variants && all.length > 0; draw++) {
    const member = all[draw % all.length]
    const Class = await estimatorClass(member.estimator)
    const drawn = drawParameters(Class.definition.parameters, random, member.searched)
    const parameters = { ...drawn, ...fixed }
    const text = `${member.estimator} ${member.features} ${JSON.stringify(parameters)}`
    if (Object.keys(drawn).length === 0 || seen.has(text)) continue
    seen.add(text)
    found.push({ family, member, parameters })
  }
  return found
}

/**
 * A value for each parameter that has a range, in `searched` or (without it) in the table; only those that
 * its row accepts.
 */
export function drawParameters(
  table: Readonly<Record<string, Parameter<unknown>>>,
  random: Random,
  searched: Member['searched'] = ownRanges(table),
): Record<string, unknown> {
  const drawn: Record<string, unknown> = {}
  for (const [name, asked] of Object.entries(searched)) {
    const row = table[name]
    const range = asked === 'own' ? row?.search : asked
    if (range === undefined) continue
    const value = drawValue(range, random)
    if (row.accepts(value)) drawn[name] = value
  }
  return drawn
}

function ownRanges(table: Readonly<Record<string, Parameter<unknown>>>) {
  return Object.fromEntries(Object.keys(table).map(name => [name, 'own'] as const))
}

function drawValue(range: SearchRange, random: Random): unknown {
  const share = random.uniform()
  if ('choices' in range)
    return range.choices[
      Math.min(range.choices.length - 1, Math.floor(share * range.choices.length))
    ]
  const { low, high, scale, whole } = range
  const value = scale === 'log' ? low * (high / low) ** share : low + (high - low) * share
  const clipped = Math.min(high, Math.max(low, value))
  return whole === true ? Math.round(clipped) : Number(clipped.toPrecision(3))
}
