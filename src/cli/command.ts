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
  /** What is said behind the help of an option, by its name in code. */
  readonly note?: (option: string, say: Say) => string
  /** Whether the command itself checks the choices of an option, by its name in code. */
  readonly checks?: (option: string) => boolean
  readonly example: string
  run(input: CommandInput): Promise<number>
}
