// Errors of a run that its user can repair: worded by the message table, so that the command line can
// say them in the user's language.

import { AthanorError, type ErrorCode } from '../base/errors.js'
import { nearestName } from '../base/nearest-name.js'
import { type MessageKey, type Messages, type Say, sayIn } from './messages/messages.js'
import type { Arguments } from './messages/table.js'
import type { Expected } from './parameter-kinds.js'

/** An AthanorError that can be said again in another language. */
export class RunError extends AthanorError {
  constructor(
    code: ErrorCode,
    readonly inLanguage: (say: Say) => string,
    cause?: unknown,
  ) {
    super(code, { operation: inLanguage(sayIn('en')), cause })
  }
}

/** An error whose text is a row of the message table. */
export function runError<Key extends MessageKey>(
  code: ErrorCode,
  key: Key,
  ...parameters: Arguments<Messages[Key]['en']>
): RunError {
  return new RunError(code, say => say(key, ...parameters))
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** " Did you mean 'x'?" or nothing; options stand without quotes. */
export function didYouMean(name: string, names: readonly string[], say: Say): string {
  const nearest = nearestName(name, names)
  if (nearest === undefined) return ''
  return say(nearest.startsWith('--') ? 'didYouMeanOption' : 'didYouMean', { name: nearest })
}

/** After a value that is none of the choices: ". Did you mean 'x'?" or nothing. */
export function choiceMeant(
  { key, parameters }: Expected,
  value: unknown,
  others: readonly string[],
  say: Say,
): string {
  if (key !== 'wantChoice' || typeof value !== 'string') return ''
  const choices = String(parameters.choices).split(', ')
  const meant = didYouMean(value, choices, say) || didYouMean(value, others, say)
  return meant === '' ? '' : (say.language === 'zh' ? '。' : '.') + meant
}

export const userError = {
  unknownOption: (name: string, names: readonly string[]) =>
    new RunError('ARGUMENT', say => say('unknownOption', { name }) + didYouMean(name, names, say)),
  /** `others`: what may be meant besides the choices that are expected. */
  badOption: (name: string, expected: Expected, value: unknown, others: readonly string[] = []) =>
    new RunError('ARGUMENT', say => {
      const parts = { name, expected: sayExpected(expected, say), received: shown(value) }
      return say('badOption', parts) + choiceMeant(expected, value, others, say)
    }),
  unknownColumn: (option: string, name: string, names: readonly string[]) =>
    new RunError('DATA', say => {
      const nearest = didYouMean(name, names, say)
      const list = names.slice(0, 20).join(', ') + (names.length > 20 ? ', …' : '')
      return say('unknownColumn', { option, name }) + (nearest || say('columnsAre', { list }))
    }),
}

export function sayExpected(expected: Expected, say: Say): string {
  return (say as (key: MessageKey, parameters: object) => string)(expected.key, expected.parameters)
}
