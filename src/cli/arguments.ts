// From the words of a command line to checked, typed options, over the table of commands.

import { parseArgs } from 'node:util'
import { camel } from '../runs/option-name.js'
import { type ParameterKind, wrongValue } from '../runs/parameter-kinds.js'
import { didYouMean, RunError, sayExpected, userError } from '../runs/run-error.js'
import type { Command } from './command.js'
import { commands } from './commands.js'

export interface ParsedArguments {
  readonly positionals: readonly string[]
  readonly options: Record<string, unknown>
  readonly given: readonly string[]
}

/** Throws ARGUMENT, naming the option and what it wanted, with the nearest name for a slip. */
export function parseArguments(name: string, words: readonly string[]): ParsedArguments {
  const command = commands[name]
  const table = command.options
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(table).map(([option, row]) => [
        option,
        {
          type: row.kind === 'flag' ? ('boolean' as const) : ('string' as const),
          multiple: true,
          ...(row.short === undefined ? {} : { short: row.short }),
        },
      ]),
    ),
  })
  const positionals: string[] = []
  const texts = new Map<string, (string | undefined)[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    if (!Object.hasOwn(table, token.name)) throw unknown(token.rawName, name)
    const list = texts.get(token.name) ?? []
    list.push(token.value)
    texts.set(token.name, list)
  }
  const options: Record<string, unknown> = {}
  for (const [option, values] of texts)
    options[camel(option)] = optionValue(option, command, values)
  if (positionals.length > command.positionals.length && command.many !== true) {
    const value = positionals[command.positionals.length]
    throw new RunError('ARGUMENT', say => say('tooManyArguments', { value }))
  }
  return { positionals, options, given: [...texts.keys()] }
}

function unknown(raw: string, command: string): RunError {
  const names = Object.keys(commands[command].options).map(option => `--${option}`)
  const other = Object.keys(commands).find(name =>
    Object.hasOwn(commands[name].options, raw.replace(/^--/, '')),
  )
  return new RunError('ARGUMENT', say => {
    if (other !== undefined)
      return say('optionOfOtherCommand', { command, name: raw, other, list: names.join(', ') })
    return say('unknownOption', { name: raw }) + didYouMean(raw, names, say)
  })
}

function optionValue(
  name: string,
  command: Command,
  values: readonly (string | undefined)[],
): unknown {
  const table = command.options
  const row = table[name]
  const option = `--${name}`
  if (row.kind === 'flag') {
    const value = values.at(-1)
    if (value === undefined) return true
    throw userError.badOption(option, { key: 'wantText', parameters: {} }, value)
  }
  for (const value of values)
    if (
      value === undefined ||
      value === '' ||
      (value.startsWith('--') && value.slice(2).split('=')[0] in table)
    ) {
      const expected = wrongValue(row, undefined)!
      throw new RunError('ARGUMENT', say =>
        say('missingValue', { name: option, expected: sayExpected(expected, say) }),
      )
    }
  const read = fromText(row, values as readonly string[])
  if (command.checks?.(camel(name)) && typeof read === 'string') return read
  const wrong = wrongValue(row, read)
  if (wrong !== undefined) throw userError.badOption(option, wrong, values.at(-1))
  return read
}

/** A value of the option's kind; a text that cannot be one stays a text, and is then refused. */
function fromText(row: ParameterKind, texts: readonly string[]): unknown {
  const last = texts[texts.length - 1]
  switch (row.kind) {
    case 'text':
    case 'choice':
      return last
    case 'integer':
    case 'number':
      return numberFrom(last)
    case 'integers':
      return last.split(',').map(numberFrom)
    case 'names':
      return texts
    case 'part':
    case 'rate':
      return numberFrom(last)
    case 'settings': {
      const settings: Record<string, string> = Object.create(null)
      for (const text of texts) {
        const at = text.indexOf('=')
        if (at < 1) return text
        settings[camel(text.slice(0, at))] = text.slice(at + 1)
      }
      return settings
    }
    case 'types': {
      const types: Record<string, string> = {}
      for (const text of texts) {
        const at = text.lastIndexOf('=')
        if (at < 1) return text
        types[text.slice(0, at)] = text.slice(at + 1)
      }
      return types
    }
  }
}

function numberFrom(text: string): number | string {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : text
}
