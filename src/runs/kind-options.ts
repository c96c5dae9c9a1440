// The options of every kind of run, and the one check of them.

import { optionName } from './option-name.js'
import { wrongValue } from './parameter-kinds.js'
import { RunError, runError, userError } from './run-error.js'
import { type RunKind, runKinds } from './run-kinds.js'
import { speechParameters } from './speech/speech-settings.js'
import { languageParameters, languageTask } from './text/language-options.js'
import { textParameters } from './text/text-options.js'
import {
  modelKinds,
  type ParameterName,
  type ParameterRow,
  parameterNames,
  pictureModelNames,
  placeParameters,
  trainParameters,
} from './train-options.js'

export type OptionRows = Readonly<Record<string, ParameterRow>>

/** What takes each setting of `TrainSettings`. */
const taking: Readonly<Record<ParameterName, 'table' | 'pictures' | 'both'>> = {
  target: 'both',
  task: 'table',
  model: 'both',
  timeBudget: 'table',
  metric: 'both',
  set: 'table',
  hidden: 'table',
  epochs: 'both',
  batchSize: 'both',
  optimizer: 'both',
  learningRate: 'both',
  schedule: 'both',
  dropout: 'both',
  l2: 'both',
  patience: 'both',
  classWeight: 'both',
  positive: 'table',
  threshold: 'table',
  maximize: 'table',
  exclude: 'table',
  type: 'table',
  validation: 'both',
  test: 'both',
  split: 'table',
  group: 'table',
  time: 'table',
  groupMetrics: 'table',
  query: 'table',
  encoding: 'table',
  badRows: 'both',
  picture: 'pictures',
  pictureSize: 'pictures',
  fit: 'pictures',
  augment: 'pictures',
  mix: 'pictures',
  sampling: 'pictures',
  seed: 'both',
}

const rowsOf = (kind: 'table' | 'pictures'): OptionRows =>
  Object.fromEntries(
    parameterNames
      .filter(name => taking[name] === kind || taking[name] === 'both')
      .map(name => [name, trainParameters[name]]),
  )

const { model, task } = trainParameters

/** Every option of a kind of run. */
export const kindParameters: Readonly<Record<RunKind, OptionRows>> = {
  table: {
    ...rowsOf('table'),
    model: { ...model, kind: 'choice', choices: modelKinds },
    ...placeParameters,
  },
  pictures: {
    ...rowsOf('pictures'),
    model: { ...model, kind: 'choice', choices: pictureModelNames },
    validation: { ...languageParameters.validation, help: 'helpValidation' },
    test: { ...languageParameters.test, help: 'helpTest' },
    ...placeParameters,
  },
  text: { ...textParameters, ...placeParameters },
  languageModel: {
    task: { ...task, kind: 'choice', choices: [languageTask] },
    ...languageParameters,
    ...placeParameters,
  },
  speech: { ...speechParameters, ...placeParameters },
}

/** The option for a kind of run; undefined where it has none of that name. */
export function rowFor(kind: RunKind, name: string): ParameterRow | undefined {
  const rows = kindParameters[kind]
  return Object.hasOwn(rows, name) ? rows[name] : undefined
}

/** Kinds of runs that take an option, or a value of it. */
export function kindsTaking(name: string, value?: unknown): readonly RunKind[] {
  return runKinds.filter(kind => {
    const row = rowFor(kind, name)
    return row !== undefined && (value === undefined || wrongValue(row, value) === undefined)
  })
}

const allNames = [...new Set(runKinds.flatMap(kind => Object.keys(kindParameters[kind])))]

/** What is given, without what is no option of the table: undefined values, signal, listener. */
const given = (options: object) =>
  Object.entries(options).filter(
    ([name, value]) => value !== undefined && name !== 'signal' && name !== 'onProgress',
  )

const choicesOf = (kind: RunKind, name: string): readonly string[] => {
  const row = rowFor(kind, name)
  return row?.kind === 'choice' ? row.choices : []
}

/** Whether the choices of an option depend on what is learned from. */
export function differsByKind(name: string): boolean {
  const choices = kindsTaking(name).map(kind => choicesOf(kind, name).join())
  return new Set(choices).size > 1
}

/**
 * Throws ARGUMENT for the first option that no kind of run has, or whose value none takes; where the choices
 * differ between kinds, `checkRunOptions` says those of the kind.
 */
export function checkAnyOptions(options: object): void {
  for (const [name, value] of given(options)) {
    const [first] = kindsTaking(name)
    if (first === undefined) throw userError.unknownOption(name, allNames)
    if (kindsTaking(name, value).length > 0) continue
    if (typeof value !== 'string' || !differsByKind(name)) throw badValue(first, name, value, name)
  }
}

/**
 * Throws ARGUMENT for the first option that is unknown, for runs of other kinds, or outside its range; `shown`
 * is what an option is called where its value is wrong.
 */
export function checkRunOptions(
  kind: RunKind,
  options: object,
  shown: (name: string) => string = name => name,
): void {
  checkAnyOptions(options)
  for (const [name, value] of given(options)) {
    if (kind === 'text' && name === 'task') throw runError('ARGUMENT', 'taskOfTexts')
    if (rowFor(kind, name) === undefined) throw forOthers(kind, optionName(name), kindsTaking(name))
    const taking = kindsTaking(name, value)
    if (taking.includes(kind)) continue
    throw typeof value === 'string' && taking.length > 0
      ? forOthers(kind, `${optionName(name)} ${value}`, taking, rowFor(kind, name))
      : badValue(kind, name, value, shown(name))
  }
}

function badValue(kind: RunKind, name: string, value: unknown, shown: string): RunError {
  const row = kindParameters[kind][name]
  const others = runKinds.flatMap(other => choicesOf(other, name))
  return userError.badOption(shown, wrongValue(row, value)!, value, others)
}

/** `row`: what the kind takes instead of a value of the others. */
function forOthers(
  kind: RunKind,
  option: string,
  taking: readonly RunKind[],
  row?: ParameterRow,
): RunError {
  return new RunError('ARGUMENT', say => {
    const separator = say.language === 'zh' ? '、' : ', '
    const others = taking.map(other => say(kindTitles[other])).join(separator)
    const refused = say('optionOfOtherRuns', { option, run: say(kindTitles[kind]), others })
    return row?.kind === 'choice'
      ? `${refused} ${say('choicesHere', { choices: row.choices.join(separator) })}`
      : refused
  })
}

/** What a run of each kind is called. */
export const kindTitles = {
  table: 'kindTable',
  pictures: 'kindPictures',
  text: 'kindText',
  languageModel: 'kindLanguageModel',
  speech: 'kindSpeech',
} as const satisfies Readonly<Record<RunKind, string>>
