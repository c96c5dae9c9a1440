// The help texts, made from the table of commands.

import type { Say } from '../runs/messages/messages.js'
import { camel } from '../runs/option-name.js'
import type { CliOption, Command } from './command.js'
import { commands } from './commands.js'
import { textTable } from './output.js'

export function overview(say: Say): string {
  const rows = Object.entries(commands).map(([name, command]) => [
    `  athanor ${name} ${positionals(command, say)}`.trimEnd(),
    say(command.help as 'commandTrain'),
  ])
  return [
    say('tagline'),
    '',
    `${say('commandsTitle')}:`,
    ...textTable(rows, [0, 1]),
    '',
    say('moreHelp'),
  ].join('\n')
}

export function commandHelp(name: string, command: Command, say: Say): string {
  const rows = Object.entries(command.options).map(([option, row]) => [
    `  --${option}${placeholder(row)}`,
    [describe(row, say), command.note?.(camel(option), say) ?? ''].filter(Boolean).join(' '),
  ])
  const words = ['athanor', name, positionals(command, say), `[${say('optionsTitle')}]`]
  return [
    `${say(command.help as 'commandTrain')}`,
    '',
    `${say('usage')}: ${words.filter(Boolean).join(' ')}`,
    '',
    `${say('optionsTitle')}:`,
    ...textTable(rows, [0, 1]),
    '',
    `${say('examplesTitle')}: ${command.example}`,
  ].join('\n')
}

/** Parameters of the model that `--model` names, for `--set`. */
export async function modelHelp(
  command: Command,
  words: readonly string[],
  say: Say,
): Promise<string[]> {
  const at = words.findLastIndex(word => word === '--model' || word.startsWith('--model='))
  if (at < 0 || command.options.set === undefined) return []
  const model = words[at].includes('=') ? words[at].slice('--model='.length) : words[at + 1]
  const { families } = await import('../runs/model-families.js')
  if (model === undefined || !Object.hasOwn(families, model)) return []
  const { estimatorClass } = await import('../runs/estimator-classes.js')
  const { describeParameters } = await import('../base/parameters.js')
  const { members } = families[model as keyof typeof families]
  const names = [...new Set(Object.values(members).flatMap(list => list.map(m => m.estimator)))]
  const parts = await Promise.all(
    names.map(async estimator => [
      '',
      `${say('modelParameters', { estimator })}:`,
      ...describeParameters((await estimatorClass(estimator)).definition.parameters).map(
        line => `  ${line}`,
      ),
    ]),
  )
  return parts.flat()
}

function positionals(command: Command, say: Say): string {
  return command.positionals
    .map(name => `<${say(name === 'data' ? 'argumentData' : 'argumentRun')}>`)
    .join(' ')
    .concat(command.many === true ? ' …' : '')
}

function placeholder(row: CliOption): string {
  const words: Readonly<Record<CliOption['kind'], string>> = {
    flag: '',
    text: ' …',
    choice: ' …',
    integer: ' n',
    number: ' x',
    integers: ' n,n',
    names: ' a,b',
    types: ' column=type',
    part: ' 0.15|file',
    rate: ' x|auto',
    settings: ' name=value',
  }
  return words[row.kind]
}

function describe(row: CliOption, say: Say): string {
  const help = say(row.help as 'helpTarget')
  return row.kind === 'choice' ? `${help} (${row.choices.join('|')})` : help
}
