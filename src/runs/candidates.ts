// What may become a run's model: a family's estimator on its features with parameters, or the net.

import type { Parameter } from '../base/parameters.js'
import type { Tags } from '../estimator/contract.js'
import { estimatorClass } from './estimator-classes.js'
import { type FamilyName, families, type Member } from './model-families.js'
import { RunError, runError } from './run-error.js'
import type { Task } from './train-options.js'

export interface Candidate {
  readonly family: FamilyName
  /** Absent for the net. */
  readonly member?: Member
  /** Beside those of the member. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** The standard candidate of a family. Errors: ARGUMENT where it has none for the task. */
export function standardCandidate(family: FamilyName, task: Task): Candidate {
  if (family === 'neural') return { family, parameters: {} }
  const [member] = families[family].members[task] ?? []
  if (member === undefined)
    throw new RunError('ARGUMENT', say =>
      say('modelNotForTask', { model: family, task: say(task) }),
    )
  return { family, member, parameters: {} }
}

/**
 * Parameters asked for by name, as values of the class's table: texts are read as it reads them.
 * Errors: ARGUMENT for a name or a value that it doesn't take.
 */
export async function parametersAskedFor(
  candidate: Candidate,
  asked: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const names = Object.keys(asked)
  if (names.length === 0) return {}
  const { member } = candidate
  if (member === undefined) throw runError('ARGUMENT', 'setNeedsEstimator')
  const Class = await estimatorClass(member.estimator)
  const table: Readonly<Record<string, Parameter<unknown>>> = Class.definition.parameters
  const read = Object.fromEntries(
    names.map(name => {
      const value = asked[name]
      const row = Object.hasOwn(table, name) ? table[name] : undefined
      return [name, typeof value === 'string' && row !== undefined ? fromText(row, value) : value]
    }),
  )
  // The constructor checks names and values, with its own words for what is wrong.
  new Class(read)
  return read
}

/** Whether its rows can have weights. */
export async function takesWeights({ member }: Candidate): Promise<boolean> {
  if (member === undefined) return true
  const Class = await estimatorClass(member.estimator)
  return (Class.definition as { readonly tags?: Tags }).tags?.noSampleWeight !== true
}

/** A text as it is where it is a value itself, else what it stands for. */
function fromText(row: Parameter<unknown>, text: string): unknown {
  if (row.accepts(text)) return text
  if (text === 'null' || text === 'none') return row.accepts(null) ? null : text
  const parsed = row.parse(text)
  return parsed === undefined ? text : parsed
}
