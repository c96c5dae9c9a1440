#!/usr/bin/env node
// The command line. Exit codes: 0 done, 2 the user's input is wrong, 1 a fault of ours, 130 interrupted.

import nodeModule from 'node:module'
import { AthanorError, type ErrorCode } from '../base/errors.js'
import { chooseLanguage } from '../runs/messages/language.js'
import { type Say, sayIn } from '../runs/messages/messages.js'
import { didYouMean, RunError } from '../runs/run-error.js'
import { parseArguments } from './arguments.js'
import { commands } from './commands.js'
import { type Output, openOutput } from './output.js'

const exitCodes: Readonly<Record<ErrorCode, number>> = {
  ARGUMENT: 2,
  DATA: 2,
  FILE: 2,
  FORMAT: 2,
  NOT_FINITE: 2,
  MEMORY: 2,
  EXECUTOR: 2,
  INTERRUPTED: 130,
  SHAPE: 1,
  DTYPE: 1,
  STATE: 1,
  INDEX: 1,
  INTERNAL: 1,
}

// Node 22.1 and later keep compiled code between runs.
;(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.()

process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const output = openOutput()
  // The language of errors in the options themselves.
  let say = sayIn('en')
  try {
    say = sayIn(chooseLanguage(languageAsked(words), process.env))
    return await dispatch(words, say, output)
  } catch (error) {
    return explain(error, say, output)
  }
}

function languageAsked(words: readonly string[]): string | undefined {
  const at = words.findLastIndex(word => word === '--lang' || word.startsWith('--lang='))
  if (at < 0) return undefined
  return words[at].includes('=') ? words[at].slice('--lang='.length) : words[at + 1]
}

async function dispatch(words: readonly string[], say: Say, output: Output): Promise<number> {
  const [name, ...rest] = words
  if (
    name === undefined ||
    name === 'help' ||
    name === '--help' ||
    name === '-h' ||
    name === '--lang'
  ) {
    const { commandHelp, overview } = await import('./help.js')
    const asked = name === 'help' ? rest[0] : undefined
    const command =
      asked !== undefined && Object.hasOwn(commands, asked) ? commands[asked] : undefined
    output.result(command === undefined ? overview(say) : commandHelp(asked!, command, say))
    return 0
  }
  if (name === '--version' || name === '-v' || name === 'version') {
    output.result((await import('../runs/version.js')).packageVersion())
    return 0
  }
  if (!Object.hasOwn(commands, name))
    throw new RunError(
      'ARGUMENT',
      s => s('unknownCommand', { name }) + didYouMean(name, Object.keys(commands), s),
    )
  const command = commands[name]
  if (rest.some(word => word === '--help' || word === '-h')) {
    const { commandHelp, modelHelp } = await import('./help.js')
    output.result(commandHelp(name, command, say))
    for (const line of await modelHelp(command, rest, say)) output.result(line)
    return 0
  }
  const parsed = parseArguments(name, rest)
  return command.run({ command: name, say, output, ...parsed })
}

function explain(error: unknown, say: Say, output: Output): number {
  if (error instanceof AthanorError) {
    const code = exitCodes[error.code]
    const message = error instanceof RunError ? error.inLanguage(say) : error.message
    if (error.code === 'INTERRUPTED') {
      output.note(error instanceof RunError ? message : say('interruptedEarly'))
      return code
    }
    output.note(`${output.style.bad(say('errorWord'))}${message}`)
    if (code !== 1) return code
  }
  output.note(say('fault'))
  output.note(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return 1
}
