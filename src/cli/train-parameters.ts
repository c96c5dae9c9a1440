// Every option of `athanor train`, whatever the run learns from, and which of them go with which kind of run.

import { languageParameters } from '../runs/text/language-options.js'
import { textParameters } from '../runs/text/text-options.js'
import { type ParameterRow, parameterNames, tasks, trainParameters } from '../runs/train-options.js'

/** What `--task` takes on the command line. */
const allTasks = [...tasks, 'language-model'] as const

const { task, model } = trainParameters
const choices = (row: ParameterRow) => ('choices' in row ? row.choices : [])

/** Those of tables, widened where other kinds of runs take more, then those of others alone. */
export const allParameters: Readonly<Record<string, ParameterRow>> = {
  ...textParameters,
  ...languageParameters,
  ...trainParameters,
  task: { ...task, kind: 'choice', choices: allTasks, help: 'helpTaskLanguage' },
  model: {
    ...model,
    kind: 'choice',
    choices: [
      ...new Set([
        ...choices(model),
        ...choices(languageParameters.model),
        ...choices(textParameters.model),
      ]),
    ],
  },
}

/** Of tables first, in the order of help. */
export const allParameterNames: readonly string[] = [
  ...parameterNames,
  ...Object.keys({ ...textParameters, ...languageParameters }).filter(
    name => !Object.hasOwn(trainParameters, name),
  ),
]
