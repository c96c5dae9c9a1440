// One candidate on one fold: fitted on its training rows, timed, judged on the others.

import type { Candidate } from '../candidates.js'
import { estimatorClass } from '../estimator-classes.js'
import { type EstimatorCore, givenParameters } from '../estimator-core.js'
import { type Answers, measure } from '../evaluation.js'
import { fitEstimator } from '../fit-estimator.js'
import type { MetricName } from '../report/report-data.js'
import { someRows } from '../sampled-rows.js'
import type { NetCore } from '../table-core.js'
import type { TrainSettings } from '../train-options.js'
import type { FoldData } from './fold-data.js'

export interface Measured {
  /** undefined where the metric has no meaning on the fold's test rows (one class only). */
  readonly score: number | undefined
  /** Classification only. */
  readonly logLoss: number | undefined
  readonly fitSeconds: number
  readonly predictSeconds: number
  readonly bytes: number
  readonly rows: number
  readonly parameters: Readonly<Record<string, unknown>>
  /** Probabilities or numbers, of the fold's test rows. */
  readonly outputs: ArrayLike<number>
}

export interface Measuring {
  readonly folds: FoldData
  readonly settings: TrainSettings
  readonly metric: MetricName
  readonly signal?: AbortSignal
  /** Hears how far the fit in hand has come, from 0 to 1. */
  readonly onFraction?: (fraction: number) => void
}

/** At most `rows` training rows, and `testRows` of those it is judged on. */
export async function measureFold(
  candidate: Candidate,
  fold: number,
  rows: number,
  measuring: Measuring,
  testRows = Number.POSITIVE_INFINITY,
): Promise<Measured> {
  const { folds, settings, metric } = measuring
  const { data } = folds
  const seed = settings.seed ?? 0
  const cut = folds.folds[fold]
  const train = someRows(cut.train, rows, seed)
  const test = someRows(cut.test, testRows, seed)
  const isWhole = train.length === cut.train.length
  const fitted =
    candidate.member === undefined
      ? await net(candidate, fold, train, test, measuring)
      : await estimator(candidate, fold, train, test, isWhole, measuring)
  const metrics = measure(answersOf(data, test, fitted.outputs))
  return {
    ...fitted,
    score: metrics[metric],
    logLoss: metrics.logLoss,
    rows: train.length,
  }
}

async function net(
  _: Candidate,
  fold: number,
  train: Uint32Array,
  test: Uint32Array,
  { folds, settings, signal }: Measuring,
) {
  const { data } = folds
  const { table } = data.sample
  const { fitNet } = await import('../fit-net.js')
  const began = performance.now()
  const preprocessor = folds.preprocessor(fold)
  const core: NetCore = await fitNet({ ...data, table, preprocessor }, train, settings, signal)
  const fitted = performance.now()
  const outputs = await core.outputs(table, test)
  // The first use compiles: a second one says what a row takes.
  const again = performance.now()
  await core.outputs(table, test)
  const size = core.net.parameters().reduce((sum, parameter) => sum + parameter.size, 0)
  return {
    fitSeconds: (fitted - began) / 1000,
    predictSeconds: (performance.now() - again) / 1000 / test.length,
    bytes: 4 * size,
    parameters: {},
    outputs,
  }
}

async function estimator(
  { member, parameters }: Candidate,
  fold: number,
  train: Uint32Array,
  test: Uint32Array,
  isWhole: boolean,
  { folds, settings, signal, onFraction }: Measuring,
) {
  if (member === undefined) throw new TypeError('a candidate without an estimator')
  const { data } = folds
  const { table } = data.sample
  // Loading a class is no part of a fit.
  await estimatorClass(member.estimator)
  const made = isWhole ? folds.training(fold, member.features) : undefined
  const features = made?.features ?? folds.features(fold, member.features)
  const began = performance.now()
  const core: EstimatorCore = await fitEstimator({
    member,
    parameters,
    seed: settings.seed ?? 0,
    features,
    encoder: data.encoder,
    table,
    rows: train,
    x: made?.x,
    balanced: settings.classWeight === 'balanced',
    signal,
    ...(onFraction === undefined ? {} : { onProgress: ({ fraction }) => onFraction(fraction) }),
  })
  const fitted = performance.now()
  const outputs = await core.outputs(table, test)
  const done = performance.now()
  return {
    fitSeconds: (fitted - began) / 1000,
    predictSeconds: (done - fitted) / 1000 / test.length,
    bytes: core.bytes,
    parameters: givenParameters(core),
    outputs,
  }
}

/** Answers for rows of the sample, beside their truth. */
export function answersOf(
  { encoder, sample, target, task }: FoldData['data'],
  rows: Uint32Array,
  outputs: ArrayLike<number>,
): Answers {
  const column = sample.table.column(target)
  const values = outputs instanceof Float64Array ? outputs : Float64Array.from(outputs)
  return task === 'regression'
    ? { task, truth: encoder.numbers(column, rows), predicted: values }
    : {
        task,
        classes: encoder.classes.length,
        truth: encoder.encode(column, rows) as Int32Array,
        probabilities: values,
      }
}
