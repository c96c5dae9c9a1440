// Which model a run's settings ask for, and settings that have no meaning for it.

import { headlineOf } from './evaluation.js'
import { optionName } from './option-name.js'
import type { PreparedData } from './prepare-data.js'
import type { MetricName } from './report/report-data.js'
import { RunError, runError } from './run-error.js'
import { modelKinds, type TrainSettings } from './train-options.js'

export type ModelKind = (typeof modelKinds)[number]

/** Settings that only a net has. */
export const netSettings = [
  'hidden',
  'epochs',
  'batchSize',
  'optimizer',
  'learningRate',
  'schedule',
  'dropout',
  'l2',
  'patience',
] as const satisfies readonly (keyof TrainSettings)[]

/**
 * The model asked for; without one `auto`, or `neural` where a setting is given that only a net has.
 * Errors: ARGUMENT for settings that go with another model.
 */
export function modelAskedFor(settings: TrainSettings): ModelKind {
  const ofNet = netSettings.find(name => settings[name] !== undefined)
  const model =
    (settings.model as ModelKind | undefined) ?? (ofNet === undefined ? 'auto' : 'neural')
  const refuse = (name: keyof TrainSettings): never => {
    throw runError('ARGUMENT', 'notWithThisModel', { option: optionName(name), model })
  }
  if (ofNet !== undefined && model !== 'neural' && model !== 'auto') refuse(ofNet)
  if (settings.learningRate === 'auto' && model === 'auto') throw rateOfOneNet()
  if (settings.timeBudget !== undefined && model === 'neural') refuse('timeBudget')
  if (settings.set !== undefined && (model === 'auto' || model === 'neural'))
    throw runError('ARGUMENT', 'setNeedsEstimator')
  return model
}

/** Candidates, and what they learn from, differ: there is no one net to test. */
export function rateOfOneNet(): RunError {
  return runError('ARGUMENT', 'rateOfOneNet')
}

/** The model of settings that `modelAskedFor` has seen. */
export function tableModel({ model = 'neural' }: TrainSettings): ModelKind {
  return isTableModel(model) ? model : 'neural'
}

/** Whether a table can be learnt by a model of this name. */
export function isTableModel(model: string): model is ModelKind {
  return (modelKinds as readonly string[]).includes(model)
}

const ofTwoClasses: ReadonlySet<MetricName> = new Set(['prAuc', 'precision', 'recall'])
const ofNumbers: ReadonlySet<MetricName> = new Set(['r2', 'rmse', 'mae'])

/**
 * The metric that models are chosen by and that is quoted first.
 * Errors: ARGUMENT for one that has no meaning for the task.
 */
export function primaryMetric(
  { task, encoder }: PreparedData,
  settings: Pick<TrainSettings, 'metric'>,
): MetricName {
  const { metric } = settings
  const counts = encoder.classCounts
  if (metric === undefined) {
    const imbalanced = counts.length === 2 && Math.min(...counts) / Math.max(...counts) < 0.5
    return headlineOf(task, counts.length, imbalanced)
  }
  const option = `--metric ${metric}`
  if (ofNumbers.has(metric) !== (task === 'regression'))
    throw new RunError('ARGUMENT', say =>
      say('notWithThisTask', {
        option,
        task: say(task === 'regression' ? 'classification' : 'regression'),
      }),
    )
  if (ofTwoClasses.has(metric) && counts.length !== 2)
    throw runError('ARGUMENT', 'positiveNeedsTwo', { option, classes: counts.length })
  return metric
}
