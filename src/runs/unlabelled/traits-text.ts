// What is special about a group or a row, in words.

import type { Say } from '../messages/messages.js'
import { clip, figure } from '../report/parts.js'
import type { Trait } from './profile.js'

/** `flipper_length_mm 217 (201)`; `island Biscoe 100% (49%)`: here, and in all rows. */
export function traitText(trait: Trait, say: Say): string {
  const name = clip(trait.column, 30)
  if (trait.kind === 'category') {
    const shares = { here: say.percent(trait.here), overall: say.percent(trait.overall) }
    return say('traitCategory', { column: name, value: clip(trait.value, 24), ...shares })
  }
  const shown = (value: number) =>
    trait.kind === 'date' ? new Date(value).toISOString().slice(0, 10) : figure(value, say)
  return say('traitNumber', {
    column: name,
    arrow: trait.effect > 0 ? '↑' : '↓',
    here: shown(trait.here),
    overall: shown(trait.overall),
  })
}
