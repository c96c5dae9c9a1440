// What a command of the command line is: its arguments, its options, what it is handed.

import type { MessageKey, Say } from '../runs/messages/messages.js'
import type { ParameterRow } from '../runs/train-options.js'
import type { Output } from './output.js'

export interface CommandInput {
  readonly command: string
  readonly say: Say
  readonly output: Output
  readonly positionals: readonly string[]
  /** By camelCase name, checked against the table. */
  readonly options: Readonly<Record<string, unknown>>
  /** Names as given, for messages. */
  readonly given: readonly string[]
}

export type CliOption = (ParameterRow | { readonly kind: 'flag'; readonly help: MessageKey }) & {
  readonly short?: string
}

export interface Command {
  readonly help: MessageKey
  /** Names of positional arguments; all are required unless the command says otherwise itself. */
  readonly positionals: readonly ('data' | 'run')[]
  /** Whether the last of them may stand several times. */
  readonly many?: true
  /** By kebab-case name. */
  readonly options: Readonly<Record<string, CliOption>>
  readonly example: string
  run(input: CommandInput): Promise<number>
}

/** learningRate → learning-rate */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/** learning-rate → learningRate */
export function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
