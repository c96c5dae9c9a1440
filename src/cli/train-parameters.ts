// Every option of `athanor train`, whatever the run learns from, and which kinds of runs take it.

import { kindParameters, kindsTaking, kindTitles } from '../runs/kind-options.js'
import type { Say } from '../runs/messages/messages.js'
import { runKinds } from '../runs/run-kinds.js'
import type { ParameterRow } from '../runs/train-options.js'

/** Of tables first, in the order of help; where several kinds take an option, their choices together. */
export const allParameters: Readonly<Record<string, ParameterRow>> = merged()

function merged(): Record<string, ParameterRow> {
  const all: Record<string, ParameterRow> = {}
  for (const kind of runKinds)
    for (const [name, row] of Object.entries(kindParameters[kind])) {
      const before = all[name]
      if (before === undefined) all[name] = row
      else if (before.kind === 'choice' && row.kind === 'choice')
        all[name] = { ...before, choices: [...new Set([...before.choices, ...row.choices])] }
    }
  return all
}

export const allParameterNames: readonly string[] = Object.keys(allParameters)

/** `[pictures, speech]`: the kinds of runs that take an option; nothing where all do. */
export function kindsText(name: string, say: Say): string {
  const kinds = kindsTaking(name)
  if (kinds.length === 0 || kinds.length === runKinds.length) return ''
  const separator = say.language === 'zh' ? '、' : ', '
  return say('forKinds', { kinds: kinds.map(kind => say(kindTitles[kind])).join(separator) })
}
